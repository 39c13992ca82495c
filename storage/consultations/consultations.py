"""Consultations: what people can respond to, and until when."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from typing import Any

from msgspec import Struct

from storage.database.errors import NoSuchConsultation
from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


class Consultation(Struct, frozen=True, kw_only=True):
    """One round of one case. `closes_at` is the first instant after the last day."""

    id: int
    case_number: str
    case_year: int
    case_sequence: int
    title: str
    opens_at: datetime | None
    closes_at: datetime
    url: str | None
    closed_at: datetime | None
    created_at: datetime

    def accepts(self, at: datetime) -> bool:
        """Whether a response would be taken in at `at`: it has opened, and staff have not closed it."""
        return self.closed_at is None and (self.opens_at is None or self.opens_at <= at)

    def is_open(self, at: datetime) -> bool:
        """Whether it is among those offered at `at`: it accepts responses and its deadline is ahead."""
        return self.accepts(at) and at < self.closes_at


# As many as a person can look through; who finds more has to search with more words.
FOUND_LIMIT = 20

_SELECT = """
    SELECT id, case_number, case_year, case_sequence, title, opens_at, closes_at, url, closed_at, created_at
    FROM consultations
"""
_COUNT = "SELECT count(*) FROM consultations"

_ACCEPTING = "closed_at IS NULL AND (opens_at IS NULL OR opens_at <= :at)"
_DEADLINE_AHEAD_FIRST = """
    closes_at <= :at, CASE WHEN closes_at > :at THEN closes_at END, closes_at DESC, id
