"""Events that could not be read or handled, set aside where staff see them, so that they stop nobody else."""

from __future__ import annotations

from datetime import datetime

from storage.records import SetAside
from storage.sqlite import Connection
from storage.times import moment, stamp


def put(db: Connection, channel: str, event_id: str, raw: str, reason: str, at: datetime) -> None:
    """Keep an event as it came in. Takes any text: what UTF-8 cannot hold is written as an escape, `\\udc80`."""
    db.execute(
        "INSERT INTO set_aside (channel, event_id, raw, reason, at) VALUES (?, ?, ?, ?, ?)",
        (channel, event_id, _storable(raw), _storable(reason), stamp(at)),
    )


def count(db: Connection) -> int:
    """How many events are set aside."""
    return int(db.execute("SELECT count(*) FROM set_aside").fetchone()[0])


def recent(db: Connection, limit: int) -> list[SetAside]:
    """The last ones, newest first."""
    rows = db.execute("SELECT id, channel, event_id, raw, reason, at FROM set_aside ORDER BY id DESC LIMIT ?", (limit,))
    return [
        SetAside(id=row_id, channel=channel, event_id=event_id, raw=raw, reason=reason, at=moment(at))
        for row_id, channel, event_id, raw, reason, at in rows
    ]


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
