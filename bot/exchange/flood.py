"""Who sends more than a person can: counted in memory, for each conversation by itself."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime
from operator import itemgetter

# Faster than anybody writes or pastes, and slower than a script that does harm.
PIECES = 60
WINDOW = 10.0  # seconds

# What one conversation sends beyond that in so many seconds is counted together.
COUNTED_IN = 24 * 3600.0

# Beyond this many conversations, the one that has been quiet for longest is forgotten.
REMEMBERED = 10_000

_moment = itemgetter(0)


class _Sent:
    """What one conversation has sent of late by one clock: each piece once, in the order in which they were sent."""

    __slots__ = ("known", "pieces")

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.pieces: list[tuple[float, str]] = []

    def within(self, moment: float) -> int:
        """How many were sent in the window that ends at `moment`."""
        first, last = (bisect_right(self.pieces, at, key=_moment) for at in (moment - WINDOW, moment))
        return last - first

    def add(self, moment: float, piece_id: str) -> None:
        """Count a piece, and forget those that are a window older than the newest."""
        self.known.add(piece_id)
        pieces = self.pieces
        if not pieces or moment >= pieces[-1][0]:
            pieces.append((moment, piece_id))  # as nearly always
        else:
            insort(pieces, (moment, piece_id), key=_moment)
        over = pieces[-1][0] - WINDOW
        if pieces[0][0] <= over:
            past = bisect_right(pieces, over, key=_moment)
            self.known.difference_update(piece_id for _, piece_id in pieces[:past])
            del pieces[:past]


class _Recent:
    """One conversation: what it has sent by its channel's clock and by ours, and when that was noticed."""

    __slots__ = ("counted", "noticed_at", "ours", "theirs")

    def __init__(self) -> None:
        self.theirs, self.ours = _Sent(), _Sent()
        self.noticed_at: float | None = None
        self.counted: tuple[str, float] | None = None  # under which id, and since when

    def by(self, sent_at: datetime | None, now: float) -> tuple[_Sent, float]:
        """What was sent by the same clock as a piece, and the moment of that by it."""
        return (self.ours, now) if sent_at is None else (self.theirs, sent_at.timestamp())


class Flood:
    """Tells what is over `pieces` in 10 seconds (`math.inf`: nothing is).

    A piece counts once however often it is delivered. Where the channel says when it was sent (`sent_at`, by a clock of
    its own), that counts and not when it reached us: what has waited for us for hours comes all at once, and is no
    flood. Otherwise `now` does. That is a moment of `bot.clock.ticks`, as our time of day may be set while they write.
    """

    def __init__(self, pieces: float = PIECES) -> None:
        self._pieces = pieces
        self._recent: OrderedDict[Hashable, _Recent] = OrderedDict()

    def is_over(self, key: Hashable, piece_id: str, sent_at: datetime | None, now: float) -> bool:
        """Whether this piece is one too many. One that is not is counted."""
        recent = self._recent.get(key)
        if recent is None:
            recent = self._recent[key] = _Recent()
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        self._recent.move_to_end(key)
        sent, moment = recent.by(sent_at, now)
        if piece_id in sent.known:
            return False
        if len(sent.pieces) >= self._pieces and sent.within(moment) >= self._pieces:
            return True
        sent.add(moment, piece_id)
        return False

    def seconds_to_wait(self, key: Hashable, sent_at: datetime | None, now: float) -> int:
        """After how many seconds a further piece is taken: at least one, and no more than a window has."""
        if (recent := self._recent.get(key)) is None:
            return 1
        sent, moment = recent.by(sent_at, now)
        oldest = sent.pieces[0][0] if sent.pieces else moment
        return max(1, math.ceil(min(oldest - moment, 0) + WINDOW))

    def has_noticed(self, key: Hashable, now: float) -> bool:
        """Whether a notice has said so already, no longer ago than a window lasts."""
        recent = self._recent.get(key)
        return recent is not None and recent.noticed_at is not None and recent.noticed_at > now - WINDOW

    def noticed(self, key: Hashable, now: float) -> None:
        """The notice is on disk."""
        if recent := self._recent.get(key):
            recent.noticed_at = now

    def counted_as(self, key: Hashable, piece_id: str, now: float) -> str:
        """Under which id the pieces that are over in a day are counted for staff.

        In memory, too: after a restart, a day begins anew. Unlike the rest of this it may be asked on another thread,
        by one at a time.
        """
        if (recent := self._recent.get(key)) is None:
            return piece_id
        if recent.counted is None or now >= recent.counted[1] + COUNTED_IN:
            recent.counted = f"{piece_id} and on", now
        return recent.counted[0]