"""


def parse_case_number(text: str) -> tuple[int, int]:
    """Year and sequence of a case number: `18/101` and `2018/101` are both (2018, 101). ValueError for others."""
    match = re.fullmatch(r"\s*(\d{4}|\d{2})\s*/\s*(\d{1,9})\s*", text, re.ASCII)
    if not match:
        raise ValueError(f"{text!r} is not a case number: write the year, a slash and the number, such as 18/101.")
    year, sequence = int(match[1]), int(match[2])
    return (year if len(match[1]) == 4 else 2000 + year), sequence


def add(
    db: Connection,
    *,
    case_number: str,
    title: str,
    closes_at: datetime,
    opens_at: datetime | None = None,
    url: str | None = None,
    at: datetime,
) -> int:
    """Begin a consultation and return its id. ValueError for a wrong case number, no title, or no time to respond."""
    row = _row(case_number, title, opens_at, closes_at, url)
    result = db.execute(
        "INSERT INTO consultations (case_number, case_year, case_sequence, title, title_folded, opens_at, closes_at,"
        " url, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        (*row, stamp(at)),
    ).fetchone()
    return int(result[0])


def change(
    db: Connection,
    consultation_id: int,
    *,
    case_number: str | None = None,
    title: str | None = None,
    closes_at: datetime | None = None,
    opens_at: datetime | None = None,
    url: str | None = None,
) -> None:
    """Change what is given; None leaves it, an empty `url` takes it away. Raises NoSuchConsultation, or as `add`.

    Responses that were marked late, or not, stay so: that is what their senders were told.
    """
    old = _wanted(db, consultation_id)
    row = _row(
        old.case_number if case_number is None else case_number,
        old.title if title is None else title,
        old.opens_at if opens_at is None else opens_at,
        old.closes_at if closes_at is None else closes_at,
        old.url if url is None else url,
    )
    db.execute(
        "UPDATE consultations SET case_number = ?, case_year = ?, case_sequence = ?, title = ?, title_folded = ?,"
        " opens_at = ?, closes_at = ?, url = ? WHERE id = ?",
        (*row, consultation_id),
    )


def close(db: Connection, consultation_id: int, at: datetime) -> bool:
    """Take no more responses in; False where that was so already. Raises NoSuchConsultation."""
    _wanted(db, consultation_id)
    changed = db.execute(
        "UPDATE consultations SET closed_at = ? WHERE id = ? AND closed_at IS NULL", (stamp(at), consultation_id)
    )
    return changed.rowcount == 1


def reopen(db: Connection, consultation_id: int) -> bool:
    """Take responses in again; False where it did so already. Raises NoSuchConsultation."""
    _wanted(db, consultation_id)
    changed = db.execute(
        "UPDATE consultations SET closed_at = NULL WHERE id = ? AND closed_at IS NOT NULL", (consultation_id,)
    )
    return changed.rowcount == 1


def get(db: Connection, consultation_id: int) -> Consultation | None:
    """One consultation, whatever its state."""
    found = _select(db, "WHERE id = :id", {"id": consultation_id})
    return found[0] if found else None


def all(db: Connection) -> list[Consultation]:
    """Every consultation, in the order in which they were added."""
    return _select(db, "ORDER BY id", {})


def open_at(db: Connection, at: datetime, *, page: int, size: int) -> tuple[list[Consultation], int]:
    """One page, counted from 0, of those open at `at`, soonest deadline first; and how many are open in all.

    Open: it has opened, its deadline is ahead, and staff have not closed it.
    """
    open_now = f"WHERE {_ACCEPTING} AND closes_at > :at"
    values = {"at": stamp(at), "size": size, "skip": page * size}
    total = db.execute(f"{_COUNT} {open_now}", values).fetchone()[0]
    return _select(db, f"{open_now} ORDER BY closes_at, id LIMIT :size OFFSET :skip", values), int(total)


def find_case(db: Connection, year: int, sequence: int, at: datetime) -> list[Consultation]:
    """The rounds of a case that accept responses at `at`, also past their deadline: that ahead and soonest first."""
    return _accepting(db, "case_year = :year AND case_sequence = :sequence", {"year": year, "sequence": sequence}, at)


def find_words(db: Connection, words: str, at: datetime) -> list[Consultation]:
    """Those with every one of `words` in title or case number, whole or in part, capitals or not; as `find_case`."""
    wanted = dict(enumerate(_folded(words).split()))
    if not wanted:
        return []
    condition = " AND ".join(f"instr(title_folded || ' ' || case_number, :word{number}) > 0" for number in wanted)
    return _accepting(db, condition, {f"word{number}": word for number, word in wanted.items()}, at)


def _accepting(db: Connection, condition: str, values: dict[str, Any], at: datetime) -> list[Consultation]:
    return _select(
        db,
        f"WHERE {_ACCEPTING} AND {condition} ORDER BY {_DEADLINE_AHEAD_FIRST} LIMIT {FOUND_LIMIT}",
        {**values, "at": stamp(at)},
    )


def _wanted(db: Connection, consultation_id: int) -> Consultation:
    if consultation := get(db, consultation_id):
        return consultation
    raise NoSuchConsultation(consultation_id)


def _row(
    case_number: str, title: str, opens_at: datetime | None, closes_at: datetime, url: str | None
) -> tuple[object, ...]:
    year, sequence = parse_case_number(case_number)
    title = title.strip()
    if not title:
        raise ValueError("The title is empty.")
    if opens_at is not None and opens_at >= closes_at:
        raise ValueError("The consultation closes before it opens.")
    opens = opens_at and stamp(opens_at)
    return case_number.strip(), year, sequence, title, _folded(title), opens, stamp(closes_at), url or None


def _folded(text: str) -> str:
    """The form in which titles are searched: `å` is one letter however it was typed, and capitals do not count."""
    return unicodedata.normalize("NFKC", text).casefold()


def _select(db: Connection, rest: str, values: dict[str, Any]) -> list[Consultation]:
    rows = db.execute(f"{_SELECT} {rest}", values)
    return [_consultation(row) for row in rows]


def _consultation(row: tuple[Any, ...]) -> Consultation:
    number, case_number, year, sequence, title, opens_at, closes_at, url, closed_at, created_at = row
    return Consultation(
        id=number,
        case_number=case_number,
        case_year=year,
        case_sequence=sequence,
        title=title,
        opens_at=opens_at and moment(opens_at),
        closes_at=moment(closes_at),
        url=url,
        closed_at=closed_at and moment(closed_at),
        created_at=moment(created_at),
    )
