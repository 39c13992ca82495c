"""Responses whose organisation the register has not been asked about yet, and what it said otherwise than people did.

What they typed is never changed: a difference is kept beside it, for staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.jobs import jobs
from storage.responses import versions

KIND = "verification"
"""The kind of job that asks the register about a response."""


class Unverified(Struct, frozen=True, kw_only=True):
    """A response whose organisation number the register has not been heard about.

    `typed` holds by export key what the respondent wrote, "" for nothing.
    """

    response_id: int
    number: str
    typed: dict[str, str]


_UNVERIFIED = "unverified"
_TYPED = ("organisation_name", "address", "postal_code", "postal_town", "country")


def begin(db: Connection, response_id: int, at: datetime) -> None:
    """From `at` on, the register is to be asked about this response."""
    jobs.put(db, KIND, response_id, about="response", at=at)


def find(db: Connection, response_id: int) -> Unverified | None:
    """What the register is to be asked about a response; None where there is nothing to ask any more."""
    row = db.execute(
        "SELECT organisation_number, organisation_name, address, postal_code, postal_town, country FROM responses"
        " WHERE id = ? AND register_status = ? AND organisation_number IS NOT NULL",
        (response_id, _UNVERIFIED),
    ).fetchone()
    if row is None:
        return None
    number, *typed = row
    kept = {key: value or "" for key, value in zip(_TYPED, typed, strict=True)}
    return Unverified(response_id=response_id, number=number, typed=kept)


def settle(
    db: Connection,
    response_id: int,
    status: str,
    *,
    at: datetime,
    form: str = "",
    main_number: str = "",
    differences: Mapping[str, str] = {},
) -> None:
    """Keep what the register says: its status, and form and main entity where nothing stands.

    `differences` holds the register's value by the export key that was typed otherwise.
    """
    says = {"register_status": status, "organisation_form": form, "main_organisation_number": main_number}
    row = db.execute(
        f"SELECT {', '.join(says)} FROM responses WHERE id = ? AND register_status = ?",  # noqa: S608 - our own names
        (response_id, _UNVERIFIED),
    ).fetchone()
    stood = {} if row is None else dict(zip(says, row, strict=True))
    for key, before in stood.items():
        if (said := says[key]) and (key == "register_status" or not before):
            db.execute(f"UPDATE responses SET {key} = ? WHERE id = ?", (said, response_id))  # noqa: S608 - our own names
            versions.note_change(db, response_id, key, before, said, who=versions.ENTITY_REGISTER, at=at)
    db.executemany(
        "INSERT OR REPLACE INTO register_differences (response_id, key, registered) VALUES (?, ?, ?)",
        [(response_id, key, registered) for key, registered in differences.items()],
    )
    jobs.forget(db, KIND, response_id)


def count_waiting(db: Connection) -> int:
    """How many responses wait to be verified."""
    return jobs.count(db, KIND)


def count_different(db: Connection) -> int:
    """How many responses have a name or an address that the register has otherwise."""
    return int(db.execute("SELECT count(DISTINCT response_id) FROM register_differences").fetchone()[0])
