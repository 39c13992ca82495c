"""Erasing a response: the row, all that hangs on it, and all that says the same of that person elsewhere.

What goes is what `storage.keeping.tables` says that a response leads to. A tombstone stays: by it a backup that still
has the response loses it again when it is restored. The caller sees to the session of a conversation that goes on, and
to the write-ahead log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from msgspec import Struct

from storage.database.errors import StorageError
from storage.database.sqlite import Connection
from storage.database.times import OSLO, moment, stamp
from storage.database.word_index import folded
from storage.keeping.ownership import found
from storage.keeping.tables import TABLES

# Shorter words of a search lead to nobody.
_A_NAME = 3


class NoSuchResponse(StorageError):
    """There is none with this reference: there never was, or it was erased."""

    def __init__(self, reference: str, *, erased: bool = False) -> None:
        what = "it was erased" if erased else "and none was erased"
        super().__init__(f"There is no response with the reference {reference}, {what}.")


class Tombstone(Struct, frozen=True):
    """All that is left of a response. `reason` is staff's, or the name of a rule, and says nothing of the person."""

    reference: str
    case_number: str
    consultation_id: int
    erased_at: datetime
    reason: str


class Doomed(Struct, frozen=True):
    """What is erased at once: a response with its other versions from the same conversation, oldest first.

    `conversation_id` is None where the conversation is gone. `ends`: nothing else was sent in from there, so that the
    conversation goes too, with a draft that may be open (`has_draft`).
    """

    numbers: tuple[int, ...]
    references: tuple[str, ...]
    received_at: datetime
    conversation_id: int | None
    ends: bool
    has_draft: bool


def tombstone(db: Connection, reference: str) -> Tombstone | None:
    """What is left of a response that was erased; None: none with this reference was."""
    return next((_tombstone(row) for row in db.execute(f"{_TOMBSTONES} WHERE reference = ?", (reference,))), None)


def tombstones(db: Connection) -> Iterator[Tombstone]:
    """All of them, in the order in which they were put up."""
    return map(_tombstone, db.execute(f"{_TOMBSTONES} ORDER BY erased_at, reference"))


def doomed(db: Connection, reference: str) -> Doomed:
    """What the erasure of a response takes with it. Raises NoSuchResponse."""
    rows = db.execute(_VERSIONS, (reference,)).fetchall()
    if not rows:
        raise NoSuchResponse(reference)
    numbers, references, received = zip(*((row[0], row[1], row[2]) for row in rows), strict=True)
    conversation_id = rows[0][3]
    known = db.execute(_CONVERSATION, (conversation_id,)).fetchone() or (len(numbers), "")
    return Doomed(
        numbers, references, moment(received[0]), conversation_id, known[0] == len(numbers), has_draft=bool(known[1])
    )


def sender_of(db: Connection, reference: str) -> int | None:
    """The number of the conversation that a response was sent in from, if both are still there."""
    row = db.execute("SELECT conversation_id FROM responses WHERE reference = ?", (reference,)).fetchone()
    return None if row is None else row[0]


def erase(db: Connection, numbers: Iterable[int], reason: str, at: datetime, *, with_draft: bool) -> None:
    """Take responses away, and leave a tombstone and a count of each. In the caller's transaction.

    A conversation from which no other was sent in goes with the last of them; one with an open draft only where
    `with_draft` says so.
    """
    for number in numbers:
        for table in TABLES:
            reach = table.reached.get("response")
            if reach is not None and reach.erased == "too":
                db.execute(f'DELETE FROM "{table.name}" WHERE {reach.where}', {"id": number})  # noqa: S608 - our own names and conditions
        (conversation_id, received_at) = db.execute(_OF, (number,)).fetchone()
        db.execute(_BURY, (stamp(at), reason, number))
        db.execute(_COUNT, (moment(received_at).astimezone(OSLO).date().isoformat(), number))
        db.execute("DELETE FROM responses WHERE id = ?", (number,))
        db.execute(_END_CONVERSATION, {"id": conversation_id, "with_draft": with_draft})


