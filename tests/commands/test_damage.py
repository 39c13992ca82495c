"""A page of the database that changed by itself is told, whatever reads it, and never in a person's words."""

from __future__ import annotations

import json
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from storage.database.sqlite import sqlite3
from storage.exports import FORMATS
from tests.commands.command_line import CommandLine
from tests.proof.worlds import pages
from tests.running.running_program import INNSPILL

PAGE = 4096
KINDS = ("zeroed", "a neighbour's", "random", "one bit")
OURS = "Dette sto i svaret fra Kari. "
THEIRS = "Og dette er ordene til naboen. "


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With two long responses, which go on on pages of their own, and a short one."""
    command_line = CommandLine(tmp_path)
    consultation = command_line.add_consultation()
    command_line.store_response(consultation, "KT7RB4XM", OURS * 600)
    command_line.store_response(consultation, "AB2CD3EF", THEIRS * 600)
    command_line.store_response(consultation, "GH4JK5LM")
    return command_line


def damage(database: Path, kind: str) -> None:
    """Change one page on which the text of KT7RB4XM goes on; nothing in SQLite's structure tells of it."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(database.read_bytes())
    ours, theirs = (_goes_on(content, words) for words in (OURS, THEIRS))
    inside = slice(ours + 4, ours + PAGE)  # behind the number of the page that comes after it
    if kind == "zeroed":
        content[inside] = bytes(PAGE - 4)
    elif kind == "random":
        content[inside] = b"\xf5\x9b" * ((PAGE - 4) // 2)
    elif kind == "one bit":
        content[ours + 2000] ^= 1
    else:
        content[inside] = content[theirs + 4 : theirs + PAGE]
    database.write_bytes(content)


def _goes_on(content: bytearray, words: str) -> int:
    """Where a page begins that holds nothing but these words over and over, and is not the last of them."""
    found = [
        begin
        for begin in range(0, len(content), PAGE)
        if content[begin + 4 : begin + PAGE].count(words.encode()) >= (PAGE - 4) // len(words) - 1
    ]
    return found[0]


@pytest.mark.parametrize("kind", KINDS)
def test_doctor_names_the_response_that_is_not_as_it_was_stored(innspill: CommandLine, kind: str) -> None:
    assert innspill("doctor").stdout.count("It is sound.") == 1
    damage(innspill.database, kind)
    result = innspill("doctor")

    assert result.exit_code == 1
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("wrong") and "register" not in line]
    assert "KT7RB4XM" in line
    assert "AB2CD3EF" not in line
    assert "sound" not in result.stdout


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["json", "csv"])
def test_an_export_names_it_in_one_line_and_writes_nothing(
    innspill: CommandLine, tmp_path: Path, kind: str, name: str
) -> None:
    target = tmp_path / "responses"
    target.write_text("the last export")
    damage(innspill.database, kind)

    refusal = innspill.is_refused("export", "--format", name, "--output", target)
    assert "KT7RB4XM" in refusal
    assert not any(word in refusal for word in ("Kari", "nabo", "Dette"))
    assert target.read_text() == "the last export"


