"""Events that could not be read or handled, set aside where staff see them, so that they stop nobody else."""

from __future__ import annotations

from datetime import datetime

import msgspec.json
from msgspec import Struct
from msgspec.structs import asdict

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


class SetAside(Struct, frozen=True, kw_only=True):
    """An event that could not be read or handled, as it came in."""

    id: int
    channel: str
    event_id: str
    raw: str
    reason: str
    at: datetime


class SeenOrNot(Struct, frozen=True):
    """An event that was set aside, and which of the staff looked at it when, if anybody."""

    event: SetAside
    seen_at: datetime | None
    seen_by: str | None


class _NotKept(Struct, frozen=True):
    """How much was only counted."""

    pieces: int = 0
    characters: int = 0


def put(
    db: Connection, channel: str, event_id: str, raw: str, reason: str, at: datetime, *, whose: int | None = None
) -> None:
    """Keep an event as it came in. Takes any text: what UTF-8 cannot hold is written as an escape, `\\udc80`.

    `whose`: the number of its conversation, where that is known.
    """
    db.execute(
        "INSERT INTO set_aside (channel, event_id, raw, reason, at, conversation_id) VALUES (?, ?, ?, ?, ?, ?)",
        (channel, event_id, _storable(raw), _storable(reason), stamp(at), whose),
    )


def count_more(
    db: Connection,
    channel: str,
    event_id: str,
    characters: int,
    reason: str,
    at: datetime,
    *,
    whose: int | None = None,
) -> None:
    """Count an event that is not kept in the row with this id, as one that nobody has looked at yet.

    `reason` says `{pieces}` and `{characters}`, which stand for how many there are by now.
    """
    row = db.execute(
        "SELECT id, raw FROM set_aside WHERE channel = ? AND event_id = ? ORDER BY id DESC LIMIT 1",
        (channel, event_id),
    ).fetchone()
    before = _NotKept() if row is None else msgspec.json.decode(row[1], type=_NotKept)
    now = _NotKept(before.pieces + 1, before.characters + characters)
    values = (reason.format(**asdict(now)), msgspec.json.encode(now).decode(), stamp(at))
    if row is None:
        new = "INSERT INTO set_aside (reason, raw, at, channel, event_id, conversation_id) VALUES (?, ?, ?, ?, ?, ?)"
        db.execute(new, (*values, channel, event_id, whose))
    else:
        more = "UPDATE set_aside SET reason = ?, raw = ?, at = ?, seen_at = NULL, seen_by = NULL WHERE id = ?"
        db.execute(more, (*values, row[0]))


def count(db: Connection) -> int:
    """How many events are set aside."""
    return int(db.execute("SELECT count(*) FROM set_aside").fetchone()[0])


def count_unseen(db: Connection) -> int:
    """How many of them none of the staff has looked at."""
    return int(db.execute("SELECT count(*) FROM set_aside WHERE seen_at IS NULL").fetchone()[0])


def recent(db: Connection, limit: int) -> list[SetAside]:
    """The last ones, newest first."""
    rows = db.execute("SELECT id, channel, event_id, raw, reason, at FROM set_aside ORDER BY id DESC LIMIT ?", (limit,))
    return [
        SetAside(id=row_id, channel=channel, event_id=event_id, raw=raw, reason=reason, at=moment(at))
        for row_id, channel, event_id, raw, reason, at in rows
    ]


def page(db: Connection, *, before_id: int | None = None, limit: int = 50) -> list[SeenOrNot]:
    """So many at most, newest first; `before_id` for the next page."""
    rows = db.execute(
        "SELECT id, channel, event_id, raw, reason, at, seen_at, seen_by FROM set_aside WHERE id < ifnull(?, id + 1)"
        " ORDER BY id DESC LIMIT ?",
        (before_id, limit),
    )
    return [
        SeenOrNot(
            SetAside(id=row_id, channel=channel, event_id=event_id, raw=raw, reason=reason, at=moment(at)),
            seen_at and moment(seen_at),
            seen_by,
        )
        for row_id, channel, event_id, raw, reason, at, seen_at, seen_by in rows
    ]


def forget_old(db: Connection, before: datetime, limit: int) -> int:
    """Delete what came in before a moment, seen or not, so much at most; returns how much there was."""
    old = "SELECT id FROM set_aside WHERE at < ? ORDER BY at LIMIT ?"
    return db.execute(f"DELETE FROM set_aside WHERE id IN ({old})", (stamp(before), limit)).rowcount  # noqa: S608 - our own


def mark_seen(db: Connection, row_id: int, by: str, at: datetime) -> bool:
    """Note who has looked at it first; False where there is no such event."""
    db.execute(
        "UPDATE set_aside SET seen_at = ?, seen_by = ? WHERE id = ? AND seen_at IS NULL", (stamp(at), by, row_id)
    )
    return db.execute("SELECT 1 FROM set_aside WHERE id = ?", (row_id,)).fetchone() is not None


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
