"""What operators type: a day, a case number, a title, a URL; and what a day means in Oslo."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from storage.consultations import parse_case_number

OSLO = ZoneInfo("Europe/Oslo")

_FIRST_YEAR = 1900
_LONGEST_TITLE = 300  # characters: people read it on a telephone, in a list and on a button


def first_instant(first_day: date) -> datetime:
    """When `first_day` begins in Oslo, in UTC."""
    return datetime.combine(first_day, time(), OSLO).astimezone(UTC)


def closing_instant(closing_day: date) -> datetime:
    """The deadline of a consultation with this last day: the first instant after it in Oslo, in UTC."""
    return first_instant(closing_day + timedelta(days=1))


def last_day(closes_at: datetime) -> date:
    """The last day on which a response is in time."""
    return (closes_at - timedelta(microseconds=1)).astimezone(OSLO).date()


def days_left(closes_at: datetime, at: datetime) -> int:
    """Calendar days in Oslo until the last day: 0 on the last day, negative after it."""
    return (last_day(closes_at) - at.astimezone(OSLO).date()).days


def day(text: str) -> date:
    """A day of this century, written as 2026-12-31."""
    with suppress(ValueError):
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    raise click.BadParameter(f"{text!r} is not a day of this century such as 2026-12-31.")


def case(text: str) -> str:
    """A case number as the municipality writes it, such as 18/101."""
    try:
        year, sequence = parse_case_number(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    if year < _FIRST_YEAR or sequence == 0:
        raise click.BadParameter(f"{text!r} is the number of no case: the first one of a year is such as 18/1.")
    return text.strip()


def consultation_id(text: str) -> int:
    """The id of a consultation: it fits into the 64 bits of SQLite."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise click.BadParameter(f"{text!r} is no id: `innspill consultation list` shows them.")
    return int(text)


def file_name(text: str) -> str:
    """The name of a file, which is not empty."""
    if not text:
        raise click.BadParameter("the name of the file is empty.")
    return text


def title(text: str) -> str:
    """A title: one line that says something."""
    if not text.strip() or not text.isprintable():
        raise click.BadParameter("A title is one line, and not empty.")
    if len(text.strip()) > _LONGEST_TITLE:
        raise click.BadParameter(f"A title has at most {_LONGEST_TITLE} characters; this has {len(text.strip())}.")
    return text.strip()


def url(text: str) -> str:
    """A URL that a browser can open."""
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", text):
        raise click.BadParameter(f"{text!r} is not a URL such as https://example.no/case.")
    return text
