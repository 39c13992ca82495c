"""`innspill backup` and `innspill restore`: what was kept comes back, and what was there is never lost."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from storage.database.opening import Lease, open_for_writing
from storage.database.sqlite import sqlite3
from tests.commands.command_line import CommandLine


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With one response, KT7RB4XM."""
    command_line = CommandLine(tmp_path)
    command_line.store_response(command_line.add_consultation(), "KT7RB4XM")
    return command_line


@pytest.fixture
def copy(innspill: CommandLine, tmp_path: Path) -> Path:
    """A backup of the moment when there was one response; after it came AB2CD3EF."""
    path = tmp_path / "backup.db"
    innspill.says("backup", path)
    innspill.store_response(1, "AB2CD3EF")
    return path


def references(innspill: CommandLine) -> list[str]:
    return [response["reference"] for response in json.loads(innspill.says("export", "--format", "json"))]


def kept_by(innspill: CommandLine) -> list[Path]:
    return sorted(innspill.database.parent.glob("innspill.db.before-restore-*"))


def test_a_backup_is_one_file_that_any_sqlite_reads(copy: Path) -> None:
    beside = [path.name for path in copy.parent.iterdir() if path.name.startswith("backup.db")]
    with closing(sqlite3.connect(f"file:{copy}?mode=ro&immutable=1", uri=True)) as db:
        assert db.execute("SELECT reference FROM responses").fetchall() == [("KT7RB4XM",)]
        assert db.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert beside == ["backup.db"]


@pytest.mark.slow
def test_a_backup_is_taken_while_the_database_is_written_to(innspill: CommandLine, tmp_path: Path) -> None:
    with closing(open_for_writing(innspill.database)) as db, Lease(innspill.database):
        db.execute("BEGIN IMMEDIATE")
        db.execute("DELETE FROM responses")
        innspill.says("backup", tmp_path / "backup.db")
        db.execute("ROLLBACK")

    with closing(sqlite3.connect(tmp_path / "backup.db")) as backup:
        assert backup.execute("SELECT count(*) FROM responses").fetchone() == (1,)


