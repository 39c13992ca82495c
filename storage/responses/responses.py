"""Responses: stored once each, found by their conversation, and read out in the order in which they came in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict

from storage.consultations.consultations import parse_case_number
from storage.database import sealing
from storage.database.errors import Damaged, NoSuchCase, NoSuchConsultation, ReferenceTaken, ResponsesDamaged
from storage.database.opening import is_damage, snapshot
from storage.database.sqlite import Connection, sqlite3
from storage.database.times import moment, stamp
from storage.database.word_index import folded_if_other
from storage.responses.selection import Selection


class Response(Struct, frozen=True, kw_only=True):
    """A stored response, as its receipt shows it. `late`: it was not received before the deadline of that time."""

    id: int
    reference: str
    status: str
    consultation_id: int
    case_number: str
    title: str
    draft: str
    received_at: datetime
    late: bool


class NewResponse(Struct, frozen=True, kw_only=True):
    """A response to be stored. An empty text is kept as nothing; `extra` holds answers that have no column."""

    conversation_id: int
    draft: str
    consultation_id: int
    received_at: datetime
    channel: str
    locale: str
    form_version: int
    respondent_type: str
    text: str
    status: str = "received"
    organisation_number: str | None = None
    main_organisation_number: str | None = None
    organisation_name: str | None = None
    organisation_form: str | None = None
    register_status: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    postal_code: str | None = None
    postal_town: str | None = None
    country: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


# The keys of an exported response, in this order in every format; answers without a column come after them.
EXPORT_KEYS = (
    "reference",
    "status",
    "case_number",
    "consultation",
    "consultation_id",
    "received_at",
    "late",
    "respondent_type",
    "organisation_number",
    "main_organisation_number",
    "organisation_name",
    "organisation_form",
    "register_status",
    "first_name",
    "last_name",
    "email",
    "phone",
    "address",
    "postal_code",
    "postal_town",
    "country",
    "text",
    "attachments",
    "channel",
    "locale",
    "form_version",
)

ALL = Selection()

# References are drawn from ten thousand million: this many taken ones in a row are no bad luck.
_DRAWS = 50

_INSERT = """
    INSERT INTO responses (
        reference, conversation_id, draft, consultation_id, received_at, late, status, respondent_type,
        organisation_number, main_organisation_number, organisation_name, organisation_form, register_status,
        first_name, last_name, email, phone, address, postal_code, postal_town, country, text, folded_text,
        channel, locale, form_version
    ) VALUES (
        :reference, :conversation_id, :draft, :consultation_id, :received_at, :late, :status, :respondent_type,
        :organisation_number, :main_organisation_number, :organisation_name, :organisation_form, :register_status,
        :first_name, :last_name, :email, :phone, :address, :postal_code, :postal_town, :country, :text,
        :folded_text, :channel, :locale, :form_version
    ) ON CONFLICT (reference) DO NOTHING
"""

_SELECT = """
    SELECT responses.id, reference, status, consultation_id, case_number, title, draft, received_at, late
    FROM responses JOIN consultations ON consultations.id = consultation_id
