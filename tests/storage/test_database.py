"""Opening the database: what is refused, what holds in every connection, and upgrades that are all or nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from storage.conversations import conversations, lookups, outbox
from storage.database import migrations, opening
from storage.database.errors import (
    DatabaseInUse,
    MigrationFailed,
    NotADatabase,
    NotSaved,
    SchemaTooNew,
    SchemaTooOld,
    SqliteTooOld,
    StorageError,
)
from storage.database.opening import Lease, ensure_schema, migrate, open_for_reading, open_for_writing, transaction
from storage.database.sqlite import Connection, sqlite3
from storage.responses import responses
from tests import ROOT
from tests.storage.examples import AT, add_consultation, new_database, new_response, open_conversation, whose


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(path)) as connection:
        yield connection


def schema(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall()


def next_year(*steps: object) -> Migrations:
    """The history as a later program has it: ours, and then a migration that does `steps`."""
    history = Migrations("innspill")
    for ours in migrations.history.pending(Database(memory=True)):
        history(name=ours.name)(ours.fn)

    @history()
    def next_schema(db: Database) -> None:
        db.execute("CREATE TABLE novelties (id INTEGER PRIMARY KEY) STRICT")
        db.execute("INSERT INTO novelties VALUES (1)")
        db.execute("DROP TABLE postal_codes")
        for step in steps:
            step(db) if callable(step) else db.execute(str(step))

    return history


# --- What holds in every connection -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1), ("busy_timeout", 5000)],
)
def test_a_writing_connection_is_durable_and_strict(db: Connection, pragma: str, value: object) -> None:
    assert db.execute(f"PRAGMA {pragma}").fetchone() == (value,)


def test_every_table_of_ours_is_strict(db: Connection) -> None:
    tables = db.execute(
        "SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
    ).fetchall()
    loose = {name for name, strict in tables if not strict}
    assert loose == {"sqlite_schema", "sqlite_sequence", "_sqlite_migrations"}


def test_a_reference_to_nothing_is_refused(db: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        outbox.put(db, whose(db, 999), "{}", kind="question", draft="", edit_target=None, at=AT)


def test_a_reader_cannot_write(path: Path) -> None:
    with closing(open_for_reading(path)) as reader:
        with pytest.raises(sqlite3.OperationalError):
            conversations.claim(reader, "web", "1", AT)
        assert reader.execute("PRAGMA query_only").fetchone() == (1,)


def test_what_is_deleted_is_gone_from_the_files(path: Path) -> None:
    marker = "x" * 5000 + "a sentence that nobody else writes"
    with transaction(path) as db:
        conversations.save(db, open_conversation(db), marker, draft="", locale="nb", at=AT)
    with transaction(path) as db:
        db.execute("DELETE FROM conversations")
    with closing(open_for_writing(path)) as db:
        assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)
    files = [file for file in path.parent.iterdir() if file.name.startswith(path.name)]
    assert path in files
    assert not [file for file in files if b"nobody else writes" in file.read_bytes()]


def test_a_response_outlives_its_conversation_and_the_rest_goes_with_it(db: Connection) -> None:
    conversation_id = open_conversation(db)
    responses.insert(db, new_response(conversation_id, add_consultation(db)), lambda: "R1")
    outbox.put(db, whose(db, conversation_id), "{}", kind="receipt", draft="d1", edit_target=None, at=AT)
    lookups.ask(db, conversation_id, "{}", AT)
    db.execute("DELETE FROM conversations")
    assert [row["reference"] for row in responses.Rows(db)] == ["R1"]
    assert outbox.unsent(db, "telegram") == []
    assert lookups.pending(db) == []


# --- What is refused ----------------------------------------------------------------------------------------


def test_an_old_sqlite_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MINIMUM_SQLITE", (99, 0, 0))
    for opens in (open_for_writing, open_for_reading, migrate):
        with pytest.raises(SqliteTooOld, match=r"99\.0\.0"):
            opens(path)


def test_an_absent_file_is_refused_and_not_made(tmp_path: Path) -> None:
    absent = tmp_path / "absent.db"
    for opens in (open_for_writing, open_for_reading):
        with pytest.raises(NotADatabase, match="no such file"):
            opens(absent)
    assert not absent.exists()


def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Kjære kommune. " * 100)
    for opens in (open_for_writing, open_for_reading, migrate, ensure_schema):
        with pytest.raises(NotADatabase):
            opens(letter)
    assert letter.read_text() == "Kjære kommune. " * 100


def test_the_database_of_another_program_is_refused_and_kept(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (id INTEGER)")
    before = other.read_bytes()
    for opens in (open_for_writing, open_for_reading, migrate, ensure_schema):
        with pytest.raises(NotADatabase, match="another program"):
            opens(other)
    assert other.read_bytes() == before


def test_a_folder_that_is_not_there_is_one_plain_line(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refusal:
        ensure_schema(tmp_path / "nowhere" / "innspill.db")
    assert "\n" not in str(refusal.value)


def test_a_database_of_a_newer_program_is_refused_by_this_one(path: Path) -> None:
    migrate(path, next_year())
    for opens in (open_for_writing, open_for_reading, migrate, ensure_schema):
        with pytest.raises(SchemaTooNew, match="newer Innspill"):
            opens(path)


def test_a_database_of_an_older_program_waits_for_its_migration(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    migrate(path, Migrations("innspill"))
    for opens in (open_for_writing, open_for_reading):
        with pytest.raises(SchemaTooOld):
            opens(path)
    ensure_schema(path)
    open_for_writing(path).close()


# --- Migrations ---------------------------------------------------------------------------------------------


def test_a_migration_twice_is_the_same_as_once(path: Path) -> None:
    before = schema(path)
    migrate(path)
    ensure_schema(path)
    assert schema(path) == before


def raise_something(db: Database) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    ("step", "error"),
    [
        (raise_something, ZeroDivisionError),
        ("SELECT * FROM nothing", MigrationFailed),
        ("INSERT INTO lookups (conversation_id, question, asked_at) VALUES (999, '', '')", MigrationFailed),
    ],
)
def test_a_migration_that_fails_changes_nothing(path: Path, step: object, error: type[Exception]) -> None:
    before = schema(path)
    with pytest.raises(error):
        migrate(path, next_year(step))
    assert schema(path) == before
    open_for_writing(path).close()


def test_a_first_migration_that_fails_leaves_a_file_that_can_be_migrated(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.raises(ZeroDivisionError):
        migrate(path, next_year(raise_something))
    assert schema(path) == []
    migrate(path)
    open_for_writing(path).close()


@pytest.mark.parametrize("name", ["new.db", "old.db"])
def test_a_migration_that_is_killed_changes_nothing(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "old.db":
        migrate(path)
    killed = (
        "import os, sys; from storage.database.opening import migrate;"
        "from tests.storage.test_database import next_year;"
        "migrate(sys.argv[1], next_year('PRAGMA cache_size = 1', lambda db: os.kill(os.getpid(), 9)))"
    )
    before = schema(path)
    done = subprocess.run([sys.executable, "-c", killed, str(path)], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert schema(path) == before
    migrate(path, next_year())


def test_a_database_of_the_first_schema_is_brought_up_to_date_with_all_it_holds(tmp_path: Path) -> None:
    path, first = tmp_path / "old.db", Migrations("innspill")
    first()(migrations.first_schema)
    migrate(path, first)
    with closing(sqlite3.connect(path)) as old, old:
        old.execute(
            "INSERT INTO conversations (channel, address, draft, locale, created_at, active_at, session)"
            " VALUES ('telegram', '7', 'd1', 'nb', ?1, ?1, '{}')",
            ("2026-11-24T08:30:00.000000Z",),
        )
        old.execute(
            "INSERT INTO outbox (conversation_id, kind, draft, created_at, message)"
            " VALUES (1, 'question', 'd1', ?, '{}')",
            ("2026-11-24T08:30:00.000000Z",),
        )
    migrate(path)
    with closing(open_for_writing(path)) as db:
        kept = conversations.find(db, "telegram", "7")
        assert kept is not None
        assert (kept.session, kept.draft, kept.may_repeat) == ("{}", "d1", 0)
        assert [(row.message, row.pieces_said) for row in outbox.unsent(db, "telegram")] == [("{}", 0)]


def test_a_successful_migration_is_complete(path: Path) -> None:
    migrate(path, next_year())
    names = {name for name, _ in schema(path)}
    assert "novelties" in names
    assert "postal_codes" not in names


# --- The lease ----------------------------------------------------------------------------------------------


def test_a_second_service_is_refused_until_the_first_has_ended(path: Path) -> None:
    with Lease(path), pytest.raises(DatabaseInUse, match="another Innspill"), Lease(path):
        pass
    with Lease(path):
        pass


def test_the_lease_ends_with_its_process_however_that_ends(path: Path) -> None:
    holds = (
        "import sys; from storage.database.opening import Lease; lease = Lease(sys.argv[1]); lease.__enter__();"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holds, str(path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(DatabaseInUse), Lease(path):
            pass
        other.kill()
    with Lease(path):
        pass


def test_commands_work_beside_a_service_on_a_current_schema_only(path: Path, tmp_path: Path) -> None:
    with Lease(path):
        ensure_schema(path)
    old = tmp_path / "old.db"
    migrate(old, Migrations("innspill"))
    with Lease(old), pytest.raises(DatabaseInUse):
        ensure_schema(old)


# --- A transaction of one's own -----------------------------------------------------------------------------


def test_a_transaction_is_kept_whole_or_not_at_all(path: Path, db: Connection) -> None:
    with transaction(path) as own:
        conversations.claim(own, "web", "1", AT)

    def claims_and_raises(own: Connection) -> None:
        conversations.claim(own, "web", "2", AT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction(path) as own:
        claims_and_raises(own)
    assert db.execute("SELECT event_id FROM events").fetchall() == [("1",)]


def test_a_transaction_without_room_is_not_saved(path: Path, db: Connection) -> None:
    def claims_too_much(own: Connection) -> None:
        own.execute(f"PRAGMA max_page_count = {own.execute('PRAGMA page_count').fetchone()[0] + 1}")
        for number in range(100):
            conversations.claim(own, "web", f"{number} " + "x" * 1000, AT)

    with pytest.raises(NotSaved, match="full"), transaction(path) as own:
        claims_too_much(own)
    assert db.execute("SELECT count(*) FROM events").fetchone() == (0,)
