"""What tests have on a staff desk: consultations, and responses of every kind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from storage.conversations import set_aside
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection
from storage.responses import responses
from tests.staff.desk import StaffDesk, staff_desk
from tests.storage.examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references

NOW = AT + timedelta(hours=1)

HOSTILE = "<script>alert(1)</script> \"'&{{ 7*7 }}{% raw %}"
"""What nothing may take for its own: markup, quotation marks, and a template."""


@asynccontextmanager
async def desk_of(path: Path) -> AsyncIterator[StaffDesk]:
    """The desk over a database; its clock stands at NOW."""
    variables = {"INNSPILL_DATABASE": str(path), "INNSPILL_MUNICIPALITY": "Eksempel kommune"}
    async with staff_desk(path.parent, **variables) as desk:
        desk.now = NOW
        yield desk


def fill(db: Connection) -> None:
    """Two consultations and a closed one, six responses R1 to R6, the oldest first, and something set aside."""
    first = add_consultation(db, "Handlingsprogram", closes_at=AT + 7 * DAY)
    second = add_consultation(db, f"Vei {HOSTILE}", case_number="19/7", closes_at=AT - DAY)
    add_consultation(db, "Gammel plan", case_number="17/3", closes_at=AT - 30 * DAY)
    db.execute("UPDATE consultations SET closed_at = closes_at WHERE id = 3")
    draw = references()
    given: tuple[tuple[int, dict[str, Any]], ...] = (
        (first, {"text": "Skoleveien trenger fortau.\n\nOg lys!", "first_name": "Åse", "last_name": "Ødegård"}),
        (first, {"text": "Skolen er for liten.", "first_name": "Ane", "last_name": "Zakariassen", "channel": "web"}),
        (
            second,
            {
                "respondent_type": "registered_organisation",
                "organisation_name": "Ærlig vel",
                "organisation_number": "310000019",
                "register_status": "unverified",
                "text": HOSTILE,
            },
        ),
        (second, {"text": 'Hun sa "nei takk".', "last_name": HOSTILE, "channel": "terminal"}),
        (second, {"text": "Ord " * 500 + "nål " + "hale " * 500, "last_name": "åsen", "first_name": "Å"}),
        (first, {"text": "Til slutt.", "extra": {"priority": "Barn"}}),
    )
    for number, (consultation_id, changes) in enumerate(given):
        conversation = open_conversation(db, str(number))
        new = new_response(
            conversation, consultation_id, **{"received_at": AT + number * timedelta(minutes=1), **changes}
        )
        responses.insert(db, new, draw)
    db.execute("INSERT INTO register_differences VALUES (3, 'organisation_name', 'Ærlig velforening')")
    set_aside.put(db, "telegram", "77", f'{{"text": "{HOSTILE}"}}', "no such kind of update", AT)


@pytest.fixture(name="stage")
async def stages(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    path = new_database(tmp_path)
    with closing(open_for_writing(path)) as db:
        fill(db)
    async with desk_of(path) as stage:
        yield stage
