"""Made-up things to store, for the tests of the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from storage.consultations import consultations
from storage.conversations import conversations
from storage.conversations.conversations import Conversation
from storage.database.opening import migrate
from storage.database.sqlite import Connection
from storage.responses.responses import NewResponse

AT = datetime(2026, 11, 24, 8, 30, 0, 123456, tzinfo=UTC)
DAY = timedelta(days=1)


def new_database(folder: Path) -> Path:
    """The path of a database that is up to date and empty; its name needs care in a URI."""
    path = folder / "innspill 100% #1?.db"
    migrate(path)
    return path


def add_consultation(db: Connection, title: str = "Handlingsprogram", **changes: Any) -> int:
    """A consultation that closes in a week."""
    values: dict[str, Any] = {"case_number": "18/101", "title": title, "closes_at": AT + 7 * DAY, "at": AT, **changes}
    return consultations.add(db, **values)


def open_conversation(db: Connection, address: str = "1", channel: str = "telegram") -> int:
    """The id of a conversation."""
    return conversations.find_or_open(db, channel, address, AT).id


def new_response(conversation_id: int, consultation_id: int, **changes: Any) -> NewResponse:
    """What a private person sends in."""
    values: dict[str, Any] = {
        "conversation_id": conversation_id,
        "draft": "d1",
        "consultation_id": consultation_id,
        "received_at": AT,
        "channel": "telegram",
        "locale": "nb",
        "form_version": 1,
        "respondent_type": "private_person",
        "first_name": "Kari",
        "last_name": "Nordmann",
        "email": "kari.nordmann@example.no",
        "phone": "+4722000000",
        "text": "Jeg vil ha fortau.",
        **changes,
    }
    return NewResponse(**values)


def references() -> Callable[[], str]:
    """Draws R1, R2, R3 and so on."""
    numbers: Iterator[int] = count(1)
    return lambda: f"R{next(numbers)}"


def whose(db: Connection, conversation_id: int) -> Conversation:
    """The conversation with this id; one that there is not where nobody has it."""
    found = db.execute("SELECT channel, address FROM conversations WHERE id = ?", (conversation_id,)).fetchone()
    channel, address = found or ("telegram", "nobody")
    return Conversation(
        id=conversation_id,
        channel=channel,
        address=address,
        session=None,
        draft="",
        locale="nb",
        active_at=AT,
        unreachable_at=None,
    )
