"""Whether there is room on the disk for somebody new, so that what is begun can always be brought to its end."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot import clock

# Bytes that are left for those who have begun, and for what they send in; of a small disk, a part.
ENOUGH = 200 * 1024 * 1024
_PART = 0.05

_SECONDS_BETWEEN_LOOKS = 5.0


class Room:
    """The free room of the disk on which `folder` lies, looked at every few seconds at most."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._looked_at: float | None = None
        self._is_short = False

    def is_short(self) -> bool:
        """Whether nothing new should be begun. Where that cannot be told, the disk itself will say so."""
        now = clock.ticks()
        if self._looked_at is None or not 0 <= now - self._looked_at < _SECONDS_BETWEEN_LOOKS:
            self._looked_at, self._is_short = now, self._look()
        return self._is_short

    def _look(self) -> bool:
        try:
            disk = shutil.disk_usage(self._folder)
        except OSError:
            return False
        return disk.free < min(ENOUGH, disk.total * _PART)
