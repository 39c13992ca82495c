"""Questions that wait for an answer from outside; they outlive a restart and are asked again after one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


class Lookup(Struct, frozen=True, kw_only=True):
    """A question that waits for an answer from outside. `question` is JSON; `attempts` how often it was asked."""

    id: int
    conversation_id: int
    channel: str
    address: str
    question: str
    asked_at: datetime
    attempts: int


_SELECT = """
    SELECT lookups.id, conversation_id, channel, address, question, asked_at, attempts
    FROM lookups JOIN conversations ON conversations.id = conversation_id
"""


def ask(db: Connection, conversation_id: int, question: str, at: datetime) -> int:
    """Keep a question until it is answered; returns its id. The same one again is the same row, asked once more."""
    row = db.execute(
        "INSERT INTO lookups (conversation_id, question, asked_at) VALUES (?, ?, ?)"
        " ON CONFLICT (conversation_id, question) DO UPDATE SET asked_at = excluded.asked_at, attempts = attempts + 1"
        " RETURNING id",
        (conversation_id, question, stamp(at)),
    ).fetchone()
    return int(row[0])


def pending(db: Connection) -> list[Lookup]:
    """All that wait, oldest first."""
    return [_lookup(row) for row in db.execute(f"{_SELECT} ORDER BY lookups.id")]


def finish(db: Connection, lookup_id: int) -> Lookup | None:
    """Take a question away because its answer is here; None if nobody waits for it any longer."""
    row = db.execute(f"{_SELECT} WHERE lookups.id = ?", (lookup_id,)).fetchone()
    db.execute("DELETE FROM lookups WHERE id = ?", (lookup_id,))
    return None if row is None else _lookup(row)


def are_out(db: Connection, conversation_id: int) -> bool:
    """Whether a conversation waits for any."""
    return db.execute("SELECT 1 FROM lookups WHERE conversation_id = ?", (conversation_id,)).fetchone() is not None


def forget(db: Connection, conversation_id: int) -> None:
    """Take away all that a conversation waits for."""
    db.execute("DELETE FROM lookups WHERE conversation_id = ?", (conversation_id,))


def _lookup(row: tuple[Any, ...]) -> Lookup:
    lookup_id, conversation_id, channel, address, question, asked_at, attempts = row
    return Lookup(
        id=lookup_id,
        conversation_id=conversation_id,
        channel=channel,
        address=address,
        question=question,
        asked_at=moment(asked_at),
        attempts=attempts,
    )
