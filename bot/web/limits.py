"""What one address may ask of the chat: far more than people do, and less than a program can."""

from __future__ import annotations

import math

_MOST_ADDRESSES = 50_000


class Limit:
    """As many times in a minute as `most` for each address, at once or spread: a whole town hall may stand behind one.

    Like a bucket that a minute fills: each time takes one out. Moments are those of `bot.clock.ticks`, which do not
    go back: by a clock that does, a bucket would be emptied by the hour that it is set back, for everybody.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._left: dict[str, tuple[float, float]] = {}

    def seconds_to_wait(self, address: str, ticks: float) -> int:
        """Count this time; 0 where it is within the limit, else in how many seconds there is room again."""
        if len(self._left) >= _MOST_ADDRESSES:
            self._forget(ticks)
        left = self._filled(address, ticks)
        if left < 1:
            return math.ceil(round((1 - left) * 60 / self._most, 3))
        self._left[address] = left - 1, ticks
        return 0

    def _filled(self, address: str, ticks: float) -> float:
        left, since = self._left.get(address, (float(self._most), ticks))
        return min(self._most, left + (ticks - since) * self._most / 60)

    def _forget(self, ticks: float) -> None:
        """Keep only those whose bucket is not full again."""
        full = {address for address in self._left if self._filled(address, ticks) >= self._most}
        self._left = {address: kept for address, kept in self._left.items() if address not in full}
