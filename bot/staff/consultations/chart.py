"""A small chart of the responses of each day: bars to be drawn as SVG, and the same figures for a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from dialogs.texts import OSLO

DAYS = 60
"""As many days as can be told from one another."""

_WIDTH, _HEIGHT, _GAP = 600, 96, 2


class Bar(Struct, frozen=True):
    """One day: its figure, and its bar in units of the drawing."""

    day: date
    count: int
    x: float
    y: float
    width: float
    height: float


class Chart(Struct, frozen=True):
    """The last days on which something came in, without gaps; `earlier` is how many came before them."""

    bars: tuple[Bar, ...]
    most: int
    earlier: int
    width: int = _WIDTH
    height: int = _HEIGHT


def chart(hours: Mapping[datetime, int]) -> Chart | None:
    """The chart of what came in each hour (its beginning, in UTC), by the days of Norway; None without any."""
    counts: Counter[date] = Counter()
    for hour, count in hours.items():
        counts[hour.astimezone(OSLO).date()] += count
    if not counts:
        return None
    last = max(counts)
    first = max(min(counts), last - timedelta(days=DAYS - 1))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    most = max(counts[day] for day in days)
    step = _WIDTH / max(len(days), 14)  # one bar alone is no wall
    bars = []
    for number, day in enumerate(days):
        height = round(_HEIGHT * counts[day] / most, 1)
        bars.append(Bar(day, counts[day], round(number * step, 1), _HEIGHT - height, round(step - _GAP, 1), height))
    return Chart(tuple(bars), most, sum(count for day, count in counts.items() if day < first))
