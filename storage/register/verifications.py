"""Responses whose organisation the register has not been asked about yet, and what it said otherwise than people did.

What they typed is never changed: a difference is kept beside it, for staff.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp
from storage.responses import versions


class Unverified(Struct, frozen=True, kw_only=True):
    """A response whose organisation number the register has not been heard about.

    `attempts` is how often it was asked; `typed` holds by export key what the respondent wrote, "" for nothing.
    """

    response_id: int
    begun_at: datetime
    attempts: int
    number: str
    typed: dict[str, str]


_UNVERIFIED = "unverified"
_TYPED = ("organisation_name", "address", "postal_code", "postal_town", "country")


def begin(db: Connection, response_id: int, at: datetime) -> None:
    """From `at` on, the register is to be asked about this response."""
    db.execute(
        "INSERT INTO verifications (response_id, begun_at, due_at) VALUES (?, ?, ?)", (response_id, *[stamp(at)] * 2)
    )


def due(db: Connection, at: datetime, limit: int) -> list[Unverified]:
    """What is due at `at`, the longest waiting first."""
    rows = db.execute(
        "SELECT response_id, begun_at, attempts, organisation_number, organisation_name, address, postal_code,"
        " postal_town, country FROM verifications JOIN responses ON responses.id = response_id"
        " WHERE due_at <= ? ORDER BY due_at, response_id LIMIT ?",
        (stamp(at), limit),
    )
    return [
        Unverified(
            response_id=response_id,
            begun_at=moment(begun_at),
            attempts=attempts,
            number=number,
            typed={key: value or "" for key, value in zip(_TYPED, typed, strict=True)},
        )
        for response_id, begun_at, attempts, number, *typed in rows
    ]


def put_off(db: Connection, response_id: int, until: datetime) -> None:
    """The register did not answer: ask again at `until`."""
    db.execute(
        "UPDATE verifications SET due_at = ?, attempts = attempts + 1 WHERE response_id = ?",
        (stamp(until), response_id),
    )


def give_up(db: Connection, response_id: int) -> None:
    """Ask no more; the response stays `unverified`."""
    db.execute("DELETE FROM verifications WHERE response_id = ?", (response_id,))


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
    give_up(db, response_id)


def count_waiting(db: Connection) -> int:
    """How many responses wait to be verified."""
    return int(db.execute("SELECT count(*) FROM verifications").fetchone()[0])


def count_different(db: Connection) -> int:
    """How many responses have a name or an address that the register has otherwise."""
    return int(db.execute("SELECT count(DISTINCT response_id) FROM register_differences").fetchone()[0])
