"""Reading the database for pages: off the event loop, on connections of their own, so that no conversation waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TypeVar

from aiohttp import web

from bot.staff.pages import DESK
from storage.database.opening import open_for_reading
from storage.database.sqlite import Connection

T = TypeVar("T")


class Readers:
    """Read-only connections to one database: as many as were ever needed at once, each for one reader at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._idle: list[Connection] = []

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, done on a thread. Raises what it raises, and what `storage.database.opening` raises."""
        return await asyncio.to_thread(self._read, work)

    def _read(self, work: Callable[[Connection], T]) -> T:
        try:
            db = self._idle.pop()
        except IndexError:
            db = open_for_reading(self._path)
            db.text_factory = _readable
        try:
            return work(db)
        finally:
            self._idle.append(db)

    def close(self) -> None:
        """Close what is idle. For when nobody reads any more."""
        while self._idle:
            self._idle.pop().close()


def _readable(text: bytes) -> str:
    """One text that is damaged must not take the page of all the others with it."""
    return text.decode("utf-8", "replace")


_READERS: web.AppKey[Readers] = web.AppKey("readers", Readers)


async def keep_readers(app: web.Application) -> AsyncIterator[None]:
    """The readers of an application, as long as it runs."""
    app[_READERS] = Readers(app[DESK].config.database)
    yield
    app[_READERS].close()


async def read(request: web.Request, work: Callable[[Connection], T]) -> T:
    """See `Readers.read`."""
    return await request.config_dict[_READERS].read(work)
