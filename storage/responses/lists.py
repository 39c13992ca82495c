"""Lists of responses for staff: a page at a time in one of four orders, and one response with all that is known of it.

A page begins beside a response that the reader has seen, and not at a count: page 2,000 takes no longer than page 1,
and nothing is shown twice or left out while responses come in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from storage.database.opening import snapshot
from storage.database.sqlite import Connection
from storage.database.times import moment
from storage.responses.responses import ALL
from storage.responses.selection import Selection, match

ORDERS = ("newest", "oldest", "respondent", "case")

STANDS = "received"
FALLEN = ("superseded", "withdrawn")
"""The status of a response that stands, and those of one that has given way to another or was withdrawn."""

# As much of a text as a list needs where nothing was searched for, in characters: one more than an excerpt is made of
# (`bot.staff.responses.excerpts`), which tells that the text goes on.
_BEGINNING = 441

_TERMS: Mapping[str, tuple[str, ...]] = {
    "newest": ("received_at", "responses.id"),
    "oldest": ("received_at", "responses.id"),
    "respondent": ("respondent_order", "responses.id"),
    "case": ("case_year", "case_sequence", "consultations.id", "received_at", "responses.id"),
}

_COLUMNS = (
    "responses.id, reference, received_at, late, status, respondent_type, organisation_name, first_name, last_name,"
    " register_status, channel, consultation_id, case_number, title"
)
_JOINED = "CROSS JOIN consultations ON consultations.id = consultation_id"
_TABLES = f"responses {_JOINED}"

# Where many are chosen, going through all in their order until a page is full is quicker than sorting the chosen ones.
_MANY = 2000
_TABLES_IN_ORDER: Mapping[str, str] = {
    "newest": f"responses INDEXED BY responses_by_time {_JOINED}",
    "oldest": f"responses INDEXED BY responses_by_time {_JOINED}",
    "respondent": f"responses INDEXED BY responses_by_respondent {_JOINED}",
    "case": "consultations CROSS JOIN responses ON consultation_id = consultations.id",
}


class Listed(Struct, frozen=True):
    """A response as a list shows it. `text` is all of it where words are looked for, else its beginning."""

    id: int
    reference: str
    received_at: datetime
    late: bool
    status: str
    respondent_type: str
    organisation_name: str | None
    first_name: str | None
    last_name: str | None
    register_status: str | None
    channel: str
    consultation_id: int
    case_number: str
    title: str
    text: str


class Page(Struct, frozen=True):
    """Some of the chosen responses, of `count` in all; whether there are others before and after them."""

    rows: tuple[Listed, ...]
    count: int
    is_first: bool
    is_last: bool


class Position(Struct, frozen=True):
    """Where a page begins: after the response with this number, or with `before` so that it ends before it.

    0 is the beginning.
    """

    id: int = 0
    before: bool = False


BEGINNING = Position()


def count(db: Connection, selection: Selection) -> int:
    """How many responses are chosen. ValueError for a wrong case number."""
    if selection.status != STANDS or match(selection.words):
        return _count(db, selection)  # where words are looked for, three counts would take as long as three searches
    # Nearly all stand, and no index holds them: the few others are counted instead.
    with snapshot(db):
        in_all, *others = (_count(db, replace(selection, status=status)) for status in (None, *FALLEN))
    return in_all - sum(others)


def count_by_status(db: Connection, selection: Selection) -> dict[str, int]:
    """How many of each status are chosen; one that none has is left out. ValueError for a wrong case number."""
    if selection.status is not None:
        found = {selection.status: count(db, selection)}
    else:
        with snapshot(db):
            found = {status: count(db, replace(selection, status=status)) for status in (STANDS, *FALLEN)}
    return {status: number for status, number in found.items() if number}


def _count(db: Connection, selection: Selection) -> int:
    source, values = _source(selection)
    return int(db.execute(f"SELECT count(*) {source}", values).fetchone()[0])


def page(
    db: Connection, selection: Selection = ALL, *, order: str = "newest", at: Position = BEGINNING, size: int = 50
) -> Page:
    """At most `size` of the chosen responses. A position that is gone is the beginning.

    Raises KeyError for an order that there is not, ValueError for a wrong case number.
    """
    with snapshot(db):
        if at.id and not db.execute("SELECT 1 FROM responses WHERE id = ?", (at.id,)).fetchone():
            at = BEGINNING
        chosen = count(db, selection)
        sql, values = statement(selection, order, at, many=chosen > _MANY)
        found = [_listed(row) for row in db.execute(sql, {**values, "size": size + 1})]
    more, rows = len(found) > size, found[:size]
    if at.before:
        return Page(tuple(reversed(rows)), chosen, is_first=not more, is_last=False)
    return Page(tuple(rows), chosen, is_first=not at.id, is_last=not more)


def neighbours(db: Connection, selection: Selection, order: str, response_id: int) -> tuple[str | None, str | None]:
    """The references before and after a response among the chosen ones, whether it is one of them or not."""
    found: list[str | None] = []
    with snapshot(db):
        many = _are_many(db, selection)
        for side in (True, False):
            sql, values = statement(selection, order, Position(response_id, before=side), many=many)
            row = db.execute(sql, {**values, "size": 1}).fetchone()
            found.append(None if row is None else _listed(row).reference)
    before, after = found
    return before, after


def _are_many(db: Connection, selection: Selection) -> bool:
    """Whether thousands are chosen, without counting further."""
    source, values = _source(selection)
    sql = f"SELECT count(*) FROM (SELECT 1 {source} LIMIT :most)"  # noqa: S608 - see `_source`
    return int(db.execute(sql, {**values, "most": _MANY + 1}).fetchone()[0]) > _MANY


def _source(selection: Selection) -> tuple[str, dict[str, object]]:
    """Where the chosen responses are counted, from `FROM` on, and the values."""
    where, values = selection.where()
    words_alone = Selection(words=selection.words)
    if "words" in values and selection in (words_alone, replace(words_alone, status=STANDS)):
        fallen = "SELECT id FROM responses WHERE status <> 'received'"
        only = f" AND rowid NOT IN ({fallen})" if selection.status else ""  # they are few, and an index holds them
        return f"FROM responses_search WHERE responses_search MATCH :words{only}", values
    return f"FROM {_TABLES if selection.case_number else 'responses'} WHERE {where}", values


def alone(db: Connection, reference: str) -> Selection | None:
    """The choice of one response and no other, which is found without looking at the rest; None: there is none."""
    row = db.execute("SELECT received_at FROM responses WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        return None
    received_at = moment(row[0])
    just_after = received_at + timedelta(microseconds=1)
    return Selection(reference=reference, received_from=received_at, received_before=just_after)


def differences(db: Connection, reference: str) -> dict[str, str]:
    """What the entity register has otherwise than the respondent wrote, by export key."""
    return dict(
        db.execute(
            "SELECT key, registered FROM register_differences JOIN responses ON responses.id = response_id"
            " WHERE reference = ? ORDER BY key",
            (reference,),
        )
    )


def number(db: Connection, reference: str) -> int:
    """The number by which a `Position` knows a response; 0 where there is none with this reference."""
    row = db.execute("SELECT id FROM responses WHERE reference = ?", (reference,)).fetchone()
    return 0 if row is None else int(row[0])


def statement(selection: Selection, order: str, at: Position, *, many: bool) -> tuple[str, dict[str, object]]:
    """The SQL of a page and its values, but for `:size`. `many`: thousands are chosen."""
    terms = _TERMS[order]
    down = (order == "newest") != at.before
    where, values = selection.where()
    in_order = many and (order in ("respondent", "case") or "words" in values)
    if order == "respondent" and not in_order:
        terms = ("+respondent_order", terms[1])  # the plus: its index would lead through all of them
    if at.id:
        beside = f"SELECT {', '.join(terms)} FROM {_TABLES} WHERE responses.id = :beside"  # noqa: S608 - column names
        where += f" AND ({', '.join(terms)}) {'<' if down else '>'} ({beside})"
        values["beside"] = at.id
    by = ", ".join(f"{term} DESC" if down else term for term in terms)
    text = "text" if "words" in values else f"substr(text, 1, {_BEGINNING})"
    tables = _TABLES_IN_ORDER[order] if in_order else _TABLES
    return f"SELECT {_COLUMNS}, {text} FROM {tables} WHERE {where} ORDER BY {by} LIMIT :size", values  # noqa: S608 - our own


def _listed(row: tuple[Any, ...]) -> Listed:
    row_id, reference, received_at, late, *rest = row
    return Listed(row_id, reference, moment(received_at), bool(late), *rest)
