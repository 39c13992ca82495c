"""What one address may ask of the chat: far more than people do, and less than a program can."""

from __future__ import annotations

import math
from datetime import datetime

_MOST_ADDRESSES = 50_000


class Limit:
    """As many times in a minute as `most` for each address, at once or spread: a whole town hall may stand behind one.

    Like a bucket that a minute fills: each time takes one out.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._left: dict[str, tuple[float, datetime]] = {}

    def seconds_to_wait(self, address: str, at: datetime) -> int:
        """Count this time; 0 where it is within the limit, else in how many seconds there is room again."""
        if len(self._left) >= _MOST_ADDRESSES:
            self._forget(at)
        left = self._filled(address, at)
        if left < 1:
            return math.ceil(round((1 - left) * 60 / self._most, 3))
        self._left[address] = left - 1, at
        return 0

    def _filled(self, address: str, at: datetime) -> float:
        left, since = self._left.get(address, (float(self._most), at))
        return min(self._most, left + (at - since).total_seconds() * self._most / 60)

    def _forget(self, at: datetime) -> None:
        """Keep only those whose bucket is not full again."""
        self._left = {address: kept for address, kept in self._left.items() if self._filled(address, at) < self._most}
