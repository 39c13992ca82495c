"""The one owner of the clock: what time it is, for people and for what is stored, and a count of seconds for waits.

The time of day can be set, back too, by an operator or by the network. What waits or counts "so many in a minute"
therefore never compares two of its moments: it goes by the seconds of `ticks`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system
_count: Callable[[], float] = time.monotonic


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def ticks() -> float:
    """Seconds since some moment or other, which never go back, whatever becomes of `now`."""
    return _count()


def run_by(source: Callable[[], datetime] | None, count: Callable[[], float] | None = None) -> None:
    """Take the time from `source` from now on; None: from the system again. For tests, which live in a made-up week.

    The seconds go by it as well, or by `count` where the time is set while they go on.
    """
    global _source, _count
    _source = source or _system
    _count = count or (time.monotonic if source is None else lambda: source().timestamp())
