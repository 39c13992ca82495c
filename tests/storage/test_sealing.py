"""The digest beside each response: whatever we write is sealed, and what the disk changes is seen."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.conversations import conversations
from storage.database import sealing
from storage.database.errors import ResponsesDamaged
from storage.database.opening import migrate, open_for_reading, open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.register import verifications
from storage.responses import responses, versions
from tests.proof import migrations
from tests.storage.examples import AT, add_consultation, new_database, new_response, open_conversation, references


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    """With R1 and R2, R1 unverified and with answers that have no column."""
    with closing(open_for_writing(path)) as connection:
        conversation, consultation, draw = open_conversation(connection), add_consultation(connection), references()
        more = {"organisation_number": "974540193", "register_status": "unverified"}
        extra = {"role": "chair", "organisation_kind": "public_body"}
        first = new_response(conversation, consultation, draft="d1", extra=extra, **more)
        responses.insert(connection, first, draw)
        responses.insert(connection, new_response(conversation, consultation, draft="d2"), draw)
        yield connection


def behind_its_back(path: Path, statement: str) -> None:
    """As a disk changes what is kept: without any of our code."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA ignore_check_constraints = ON")
        other.execute(statement)


def test_whatever_becomes_of_a_response_is_sealed(db: Connection) -> None:
    assert sealing.damaged(db) == []
    versions.supersede_own(db, "R1", by=2, at=AT)
    versions.decide(db, "R2", "withdrawn", who="staff@example.no", at=AT)
    verifications.settle(db, 1, "active", at=AT, form="AS", differences={"address": "Eksempelveien 1"})
    assert sealing.damaged(db) == []
    db.execute("UPDATE response_answers SET value = 'deputy' WHERE key = 'role'")
    db.execute("DELETE FROM response_answers WHERE key = 'organisation_kind'")
    assert sealing.damaged(db) == []
    db.execute("DELETE FROM conversations")  # the responses stay, and know it no more
    assert db.execute("SELECT count(*) FROM responses WHERE conversation_id IS NULL").fetchone() == (2,)
    assert sealing.damaged(db) == []
    db.execute("DELETE FROM responses WHERE reference = 'R1'")
    assert db.execute("SELECT count(*) FROM response_digests").fetchone() == (1,)
    assert conversations.find(db, "telegram", "1") is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE responses SET text = text || ' Ikke.' WHERE reference = 'R1'",
        "UPDATE responses SET text = CAST(x'4a6567ff' AS TEXT) WHERE reference = 'R1'",
        "UPDATE responses SET email = NULL WHERE reference = 'R1'",
        "UPDATE responses SET first_name = last_name, last_name = first_name WHERE reference = 'R1'",
        "UPDATE responses SET conversation_id = NULL WHERE reference = 'R1'",
        "UPDATE responses SET late = 1 WHERE reference = 'R1'",
        "UPDATE response_answers SET value = 'deputy' WHERE key = 'role'",
        "DELETE FROM response_answers WHERE key = 'role'",
        "INSERT INTO response_answers VALUES (1, 'more', 'x')",
        "UPDATE response_digests SET digest = 'x' WHERE response_id = 1",
        "DELETE FROM response_digests WHERE response_id = 1",
    ],
)
def test_what_was_not_written_by_us_is_seen_in_every_column_and_answer(db: Connection, path: Path, change: str) -> None:
    behind_its_back(path, change)

    assert sealing.damaged(db) == ["R1"]
    with closing(open_for_reading(path)) as reading, pytest.raises(ResponsesDamaged, match="R1") as told:
        list(responses.Rows(reading))
    assert told.value.references == ("R1",)
    assert "Jeg" not in str(told.value)


def test_a_change_beside_the_damage_does_not_make_it_good(db: Connection, path: Path) -> None:
    behind_its_back(path, "UPDATE responses SET text = 'Noe helt annet.' WHERE reference = 'R1'")
    versions.decide(db, "R1", "withdrawn", who="staff@example.no", at=AT)
    verifications.settle(db, 1, "active", at=AT)
    db.execute("UPDATE response_answers SET value = 'deputy'")

    assert sealing.damaged(db) == ["R1"]


def test_one_whose_reference_is_gone_too_is_named_by_its_number(db: Connection, path: Path) -> None:
    behind_its_back(path, "UPDATE responses SET reference = 'Jeg er imot.' WHERE id = 2")

    assert sealing.damaged(db) == ["number 2"]


def test_an_upgrade_seals_what_was_there(tmp_path: Path) -> None:
    migrations.make_first(tmp_path)
    path = tmp_path / migrations.DATABASE
    migrate(path)

    with closing(open_for_reading(path)) as db:
        count = db.execute("SELECT count(*) FROM responses").fetchone()
        assert count != (0,)
        assert db.execute("SELECT count(*) FROM response_digests").fetchone() == count
        assert sealing.damaged(db) == []


def test_an_upgrade_that_rewrites_rows_does_not_make_damage_good(db: Connection, path: Path) -> None:
    behind_its_back(path, "UPDATE responses SET text = 'Noe helt annet.' WHERE reference = 'R1'")
    with closing(sqlite3.connect(path, isolation_level=None)) as upgrade, sealing.resealed(upgrade):
        upgrade.execute("ALTER TABLE responses ADD COLUMN work_status TEXT NOT NULL DEFAULT 'new'")
        upgrade.execute("UPDATE responses SET first_name = upper(first_name)")

    with closing(sqlite3.connect(path, isolation_level=None)) as reading:
        assert sealing.damaged(reading) == ["R1"]


def test_another_program_can_write_and_finds_nothing_of_ours_in_its_way(db: Connection, path: Path) -> None:
    behind_its_back(path, "INSERT INTO postal_codes VALUES ('1385', 'ASKER')")
    schema = "SELECT count(*) FROM sqlite_schema WHERE sql LIKE '%sealed%'"

    assert db.execute(schema).fetchone() == (0,)
