"""A response on paper, laid out like the form that Innspill replaces: as data for the template `_document.typ`.

A paper is `{title, language, page, date, first_page, contents, sections_in_bookmarks, nothing, groups}`: the number of
its first page where it is a piece of another paper, else None; the heading of its contents, or None where it has none;
what is said where there is no group. A group is `{title, goes_on, responses}`, a response `{title, long_words, about,
sections}`, a section `{title, rows, paragraphs}`. Rows are pairs of a label and what is told; a paragraph is the number
of further empty lines before it, and its lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from storage.exports import Export, Row
from storage.responses import EXPORT_KEYS
from storage.times import moment

# What stands under the title, and in which section the answers are told.
_ABOUT = ("reference", "received_at", "late", "status")
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

# PDF/A wants a date, and a paper without responses has none: the first that a ZIP knows.
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)


def paper_of_one(export: Export, row: Row, *, public: bool = False) -> dict[str, Any]:
    """One response. `public`: without what tells where the respondent can be reached, and without extra answers."""
    title = export.shown("consultation", row["consultation"])
    group = {"title": title, "goes_on": False, "responses": [_response(export, row, public)]}
    return _paper(export, _title(export, row), [row], [group], contents=None)


def paper_of_many(export: Export, groups: Iterable[list[Row]]) -> dict[str, Any]:
    """Many responses with contents; each group has those of one consultation."""
    groups = list(groups)
    return _paper(
        export,
        export.label("sheet_responses"),
        [row for rows in groups for row in rows],
        [
            {
                "title": _told(export, rows[0], "case_number") + " " + _told(export, rows[0], "consultation"),
                "goes_on": False,
                "responses": [_response(export, row, public=False) for row in rows],
            }
            for rows in groups
        ],
        contents=export.label("contents"),
    )


def file_name(row: Row) -> str:
    """The name of a response's PDF, such as `18-101-KM2TX4RA.pdf`: it names nobody."""
    return re.sub(r"[^\w.-]", "-", f"{row['case_number']}-{row['reference']}.pdf")


def _paper(
    export: Export, title: str, rows: Iterable[Row], groups: list[dict[str, Any]], contents: str | None
) -> dict[str, Any]:
    at = max((moment(str(row["received_at"])) for row in rows), default=_NO_DATE)
    return {
        "title": title,
        "language": export.locale,
        "page": export.label("page"),
        "date": {part: getattr(at, part) for part in ("year", "month", "day", "hour", "minute", "second")},
        "first_page": None,
        "contents": contents,
        "sections_in_bookmarks": contents is None,
        "nothing": export.label("no_responses"),
        "groups": groups,
    }


def _title(export: Export, row: Row) -> str:
    return f"{export.label('text')} {row['reference']}"


def _response(export: Export, row: Row, public: bool) -> dict[str, Any]:
    sections = [_section(export, row, title, keys, public) for title, keys in _SECTIONS.items()]
    if not public and (extra := [key for key in row if key not in EXPORT_KEYS]):
        sections.insert(-1, _section(export, row, "other_answers", extra, public))
    return {
        "title": _title(export, row),
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
