"""What a day means to people in Norway: where it begins and ends in time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from storage.database.times import OSLO


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
