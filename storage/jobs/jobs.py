"""Jobs: what is to be done outside a transaction, put down in the transaction that decided it, until it is done.

A job names a kind of work and what it is about, by number. Nothing rendered, no address and no secret stands in it, and
`last_error` says where something went wrong, never what somebody wrote. What it is about takes it along when it goes:
`About` names the tables, and each of them has a column of `jobs` that refers to it and is deleted with it.

Due times are moments of the wall clock, for they outlive the process. `noted_at` is when the row was last written, by
the same clock: a row from the future shows that the clock was turned back, and is moved with it (`mend`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp

About = Literal["nothing", "response"]
"""What a subject is the number of. Each but `nothing` has a generated column in `jobs`, such as `response_id`."""


class Job(Struct, frozen=True, kw_only=True):
    """Something to be done. `attempts` is how often it has failed; `tried_at` since when somebody is at it, if so."""

    id: int
    kind: str
    subject: int
    begun_at: datetime
    due_at: datetime
    attempts: int
    tried_at: datetime | None


class Waiting(Struct, frozen=True, kw_only=True):
    """How many jobs of a kind are not done, how many of those have failed before, and when the first of all is due.

    `last_error` is where one of those that have failed did so last, "" where none has.
    """

    kind: str
    count: int
    failing: int
    due_at: datetime
    last_error: str


_SELECT = "SELECT id, kind, subject, begun_at, due_at, attempts, tried_at FROM jobs"


def put(
    db: Connection, kind: str, subject: int = 0, *, about: About, at: datetime, due_at: datetime | None = None
) -> None:
    """Put down that this is to be done, at once or at `due_at`.

    Put down again it is one job, begun anew and due at the earlier of the two moments; where somebody is at it just
    then, it is done once more after that. Raises IntegrityError where there is no such subject.
    """
    db.execute(
        "INSERT INTO jobs (kind, about, subject, begun_at, noted_at, due_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (kind, subject) DO UPDATE SET begun_at = excluded.begun_at, noted_at = excluded.noted_at,"
        " due_at = min(due_at, excluded.due_at), attempts = 0, last_error = NULL, tried_at = NULL",
        (kind, about, subject, stamp(at), stamp(at), stamp(due_at or at)),
    )


def hasten(db: Connection, kind: str, at: datetime) -> None:
    """Work that comes again and again, about nothing in particular, is due at `at`, unless it has failed last time."""
    db.execute(
        "INSERT INTO jobs (kind, about, subject, begun_at, noted_at, due_at) VALUES (?2, 'nothing', 0, ?1, ?1, ?1)"
        " ON CONFLICT (kind, subject) DO UPDATE SET due_at = min(due_at, excluded.due_at), noted_at = excluded.noted_at"
        " WHERE attempts = 0",
        (stamp(at), kind),
    )


def forget(db: Connection, kind: str, subject: int) -> None:
    """It need not be done any more."""
    db.execute("DELETE FROM jobs WHERE kind = ? AND subject = ?", (kind, subject))


# --- For the one who does them ------------------------------------------------------------------------------


def take(db: Connection, kind: str, at: datetime, limit: int, busy: Collection[int] = ()) -> list[Job]:
    """So many at most that are due at `at`, the longest waiting first, noted as begun; those in `busy` are left."""
    rows = db.execute(
        f"{_SELECT} WHERE kind = ? AND due_at <= ? ORDER BY due_at, id LIMIT ?", (kind, stamp(at), limit + len(busy))
    )
    taken = [job for job in map(_job, rows) if job.id not in busy][:limit]
    for job in taken:
        db.execute("UPDATE jobs SET tried_at = ? WHERE id = ?", (stamp(at), job.id))
    return [replace(job, tried_at=at) for job in taken]


def next_due(db: Connection, kind: str, after: datetime) -> datetime | None:
    """When the next one of a kind is due, of those that are due later than `after`."""
    row = db.execute("SELECT min(due_at) FROM jobs WHERE kind = ? AND due_at > ?", (kind, stamp(after))).fetchone()
    return row[0] and moment(row[0])


def finish(db: Connection, job: Job) -> bool:
    """It is done, or given up. False: what it was about is gone, and nothing that came of it may be kept.

    Where it was put down again meanwhile, it stays.
    """
    row = db.execute("SELECT 1 FROM jobs WHERE id = ?", (job.id,)).fetchone()
    db.execute("DELETE FROM jobs WHERE id = ? AND tried_at = ?", (job.id, job.tried_at and stamp(job.tried_at)))
    return row is not None


def put_off(db: Connection, job: Job, until: datetime, error: str, at: datetime) -> None:
    """It failed, as `error` says without a word of anybody's: it is due again at `until`."""
    db.execute(
        "UPDATE jobs SET attempts = attempts + 1, last_error = ?, tried_at = NULL, noted_at = ?, due_at = ?"
        " WHERE id = ? AND tried_at = ?",
        (error, stamp(at), stamp(until), job.id, job.tried_at and stamp(job.tried_at)),
    )


