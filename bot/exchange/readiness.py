"""Whether people can be served now: whether as much as they say can be written, and whether the database is sound."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from storage.database import probe
from storage.database.errors import Damaged, NotSaved, StorageError
from storage.database.soundness import Look
from storage.database.sqlite import sqlite3
from storage.database.writer import Writer

NOTHING_SAVED = "nothing can be saved"
DAMAGED = "the database is damaged"

_PATIENCE = 2.0
# So long does an answer hold, in seconds, whoever asks: it is a real write, and anybody may ask.
_HOLDS = 1.0

log = logging.getLogger(__name__)


class Readiness:
    """Of one service. Use it on one event loop."""

    def __init__(self, path: Path, writer: Writer) -> None:
        self._path = path
        self._writer = writer
        self._look = Look(path)
        self._is_damaged = False
        self._asked = asyncio.Lock()
        self._holds_until = 0.0
        self._hindrance = ""

    async def hindrance(self) -> str:
        """Why nobody can be served; empty: they can."""
        if self._is_damaged or self._writer.met_damage:
            return DAMAGED
        async with self._asked:
            now = asyncio.get_running_loop().time
            if now() >= self._holds_until:
                self._hindrance = await self._try()
                self._holds_until = now() + _HOLDS
            return self._hindrance

    async def _try(self) -> str:
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._writer.run(probe.write)
        except (NotSaved, TimeoutError):
            return DAMAGED if self._writer.met_damage else NOTHING_SAVED
        return ""

    async def look_for_damage(self) -> None:
        """Go through the structure of the whole database, beside the work. What is found is told to the operator."""
        try:
            complaint = await asyncio.to_thread(self._look.complaint)
        except (StorageError, sqlite3.Error) as error:
            log.error("The database could not be looked through: %s.", type(error).__name__)
            return
        finally:
            self._look.give_up()
        if complaint:
            self._is_damaged = True
            log.error("%s", Damaged(str(self._path), complaint))
