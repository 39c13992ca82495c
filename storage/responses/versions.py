"""What became of a response after it was received: which one replaced it, who withdrew it, what the register filled in.

A response itself is never rewritten: to correct one is to send another that replaces it. Each change of a column
is kept with what stood there before, so that every version can be read.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from storage.database.errors import StorageError
from storage.database.sqlite import Connection
from storage.database.times import moment, stamp

RESPONDENT = "respondent"
ENTITY_REGISTER = "entity_register"
"""Who changed something, where it was none of the staff: those are named by their e-mail addresses."""


class CannotReplace(StorageError):
    """One response cannot take the place of another."""

    def __init__(self, reference: str, by: str) -> None:
        super().__init__(
            f"{by} cannot replace {reference}: it has to be another response to the same consultation that was not"
            " withdrawn."
        )


class ChangesNothing(StorageError):
    """A decision is what holds already, and has no note that would be kept."""

    def __init__(self, reference: str, status: str) -> None:
        super().__init__(f"{reference} is {status} already, and there is no note to keep.")


class Change(Struct, frozen=True):
    """`key` (an export key) of a response was `before` and became `after`; None is empty.

    `who`: `RESPONDENT`, `ENTITY_REGISTER`, or an e-mail address. `note` is what that person said of it: a note alone
    is kept with the status, which was the same before and after.
    """

    at: datetime
    who: str
    key: str
    before: str | None
    after: str | None
    note: str


class Version(Struct, frozen=True):
    """One of the responses that replaced one another."""

    reference: str
    received_at: datetime
    status: str
    replaced_by: str | None


class Standing(Struct, frozen=True):
    """A response that stands: neither replaced nor withdrawn. What is empty is None."""

    reference: str
    received_at: datetime
    respondent_type: str
    organisation_number: str | None
    organisation_name: str | None
    first_name: str | None
    last_name: str | None


def standing(db: Connection, conversation_id: int, consultation_id: int) -> list[Standing]:
    """What a conversation has sent in to a consultation and stands, newest first."""
    rows = db.execute(
        "SELECT reference, received_at, respondent_type, organisation_number, organisation_name, first_name, last_name"
        " FROM responses INDEXED BY responses_by_conversation"
        " WHERE conversation_id = ? AND consultation_id = ? AND status = 'received' ORDER BY id DESC",
        (conversation_id, consultation_id),
    )
    return [Standing(reference, moment(received_at), *rest) for reference, received_at, *rest in rows]


def supersede_own(db: Connection, reference: str, *, by: int, at: datetime) -> None:
    """The respondent's own response gives way to their new one, `by` its number.

    It does so if it came from the same conversation, to the same consultation, and stands: what staff have decided of
    it meanwhile holds, and is theirs to change.
    """
    row = db.execute(
        "SELECT old.id FROM responses AS old JOIN responses AS new"
        " ON new.conversation_id = old.conversation_id AND new.consultation_id = old.consultation_id"
        " WHERE old.reference = ? AND new.id = ? AND old.id <> new.id AND old.status = 'received'",
        (reference, by),
    ).fetchone()
    if row is not None:
        _become(db, row[0], "superseded", replaced_by=by, who=RESPONDENT, at=at, note="")


def decide(
    db: Connection, reference: str, status: str, *, by: str = "", who: str, at: datetime, note: str = ""
) -> str | None:
    """Staff decide on the status of a response. Returns the one before; None: there is no such response.

    `superseded` needs `by`, the reference of the response in whose favour. Raises CannotReplace where that is not
    another one to the same consultation, was withdrawn, or was itself replaced by this one; and ChangesNothing where
    all is so already and there is no note. A note alone is kept.
    """
    row = db.execute("SELECT id, status FROM responses WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        return None
    number, before = row
    successor = _successor(db, number, reference, by) if status == "superseded" else None
    if not _become(db, number, status, replaced_by=successor, who=who, at=at, note=note):
        if not note:
            raise ChangesNothing(reference, status)
        note_change(db, number, "status", status, status, who=who, at=at, note=note)
    return str(before)


def annotate(db: Connection, reference: str, note: str, *, who: str, at: datetime) -> bool:
    """Keep what staff say of a response, and change nothing else; False: there is no such response."""
    row = db.execute("SELECT id, status FROM responses WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        return False
    number, status = row
    note_change(db, number, "status", status, status, who=who, at=at, note=note)
    return True


def state(db: Connection, reference: str) -> tuple[str, str | None] | None:
    """The status of a response, and the reference of the one that replaced it; None: there is no such response."""
    row = db.execute(f"{_STATE} WHERE one.reference = ?", (reference,)).fetchone()
    return None if row is None else (row[0], row[1])


def _successor(db: Connection, number: int, reference: str, by: str) -> int:
    """The number of the response `by`, which may replace this one."""
    row = db.execute(_SUCCESSOR, (by, by, number)).fetchone()
    if row is None:
        raise CannotReplace(reference, by)
    return int(row[0])


def _become(
    db: Connection, number: int, status: str, *, replaced_by: int | None, who: str, at: datetime, note: str
) -> bool:
    """Whether anything was changed by it."""
    sql = f"{_STATE} WHERE one.id = ?"
    before = db.execute(sql, (number,)).fetchone()
    db.execute("UPDATE responses SET status = ?, replaced_by = ? WHERE id = ?", (status, replaced_by, number))
    after = db.execute(sql, (number,)).fetchone()
    for key, old, new in zip(("status", "replaced_by"), before, after, strict=True):
        if old != new:
            note_change(db, number, key, old, new, who=who, at=at, note=note)
    return bool(before != after)


_STATE = """
    SELECT one.status, successor.reference
    FROM responses AS one LEFT JOIN responses AS successor ON successor.id = one.replaced_by
