"""Conversations and the events that they have had: each event is claimed once, and changes the state once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


class LastMessage(Struct, frozen=True):
    """How far the newest thing said to somebody has come; see `storage.conversations.outbox`.

    Without `tried_at` and `sent_at` nobody can have seen it. With `tried_at` alone it is being said just now, or it is
    not known whether it was. `sent_id` is the channel's id of it, where that is known; `topic` where it was put.
    """

    tried_at: datetime | None
    sent_at: datetime | None
    sent_id: str | None
    topic: str | None = None

    @property
    def is_untried(self) -> bool:
        """Whether certainly nobody has seen it."""
        return self.tried_at is None and self.sent_at is None


class Conversation(Struct, frozen=True, kw_only=True):
    """One person on one channel. `session` is the engine's own text; `draft` the draft that it works on, or "".

    `may_repeat`: that many of the next texts may be repeats, for something was perhaps said twice. `last`: the newest
    thing said, or to be said; None where that is long ago, or nothing was.
    """

    id: int
    channel: str
    address: str
    session: str | None
    draft: str
    locale: str
    active_at: datetime
    unreachable_at: datetime | None
    may_repeat: int = 0
    last: LastMessage | None = None


# The first of these texts answers what was said twice, and the second may answer it once more.
TEXTS_AFTER_A_REPEAT = 2

# The newest message is found along its index in the same statement: it is wanted for every event.
_SELECT = """
    SELECT conversations.id, channel, address, session, conversations.draft, locale, active_at, unreachable_at,
        may_repeat, outbox.id, tried_at, sent_at, sent_id, topic
    FROM conversations LEFT JOIN outbox
        ON outbox.id = (SELECT max(id) FROM outbox WHERE conversation_id = conversations.id)
"""
_FIND = f"{_SELECT} WHERE channel = ? AND address = ?"

_OPEN = """
    INSERT INTO conversations (channel, address, created_at, active_at) VALUES (?, ?, ?, ?)
    RETURNING id, channel, address, session, draft, locale, active_at, unreachable_at, may_repeat,
        NULL, NULL, NULL, NULL, NULL
