"""What could not be handled: how it is kept for staff, and what a log may say of it."""

from __future__ import annotations

import json
import traceback
from datetime import datetime
from pathlib import Path

import msgspec

from bot import clock
from bot.exchange.flood import PIECES, WINDOW, Flood
from dialogs.events import AnyEvent
from dialogs.fields.cleaning import without_national_ids
from storage.conversations import conversations
from storage.conversations import set_aside as store
from storage.database.sqlite import Connection

_NOT_KEPT = f"{{pieces}} over {PIECES} pieces in {WINDOW:g} s of one conversation, {{characters}} characters, not kept"

_encode = msgspec.json.Encoder().encode


def raw(event: AnyEvent) -> str:
    """The event as it is set aside: JSON, or, where it holds what JSON cannot, however Python writes it."""
    try:
        return _encode(event).decode()
    except (TypeError, ValueError):
        return repr(event)


def without_private_numbers(raw: str) -> str:
    """What is set aside, without numbers that nobody may send us: refused when they come one by one, they would be
    kept when they come too fast, or in what cannot be read. As it is where there are none.
    """
    try:
        value = json.loads(raw)
        hidden = _hidden(value)
    except (ValueError, RecursionError):
        return without_national_ids(raw)
    return raw if hidden == value else json.dumps(hidden, ensure_ascii=False)


def _hidden(value: object) -> object:
    match value:
        case str():
            return without_national_ids(value)
        case bool() | None:
            return value
        case int() | float():
            return value if (shown := without_national_ids(str(value))) == str(value) else shown
        case list():
            return [_hidden(each) for each in value]
        case dict():
            return {without_national_ids(key): _hidden(each) for key, each in value.items()}
        case _:
            return value


def failed(error: Exception) -> str:
    """The reason that staff see."""
    return f"handling it failed: {type(error).__name__}"


def set_aside(channel: str, address: str, event_id: str, raw: str, reason: str, at: datetime, db: Connection) -> bool:
    """Keep what could not be handled where staff see it, with whose it is; False where it was handled before."""
    if not conversations.claim(db, channel, event_id, at):
        return False
    store.put(db, channel, event_id, without_private_numbers(raw), reason, at, whose=_whose(db, channel, address, at))
    return True


def _whose(db: Connection, channel: str, address: str, at: datetime) -> int | None:
    """The number of the conversation, by which it is erased with all else of its person."""
    return conversations.number(db, channel, address, at) if address else None


def set_aside_too_much(
    channel: str, address: str, event_id: str, event: AnyEvent, flood: Flood, db: Connection
) -> bool:
    """Count what is over the limit of `flood`, for staff to see how much it was. Of what it was, nothing is kept."""
    if not conversations.claim(db, channel, event_id, event.at):
        return False
    counted_as = flood.counted_as((channel, address), event_id, clock.ticks())
    whose = _whose(db, channel, address, event.at)
    store.count_more(db, channel, counted_as, len(raw(event)), _NOT_KEPT, event.at, whose=whose)
    return True


def place(error: BaseException) -> str:
    """Where an exception was raised; its words are left out, for they may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
