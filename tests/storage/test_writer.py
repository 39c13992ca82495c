"""The one writer: what it confirms is there, what it refuses is not, and one person's trouble is not another's."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.conversations import conversations, outbox
from storage.database.errors import NotADatabase, NotSaved
from storage.database.opening import open_for_reading, open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.database.writer import BATCH_LIMIT, Writer
from tests.storage.examples import AT, new_database, whose

Work = Callable[[Connection], Any]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[Writer]:
    writer = Writer(path)
    writer.start()
    yield writer
    writer.close()


def claim(event_id: str) -> Work:
    return lambda db: conversations.claim(db, "web", event_id, AT)


def claimed(path: Path) -> set[str]:
    with closing(open_for_reading(path)) as db:
        return {event_id for (event_id,) in db.execute("SELECT event_id FROM events")}


async def together(writer: Writer, *works: Work) -> list[Any]:
    """The outcomes of pieces of work that wait at the same time, and so are taken as one batch."""
    may_go_on = threading.Event()
    everything = asyncio.gather(
        writer.run(lambda db: may_go_on.wait()), *map(writer.run, works), return_exceptions=True
    )
    await asyncio.sleep(0)  # each of them is waiting now
    may_go_on.set()
    return (await everything)[1:]


async def test_what_is_confirmed_can_be_read_by_others(writer: Writer, path: Path) -> None:
    assert await writer.run(claim("1")) is True
    assert claimed(path) == {"1"}


async def test_what_waits_is_committed_together(writer: Writer, path: Path) -> None:
    statements: list[str] = []
    await writer.run(lambda db: db.set_trace_callback(statements.append))
    statements.clear()
    assert await together(writer, *(claim(str(number)) for number in range(100))) == [True] * 100
    assert statements.count("COMMIT") <= 2  # one for the work that held the others up
    assert len(claimed(path)) == 100


async def test_who_listens_is_told_how_much_was_kept_together_and_of_nothing_that_was_not(path: Path) -> None:
    told: list[tuple[int, float]] = []
    writer = Writer(path, lambda writes, seconds: told.append((writes, seconds)))
    writer.start()
    await together(writer, *(claim(str(number)) for number in range(100)))
    assert sum(writes for writes, _ in told) == 101
    assert max(writes for writes, _ in told) >= 100
    assert all(0 < seconds < 10 for _, seconds in told)
    with closing(sqlite3.connect(str(path), isolation_level=None)) as other:
        await writer.run(lambda db: db.execute("PRAGMA busy_timeout = 0").fetchall())
        told.clear()
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotSaved):
            await writer.run(claim("never"))
    assert told == []
    writer.close()


async def test_more_than_one_batch_holds_is_all_done(writer: Writer, path: Path) -> None:
    many = 2 * BATCH_LIMIT + 1
    assert await together(writer, *(claim(str(number)) for number in range(many))) == [True] * many
    assert len(claimed(path)) == many


async def test_one_that_raises_leaves_nothing_behind_and_the_others_go_on(writer: Writer, path: Path) -> None:
    def claims_and_raises(db: Connection) -> None:
        conversations.claim(db, "web", "2", AT)
        raise LookupError("what the caller did wrong")

    first, second, third = await together(writer, claim("1"), claims_and_raises, claim("3"))
    assert (first, third) == (True, True)
    assert isinstance(second, LookupError)
    assert claimed(path) == {"1", "3"}


async def test_a_broken_rule_of_the_schema_fails_only_its_own_caller(writer: Writer, path: Path) -> None:
    def says_something_to_nobody(db: Connection) -> None:
        outbox.put(db, whose(db, 999), "{}", kind="question", draft="", edit_target=None, at=AT)

    first, second, third = await together(writer, claim("1"), says_something_to_nobody, claim("3"))
    assert (first, third) == (True, True)
    assert isinstance(second, sqlite3.IntegrityError)
    assert claimed(path) == {"1", "3"}


async def test_work_that_raises_stop_iteration_is_answered(writer: Writer) -> None:
    nothing: Iterator[int] = iter(())
    with pytest.raises(RuntimeError):
        await asyncio.wait_for(writer.run(lambda db: next(nothing)), timeout=5)


async def test_a_caller_who_gives_up_stops_nobody(writer: Writer, path: Path) -> None:
    may_go_on = threading.Event()
    impatient = asyncio.gather(writer.run(lambda db: may_go_on.wait() and conversations.claim(db, "web", "1", AT)))
    patient = asyncio.gather(writer.run(claim("2")))
    await asyncio.sleep(0)
    impatient.cancel()
    may_go_on.set()
    assert list(await patient) == [True]
    with pytest.raises(asyncio.CancelledError):
        await impatient
    assert claimed(path) == {"1", "2"}


def fill_up(db: Connection) -> None:
    """Write until SQLite says that there is no room: what a full disk does, without one."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages + 2}")
    for number in range(100):
        conversations.claim(db, "web", f"filler {number} " + "x" * 1000, AT)


