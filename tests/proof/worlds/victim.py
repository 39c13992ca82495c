"""`innspill serve` in a process of its own that is killed again and again, from outside or by itself."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from tests.running.running_program import INNSPILL

KILLED = -signal.SIGKILL


class Victim:
    """The program with these settings. What it says on standard error is added to the file `log`."""

    def __init__(self, settings: Mapping[str, str], log: Path) -> None:
        self._settings = {"PATH": os.environ["PATH"], **settings}  # noqa: TID251 - the child's environment
        self._log = log
        self._process: Process | None = None

    async def start(self, point: str | None = None, times: int = 1) -> bool:
        """Start it; gives whether it came to be ready. With a `point` it kills itself there, the `times`th time."""
        watched = (sys.executable, "-m", "tests.proof.worlds.killed_program", str(point), str(times))
        command = (str(INNSPILL),) if point is None else watched
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, "serve", env=self._settings, stdout=PIPE, stderr=log
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            while line := await self._process.stdout.readline():
                if b"Database" in line:
                    return True
        await self.ended()
        return False

    def kill(self) -> None:
        """SIGKILL, at once."""
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGKILL)

    async def ends_within(self, seconds: float) -> bool:
        """Whether it ends in that time."""
        try:
            async with asyncio.timeout(seconds):
                await self.ended()
        except TimeoutError:
            return False
        return True

    async def ended(self) -> None:
        """Wait for its end. Raises AssertionError where it was not killed: then it has ended by itself."""
        assert self._process is not None
        code = await self._process.wait()
        assert code == KILLED, f"the program ended with {code}: {self._log.read_text()[-2000:]}"