def forget_searches(db: Connection, numbers: Iterable[int]) -> int:
    """Delete what staff have searched for that names who sent these, or finds them: how many searches that were."""
    people = [_words_of(db, number) for number in numbers]
    gone = []
    for row_id, words in db.execute("SELECT id, words FROM searches").fetchall():
        asked = _words(words)
        if any(_begin(asked, everything) or _names(asked, names) for names, everything in people):
            gone.append((row_id,))
    db.executemany("DELETE FROM searches WHERE id = ?", gone)
    return len(gone)


def bury(db: Connection, known: Iterable[Tombstone]) -> list[str]:
    """Erase what was erased elsewhere, as in a backup that is restored: gives the references that were still here.

    A tombstone is kept also where its response is not.
    """
    again = []
    for each in known:
        row = db.execute("SELECT id FROM responses WHERE reference = ?", (each.reference,)).fetchone()
        if row is None:
            db.execute(
                "INSERT OR IGNORE INTO tombstones (reference, case_number, consultation_id, erased_at, reason)"
                " VALUES (?, ?, ?, ?, ?)",
                (each.reference, each.case_number, each.consultation_id, stamp(each.erased_at), each.reason),
            )
            continue
        forget_searches(db, row)
        erase(db, row, each.reason, each.erased_at, with_draft=True)
        again.append(each.reference)
    return again


def _words_of(db: Connection, number: int) -> tuple[set[str], set[str]]:
    """The words by which the sender is known, and all words that are kept of them, a draft's and set aside ones too."""
    row = db.execute(
        "SELECT reference, organisation_name, organisation_number, first_name, last_name, email, phone, address,"
        " conversation_id FROM responses WHERE id = ?",
        (number,),
    ).fetchone()
    of_sender = () if row[8] is None else found(db, "conversation", row[8], TABLES)
    kept = [str(each.value) for each in (*found(db, "response", number, TABLES), *of_sender)]
    return set().union(*map(_words, filter(None, row[:8]))), set().union(*map(_words, kept))


def _begin(asked: set[str], words: set[str]) -> bool:
    """Whether the search finds a text of these words: each that was asked for is one of them, or begins one."""
    return all(any(word.startswith(each) for word in words) for each in asked)


def _names(asked: set[str], names: set[str]) -> bool:
    return any(len(each) >= _A_NAME and _begin({each}, names) for each in asked)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", folded(text).casefold()))


def _tombstone(row: tuple[str, str, int, str, str]) -> Tombstone:
    reference, case_number, consultation_id, erased_at, reason = row
    return Tombstone(reference, case_number, consultation_id, moment(erased_at), reason)


_TOMBSTONES = "SELECT reference, case_number, consultation_id, erased_at, reason FROM tombstones"
# Versions are what replaced one another within one conversation: another sender's response stays another's.
_VERSIONS = """
    WITH RECURSIVE version (id) AS (
        SELECT id FROM responses WHERE reference = ?
        UNION
        SELECT other.id FROM version JOIN responses AS one ON one.id = version.id JOIN responses AS other
        ON (other.replaced_by = one.id OR other.id = one.replaced_by) AND other.conversation_id = one.conversation_id
    )
    SELECT id, reference, received_at, conversation_id FROM responses WHERE id IN version ORDER BY id
"""
_CONVERSATION = """
    SELECT (SELECT count(*) FROM responses WHERE conversation_id = conversations.id), draft FROM conversations
    WHERE id = ?
"""
_OF = "SELECT conversation_id, received_at FROM responses WHERE id = ?"
_BURY = """
    INSERT OR REPLACE INTO tombstones (reference, case_number, consultation_id, erased_at, reason)
    SELECT reference, case_number, consultation_id, ?, ? FROM responses
    JOIN consultations ON consultations.id = consultation_id WHERE responses.id = ?
"""
_COUNT = """
    INSERT INTO erased_counts (consultation_id, received_on, status, respondent_type, channel, late, responses)
    SELECT consultation_id, ?, status, respondent_type, channel, late, 1 FROM responses WHERE id = ?
    ON CONFLICT DO UPDATE SET responses = responses + 1
"""
_END_CONVERSATION = """
    DELETE FROM conversations WHERE id = :id AND (draft = '' OR :with_draft)
    AND NOT EXISTS (SELECT 1 FROM responses WHERE conversation_id = conversations.id)
"""
