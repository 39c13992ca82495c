"""Erasing a response for whoever asks for it: a command, the desk. What is done is one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from dialogs import engine, journey, speech
from dialogs.consultation_response import FORM
from dialogs.events import AskedReview
from storage.conversations import conversations, outbox
from storage.database.sqlite import Connection
from storage.keeping import copies, erasure
from storage.keeping.erasure import Doomed, Tombstone
from storage.staff import audit

# Beside each backup that still has what was erased, so that its restore erases it again.
TOMBSTONES = "innspill-tombstones.jsonl"

_encode = msgspec.json.Encoder().encode


class Erased(Struct, frozen=True):
    """What was erased, and what still holds it: `backups`, which nobody but the operator can delete, and `exports`,
    with who made them and when.
    """

    what: Doomed
    tombstones: tuple[Tombstone, ...]
    searches: int
    backups: tuple[Path, ...]
    exports: tuple[audit.Entry, ...]


def erase(db: Connection, reference: str, reason: str, who: str, at: datetime, *, address: str = "") -> Erased:
    """Erase a response and its other versions, in the caller's transaction, and write down that it was done.

    `address`: where the request came from, if it came by the desk. Raises NoSuchResponse.
    """
    what = erasure.doomed(db, reference)
    searches = erasure.forget_searches(db, what.numbers)
    exports = tuple(audit.since(db, what.received_at, "responses.exported"))
    erasure.erase(db, what.numbers, reason, at, with_draft=True)
    if what.conversation_id is not None:
        forget_in_session(db, what.conversation_id, what.references, at)
    for gone in what.references:
        audit.record(db, at, who, "response.erased", gone, address=address, detail={"reason": reason})
    backups = tuple(path for path, made_at in copies.all_there(db) if made_at >= what.received_at)
    put_up = tuple(each for gone in what.references if (each := erasure.tombstone(db, gone)))
    return Erased(what, put_up, searches, backups, exports)


def forget_in_session(db: Connection, conversation_id: int, references: Collection[str], at: datetime) -> None:
    """See to it that a conversation that goes on knows nothing of these responses any more.

    Where its latest message named one, the question that is asked now stands in the place of that.
    """
    conversation = conversations.by_number(db, conversation_id)
    if conversation is None or conversation.session is None:
        return
    before = journey.from_json(FORM, conversation.session, conversation.locale)
    session = journey.without_responses(before, references)
    conversations.rewrite(db, conversation_id, journey.to_json(session))
    if session.draft and outbox.latest(db, conversation_id) is None:
        _, effects = engine.advance(FORM, session, AskedReview(at=at, locale=session.locale))
        if message := speech.compose(effects, session.locale):
            text, kind = _encode(message).decode(), message.kind
            outbox.stand_in(db, conversation_id, text, kind=kind, draft=message.draft, at=at)


def note_beside(backups: Collection[Path], gone: Collection[Tombstone]) -> list[Path]:
    """Write the tombstones beside the backups, for a restore where the database is lost: gives the files written to.

    Raises OSError.
    """
    files = sorted({path.parent / TOMBSTONES for path in backups})
    lines = b"".join(_encode(each) + b"\n" for each in gone)
    for path in files:
        with path.open("ab") as file:
            file.write(lines)
    return files


def read_tombstones(path: Path) -> list[Tombstone]:
    """What `note_beside` has written. Raises OSError, or ValueError with the number of the line that is none."""
    found = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(msgspec.json.decode(line, type=Tombstone))
        except msgspec.MsgspecError:
            raise ValueError(number) from None
    return found


def bury(db: Connection, known: Collection[Tombstone], who: str, at: datetime) -> list[str]:
    """Erase what was erased before, in a backup that is restored: gives the references that were still in it."""
    senders = {number for each in known if (number := erasure.sender_of(db, each.reference)) is not None}
    again = erasure.bury(db, known)
    for reference in again:
        audit.record(db, at, who, "response.erased", reference, detail={"reason": "it was erased before the restore"})
    for number in sorted(senders):
        forget_in_session(db, number, again, at)
    return again