def end_the_transaction(db: Connection) -> None:
    db.execute("ROLLBACK")


def run_out_of_memory(db: Connection) -> None:
    raise MemoryError


def break_the_commit(db: Connection) -> None:
    """Refer to nothing, in a way that SQLite checks only at the commit."""
    db.execute("PRAGMA defer_foreign_keys = ON")
    db.execute("INSERT INTO lookups (conversation_id, question, asked_at) VALUES (999, '', '')")


@pytest.mark.parametrize(
    ("fails", "reason"),
    [
        (fill_up, "full"),
        (end_the_transaction, "ended from within"),
        (run_out_of_memory, "MemoryError"),
        (break_the_commit, "FOREIGN KEY"),
    ],
)
async def test_when_the_transaction_is_lost_nobody_is_told_otherwise(
    writer: Writer, path: Path, fails: Work, reason: str
) -> None:
    outcomes = await together(writer, claim("1"), fails, claim("3"))
    assert [type(outcome) for outcome in outcomes] == [NotSaved] * 3
    assert reason in str(outcomes[0])
    assert claimed(path) == set()
    with closing(open_for_writing(path)) as other:  # nor is anybody else held up meanwhile
        other.execute("PRAGMA busy_timeout = 0")
        other.execute("BEGIN IMMEDIATE")
    assert await together(writer, claim("1"), claim("3")) == [True, True]  # it goes on by itself
    assert claimed(path) == {"1", "3"}


async def test_a_full_disk_that_was_not_noticed_by_its_caller_confirms_nothing(writer: Writer, path: Path) -> None:
    def swallows_the_error(db: Connection) -> str:
        db.execute("PRAGMA cache_size = 1")  # so that pages are written before the commit, and SQLite rolls back
        try:
            fill_up(db)
        except sqlite3.Error:
            return "done"
        raise AssertionError("there was room")

    outcomes = await together(writer, claim("1"), swallows_the_error)
    saved = [outcome for outcome in outcomes if not isinstance(outcome, NotSaved)]
    assert len(saved) in (0, 2)
    assert ("1" in claimed(path)) is bool(saved)


async def test_it_waits_for_another_process_that_is_writing(writer: Writer, path: Path) -> None:
    with closing(open_for_writing(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.gather(writer.run(claim("1")))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        other.execute("COMMIT")
        assert list(await waiting) == [True]


async def test_when_another_process_never_lets_go_it_says_not_saved(writer: Writer, path: Path) -> None:
    await writer.run(lambda db: db.execute("PRAGMA busy_timeout = 50"))
    with closing(open_for_writing(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotSaved, match="locked"):
            await writer.run(claim("1"))
        other.execute("COMMIT")
    assert await writer.run(claim("1")) is True


async def test_a_database_that_cannot_be_reopened_is_tried_again(writer: Writer, path: Path) -> None:
    away = path.with_name("away.db")
    with pytest.raises(NotSaved):
        await writer.run(end_the_transaction)
    os.rename(path, away)
    with pytest.raises(NotSaved, match="no such file"):
        await writer.run(claim("1"))
    os.rename(away, path)
    assert await writer.run(claim("1")) is True
    assert claimed(path) == {"1"}


async def test_closing_finishes_what_waits_and_refuses_what_comes_later(path: Path) -> None:
    writer = Writer(path)
    writer.start()
    waiting = asyncio.gather(*(writer.run(claim(str(number))) for number in range(50)))
    await asyncio.sleep(0)
    writer.close()
    assert await waiting == [True] * 50
    with pytest.raises(NotSaved):
        await writer.run(claim("late"))
    assert len(claimed(path)) == 50


async def test_it_does_not_start_on_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotADatabase):
        Writer(tmp_path / "absent.db").start()