"""


# Those with a draft and those without, each along its own index; SQLite would go through all of a channel.
_UNUSED = (
    "SELECT id FROM conversations INDEXED BY conversations_with_draft"
    " WHERE channel = ? AND draft <> '' AND active_at < ? LIMIT ?",
    "SELECT id FROM conversations INDEXED BY conversations_at_rest"
    " WHERE channel = ? AND draft = '' AND unreachable_at IS NULL AND active_at < ? LIMIT ?",
)


def claim(db: Connection, channel: str, event_id: str, at: datetime) -> bool:
    """Take an event as ours; False if it was taken before, and must not change anything again."""
    cursor = db.execute(
        "INSERT INTO events (channel, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (channel, event_id, stamp(at)),
    )
    return cursor.rowcount == 1


def forget_claims(db: Connection, before: datetime, limit: int) -> int:
    """Delete the claims made before a moment, so many at most; returns how many there were."""
    return db.execute(
        "DELETE FROM events WHERE (channel, event_id) IN"
        " (SELECT channel, event_id FROM events WHERE at < ? ORDER BY at LIMIT ?)",
        (stamp(before), limit),
    ).rowcount


def find(db: Connection, channel: str, address: str) -> Conversation | None:
    """The conversation with an address of a channel, if there has been one."""
    row = db.execute(_FIND, (channel, address)).fetchone()
    return None if row is None else _conversation(row)


def find_or_open(db: Connection, channel: str, address: str, at: datetime) -> Conversation:
    """The conversation with an address of a channel, begun now if there was none."""
    if conversation := find(db, channel, address):
        return conversation
    begun = stamp(at)
    return _conversation(db.execute(_OPEN, (channel, address, begun, begun)).fetchone())


def number(db: Connection, channel: str, address: str, at: datetime) -> int:
    """The number of the conversation with an address, begun now if there was none, whatever stands in it."""
    begun = stamp(at)
    db.execute(
        "INSERT INTO conversations (channel, address, created_at, active_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        (channel, address, begun, begun),
    )
    query = "SELECT id FROM conversations WHERE channel = ? AND address = ?"
    return int(db.execute(query, (channel, address)).fetchone()[0])


def save(
    db: Connection,
    conversation_id: int,
    session: str | None,
    *,
    draft: str,
    locale: str,
    at: datetime,
    may_repeat: int = 0,
) -> None:
    """Keep where a conversation stands. Somebody who writes can be reached again."""
    db.execute(
        "UPDATE conversations SET session = ?, draft = ?, locale = ?, active_at = ?, unreachable_at = NULL,"
        " may_repeat = ? WHERE id = ?",
        (session, draft, locale, stamp(at), may_repeat, conversation_id),
    )


def untouched(db: Connection, before: datetime) -> list[Conversation]:
    """The conversations with a draft that nobody has touched since a moment, the oldest first."""
    rows = db.execute(
        f"{_SELECT} WHERE conversations.draft <> '' AND active_at < ? ORDER BY active_at", (stamp(before),)
    )
    return [_conversation(row) for row in rows]


def by_number(db: Connection, conversation_id: int) -> Conversation | None:
    """The conversation with this number of ours."""
    row = db.execute("SELECT channel, address FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    return None if row is None else find(db, *row)


def rewrite(db: Connection, conversation_id: int, session: str) -> None:
    """Keep another session of somebody who has done nothing: of when they were last active it says nothing."""
    db.execute("UPDATE conversations SET session = ? WHERE id = ?", (session, conversation_id))


def take_leave(db: Connection, conversation_id: int, address: str, at: datetime) -> None:
    """Nobody has this conversation any more: it gets an address that nobody knows, and what was said in it goes.

    What was sent in from it stays with it, for staff.
    """
    db.execute("DELETE FROM outbox WHERE conversation_id = ?", (conversation_id,))
    db.execute("DELETE FROM lookups WHERE conversation_id = ?", (conversation_id,))
    db.execute(
        "UPDATE conversations SET address = ?, session = NULL, draft = '', may_repeat = 0, unreachable_at = ?"
        " WHERE id = ?",
        (address, stamp(at), conversation_id),
    )


def unused(db: Connection, channel: str, before: datetime, limit: int) -> list[int]:
    """The conversations of a channel that somebody can still come back to and nobody has since a moment."""
    values = (channel, stamp(before), limit)
    return [number for statement in _UNUSED for (number,) in db.execute(statement, values)][:limit]


def mark_unreachable(db: Connection, conversation_id: int, at: datetime) -> None:
    """The channel says that this person cannot be written to."""
    db.execute("UPDATE conversations SET unreachable_at = ? WHERE id = ?", (stamp(at), conversation_id))


def mark_repeat(db: Connection, conversation_id: int, times: int = TEXTS_AFTER_A_REPEAT) -> None:
    """Something may be said so many times to this person, and they may answer it each time."""
    db.execute("UPDATE conversations SET may_repeat = ? WHERE id = ?", (times, conversation_id))


def _conversation(row: tuple[Any, ...]) -> Conversation:
    number, channel, address, session, draft, locale, active_at, unreachable_at, may_repeat, *newest = row
    last_id, tried_at, sent_at, sent_id, topic = newest
    last = LastMessage(tried_at and moment(tried_at), sent_at and moment(sent_at), sent_id, topic) if last_id else None
    return Conversation(
        id=number,
        channel=channel,
        address=address,
        session=session,
        draft=draft,
        locale=locale,
        active_at=moment(active_at),
        unreachable_at=unreachable_at and moment(unreachable_at),
        may_repeat=may_repeat,
        last=last,
    )