"""


def note_change(
    db: Connection,
    number: int,
    key: str,
    before: str | None,
    after: str | None,
    *,
    who: str,
    at: datetime,
    note: str = "",
) -> None:
    """Keep that a column of a response was changed."""
    db.execute(
        "INSERT INTO response_changes (response_id, at, who, key, before, after, note) VALUES (?, ?, ?, ?, ?, ?, ?)",
        (number, stamp(at), who, key, before, after, note),
    )


def changes(db: Connection, reference: str) -> list[Change]:
    """What was changed of a response since it was received, in that order."""
    rows = db.execute(
        "SELECT response_changes.at, who, key, before, after, note FROM response_changes"
        " JOIN responses ON responses.id = response_id WHERE reference = ? ORDER BY response_changes.id",
        (reference,),
    )
    return [Change(moment(at), *rest) for at, *rest in rows]


def chain(db: Connection, reference: str) -> list[Version]:
    """The response with those that it replaced and those that replaced it, one after the other, in the order stored."""
    return [
        Version(found, moment(received_at), status, replaced_by)
        for found, received_at, status, replaced_by in db.execute(_CHAIN, (reference, reference))
    ]


_EARLIER = """
    earlier (id) AS (
        SELECT id FROM responses WHERE reference = ?
        UNION SELECT responses.id FROM earlier JOIN responses ON responses.replaced_by = earlier.id
    )
"""
_LATER = """
    later (id) AS (
        SELECT id FROM responses WHERE reference = ?
        UNION SELECT replaced_by FROM later JOIN responses ON responses.id = later.id WHERE replaced_by IS NOT NULL
    )
"""
_SUCCESSOR = f"""
    WITH RECURSIVE {_LATER}
    SELECT new.id FROM responses AS new JOIN responses AS old ON old.consultation_id = new.consultation_id
    WHERE new.reference = ? AND new.status <> 'withdrawn' AND old.id = ? AND old.id NOT IN (SELECT id FROM later)
"""  # noqa: S608 - our own
_CHAIN = f"""
    WITH RECURSIVE {_EARLIER}, {_LATER}
    SELECT one.reference, one.received_at, one.status, successor.reference
    FROM responses AS one LEFT JOIN responses AS successor ON successor.id = one.replaced_by
    WHERE one.id IN (SELECT id FROM earlier UNION SELECT id FROM later)
    ORDER BY one.id
"""  # noqa: S608 - our own
