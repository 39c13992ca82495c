"""The outbox: what is to be said, kept in the transaction that decided it, until the channel has taken it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from storage.conversations.conversations import Conversation
from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


class OutboxRow(Struct, frozen=True, kw_only=True):
    """Something to be said. `message` is JSON; `edit_target` the channel's id of a message to edit instead.

    `pieces_said`: as many of its pieces have been said, where the channel takes it in several. `topic`: where in the
    conversation the channel puts it, if not just at its end.
    """

    id: int
    conversation_id: int
    channel: str
    address: str
    message: str
    kind: str
    draft: str
    edit_target: str | None
    tried_at: datetime | None
    pieces_said: int = 0
    topic: str | None = None


# What a newer message never takes the place of.
LASTING = frozenset({"receipt", "rejection"})

_ROWS = """
    SELECT outbox.id, conversation_id, channel, address, message, kind, outbox.draft, edit_target, tried_at,
        pieces_said, topic
    FROM outbox JOIN conversations ON conversations.id = conversation_id
"""


def put(
    db: Connection,
    conversation: Conversation,
    message: str,
    *,
    kind: str,
    draft: str,
    edit_target: str | None,
    at: datetime,
    topic: str | None = None,
) -> OutboxRow:
    """Say something. What this conversation was to be told, and nobody has tried to yet, goes; `LASTING` kinds stay."""
    db.execute(
        "DELETE FROM outbox WHERE conversation_id = ? AND sent_at IS NULL AND tried_at IS NULL"
        " AND kind NOT IN ('receipt', 'rejection')",
        (conversation.id,),
    )
    row_id = db.execute(
        "INSERT INTO outbox (conversation_id, message, kind, draft, edit_target, created_at, topic)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (conversation.id, message, kind, draft, edit_target, stamp(at), topic),
    ).lastrowid
    channel, address = conversation.channel, conversation.address
    return _outbox_row((row_id, conversation.id, channel, address, message, kind, draft, edit_target, None, 0, topic))


def show(db: Connection, conversation_id: int, message: str, *, kind: str, draft: str, at: datetime) -> None:
    """Say something on a channel that nothing is sent on, because it is read: it takes the place of all before it."""
    db.execute("DELETE FROM outbox WHERE conversation_id = ?", (conversation_id,))
    db.execute(
        "INSERT INTO outbox (conversation_id, message, kind, draft, created_at, sent_at) VALUES (?, ?, ?, ?, ?, ?)",
        (conversation_id, message, kind, draft, stamp(at), stamp(at)),
    )


def stand_in(db: Connection, conversation_id: int, message: str, *, kind: str, draft: str, at: datetime) -> None:
    """Let this stand as what was said last, in the place of what was deleted. It is not sent to anybody."""
    db.execute(
        "INSERT INTO outbox (conversation_id, message, kind, draft, created_at, sent_at) VALUES (?, ?, ?, ?, ?, ?)",
        (conversation_id, message, kind, draft, stamp(at), stamp(at)),
    )


def forget_draft(db: Connection, conversation_id: int, draft: str) -> None:
    """Delete what was said about a draft that is gone: it holds the person's answers. Receipts are none of it."""
    db.execute(
        "DELETE FROM outbox WHERE conversation_id = ? AND draft = ? AND kind <> 'receipt'", (conversation_id, draft)
    )


def mark_tried(db: Connection, row_id: int, at: datetime) -> bool:
    """From now on it may have been said: it is not replaced, and said again only with care.

    False: something newer has taken its place, and it must not be said.
    """
    return db.execute("UPDATE outbox SET tried_at = ? WHERE id = ?", (stamp(at), row_id)).rowcount == 1


def mark_untried(db: Connection, row_id: int) -> None:
    """It was certainly not said: until it is tried again nobody has seen it, and something newer may replace it."""
    db.execute("UPDATE outbox SET tried_at = NULL WHERE id = ?", (row_id,))


def mark_pieces(db: Connection, row_id: int, count: int) -> None:
    """The first `count` pieces of it were said, and are not said again."""
    db.execute("UPDATE outbox SET pieces_said = ? WHERE id = ?", (count, row_id))


def mark_sent(db: Connection, row_id: int, sent_id: str | None, at: datetime) -> None:
    """It was said; `sent_id` is the channel's id of the message, where it has one."""
    db.execute("UPDATE outbox SET sent_at = ?, sent_id = ? WHERE id = ?", (stamp(at), sent_id, row_id))


def unsent(db: Connection, channel: str) -> list[OutboxRow]:
    """What has not been said on a channel, oldest first."""
    rows = db.execute(f"{_ROWS} WHERE sent_at IS NULL AND channel = ? ORDER BY outbox.id", (channel,))
    return [_outbox_row(row) for row in rows]


def waits_since(db: Connection, channel: str, before: datetime) -> frozenset[int]:
    """The conversations of a channel in which something has not been said that was to be said before a moment."""
    rows = db.execute(
        "SELECT DISTINCT conversation_id FROM outbox JOIN conversations ON conversations.id = conversation_id"
        " WHERE sent_at IS NULL AND channel = ? AND outbox.created_at < ?",
        (channel, stamp(before)),
    )
    return frozenset(row[0] for row in rows)


def latest(db: Connection, conversation_id: int) -> OutboxRow | None:
    """The last thing said, or to be said, in a conversation."""
    row = db.execute(
        f"{_ROWS} WHERE conversation_id = ? ORDER BY outbox.id DESC LIMIT 1", (conversation_id,)
    ).fetchone()
    return None if row is None else _outbox_row(row)


def count_unsent(db: Connection) -> int:
    """How many messages wait, on all channels."""
    return int(db.execute("SELECT count(*) FROM outbox WHERE sent_at IS NULL").fetchone()[0])


def waiting(db: Connection) -> tuple[int, datetime | None]:
    """How many messages wait for people who can be reached, on all channels, and since when the oldest does."""
    count, oldest = db.execute(
        "SELECT count(*), min(outbox.id) FROM outbox JOIN conversations ON conversations.id = conversation_id"
        " WHERE sent_at IS NULL AND unreachable_at IS NULL"
    ).fetchone()
    row = db.execute("SELECT created_at FROM outbox WHERE id = ?", (oldest,)).fetchone()
    return count, row and moment(row[0])


def _outbox_row(row: tuple[Any, ...]) -> OutboxRow:
    row_id, conversation_id, channel, address, message, kind, draft, edit_target, tried_at, pieces_said, topic = row
    return OutboxRow(
        id=row_id,
        conversation_id=conversation_id,
        channel=channel,
        address=address,
        message=message,
        kind=kind,
        draft=draft,
        edit_target=edit_target,
        tried_at=tried_at and moment(tried_at),
        pieces_said=pieces_said,
        topic=topic,
    )
