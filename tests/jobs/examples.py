"""For each kind of job a subject of it, and how one sees that it was done: a new kind has one here too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.register import stand_in as made_up
from storage.conversations import conversations
from storage.database.sqlite import Connection
from storage.jobs import jobs
from storage.register import verifications
from storage.responses import responses
from tests.storage.examples import add_consultation, new_response, open_conversation, references


class Example(NamedTuple):
    """`put` puts the job down at a moment; `done` is a query that gives 1 once it was done, and more after a second."""

    put: Callable[[Connection, datetime], None]
    done: str


def _unverified(db: Connection, at: datetime) -> None:
    number = made_up.ASSOCIATION
    new = new_response(
        open_conversation(db), add_consultation(db), register_status="unverified", organisation_number=number
    )
    stored, _ = responses.insert(db, new, references())
    verifications.begin(db, stored.id, at)


def _old_claim(db: Connection, at: datetime) -> None:
    conversations.claim(db, "web", "1", at - timedelta(days=30))
    jobs.put(db, "sweep", about="nothing", at=at)


EXAMPLES = {
    "verification": Example(
        _unverified, "SELECT count(*) FROM response_changes WHERE key = 'register_status' AND after = 'active'"
    ),
    "sweep": Example(_old_claim, "SELECT count(*) = 0 FROM events"),
}
