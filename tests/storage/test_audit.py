"""The audit log only grows, and shows it when somebody went round its triggers."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database.opening import open_for_reading, open_for_writing, transaction
from storage.database.sqlite import Connection, sqlite3
from storage.staff import audit
from storage.staff.audit import BrokenChain
from tests.storage.examples import AT, DAY, new_database


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(path)) as connection:
        yield connection


def five(db: Connection) -> None:
    """Five things that were done."""
    for number in range(5):
        who = ("kari@example.no", "operator:ola")[number % 2]
        audit.record(db, AT + number * DAY, who, f"thing.{number % 3}", f"{number}", detail={"number": number})


def unguarded(db: Connection, statement: str) -> None:
    """What somebody does with another program, who knows of the triggers."""
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_log'")
    guards = triggers.fetchall()
    for name, _ in guards:
        db.execute(f"DROP TRIGGER {name}")
    db.execute(statement)
    for _, sql in guards:
        db.execute(sql)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_log SET who = 'nobody' WHERE id = 2",
        "UPDATE audit_log SET id = 9 WHERE id = 5",
        "DELETE FROM audit_log WHERE id = 5",
        "DELETE FROM audit_log",
        "INSERT OR REPLACE INTO audit_log VALUES (5, '', '', '', '', '', '{}', '')",
        "INSERT INTO audit_log VALUES (7, '', '', '', '', '', '{}', '')",
        "INSERT INTO audit_log VALUES (NULL, '', '', '', '', '', '{}', '')",
        "UPDATE OR REPLACE audit_log SET id = 4 WHERE id = 5",
    ],
)
def test_an_entry_is_neither_changed_nor_deleted_nor_replaced(db: Connection, statement: str) -> None:
    five(db)
    before = audit.verify(db)
    with pytest.raises(sqlite3.IntegrityError, match="the audit log"):
        db.execute(statement)
    assert audit.verify(db) == before


def test_the_log_is_found_whole_and_its_last_hash_is_the_same_each_time(db: Connection) -> None:
    assert audit.verify(db) == audit.Chain(0, "")
    five(db)
    chain = audit.verify(db)
    assert (chain.count, len(chain.hash)) == (5, 64)
    assert audit.verify(db) == chain
    assert audit.hash_of(db, 5) == chain.hash
    assert audit.hash_of(db, 6) is None


def test_the_hash_is_what_anybody_can_reckon(db: Connection) -> None:
    audit.record(
        db, AT, "kari@example.no", "response.viewed", "KT7RB4XM", address="192.0.2.1", detail={"b": 1, "a": "å"}
    )
    row = '[1,"2026-11-24T08:30:00.123456Z","kari@example.no","response.viewed","KT7RB4XM","192.0.2.1",'
    row += '"{\\"a\\":\\"å\\",\\"b\\":1}"]'
    found = db.execute("SELECT hash FROM audit_log").fetchone()[0]
    assert found == hashlib.sha256(row.encode()).hexdigest()


@pytest.mark.parametrize(
    ("statement", "place"),
    [
        ("UPDATE audit_log SET who = 'nobody' WHERE id = 2", 2),
        ("UPDATE audit_log SET detail = '{\"number\":3}' WHERE id = 3", 3),
        ("UPDATE audit_log SET at = '2026-11-24T08:30:00.123457Z' WHERE id = 1", 1),
        ("UPDATE audit_log SET hash = replace(hash, 'a', 'b') WHERE id = 4", 4),
        ("DELETE FROM audit_log WHERE id = 1", 1),
        ("DELETE FROM audit_log WHERE id = 3", 3),
        ("DELETE FROM audit_log WHERE id = 5", 5),
        ("DELETE FROM audit_log", 1),
        ("UPDATE audit_log SET who = action, action = who WHERE id = 4", 4),
    ],
)
def test_what_was_done_behind_the_triggers_is_found_at_its_place(db: Connection, statement: str, place: int) -> None:
    five(db)
    unguarded(db, statement)
    with pytest.raises(BrokenChain) as broken:
        audit.verify(db)
    assert broken.value.entry_id == place
    assert f"entry {place}" in str(broken.value)


def test_a_log_that_was_made_anew_is_found_by_the_hash_that_was_kept(db: Connection) -> None:
    five(db)
    kept = audit.verify(db)
    unguarded(db, "DELETE FROM audit_log")
    db.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_log'")
    for number in range(5):
        audit.record(db, AT, "somebody else", "thing", f"{number}")
    assert audit.verify(db).count == kept.count
    assert audit.hash_of(db, kept.count) != kept.hash


def test_several_processes_write_one_chain(path: Path) -> None:
    def write(who: str) -> None:
        for number in range(20):
            with transaction(path) as db:
                audit.record(db, AT, who, "thing", f"{number}")

    writers = [threading.Thread(target=write, args=(who,)) for who in ("kari@example.no", "ola@example.no")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with closing(open_for_reading(path)) as db:
        assert audit.verify(db).count == 40


def test_what_is_undone_leaves_no_entry(path: Path) -> None:
    def fail(db: Connection) -> None:
        audit.record(db, AT, "kari@example.no", "thing")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), transaction(path) as db:
        fail(db)
    with transaction(path) as db:
        audit.record(db, AT, "ola@example.no", "thing")
        assert audit.verify(db).count == 1


def test_entries_are_read_newest_first_page_by_page_and_by_person_and_action(db: Connection) -> None:
    five(db)
    first = audit.entries(db, limit=2)
    assert [entry.id for entry in first] == [5, 4]
    assert [entry.id for entry in audit.entries(db, limit=9, before_id=4)] == [3, 2, 1]
    assert [entry.id for entry in audit.entries(db, limit=9, who="operator:ola")] == [4, 2]
    assert [entry.id for entry in audit.entries(db, limit=9, action="thing.0")] == [4, 1]
    assert [entry.id for entry in audit.entries(db, limit=9, action="thing.0", who="kari@example.no")] == [1]
    assert first[0].detail == {"number": 4}
    assert first[0].at == AT + 4 * DAY
    assert audit.people(db) == ["kari@example.no", "operator:ola"]
    assert audit.actions(db) == ["thing.0", "thing.1", "thing.2"]


@pytest.mark.parametrize("query", ["who", "action"])
def test_a_page_of_a_person_or_an_action_is_found_without_reading_the_others(db: Connection, query: str) -> None:
    plan = db.execute(
        f"EXPLAIN QUERY PLAN SELECT * FROM audit_log WHERE {query} = ? AND id < ? ORDER BY id DESC LIMIT 9", ("x", 9)
    ).fetchall()
    assert [step[3].split("(")[0].strip() for step in plan] == [
        f"SEARCH audit_log USING INDEX audit_log_by_{'person' if query == 'who' else query}"
    ]


def test_whatever_text_comes_in_can_be_written_down(db: Connection) -> None:
    for text in ("\ud800", "'; DROP TABLE audit_log; --", "\0", "a\nb", "😀" * 1000):
        audit.record(db, AT, text, text, text, address=text, detail={text: [text, None, 1.5, True]})
    assert audit.verify(db).count == 5
    assert audit.entries(db, limit=1)[0].detail == {"😀" * 1000: ["😀" * 1000, None, 1.5, True]}


@pytest.mark.parametrize("detail", [{"when": AT}, {"what": object()}])
def test_what_is_no_json_is_a_mistake_of_the_programmer(db: Connection, detail: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        audit.record(db, AT, "kari@example.no", "thing", detail=detail)
    assert audit.verify(db).count == 0
