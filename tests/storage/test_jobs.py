"""Jobs in their table: deleted with what they are about, and moved there from where they waited before."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from sqlite_utils import Database, Migrations

from storage.database import migrations
from storage.database.opening import migrate, open_for_reading, open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.database.times import stamp
from storage.database.writer import Writer
from storage.jobs import jobs
from storage.jobs.jobs import About
from storage.responses import responses
from tests.storage.examples import AT, add_consultation, new_database, new_response, open_conversation, references

HOUR = timedelta(hours=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return new_database(tmp_path)


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(path)) as connection:
        yield connection


def store(db: Connection) -> int:
    return responses.insert(db, new_response(open_conversation(db), add_consultation(db)), references())[0].id


def test_a_job_goes_with_the_response_that_it_is_about_and_no_other_does(db: Connection) -> None:
    response_id = store(db)
    jobs.put(db, "verification", response_id, about="response", at=AT)
    jobs.put(db, "other", response_id, about="nothing", at=AT)
    db.execute("DELETE FROM responses")
    assert [each.kind for each in jobs.waiting(db)] == ["other"]


def test_a_job_about_what_there_is_not_is_refused(db: Connection) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        jobs.put(db, "verification", 99, about="response", at=AT)


def test_all_that_a_job_may_be_about_takes_it_along(db: Connection) -> None:
    deleted_with = {
        column: on_delete
        for _, _, _, column, _, _, on_delete, _ in db.execute("SELECT * FROM pragma_foreign_key_list('jobs')")
    }
    assert deleted_with == {f"{about}_id": "CASCADE" for about in get_args(About) if about != "nothing"}


def test_deleting_a_response_looks_for_its_jobs_in_an_index(db: Connection) -> None:
    (plan,) = db.execute("EXPLAIN QUERY PLAN SELECT id FROM jobs WHERE response_id = 1")
    assert "USING INDEX jobs_by_response" in plan[3]


def test_what_is_due_is_found_in_an_index(db: Connection) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    jobs.take(db, "verification", AT, 3)
    jobs.next_due(db, "verification", AT)
    jobs.count(db, "verification")
    db.set_trace_callback(None)
    plans = [str(row[3]) for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert len([plan for plan in plans if "jobs_by_time" in plan]) == 3
    assert [plan for plan in plans if "INDEX" not in plan and "TEMP B-TREE" not in plan] == []


def test_the_same_put_down_again_is_one_job_begun_anew_and_due_at_the_earlier_time(db: Connection) -> None:
    jobs.put(db, "made_up", 7, about="nothing", at=AT, due_at=AT + HOUR)
    (job,) = jobs.take(db, "made_up", AT + HOUR, 9)
    jobs.put_off(db, job, AT + 5 * HOUR, "NotYet", AT + HOUR)
    jobs.put(db, "made_up", 7, about="nothing", at=AT + 2 * HOUR, due_at=AT + 3 * HOUR)
    (job,) = jobs.take(db, "made_up", AT + 9 * HOUR, 9)
    assert (job.attempts, job.begun_at, job.due_at) == (0, AT + 2 * HOUR, AT + 3 * HOUR)
    jobs.put(db, "made_up", 7, about="nothing", at=AT + 2 * HOUR, due_at=AT + 8 * HOUR)
    (job,) = jobs.take(db, "made_up", AT + 9 * HOUR, 9)
    assert job.due_at == AT + 3 * HOUR


def test_what_somebody_is_at_is_taken_by_nobody_else(db: Connection) -> None:
    for subject in (1, 2, 3):
        jobs.put(db, "made_up", subject, about="nothing", at=AT)
    taken = jobs.take(db, "made_up", AT, 2)
    assert [job.subject for job in taken] == [1, 2]
    assert [job.subject for job in jobs.take(db, "made_up", AT, 2, {job.id for job in taken})] == [3]


def test_what_waits_is_told_by_kind(db: Connection) -> None:
    for subject, later in ((1, HOUR), (2, 2 * HOUR)):
        jobs.put(db, "made_up", subject, about="nothing", at=AT, due_at=AT + later)
    jobs.put(db, "sweep", about="nothing", at=AT)
    (job,) = jobs.take(db, "made_up", AT + HOUR, 1)
    jobs.put_off(db, job, AT + 3 * HOUR, "NotYet at verification.py:30", AT + HOUR)
    told = [(each.kind, each.count, each.failing, each.due_at, each.last_error) for each in jobs.waiting(db)]
    assert told == [
        ("made_up", 2, 1, AT + 2 * HOUR, "NotYet at verification.py:30"),
        ("sweep", 1, 0, AT, ""),
    ]


def before_jobs() -> Migrations:
    """The history up to the table of jobs."""
    history = Migrations("innspill")
    for ours in migrations.history.pending(Database(memory=True)):
        if ours.name == "jobs":
            break
        history(name=ours.name)(ours.fn)
    return history


def test_responses_that_waited_for_the_register_wait_on_after_an_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    migrate(path, before_jobs())
    with closing(sqlite3.connect(path)) as old, old:
        columns = "conversation_id, consultation_id, received_at, reference, draft, late, status, respondent_type,"
        conversation = old.execute(  # today's code asks for columns that were not there then
            "INSERT INTO conversations (channel, address, created_at, active_at) VALUES ('telegram', '1', ?, ?)",
            (stamp(AT), stamp(AT)),
        )
        stored = old.execute(
            f"INSERT INTO responses ({columns} text, channel, locale, form_version)"
            " VALUES (?, ?, ?, 'R1', 'd1', 0, 'received', 'private_person', 'Ja.', 'telegram', 'nb', 1) RETURNING id",
            (conversation.lastrowid, add_consultation(old), stamp(AT)),
        )
        ids = [stored.fetchone()[0]]
        due_at = (stamp(AT + HOUR), stamp(AT + 4 * HOUR))
        old.execute("INSERT INTO verifications VALUES (?, ?, ?, 5)", (ids[0], due_at[0], due_at[1]))
    migrate(path)
    with closing(open_for_writing(path)) as db:
        assert jobs.take(db, "verification", AT + 3 * HOUR, 9) == []
        (job,) = jobs.take(db, "verification", AT + 4 * HOUR, 9)
        assert (job.subject, job.begun_at, job.attempts) == (ids[0], AT + HOUR, 5)
        db.execute("DELETE FROM responses")
        assert jobs.waiting(db) == []
    with closing(open_for_reading(path)) as db:
        assert db.execute("SELECT name FROM sqlite_schema WHERE name LIKE 'verifications%'").fetchall() == []


async def test_the_writer_tells_of_a_job_after_its_commit_and_of_nothing_else(path: Path) -> None:
    writer = Writer(path)
    writer.start()
    seen: list[int] = []

    def look() -> None:
        with closing(open_for_reading(path)) as reader:
            seen.append(jobs.count(reader, "made_up"))

    writer.on_job = look
    await writer.run(add_consultation)
    assert seen == []
    await writer.run(lambda db: jobs.put(db, "made_up", 7, about="nothing", at=AT))
    assert seen == [1]
    await writer.run(lambda db: jobs.put(db, "made_up", 7, about="nothing", at=AT))
    assert seen == [1, 1]
    writer.close()


async def test_the_writer_tells_of_jobs_on_a_new_connection_too(path: Path) -> None:
    writer = Writer(path)
    writer.start()
    told = asyncio.Event()
    writer.on_job = told.set
    writer._must_reopen = True  # as after a commit that failed
    await writer.run(lambda db: jobs.put(db, "made_up", 7, about="nothing", at=AT))
    async with asyncio.timeout(1):
        await told.wait()
    writer.close()


def test_a_clock_that_was_too_far_forward_makes_nothing_older_than_it_is(db: Connection) -> None:
    jobs.put(db, "made_up", 7, about="nothing", at=AT)
    (job,) = jobs.take(db, "made_up", AT + 240 * HOUR, 1)
    jobs.put_off(db, job, AT + 241 * HOUR, "NotYet", AT + 240 * HOUR)
    jobs.mend(db, AT + HOUR)
    (job,) = jobs.take(db, "made_up", AT + 2 * HOUR, 1)
    assert (job.begun_at, job.due_at) == (AT, AT + 2 * HOUR)


def test_the_error_that_is_told_is_the_last_one(db: Connection) -> None:
    for subject, error, hours in ((1, "the program ended", 1), (2, "NotYet", 2)):
        jobs.put(db, "made_up", subject, about="nothing", at=AT)
        (job,) = jobs.take(db, "made_up", AT, 1)
        jobs.put_off(db, job, AT + 9 * HOUR, error, AT + hours * HOUR)
    (waiting,) = jobs.waiting(db)
    assert (waiting.failing, waiting.last_error) == (2, "NotYet")
