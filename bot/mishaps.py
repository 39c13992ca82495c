"""What could not be handled: how it is kept for staff, and what a log may say of it."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path

import msgspec

from dialogs.messages import AnyEvent
from storage import conversations
from storage import set_aside as store
from storage.sqlite import Connection

_encode = msgspec.json.Encoder().encode


def raw(event: AnyEvent) -> str:
    """The event as it is set aside: JSON, or, where it holds what JSON cannot, however Python writes it."""
    try:
        return _encode(event).decode()
    except (TypeError, ValueError):
        return repr(event)


def failed(error: Exception) -> str:
    """The reason that staff see."""
    return f"handling it failed: {type(error).__name__}"


def set_aside(channel: str, event_id: str, raw: str, reason: str, at: datetime, db: Connection) -> bool:
    """Keep what could not be handled where staff see it; False where its event was handled before."""
    if not conversations.claim(db, channel, event_id, at):
        return False
    store.put(db, channel, event_id, raw, reason, at)
    return True


def place(error: BaseException) -> str:
    """Where an exception was raised; its words are left out, for they may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
