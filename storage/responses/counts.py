"""How many responses consultations have: in all, lately, late, not verified, fallen away, and hour by hour."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp
from storage.responses.lists import FALLEN
from storage.responses.responses import counts


class Counts(Struct, frozen=True):
    """The responses of one consultation. `unverified`: the entity register has not been heard about them."""

    all: int = 0
    new: int = 0
    late: int = 0
    unverified: int = 0
    superseded: int = 0
    withdrawn: int = 0


def by_consultation(db: Connection, since: datetime) -> dict[int, Counts]:
    """By the id of the consultation; one without responses is left out. New is what came at `since` or later."""
    new, late, unverified, superseded, withdrawn = (
        dict(db.execute(f"SELECT consultation_id, count(*) FROM responses WHERE {condition} GROUP BY 1", values))  # noqa: S608 - the conditions below
        for condition, values in (
            ("received_at >= ?", (stamp(since),)),
            ("late = 1", ()),
            ("register_status = 'unverified'", ()),
            *((f"status = '{status}' AND status <> 'received'", ()) for status in FALLEN),
        )
    )
    return {
        number: Counts(count, *(each.get(number, 0) for each in (new, late, unverified, superseded, withdrawn)))
        for number, count in counts(db).items()
    }


def by_hour(db: Connection, consultation_id: int) -> dict[datetime, int]:
    """How many came in each hour, by its beginning in UTC, oldest first; hours without any are left out."""
    rows = db.execute(
        "SELECT substr(received_at, 1, 13), count(*) FROM responses WHERE consultation_id = ? GROUP BY 1 ORDER BY 1",
        (consultation_id,),
    )
    return {moment(f"{hour}:00:00Z"): count for hour, count in rows}
