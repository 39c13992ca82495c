"""Who sends more than a person can: counted in memory, for each conversation by itself."""

from __future__ import annotations

import math
from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Hashable
from datetime import datetime, timedelta
from operator import itemgetter

# Faster than anybody writes or pastes, and slower than a script that does harm.
PIECES = 60
WINDOW = timedelta(seconds=10)

# Of what one conversation sends beyond that, so much is kept in a day for staff to see; the rest is counted.
KEPT_PIECES = 100
KEPT_CHARACTERS = 250_000
KEPT_IN = timedelta(days=1)

# Beyond this many conversations, the one that has been quiet for longest is forgotten.
REMEMBERED = 10_000

_moment = itemgetter(0)


class _Recent:
    """What one conversation has sent of late: each piece once, in the order in which they were sent."""

    __slots__ = ("kept", "known", "noticed_at", "sent")

    def __init__(self) -> None:
        self.known: set[str] = set()
        self.sent: list[tuple[datetime, str]] = []
        self.noticed_at: datetime | None = None
        self.kept: _Kept | None = None


class _Kept:
    """What is kept of a day's flood. `rest` names the place where all else is counted, once there is any."""

    __slots__ = ("begun_at", "characters", "pieces", "rest")

    def __init__(self, begun_at: datetime) -> None:
        self.begun_at = begun_at
        self.pieces = self.characters = 0
        self.rest = ""


class Flood:
    """Tells what is over `pieces` in 10 seconds (`math.inf`: nothing is).

    A piece counts once however often it is delivered, and when it was sent counts, not when it reached us: what has
    waited for us for hours comes all at once, and is no flood.
    """

    def __init__(self, pieces: float = PIECES) -> None:
        self._pieces = pieces
        self._recent: OrderedDict[Hashable, _Recent] = OrderedDict()

    def is_over(self, key: Hashable, piece_id: str, sent_at: datetime) -> bool:
        """Whether this piece is one too many. One that is not is counted."""
        recent = self._recent.get(key)
        if recent is None:
            recent = self._recent[key] = _Recent()
            if len(self._recent) > REMEMBERED:
                self._recent.popitem(last=False)
        self._recent.move_to_end(key)
        if piece_id in recent.known:
            return False
        sent = recent.sent
        first, last = (bisect_right(sent, moment, key=_moment) for moment in (sent_at - WINDOW, sent_at))
        if last - first >= self._pieces:
            return True
        recent.known.add(piece_id)
        insort(sent, (sent_at, piece_id))
        past = bisect_right(sent, sent[-1][0] - WINDOW, key=_moment)
        recent.known.difference_update(piece_id for _, piece_id in sent[:past])
        del sent[:past]
        return False

    def seconds_to_wait(self, key: Hashable, at: datetime) -> int:
        """After how many seconds a further piece is taken: at least one."""
        recent = self._recent.get(key)
        oldest = recent.sent[0][0] if recent and recent.sent else at
        return max(1, math.ceil((oldest + WINDOW - at).total_seconds()))

    def has_noticed(self, key: Hashable, at: datetime) -> bool:
        """Whether a notice has said so already, no longer ago than a window lasts."""
        recent = self._recent.get(key)
        return recent is not None and recent.noticed_at is not None and recent.noticed_at > at - WINDOW

    def noticed(self, key: Hashable, at: datetime) -> None:
        """The notice is on disk."""
        if recent := self._recent.get(key):
            recent.noticed_at = at

    def kept_as(self, key: Hashable, piece_id: str, characters: int, at: datetime) -> str:
        """Under which id a piece that is over goes to staff: its own, or that under which a day's rest is counted.

        In memory, too: after a restart, a day begins anew. Unlike the rest of this it may be asked on another thread,
        by one at a time.
        """
        if (recent := self._recent.get(key)) is None:
            return piece_id
        if recent.kept is None or at >= recent.kept.begun_at + KEPT_IN:
            recent.kept = _Kept(at)
        kept = recent.kept
        if not kept.rest and kept.pieces < KEPT_PIECES and kept.characters + characters <= KEPT_CHARACTERS:
            kept.pieces += 1
            kept.characters += characters
            return piece_id
        kept.rest = kept.rest or f"{piece_id} and on"
        return kept.rest
