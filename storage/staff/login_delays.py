"""How long who fails to log in has to wait: ever longer, by account and by address, also after a restart.

Whoever tries again each time the wait ends can keep an account shut, but for the browsers in which its owner has logged
in before: these are counted by themselves (see `staff_browsers`). Elsewhere a new link lets its owner in.

An attempt is counted before it is known to fail, so that many at once do not all go first. It is counted for accounts
that there are not as well: nobody learns which there are.

What was counted later than it is now was counted by a clock that has been set back since: a wait then lasts as long as
it would have, and nobody is kept out until the old time is reached.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp

LONGEST = timedelta(minutes=15)
"""No attempt makes anybody wait longer than this; and 100 guesses a day lead nowhere."""

FORGOTTEN_AFTER = timedelta(hours=1)
"""Without an attempt for so long, one begins anew."""


def account(email: str) -> str:
    """What attempts at an account are counted by: not what was typed, which may be a password in the wrong field."""
    return f"account {hashlib.sha256(email.encode('utf-8', 'replace')).hexdigest()}"


def browser(email: str, secret_hash: str) -> str:
    """What attempts at an account are counted by in a browser in which its owner has logged in."""
    return f"{account(email)} browser {secret_hash}"


def begin(db: Connection, what: Mapping[str, int], at: datetime) -> timedelta:
    """Count an attempt at `at`, unless it comes too early: then returns how long to wait, else nothing.

    `what` holds what is counted, such as an account, and how many attempts it has before it has to wait.
    """
    wait = timedelta()
    for key in what:
        _mend(db, key, at)
    found = {key: _found(db, key, at) for key in what}
    for _, free_at in found.values():
        wait = max(wait, free_at - at)
    if wait:
        return wait
    for key, free in what.items():
        attempts = found[key][0] + 1
        db.execute(
            "INSERT OR REPLACE INTO login_delays (what, attempts, last_at, free_at) VALUES (?, ?, ?, ?)",
            (key, attempts, stamp(at), stamp(at + delay(attempts, free))),
        )
    return wait


def note_wait(db: Connection, what: Iterable[str], at: datetime) -> bool:
    """Whether nobody has come too early for one of these before, in the wait that lasts at `at`."""
    statement = "UPDATE login_delays SET noted = 1 WHERE what = ? AND free_at > ? AND noted = 0"
    return db.executemany(statement, [(key, stamp(at)) for key in what]).rowcount > 0


def delay(attempts: int, free: int) -> timedelta:
    """How long to wait after so many attempts: a second after `free` of them, and twice as long after each more."""
    if attempts < free:
        return timedelta()
    return min(timedelta(seconds=2 ** min(attempts - free, 20)), LONGEST)


def forgive(db: Connection, key: str) -> None:
    """Count all over again: this account has been logged in to, or was reset."""
    db.execute("DELETE FROM login_delays WHERE what = ?", (key,))


def take_back(db: Connection, key: str) -> None:
    """The last attempt was none: it succeeded. The ones before it stay, or a thief with an account would be free."""
    db.execute("UPDATE login_delays SET attempts = attempts - 1, free_at = last_at WHERE what = ?", (key,))


def forget_old(db: Connection, at: datetime) -> int:
    """Delete what nobody has to wait for any more at `at`; returns how much that was."""
    return db.execute("DELETE FROM login_delays WHERE last_at <= ?", (stamp(at - FORGOTTEN_AFTER),)).rowcount


def _mend(db: Connection, key: str, at: datetime) -> None:
    """Move what was counted later than `at` to it, with its wait."""
    later = "SELECT last_at, free_at FROM login_delays WHERE what = ? AND last_at > ?"
    row = db.execute(later, (key, stamp(at))).fetchone()
    if row is not None:
        free_at = stamp(at + (moment(row[1]) - moment(row[0])))
        db.execute("UPDATE login_delays SET last_at = ?, free_at = ? WHERE what = ?", (stamp(at), free_at, key))


def _found(db: Connection, key: str, at: datetime) -> tuple[int, datetime]:
    """Attempts so far, and when the next one may come."""
    row = db.execute("SELECT attempts, last_at, free_at FROM login_delays WHERE what = ?", (key,)).fetchone()
    if row is None or moment(row[1]) <= at - FORGOTTEN_AFTER:
        return 0, at
    return int(row[0]), max(at, moment(row[2]))
