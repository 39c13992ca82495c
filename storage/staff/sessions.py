"""Sessions of staff: who is logged in where. The store knows a session by the hash of the secret in its cookie.

The clock may be set back while somebody is logged in. A session that was begun or used so much later than now that it
would outlive its time is over; one that was by less lasts a little longer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp

IDLE = timedelta(minutes=30)
"""A session that is not used ends after this."""

LONGEST = timedelta(hours=12)
"""A session that is used ends after this."""

NOTED_EVERY = timedelta(minutes=1)
"""Use is written down no more often."""


class Session(Struct, frozen=True, kw_only=True):
    """A session that holds, and whose it is. `locale` is the language they chose, or ""."""

    id: int
    staff_id: int
    email: str
    role: str
    locale: str
    begun_at: datetime
    active_at: datetime
    address: str
    browser: str


_SELECT = """
    SELECT staff_sessions.id, staff_id, email, role, locale, begun_at, active_at, address, browser
    FROM staff_sessions JOIN staff ON staff.id = staff_id
    WHERE disabled_at IS NULL AND active_at > :used_after AND begun_at > :begun_after AND active_at <= :used_before
"""


def begin(db: Connection, staff_id: int, secret_hash: str, at: datetime, *, address: str, browser: str) -> int:
    """Begin a session and return its number. `browser` is what the browser calls itself."""
    row = db.execute(
        "INSERT INTO staff_sessions (staff_id, hash, begun_at, active_at, address, browser) VALUES (?, ?, ?, ?, ?, ?)"
        " RETURNING id",
        (staff_id, secret_hash, stamp(at), stamp(at), address, browser),
    ).fetchone()
    return int(row[0])


def find(db: Connection, secret_hash: str, at: datetime) -> Session | None:
    """The session with this secret, if it holds at `at` and whose it is has not been disabled."""
    row = db.execute(f"{_SELECT} AND hash = :hash", {**_limits(at), "hash": secret_hash}).fetchone()
    return None if row is None else _session(row)


def of(db: Connection, staff_id: int, at: datetime) -> list[Session]:
    """Somebody's sessions that hold, the last used first."""
    rows = db.execute(
        f"{_SELECT} AND staff_id = :staff_id ORDER BY active_at DESC, staff_sessions.id DESC",
        {**_limits(at), "staff_id": staff_id},
    )
    return [_session(row) for row in rows]


def is_to_be_noted(session: Session, at: datetime) -> bool:
    """Whether use at `at` is written down: a minute after it was, or where that was by a clock that was set back."""
    return not session.active_at <= at < session.active_at + NOTED_EVERY


def note_activity(db: Connection, session_id: int, at: datetime) -> None:
    """The session is in use."""
    db.execute("UPDATE staff_sessions SET active_at = ? WHERE id = ?", (stamp(at), session_id))


def end(db: Connection, session_id: int, staff_id: int) -> bool:
    """End a session of this member of staff; False where it is not theirs, or has ended."""
    return db.execute("DELETE FROM staff_sessions WHERE id = ? AND staff_id = ?", (session_id, staff_id)).rowcount == 1


def end_all(db: Connection, staff_id: int) -> int:
    """End all of somebody's sessions; returns how many there were."""
    return db.execute("DELETE FROM staff_sessions WHERE staff_id = ?", (staff_id,)).rowcount


def end_others(db: Connection, staff_id: int, session_id: int) -> None:
    """End all of somebody's sessions but this one."""
    db.execute("DELETE FROM staff_sessions WHERE staff_id = ? AND id <> ?", (staff_id, session_id))


def forget_ended(db: Connection, at: datetime) -> int:
    """Delete the sessions that do not hold any more at `at`; returns how many there were."""
    return db.execute(
        "DELETE FROM staff_sessions"
        " WHERE active_at <= :used_after OR begun_at <= :begun_after OR active_at > :used_before",
        _limits(at),
    ).rowcount


def _limits(at: datetime) -> dict[str, str]:
    return {"used_after": stamp(at - IDLE), "begun_after": stamp(at - LONGEST), "used_before": stamp(at + IDLE)}


def _session(row: tuple[Any, ...]) -> Session:
    session_id, staff_id, email, role, locale, begun_at, active_at, address, browser = row
    return Session(
        id=session_id,
        staff_id=staff_id,
        email=email,
        role=role,
        locale=locale,
        begun_at=moment(begun_at),
        active_at=moment(active_at),
        address=address,
        browser=browser,
    )
