"""Questions for the register that a conversation waits for: put down in its transaction, asked after the commit."""

from __future__ import annotations

from datetime import datetime

import msgspec
from msgspec import Struct

from dialogs.facts import Outside
from storage.conversations import lookups, outbox
from storage.conversations.conversations import Conversation
from storage.database.sqlite import Connection

_encode = msgspec.json.Encoder().encode


class Waiting(Struct, frozen=True):
    """A question for the register, and whose it is."""

    lookup_id: int
    channel: str
    address: str
    question: Outside


def still_waits(db: Connection, conversation: Conversation) -> bool:
    """Whether the last thing that was said is that the register is being asked, and nothing is out any more."""
    latest = outbox.latest(db, conversation.id)
    return latest is not None and latest.kind == "waiting" and not lookups.are_out(db, conversation.id)


def wait(db: Connection, conversation: Conversation, question: Outside, at: datetime) -> Waiting:
    """Put the question down, to be asked after the commit."""
    lookup_id = lookups.ask(db, conversation.id, _encode(question).decode(), at)
    return Waiting(lookup_id, conversation.channel, conversation.address, question)


def task_name(channel: str, address: str) -> str:
    """What the tasks that ask for a conversation are called."""
    return f"look-up {channel} {address}"
