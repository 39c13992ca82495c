"""What one address may ask of the chat, and write to it: far more than people do, and less than a program can."""

from __future__ import annotations

import math

_MOST_ADDRESSES = 50_000
_SECONDS_OF_A_DAY = 24 * 3600.0


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


class Budget:
    """So many bytes in a day for each address, and so many for all together: a disk that is full stops everybody.

    Moments are those of `bot.clock.ticks`. In memory: a day begins anew with each start.
    """

    def __init__(self, most_of_one: int, most: int) -> None:
        self._most_of_one = most_of_one
        self._most = most
        self._spent: dict[str, int] = {}
        self._all = 0
        self._begun_at: float | None = None

    def has_room(self, address: str, size: int, ticks: float) -> bool:
        """Whether `size` bytes more of this address are within the budget; then they are spent."""
        if self._begun_at is None or ticks >= self._begun_at + _SECONDS_OF_A_DAY:
            self._spent, self._all, self._begun_at = {}, 0, ticks
        spent = self._spent.get(address, 0) + size
        if spent > self._most_of_one or self._all + size > self._most:
            return False
        self._spent[address] = spent
        self._all += size
        return True