@pytest.mark.parametrize("kind", KINDS)
def test_the_others_can_be_exported_without_it(innspill: CommandLine, kind: str) -> None:
    damage(innspill.database, kind)
    exported = json.loads(innspill.says("export", "--format", "json", "--without", "KT7RB4XM"))

    assert [response["reference"] for response in exported] == ["AB2CD3EF", "GH4JK5LM"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_it_is_refused_and_the_good_copy_stays(innspill: CommandLine, tmp_path: Path, kind: str) -> None:
    copy = tmp_path / "backup.db"
    innspill.says("backup", copy)
    good = copy.read_bytes()
    damage(innspill.database, kind)

    assert "KT7RB4XM" in innspill.is_refused("backup", copy)
    assert copy.read_bytes() == good
    innspill.says("restore", copy)
    assert len(json.loads(innspill.says("export", "--format", "json"))) == 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_that_was_damaged_later_is_not_restored(innspill: CommandLine, tmp_path: Path, kind: str) -> None:
    copy = tmp_path / "backup.db"
    innspill.says("backup", copy)
    damage(copy, kind)

    assert "KT7RB4XM" in innspill.is_refused("restore", copy)
    assert len(json.loads(innspill.says("export", "--format", "json"))) == 3


def test_a_damaged_index_is_not_copied_over_a_good_backup(innspill: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    innspill.says("backup", copy)
    good = copy.read_bytes()
    with closing(sqlite3.connect(innspill.database, isolation_level=None)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DELETE FROM sqlite_schema WHERE name = 'responses_by_time'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    assert "is damaged" in innspill.is_refused("backup", copy)  # VACUUM would have made a sound copy of it
    assert copy.read_bytes() == good


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(FORMATS))
def test_no_format_quotes_a_text_that_cannot_be_decoded(innspill: CommandLine, tmp_path: Path, name: str) -> None:
    damage(innspill.database, "random")
    command = (INNSPILL, "export", "--format", name, "--output", tmp_path / "new.zip")
    environment = {"INNSPILL_DATABASE": str(innspill.database)}
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "KT7RB4XM" in done.stderr
    assert "Kari" not in done.stderr


def test_an_export_notices_what_an_index_leaves_out_or_names_twice(innspill: CommandLine, tmp_path: Path) -> None:
    for number in range(400):  # so many that the index has several pages
        innspill.store_response(1, f"R{number:07}")
    copy = tmp_path / "backup.db"
    innspill.says("backup", copy)
    content = bytearray(copy.read_bytes())
    stored = pages.read(bytes(content), pages.roots(copy))
    first, second, *_ = (each for each in stored.pages if each.tree == "responses_by_time" and each.kind == "leaf")
    content[first.begin : first.begin + PAGE] = content[second.begin : second.begin + PAGE]
    copy.write_bytes(content)

    damaged, target = CommandLine(tmp_path, INNSPILL_DATABASE=str(copy)), tmp_path / "responses.json"
    for chosen in ((), ("--case", "18/101")):
        assert "is damaged" in damaged.is_refused("export", "--format", "json", "--output", target, *chosen)
        assert not target.exists()


@pytest.mark.parametrize("chosen", [(), ("--case", "18/101")])
def test_an_export_notices_a_response_that_is_of_no_consultation_any_more(
    innspill: CommandLine, tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    with closing(sqlite3.connect(innspill.database)) as db:
        db.execute("UPDATE responses SET consultation_id = 99 WHERE reference = 'KT7RB4XM'")
        db.commit()
    target = tmp_path / "responses.json"
    assert "damaged" in innspill.is_refused("export", "--format", "json", "--output", target, *chosen).lower()
    assert not target.exists()
    exported = json.loads(innspill.says("export", "--format", "json", "--without", "KT7RB4XM", *chosen))
    assert [response["reference"] for response in exported] == ["AB2CD3EF", "GH4JK5LM"]


def test_an_audit_log_that_is_not_as_it_was_written_is_neither_copied_nor_put_back(
    innspill: CommandLine, tmp_path: Path
) -> None:
    copy, damaged = tmp_path / "backup.db", tmp_path / "damaged.db"
    innspill.says("backup", copy)
    good = copy.read_bytes()
    damaged.write_bytes(good.replace(b"consultation.added", b"consultation.adder"))
    assert "The audit log is broken at entry 1" in innspill.is_refused("restore", damaged)
    with closing(sqlite3.connect(innspill.database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    innspill.database.write_bytes(innspill.database.read_bytes().replace(b"consultation.added", b"consultation.adder"))
    assert "The audit log is broken at entry 1" in innspill.is_refused("backup", copy)
    assert copy.read_bytes() == good
    examined = innspill("doctor")
    assert examined.exit_code == 1
    assert "wrong  The audit log is broken at entry 1" in examined.stdout
    innspill.says("restore", copy)
    assert "It is sound." in innspill("doctor").stdout


def test_where_the_audit_log_cannot_go_on_an_export_says_so_and_writes_nothing(
    innspill: CommandLine, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(innspill.database)) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("DROP TRIGGER audit_log_is_not_changed")
        # As a page does whose bits have changed: there is no number after this one.
        db.execute("UPDATE audit_log SET id = 9223372036854775807")
        db.commit()
    target = tmp_path / "responses.json"
    assert "The audit log is broken" in innspill.is_refused("export", "--format", "json", "--output", target)
    assert not target.exists()


def test_other_commands_do_not_quote_what_cannot_be_decoded_either(innspill: CommandLine) -> None:
    with closing(sqlite3.connect(innspill.database)) as db:
        db.execute("UPDATE consultations SET title = CAST(x'4b617269ff' AS TEXT)")
        db.commit()

    assert innspill.is_refused("consultation", "list") == (
        "innspill: The database is damaged: restore an undamaged backup with `innspill restore`.\n"
    )


def test_a_schema_in_which_one_letter_has_changed_is_damage(innspill: CommandLine, tmp_path: Path) -> None:
    copy = tmp_path / "backup.db"
    innspill.says("backup", copy)
    index = b"CREATE INDEX outbox_unsent ON outbox"
    assert index in copy.read_bytes()
    copy.write_bytes(copy.read_bytes().replace(index, index.replace(b"ON o", b"ON O")))  # the same table to SQLite
    assert (
        innspill.is_refused("restore", copy)
        == f"innspill: {copy} is damaged: restore an undamaged backup with `innspill restore`.\n"
    )
