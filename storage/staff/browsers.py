"""The browsers in which somebody has logged in: there, what others try at their account keeps nobody waiting.

Such a browser has a secret of its own in a cookie, which opens nothing; the store knows it by its hash.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from storage.database.sqlite import Connection
from storage.database.times import stamp

HOLDS = timedelta(days=180)
"""So long after the last login a browser is one like any other."""


def know(db: Connection, staff_id: int, old_hash: str, new_hash: str, at: datetime) -> None:
    """Somebody has logged in with a browser, whose secret is a new one from now on, for all who have used it.

    A secret that somebody else has planted is worth nothing after that.
    """
    db.execute("DELETE FROM staff_browsers WHERE used_at <= ?", (stamp(at - HOLDS),))
    db.execute("UPDATE staff_browsers SET hash = ? WHERE hash = ?", (new_hash, old_hash))
    db.execute(
        "INSERT OR REPLACE INTO staff_browsers (staff_id, hash, used_at) VALUES (?, ?, ?)",
        (staff_id, new_hash, stamp(at)),
    )


def is_known(db: Connection, email: str, secret_hash: str, at: datetime) -> bool:
    """Whether somebody with this e-mail address has logged in with this browser."""
    row = db.execute(
        "SELECT 1 FROM staff_browsers JOIN staff ON id = staff_id WHERE email = ? AND hash = ? AND used_at > ?",
        (email, secret_hash, stamp(at - HOLDS)),
    ).fetchone()
    return row is not None


def forget_all(db: Connection, staff_id: int) -> None:
    """Somebody is known in no browser any more."""
    db.execute("DELETE FROM staff_browsers WHERE staff_id = ?", (staff_id,))