"""


def insert(db: Connection, new: NewResponse, draw_reference: Callable[[], str]) -> tuple[Response, bool]:
    """Store a response, unless this draft of this conversation has one: then that one and True.

    A taken reference is drawn again. Raises NoSuchConsultation, or ReferenceTaken when drawing leads nowhere.
    """
    if stored := by_draft(db, new.conversation_id, new.draft):
        return stored, True
    deadline = db.execute("SELECT closes_at FROM consultations WHERE id = ?", (new.consultation_id,)).fetchone()
    if deadline is None:
        raise NoSuchConsultation(new.consultation_id)
    # `extra` has a table of its own; what is empty is kept as NULL.
    columns = {name: None if value == "" else value for name, value in asdict(new).items() if name != "extra"}
    columns["folded_text"] = folded_if_other(new.text)
    columns["received_at"] = stamp(new.received_at)
    columns["late"] = columns["received_at"] >= deadline[0]
    response_id = _insert(db, columns, draw_reference)
    db.executemany(
        "INSERT INTO response_answers (response_id, key, value) VALUES (?, ?, ?)",
        [(response_id, key, value) for key, value in new.extra.items()],
    )
    return _response(db.execute(f"{_SELECT} WHERE responses.id = ?", (response_id,)).fetchone()), False


def by_draft(db: Connection, conversation_id: int, draft: str) -> Response | None:
    """The response that came of one draft of a conversation."""
    row = db.execute(f"{_SELECT} WHERE conversation_id = ? AND draft = ?", (conversation_id, draft)).fetchone()
    return None if row is None else _response(row)


def of_conversation(db: Connection, conversation_id: int) -> list[Response]:
    """What a conversation has sent in, newest first."""
    rows = db.execute(f"{_SELECT} WHERE conversation_id = ? ORDER BY responses.id DESC", (conversation_id,))
    return [_response(row) for row in rows]


def counts(db: Connection) -> dict[int, int]:
    """How many responses each consultation has, by its id; one that has none is left out."""
    return dict(db.execute("SELECT consultation_id, count(*) FROM responses GROUP BY consultation_id"))


class Rows:
    """The chosen responses in the order received, one at a time; whoever goes through them again gets the same ones.

    The keys are EXPORT_KEYS and then, in every row, each extra key that any of them has: answers without a column, and
    `replaced_by` (the reference of the later response that stands in its place). What is empty is None,
    `late` is a bool, `attachments` a list, and `received_at` text in UTC that ends in Z.
    All of one moment where the connection is in a `snapshot`, and else in each pass.
    Raises ValueError for a wrong case number and NoSuchCase, both at once and not at the first row; ResponsesDamaged
    instead of a row that is not as it was stored, or cannot be read; Damaged where it finds that rows were left out, or
    came twice, and not which: an index may be damaged without a word.
    """

    def __init__(self, db: Connection, selection: Selection = ALL) -> None:
        self._db = db
        self._where, self._values = selection.where()
        self._with_none_left_out, _ = Selection(without=selection.without).where()
        if selection.case_number is not None and not _has_case(db, *parse_case_number(selection.case_number)):
            raise NoSuchCase(selection.case_number)

    def __iter__(self) -> Iterator[dict[str, object]]:
        """Begin at the oldest."""
        with snapshot(self._db):
            try:
                yield from self._sound_rows()
            except sqlite3.Error as error:
                if is_damage(error) and (references := self._damaged()):
                    raise ResponsesDamaged(references) from None  # the error may quote an answer
                raise

    def _damaged(self) -> list[str]:
        return sealing.damaged(self._db, self._where, self._values)

    def _sound_rows(self) -> Iterator[dict[str, object]]:
        extra_keys = [key for (key,) in self._db.execute(_EXTRA_KEYS.format(where=self._where), self._values)]
        sql = _EXPORT.format(where=self._where, sealed=sealing.is_sealed(self._db))
        count, last = 0, ("", 0)
        for response_id, is_sealed, replaced_by, *columns in self._db.execute(sql, self._values):
            if not is_sealed:
                raise ResponsesDamaged(self._damaged())
            row: dict[str, object] = dict(zip(EXPORT_KEYS, columns, strict=True))
            count, before, last = count + 1, last, (str(row["received_at"]), response_id)
            if last <= before:
                raise self._misled()
            row["late"] = bool(row["late"])
            row["attachments"] = []
            if extra_keys:
                answers = dict(
                    self._db.execute("SELECT key, value FROM response_answers WHERE response_id = ?", (response_id,))
                )
                answers["replaced_by"] = replaced_by
                row.update({key: answers.get(key) or None for key in extra_keys})
            yield row
        every = _EVERY.format(where=self._where, with_none_left_out=self._with_none_left_out)
        if count != self._db.execute(every, self._values).fetchone()[0]:
            raise self._misled()

    def _misled(self) -> Damaged | ResponsesDamaged:
        """The index has led to some of them twice, or not to all."""
        if references := self._damaged():
            return ResponsesDamaged(references)
        return Damaged(self._db.execute("PRAGMA database_list").fetchone()[2])


def count(db: Connection, selection: Selection) -> int:
    """How many responses are chosen. ValueError for a wrong case number."""
    where, values = selection.where()
    return int(db.execute(_COUNT.format(where=where), values).fetchone()[0])


def latest_id(db: Connection) -> int:
    """The number of the response that was stored last: the next one has a higher one. 0: there is none."""
    return int(db.execute("SELECT ifnull(max(id), 0) FROM responses").fetchone()[0])


_COUNT = """
    SELECT count(*) FROM responses JOIN consultations ON consultations.id = consultation_id WHERE {where}
"""

# The index gives the order, so that nothing is sorted or gathered in memory; CROSS JOIN keeps it in front.
_EXPORT = """
    SELECT responses.id, {sealed},
        (SELECT later.reference FROM responses AS later WHERE later.id = responses.replaced_by),
        reference, status, case_number, title, consultation_id, received_at, late, respondent_type,
        organisation_number, main_organisation_number, organisation_name, organisation_form, register_status,
        first_name, last_name, email, phone, address, postal_code, postal_town, country, text, NULL, channel, locale,
        form_version
    FROM responses INDEXED BY responses_by_time CROSS JOIN consultations ON consultations.id = consultation_id
    WHERE {where}
    ORDER BY received_at, responses.id
"""

# Without any index, and with those that are of no consultation any more: whoever chose them cannot say so.
_EVERY = """
    SELECT count(*) FROM responses NOT INDEXED LEFT JOIN consultations ON consultations.id = consultation_id
    WHERE ({where}) OR (consultations.id IS NULL AND {with_none_left_out})
"""

_EXTRA_KEYS = """
    SELECT key FROM response_answers
        JOIN responses ON responses.id = response_id JOIN consultations ON consultations.id = consultation_id
    WHERE {where}
    UNION
    SELECT 'replaced_by' FROM responses NOT INDEXED JOIN consultations ON consultations.id = consultation_id
    WHERE replaced_by IS NOT NULL AND {where}
    ORDER BY key
"""


def _has_case(db: Connection, year: int, sequence: int) -> bool:
    row = db.execute(
        "SELECT 1 FROM consultations WHERE case_year = ? AND case_sequence = ?", (year, sequence)
    ).fetchone()
    return row is not None


def _insert(db: Connection, columns: dict[str, Any], draw_reference: Callable[[], str]) -> int:
    for _ in range(_DRAWS):
        cursor = db.execute(_INSERT, {**columns, "reference": draw_reference()})
        if cursor.rowcount == 1 and cursor.lastrowid is not None:
            return cursor.lastrowid
    raise ReferenceTaken(_DRAWS)


def _response(row: tuple[Any, ...]) -> Response:
    number, reference, status, consultation_id, case_number, title, draft, received_at, late = row
    return Response(
        id=number,
        reference=reference,
        status=status,
        consultation_id=consultation_id,
        case_number=case_number,
        title=title,
        draft=draft,
        received_at=moment(received_at),
        late=bool(late),
    )
