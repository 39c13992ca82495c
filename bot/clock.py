"""The one owner of the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def _system() -> datetime:
    return datetime.now(UTC)


_source: Callable[[], datetime] = _system


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _source()


def run_by(source: Callable[[], datetime] | None) -> None:
    """Take the time from `source` from now on; None: from the system again. For tests, which live in a made-up week."""
    global _source
    _source = source or _system
