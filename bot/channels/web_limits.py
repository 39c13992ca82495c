"""What one address may ask of the chat: far more than people do, and less than a program can."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

_PERIOD = timedelta(minutes=1)
_MOST_ADDRESSES = 50_000


class Limit:
    """At most `most` times in a minute for each address; a whole town hall may stand behind one."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: dict[str, deque[datetime]] = {}

    def seconds_to_wait(self, address: str, at: datetime) -> int:
        """Count this time; 0 where it is within the limit, else in how many seconds there is room again."""
        if len(self._times) >= _MOST_ADDRESSES:
            self._forget(at)
        times = self._times.setdefault(address, deque())
        while times and times[0] <= at - _PERIOD:
            times.popleft()
        if len(times) >= self._most:
            return max(1, round((times[0] + _PERIOD - at).total_seconds()))
        times.append(at)
        return 0

    def _forget(self, at: datetime) -> None:
        """Keep only who was here within the last minute."""
        self._times = {address: times for address, times in self._times.items() if times[-1] > at - _PERIOD}
