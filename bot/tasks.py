"""The one owner of background tasks: each is held, and one that fails ends the program instead of being forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any


class Tasks:
    """Background tasks of one owner.

    A task that raises calls `on_failure` with its exception; without one the exception goes to the loop's handler.
    """

    def __init__(self, on_failure: Callable[[BaseException], None] | None = None) -> None:
        self._running: set[asyncio.Task[Any]] = set()
        self._on_failure = on_failure

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Begin `work` and hold on to it until it is done."""
        task = asyncio.create_task(work, name=name)
        self._running.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        if task.cancelled():
            return
        if error := task.exception():
            if self._on_failure is not None:
                self._on_failure(error)
            else:
                task.get_loop().call_exception_handler({"message": f"{task.get_name()} failed", "exception": error})

    async def stop(self) -> None:
        """Cancel what runs, and wait until it has ended."""
        running = tuple(self._running)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
