"""Moments as they are kept: UTC, ISO 8601, always with microseconds and `Z`, so that text order is time order."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
"""Where days begin and end for readers."""


# One exchange writes the same moment down again and again. A pair is replaced at once, whichever thread does it.
_stamped: list[tuple[datetime | None, str]] = [(None, "")]


def stamp(at: datetime) -> str:
    """The kept form of an aware datetime, such as `2026-11-24T08:30:00.000000Z`; ValueError for a naive one."""
    last = _stamped[0]
    if last[0] is at:
        return last[1]
    if at.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    text = utc.isoformat(timespec="microseconds")[:-6] + "Z"
    _stamped[0] = (at, text)
    return text


def moment(text: str) -> datetime:
    """The aware datetime, in UTC, of a text that `stamp` made."""
    return datetime.fromisoformat(text)


def comes_twice(local: datetime) -> bool:
    """Whether a moment in local time stands in the hour that comes twice, when clocks are put back."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()
