"""What the entity register has answered, kept for a while so that it is not asked the same again."""

from __future__ import annotations

from datetime import datetime

from storage.database.sqlite import Connection
from storage.database.times import stamp


def fresh(db: Connection, number: str, at: datetime) -> str | None:
    """The kept answer about an organisation number (JSON), if it still holds at `at`."""
    row = db.execute("SELECT answer FROM register_cache WHERE number = ? AND holds_until > ?", (number, stamp(at)))
    found = row.fetchone()
    return None if found is None else str(found[0])


def keep(db: Connection, number: str, answer: str, *, holds_until: datetime) -> None:
    """Keep an answer (JSON) in place of the one before."""
    db.execute(
        "INSERT OR REPLACE INTO register_cache (number, answer, holds_until) VALUES (?, ?, ?)",
        (number, answer, stamp(holds_until)),
    )


def forget_stale(db: Connection, at: datetime) -> int:
    """Delete what does not hold any more at `at`; returns how many answers that were."""
    return db.execute("DELETE FROM register_cache WHERE holds_until <= ?", (stamp(at),)).rowcount
