"""`innspill serve` as an operator runs it: the installed command in a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.clock import now
from bot.demo.filling import add_open
from storage.database.opening import migrate, transaction

INNSPILL = Path(sys.executable).with_name("innspill")


def free_port() -> int:
    """A port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def prepare(path: Path) -> None:
    """Make a database with the consultations of a demo that are open, unless there is one."""
    if path.exists():
        return
    migrate(path)
    with transaction(path) as db:
        add_open(db, now())


class RunningProgram:
    """`innspill serve --demo` with these settings; `url` is its web chat. It can be killed and started again.

    A database that is not there is prepared first; with `fills` the program makes it, with all of a demo in it.
    `descriptors`: no more files and connections at once than that.
    """

    def __init__(self, settings: Mapping[str, str], *, fills: bool = False, descriptors: int | None = None) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = {"INNSPILL_PORT": str(self.port), "PATH": os.environ["PATH"]}  # noqa: TID251 - the child's environment
        self._settings = {**own, **settings}
        self._fills = fills
        self._within = () if descriptors is None else ("prlimit", f"--nofile={descriptors}")
        self._process: asyncio.subprocess.Process | None = None
        self.output = self.errors = ""

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None and self._process.returncode is None:
            await self.kill()

    async def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        if not self._fills:
            prepare(Path(self._settings["INNSPILL_DATABASE"]))
        pipes = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.PIPE}
        command = (*self._within, str(INNSPILL), "serve", "--demo")
        self._process = await asyncio.create_subprocess_exec(*command, env=self._settings, **pipes)  # type: ignore[arg-type]  # the pipes are ints
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            while "Database" not in self.output:
                line = (await self._process.stdout.readline()).decode()
                if not line:
                    assert self._process.stderr is not None
                    raise AssertionError(f"it ended at once: {(await self._process.stderr.read()).decode()}")
                self.output += line

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process is not None
        return self._process.pid

    async def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing is closed."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> int:
        """SIGTERM; gives the exit code. `errors` is then what it said on standard error."""
        return await self._end(signal.SIGTERM)

    async def ends(self) -> tuple[int, str]:
        """Wait until it ends by itself; gives the exit code, and what it said on standard error."""
        assert self._process is not None
        async with asyncio.timeout(20):
            _, errors = await self._process.communicate()
        assert self._process.returncode is not None
        return self._process.returncode, errors.decode()

    async def _end(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        _, errors = await self._process.communicate()
        self.errors = errors.decode()
        self.output = ""
        assert self._process.returncode is not None
        return self._process.returncode
