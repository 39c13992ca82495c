"""How old what is kept has become: a clock that leaps forward makes nothing old enough to be deleted.

A time of day that is set wrong, or that a machine starts with, may lie years ahead. So what is deleted by its age is
counted by a moment that leaps only after the clock has gone evenly for a day: who was away for a month waits a day
for its sweep, and nobody loses a draft to a wrong clock that was put right on the same day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database.sqlite import Connection

# Two sweeps of a running program are an hour apart, and a restart takes no day.
_NO_LEAP = timedelta(hours=25)
_EVENLY = timedelta(days=1)

# A clock that is put right by so much at once has not leapt.
_NOTICED = 300.0  # seconds


class Age:
    """The moment by which things are old enough, from sweep to sweep. One for each program that sweeps."""

    def __init__(self) -> None:
        self._since: tuple[datetime, float] | None = None  # since when the clock has gone evenly, by both its hands
        self._last_ticks = 0.0

    def moment(self, db: Connection, now: datetime, ticks: float) -> datetime:
        """The moment to count ages by, never later than `now`; it is kept for the next sweep, over a restart too.

        `ticks`: seconds that never leap, see `bot.clock`.
        """
        if self._since is None or abs((now - self._since[0]).total_seconds() - (ticks - self._since[1])) > _NOTICED:
            self._since = now, ticks
            self._last_ticks = self._last_ticks or ticks
        row = db.execute("SELECT up_to FROM swept WHERE what = 'clock'").fetchone()
        believed = datetime.fromtimestamp(row[0], UTC) if row else now
        has_leapt = now - believed > _NO_LEAP and ticks - self._since[1] < _EVENLY.total_seconds()
        if has_leapt:
            believed += timedelta(seconds=ticks - self._last_ticks)
        else:
            believed = now
        self._last_ticks = ticks
        db.execute("INSERT OR REPLACE INTO swept (what, up_to) VALUES ('clock', ?)", (int(believed.timestamp()),))
        return believed
