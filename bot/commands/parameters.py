"""What operators type: a day, a case number, a title, a URL; and what a day means in Oslo."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from storage.consultations import parse_case_number

OSLO = ZoneInfo("Europe/Oslo")


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
        parse_case_number(text)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None
    return text.strip()


def title(text: str) -> str:
    """A title: one line that says something."""
    if not text.strip() or not text.isprintable():
        raise click.BadParameter("A title is one line, and not empty.")
    return text.strip()


def url(text: str) -> str:
    """A URL that a browser can open."""
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", text):
        raise click.BadParameter(f"{text!r} is not a URL such as https://example.no/case.")
    return text
