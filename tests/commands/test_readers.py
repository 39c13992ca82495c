"""A backup is read and searched by other programs: Debian's SQLite, sqlite-utils, Datasette."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database.opening import open_for_writing, transaction
from storage.database.sqlite import sqlite3
from tests.commands.command_line import CommandLine

GONE = "Garasjeportene"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With a response that was deleted, after which FTS5 writes what SQLite before 3.42 cannot read."""
    command_line = CommandLine(tmp_path)
    consultation = command_line.add_consultation()
    command_line.store_response(consultation, "KT7RB4XM", "Jeg vil ha fortau langs skoleveien.")
    command_line.store_response(consultation, "AB2CD3EF", "Flere sykkelveier, takk.")
    command_line.store_response(consultation, "GH4JK5LM", f"{GONE} er for smale.")
    with transaction(command_line.database) as db:
        db.execute("DELETE FROM responses WHERE reference = 'GH4JK5LM'")
    return command_line


@pytest.fixture
def copy(innspill: CommandLine, tmp_path: Path) -> Path:
    innspill.says("backup", tmp_path / "backup.db")
    return tmp_path / "backup.db"


def version_of_the_index(path: Path) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("SELECT v FROM responses_search_config WHERE k = 'version'").fetchone()[0])


def test_the_index_of_words_is_of_the_form_that_every_sqlite_reads(innspill: CommandLine, copy: Path) -> None:
    assert version_of_the_index(innspill.database) == 5
    assert version_of_the_index(copy) == 4


def test_what_was_deleted_is_neither_in_the_database_nor_in_the_copy(innspill: CommandLine, copy: Path) -> None:
    innspill.says("consultation", "list")
    for path in (innspill.database, copy):
        content = path.read_bytes().lower()
        assert b"fortau" in content
        assert GONE.lower().encode() not in content
        assert GONE.lower().encode()[:8] not in content  # FTS5 leaves out what a word has in common with the one before


def test_sqlite_utils_knows_the_index_and_finds_a_response_by_its_words(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        responses = Database(db)["responses"]
        assert responses.detect_fts() == "responses_search"  # type: ignore[union-attr]  # it is a table
        found = [row["reference"] for row in responses.search("fortau")]  # type: ignore[union-attr]  # it is a table
    assert found == ["KT7RB4XM"]


def test_every_foreign_key_names_its_column(copy: Path) -> None:
    with closing(sqlite3.connect(copy)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        keys = {name: db.execute(f'PRAGMA foreign_key_list("{name}")').fetchall() for name in tables}
    assert sum(map(len, keys.values())) > 10
    assert [name for name, found in keys.items() for key in found if key[4] is None] == []


@pytest.mark.sqlite3
@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        ("PRAGMA integrity_check", "ok"),
        ("SELECT count(*) FROM responses", "2"),
        ("SELECT reference FROM responses WHERE id IN (SELECT rowid FROM responses_search('skoleveien'))", "KT7RB4XM"),
        ("SELECT count(*) FROM responses_search('garasjeportene')", "0"),
        ("INSERT INTO responses_search (responses_search) VALUES ('integrity-check'); SELECT 1", "1"),
    ],
)
def test_the_sqlite_of_this_system_reads_and_searches_it(copy: Path, statement: str, answer: str) -> None:
    done = subprocess.run(["sqlite3", copy, statement], check=False, capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == (answer, "")


def test_a_copy_that_is_used_as_the_database_deletes_for_good_again(copy: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    innspill = CommandLine(tmp_path / "new")
    shutil.copy(copy, innspill.database)  # as somebody may do it, without `restore`
    with closing(open_for_writing(innspill.database)) as db:
        db.execute("DELETE FROM responses WHERE reference = 'AB2CD3EF'")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    content = innspill.database.read_bytes().lower()
    assert b"fortau" in content
    assert b"sykkelvei" not in content


def test_what_was_restored_deletes_for_good_too(innspill: CommandLine, copy: Path) -> None:
    innspill.says("restore", copy)
    with closing(sqlite3.connect(innspill.database)) as db:
        setting = db.execute("SELECT v FROM responses_search_config WHERE k = 'secure-delete'").fetchone()

    assert setting == (1,)
