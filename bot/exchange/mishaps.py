"""What could not be handled: how it is kept for staff, and what a log may say of it."""

from __future__ import annotations

import traceback
from datetime import datetime
from pathlib import Path

import msgspec

from bot import clock
from bot.exchange.flood import PIECES, WINDOW, Flood
from dialogs.events import AnyEvent
from storage.conversations import conversations
from storage.conversations import set_aside as store
from storage.database.sqlite import Connection

_TOO_MUCH = f"over {PIECES} pieces in {WINDOW:g} s"
_NOT_KEPT = f"{{pieces}} more {_TOO_MUCH} of one conversation, {{characters}} characters, which are not kept"

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


def set_aside_too_much(
    channel: str, address: str, event_id: str, event: AnyEvent, flood: Flood, db: Connection
) -> bool:
    """Set aside what is over the limit of `flood`: of a lot of it staff see the beginning, and how much it was."""
    if not conversations.claim(db, channel, event_id, event.at):
        return False
    text = raw(event)
    kept_as = flood.kept_as((channel, address), event_id, len(text), clock.ticks())
    if kept_as == event_id:
        store.put(db, channel, event_id, text, _TOO_MUCH, event.at)
    else:
        store.count_more(db, channel, kept_as, len(text), _NOT_KEPT, event.at)
    return True


def place(error: BaseException) -> str:
    """Where an exception was raised; its words are left out, for they may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
