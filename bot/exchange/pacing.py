"""How fast we speak to others, and how long we wait before we try again."""

from __future__ import annotations

from collections.abc import Hashable

from bot.randomness import jitter

# Beyond this many keys, those that may speak at once are forgotten: they lose nothing by it.
REMEMBERED = 10_000


class Pace:
    """At most `rate` turns a second for each key, after a burst of at most `burst` (`math.inf`: no limit).

    Moments are seconds of the event loop's clock.
    """

    def __init__(self, rate: float, burst: int) -> None:
        self._gap = 1 / rate
        self._slack = self._gap * (burst - 1)
        self._due: dict[Hashable, float] = {}

    def reserve(self, key: Hashable, now: float) -> float:
        """Take the next turn, and tell how many seconds it is away."""
        due = max(self._due.get(key, now), now)
        self._due[key] = due + self._gap
        if len(self._due) > REMEMBERED:
            self._due = {key: due for key, due in self._due.items() if due > now}
        return max(0.0, due - self._slack - now)

    def block(self, key: Hashable, until: float) -> None:
        """No turn for this key before `until`."""
        self._due[key] = max(self._due.get(key, until), until) + self._slack


class Patience:
    """Pauses that grow from half a second to `longest` seconds while something keeps failing."""

    def __init__(self, longest: float) -> None:
        self._longest = longest
        self._next = 0.5

    def pause(self) -> float:
        """The seconds to wait after one more failure."""
        now, self._next = self._next, min(self._next * 2, self._longest)
        return jitter(now)

    def reset(self) -> None:
        """It works again."""
        self._next = 0.5
