"""`innspill erase`, and a restore that erases again: what an operator sees, and what is left."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import clock
from storage.database.opening import files_of, open_for_reading
from storage.staff import audit
from tests.commands.command_line import CommandLine

TEXT = "Vi vil ha fortau langs Eksempelveien."


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With two responses, KT7RB4XM and AB2CD3EF."""
    command_line = CommandLine(tmp_path)
    number = command_line.add_consultation()
    command_line.store_response(number, "KT7RB4XM", TEXT)
    command_line.store_response(number, "AB2CD3EF")
    return command_line


def references(innspill: CommandLine) -> list[str]:
    return [response["reference"] for response in json.loads(innspill.says("export", "--format", "json"))]


def is_held(innspill: CommandLine, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in files_of(innspill.database) if path.exists())


def test_what_is_erased_is_gone_and_its_tombstone_stands(innspill: CommandLine) -> None:
    assert is_held(innspill, TEXT)
    said = innspill.says("erase", "kt7r-b4xm", "--reason", "  Etter   krav ")
    assert said.startswith("KT7RB4XM, case 18/101, was erased on ")
    assert said.endswith(": Etter krav\n")
    assert references(innspill) == ["AB2CD3EF"]
    assert not is_held(innspill, TEXT)
    with closing(open_for_reading(innspill.database)) as db:
        (entry,) = audit.entries(db, limit=9, action="response.erased")
    assert (entry.object, entry.detail) == ("KT7RB4XM", {"reason": "Etter krav"})
    assert entry.who.startswith("operator:")


def test_to_erase_once_more_says_so_and_is_no_fault(innspill: CommandLine) -> None:
    first = innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    assert innspill.says("erase", "KT7RB4XM", "--reason", "Noe annet") == first


def test_a_reference_that_is_not_there_is_refused(innspill: CommandLine) -> None:
    refusal = innspill.is_refused("erase", "ZZ2ZZ2ZZ", "--reason", "Etter krav")
    assert "There is no response with the reference ZZ2ZZ2ZZ" in refusal


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_a_line_that_is_kept(innspill: CommandLine, reason: str) -> None:
    assert "why, and name nobody" in innspill.is_refused("erase", "KT7RB4XM", "--reason", reason)
    assert len(references(innspill)) == 2


def test_backups_and_exports_that_still_hold_it_are_named(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("backup", tmp_path / "older.db")
    innspill.says("backup", tmp_path / "gone.db")
    (tmp_path / "gone.db").unlink()
    innspill.says("export", "--format", "csv", "--output", tmp_path / "all.csv")
    said = innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    assert f"still in the backup {tmp_path / 'older.db'}\n" in said
    assert "gone.db" not in said
    assert "perhaps in an export of " in said
    assert "csv" in said


def test_a_restore_erases_again_what_the_database_that_it_replaces_has_erased(
    innspill: CommandLine, tmp_path: Path
) -> None:
    innspill.says("backup", tmp_path / "older.db")
    innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    said = innspill.says("restore", tmp_path / "older.db")
    assert "KT7RB4XM was in it, and is erased again\n" in said
    assert references(innspill) == ["AB2CD3EF"]
    assert not is_held(innspill, TEXT)
    # And it is known for the next restore.
    assert "KT7RB4XM was in it" in innspill.says("restore", tmp_path / "older.db")


def test_where_no_database_can_tell_what_was_erased_the_file_beside_the_backups_does(
    innspill: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "copies"
    folder.mkdir()
    innspill.says("backup", folder / "older.db")
    assert str(folder / "innspill-tombstones.jsonl") in innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    (tmp_path / "new").mkdir()
    elsewhere = CommandLine(tmp_path / "new")
    refusal = elsewhere.is_refused("restore", folder / "older.db")
    assert "--tombstones" in refusal
    assert "--no-tombstones" in refusal
    assert not elsewhere.database.exists()
    said = elsewhere.says("restore", folder / "older.db", "--tombstones", folder / "innspill-tombstones.jsonl")
    assert "KT7RB4XM was in it, and is erased again\n" in said
    assert references(elsewhere) == ["AB2CD3EF"]
    assert not is_held(elsewhere, TEXT)


def test_a_file_that_holds_no_tombstones_is_refused_and_nothing_restored(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("backup", tmp_path / "older.db")
    (tmp_path / "letter.txt").write_text('{"reference":\n')
    refusal = innspill.is_refused("restore", tmp_path / "older.db", "--tombstones", tmp_path / "letter.txt")
    assert "letter.txt: line 1 is no tombstone of ours." in refusal
    both = ("--tombstones", tmp_path / "letter.txt", "--no-tombstones")
    assert "either" in innspill.is_refused("restore", tmp_path / "older.db", *both)


def test_the_day_of_a_tombstone_is_the_day_in_norway(innspill: CommandLine) -> None:
    clock.run_by(lambda: datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    try:
        assert "was erased on 2026-11-25" in innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    finally:
        clock.run_by(None)
