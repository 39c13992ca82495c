"""A response on paper, laid out like the form that Innspill replaces: as data for the template `document.typ`.

A paper is `{title, language, page, date, first_page, contents, sections_in_bookmarks, heading, goes_on, responses}`:
the number of its first page where it is a piece of another paper, else None; the heading of its contents, or None where
it has none; whether its own heading stands in a piece before it. A response is `{title, pages, long_words, about,
sections}`, a section `{title, rows, paragraphs}`. Rows are pairs of a label and what is told; a paragraph is the number
of further empty lines before it, and its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from storage.database.times import moment
from storage.exports import Export, Row
from storage.responses.responses import EXPORT_KEYS

# What stands under the title, and in which section the answers are told.
_ABOUT = ("reference", "received_at", "late", "status", "replaced_by", "replaces")
_SECTIONS = {
    "respondent": (
        "respondent_type",
        "organisation_number",
        "main_organisation_number",
        "organisation_name",
        "organisation_form",
        "register_status",
        "address",
        "postal_code",
        "postal_town",
        "country",
        "email",
        "phone",
    ),
    "contact_person": ("first_name", "last_name"),
    "about_case": ("consultation", "case_number"),
    "text": ("text", "attachments"),
}
_CONTACT = frozenset({"address", "postal_code", "postal_town", "country", "email", "phone"})

# A line has room for no longer one.
_LONG_WORD = re.compile(r"\S{45}")

_LINE_CHARACTERS = 100
_PAGE_LINES = 50


def paper_of_one(export: Export, row: Row, *, public: bool = False) -> dict[str, Any]:
    """One response. `public`: without what tells where the respondent can be reached, and without extra answers."""
    return _paper(export, [row], [_response(export, row, _title(export, row), public)]) | {
        "title": _title(export, row),
        "heading": _told(export, row, "consultation"),
    }


def paper_of_many(export: Export, rows: list[Row], first: int = 1, part: tuple[int, int] = (1, 1)) -> dict[str, Any]:
    """Responses to one consultation, at least one, with contents; numbered from `first`.

    `part`: which volume this is, and of how many.
    """
    case_number = _told(export, rows[0], "case_number")
    volume = f", {export.shown('part', part)}" if part[1] > 1 else ""
    responses = [
        _response(export, row, f"{number}. {_title(export, row)}", public=False)
        for number, row in enumerate(rows, start=first)
    ]
    return _paper(export, rows, responses) | {
        "title": f"{export.label('sheet_responses')} {case_number}{volume}",
        "contents": f"{export.label('contents')}{volume}",
        "sections_in_bookmarks": False,
        "heading": f"{case_number} {_told(export, rows[0], 'consultation')}",
    }


def pages_of(row: Row) -> int:
    """About how many pages a response takes. A character that is written out takes the room of several."""
    lines = sum(len(ascii(line)) // _LINE_CHARACTERS + 1 for line in str(row["text"] or "").splitlines())
    return 1 + lines // _PAGE_LINES


def file_name(row: Row) -> str:
    """The name of a response's PDF, such as `18-101-KM2TX4RA.pdf`: it names nobody."""
    return re.sub(r"[^\w.-]", "-", f"{row['case_number']}-{row['reference']}.pdf")


def _paper(export: Export, rows: Iterable[Row], responses: list[dict[str, Any]]) -> dict[str, Any]:
    at = max(moment(str(row["received_at"])) for row in rows)
    return {
        "language": export.locale,
        "page": export.label("page"),
        "date": {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")},
        "first_page": None,
        "contents": None,
        "sections_in_bookmarks": True,
        "goes_on": False,
        "responses": responses,
    }


def _title(export: Export, row: Row) -> str:
    return f"{export.label('text')} {row['reference']}"


def _response(export: Export, row: Row, title: str, public: bool) -> dict[str, Any]:
    sections = [_section(export, row, name, keys, public) for name, keys in _SECTIONS.items()]
    if not public and (extra := [key for key in row if key not in {*EXPORT_KEYS, *_ABOUT}]):
        sections.insert(-1, _section(export, row, "other_answers", extra, public))
    return {
        "title": title,
        "pages": pages_of(row),
        "long_words": any(_LONG_WORD.search(str(value)) for value in row.values()),
        "about": _rows(export, row, _ABOUT),
        "sections": [section for section in sections if section["rows"] or section["paragraphs"]],
    }


def _section(export: Export, row: Row, title: str, keys: Iterable[str], public: bool) -> dict[str, Any]:
    told = [key for key in keys if key != "text" and not (public and key in _CONTACT)]
    return {
        "title": export.label(title),
        "rows": _rows(export, row, told),
        "paragraphs": _paragraphs(str(row["text"] or "")) if "text" in keys else [],
    }


def _rows(export: Export, row: Row, keys: Iterable[str]) -> list[tuple[str, str]]:
    """What there is to tell: neither what is empty nor that all is as usual."""
    usual: tuple[object, ...] = (None, "", False, [], "received")
    return [(export.label(key), _told(export, row, key)) for key in keys if row.get(key) not in usual]


def _told(export: Export, row: Row, key: str) -> str:
    return export.shown(key, row[key])


def _paragraphs(text: str) -> list[tuple[int, list[str]]]:
    parts = re.split(r"((?:[^\S\n]*\n){2,})", re.sub("\r\n?|[\u2028\u2029]", "\n", text).strip("\n"))
    breaks = [0, *(part.count("\n") - 2 for part in parts[1::2])]
    return [(empty, part.split("\n")) for empty, part in zip(breaks, parts[::2], strict=True) if part]