def begun(db: Connection) -> list[Job]:
    """Those that somebody is at: after a start, those that an earlier run did not come to the end of."""
    return [_job(row) for row in db.execute(f"{_SELECT} WHERE tried_at IS NOT NULL ORDER BY id")]


def let_go(db: Connection) -> None:
    """Nobody is at any of them, and that is nobody's fault."""
    db.execute("UPDATE jobs SET tried_at = NULL WHERE tried_at IS NOT NULL")


def mend(db: Connection, at: datetime) -> int:
    """Move what was noted later than `at`, by a clock that was turned back since, with it; returns how many."""
    rows = db.execute("SELECT id, begun_at, noted_at, due_at FROM jobs WHERE noted_at > ?", (stamp(at),)).fetchall()
    for row_id, begun_at, noted_at, due_at in rows:
        back = moment(noted_at) - at
        # What was put down before the clock went wrong was so then, and is no older now.
        begun = moment(begun_at) if moment(begun_at) <= at else moment(begun_at) - back
        moved = (stamp(begun), stamp(at), stamp(moment(due_at) - back))
        db.execute("UPDATE jobs SET begun_at = ?, noted_at = ?, due_at = ? WHERE id = ?", (*moved, row_id))
    return len(rows)


def postpone(db: Connection, job: Job, until: datetime, at: datetime) -> None:
    """It could not be tried, which is no failure of its own: it is due again at `until`, as often tried as before."""
    db.execute(
        "UPDATE jobs SET tried_at = NULL, noted_at = ?, due_at = ? WHERE id = ? AND tried_at = ?",
        (stamp(at), stamp(until), job.id, job.tried_at and stamp(job.tried_at)),
    )


# --- For those who look -------------------------------------------------------------------------------------


def count(db: Connection, kind: str) -> int:
    """How many jobs of a kind are not done."""
    return int(db.execute("SELECT count(*) FROM jobs WHERE kind = ?", (kind,)).fetchone()[0])


def waiting(db: Connection) -> list[Waiting]:
    """What is not done, by kind."""
    rows = db.execute(
        "SELECT kind, count(*), count(last_error), min(due_at), coalesce((SELECT last_error FROM jobs AS failed"
        " WHERE failed.kind = jobs.kind AND last_error IS NOT NULL ORDER BY noted_at DESC LIMIT 1), '')"
        " FROM jobs GROUP BY kind ORDER BY kind"
    )
    return [
        Waiting(kind=kind, count=total, failing=failing, due_at=moment(due_at), last_error=last_error)
        for kind, total, failing, due_at, last_error in rows
    ]


def _job(row: tuple[Any, ...]) -> Job:
    row_id, kind, subject, begun_at, due_at, attempts, tried_at = row
    return Job(
        id=row_id,
        kind=kind,
        subject=subject,
        begun_at=moment(begun_at),
        due_at=moment(due_at),
        attempts=attempts,
        tried_at=tried_at and moment(tried_at),
    )