def test_a_backup_holds_nothing_that_was_deleted(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.store_response(1, "AB2CD3EF", "Dette skal slettes. " * 1000)
    with closing(open_for_writing(innspill.database)) as db:
        db.execute("DELETE FROM responses WHERE reference = 'AB2CD3EF'")
    innspill.says("backup", tmp_path / "backup.db")

    assert b"Dette skal slettes" not in (tmp_path / "backup.db").read_bytes()


def test_a_damaged_database_gives_no_backup_and_the_last_one_stays(innspill: CommandLine, copy: Path) -> None:
    before = copy.read_bytes()
    damage(innspill.database)

    assert innspill.is_refused("backup", copy) == damaged(innspill.database)
    assert copy.read_bytes() == before


def test_rows_that_break_their_own_rules_are_told_instead_of_copied(innspill: CommandLine, tmp_path: Path) -> None:
    with closing(open_for_writing(innspill.database)) as db:
        db.execute("PRAGMA ignore_check_constraints = ON")
        db.execute("UPDATE responses SET late = 7")

    assert "damaged" in innspill.is_refused("backup", tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").exists()


def test_the_database_is_never_its_own_backup(innspill: CommandLine) -> None:
    innspill.is_refused("backup", innspill.database)
    innspill.is_refused("restore", innspill.database)

    assert references(innspill) == ["KT7RB4XM"]


def test_restoring_brings_the_backup_back_and_keeps_what_was_there(innspill: CommandLine, copy: Path) -> None:
    said = innspill.says("restore", copy)
    (kept,) = kept_by(innspill)

    assert str(kept) in said
    assert references(innspill) == ["KT7RB4XM"]
    innspill.says("restore", kept)
    assert references(innspill) == ["KT7RB4XM", "AB2CD3EF"]
    assert copy.exists()


def test_restoring_leaves_nothing_else_behind(innspill: CommandLine, copy: Path) -> None:
    innspill.says("restore", copy)
    names = {path.name for path in innspill.database.parent.iterdir()} - {path.name for path in kept_by(innspill)}

    assert names <= {"innspill.db", "innspill.db-wal", "innspill.db-shm", "innspill.db.lease", "backup.db"}


def test_who_has_the_database_open_sees_what_was_restored(innspill: CommandLine, copy: Path) -> None:
    with closing(open_for_writing(innspill.database)) as chat:
        assert chat.execute("SELECT count(*) FROM responses").fetchone() == (2,)
        innspill.says("restore", copy)
        assert chat.execute("SELECT count(*) FROM responses").fetchone() == (1,)
        chat.execute("UPDATE responses SET first_name = 'Ola'")

    assert json.loads(innspill.says("export", "--format", "json"))[0]["first_name"] == "Ola"
    assert "ok" in innspill("doctor").stdout


def test_a_backup_can_be_restored_where_there_is_no_database(innspill: CommandLine, copy: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    elsewhere = CommandLine(tmp_path / "new")
    elsewhere.says("restore", copy, "--no-tombstones")

    assert references(elsewhere) == ["KT7RB4XM"]
    assert kept_by(elsewhere) == []
    elsewhere.store_response(1, "AB2CD3EF")


@pytest.mark.parametrize("ruin", ["damaged", "overwritten"])
def test_a_database_that_is_beyond_reading_is_moved_aside(innspill: CommandLine, copy: Path, ruin: str) -> None:
    if ruin == "damaged":
        damage(innspill.database)
    else:
        innspill.database.write_text("A letter to the municipality. " * 1000)
    before = innspill.database.read_bytes()
    innspill.says("restore", copy, "--no-tombstones")

    assert references(innspill) == ["KT7RB4XM"]
    assert kept_by(innspill)[0].read_bytes() == before


def test_nothing_is_restored_while_the_service_runs(innspill: CommandLine, copy: Path) -> None:
    with Lease(innspill.database):
        assert "in use" in innspill.is_refused("restore", copy)
    assert references(innspill) == ["KT7RB4XM", "AB2CD3EF"]


def test_a_file_of_another_program_is_refused(innspill: CommandLine, tmp_path: Path) -> None:
    others = {"letter.db": b"A letter to the municipality.", "empty.db": b"", "missing.db": None, "foreign.db": None}
    for name, content in others.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    with closing(sqlite3.connect(tmp_path / "foreign.db")) as db:
        db.execute("CREATE TABLE responses (reference TEXT)")

    reasons = ("no file of SQLite", "it is empty", "there is no such file", "another program made it")
    for name, reason in zip(others, reasons, strict=True):
        refusal = innspill.is_refused("restore", tmp_path / name)
        assert f"{tmp_path / name} is not an Innspill database: " in refusal
        assert reason in refusal
    assert references(innspill) == ["KT7RB4XM"]
    assert kept_by(innspill) == []


def test_a_backup_of_a_newer_innspill_is_refused(innspill: CommandLine, copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db, db:
        db.execute("UPDATE _sqlite_migrations SET name = 'from_the_future' WHERE name = 'first_schema'")

    assert "newer Innspill" in innspill.is_refused("restore", copy)
    assert references(innspill) == ["KT7RB4XM", "AB2CD3EF"]


def test_a_damaged_backup_is_refused_and_the_database_stays(innspill: CommandLine, copy: Path) -> None:
    damage(copy)

    assert innspill.is_refused("restore", copy) == damaged(copy)
    assert references(innspill) == ["KT7RB4XM", "AB2CD3EF"]


def test_a_backup_that_is_damaged_somewhere_is_refused_in_the_same_words(innspill: CommandLine, copy: Path) -> None:
    damage(copy, "responses")

    assert innspill.is_refused("restore", copy) == damaged(copy)
    assert references(innspill) == ["KT7RB4XM", "AB2CD3EF"]


@pytest.mark.parametrize("command", [("consultation", "list"), ("consultation", "close", "1")])
def test_a_command_that_comes_upon_damage_says_what_to_do(innspill: CommandLine, command: tuple[str, ...]) -> None:
    damage(innspill.database, "consultations")

    refusal = innspill.is_refused(*command)
    assert refusal in (damaged(innspill.database), damaged("The database"))


def damaged(path: Path | str) -> str:
    """What is said of it: what to do, and none of SQLite's words."""
    return f"innspill: {path} is damaged: restore an undamaged backup with `innspill restore`.\n"


def damage(database: Path, table: str = "") -> None:
    """Overwrite every page but the first, as a failing disk may, or the first page of a table."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        row = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    content = database.read_bytes()
    begin, end = ((row[0] - 1) * 4096, row[0] * 4096) if row else (4096, len(content))
    database.write_bytes(content[:begin] + b"\xa5" * (end - begin) + content[end:])
