"""Exports that staff have asked for: each in a process of its own, and kept for an hour.

What is written is personal data, so it goes into a file without a name, which only this process can reach and which is
gone when it ends, however it ends. One that is typeset takes minutes, so the others do not stand in line with it: of
each sort one is written at a time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import tempfile
from contextlib import suppress
from datetime import datetime
from typing import BinaryIO

import msgspec

from bot import clock
from bot.config import environment_of_children
from bot.exporting.process import COMMAND, DAMAGED, MOST_BYTES, TOO_BIG, Order, Report
from bot.randomness import token
from bot.tasks import Tasks
from storage.database.errors import ResponsesDamaged
from storage.exports import FORMATS
from storage.exports.output.files import remove_abandoned
from storage.responses.selection import Selection

log = logging.getLogger(__name__)

KEPT_SECONDS = 3600.0
MOST = 10
"""As many has one person at a time; the oldest that is finished makes room for a new one."""

MOST_BYTES_IN_ALL = 4 * MOST_BYTES
"""As much is kept for everybody, and for one person as much as a file may have; the oldest make room."""

_ENDINGS: dict[int | None, str] = {TOO_BIG: "too-big", DAMAGED: "damaged"}
_LONGEST_LINE = 64 * 1024


class TooMany(Exception):
    """This person's exports are all still being written."""


class Job:
    """One export: `waiting`, `running`, `ready`, `failed`, `too-big` or `damaged`; `report` says how far it has come.

    `name` is that of the file without its ending; `selection` what was chosen before "since my last export".
    """

    def __init__(self, who: str, order: Order, name: str, selection: Selection) -> None:
        self.id = token()
        self.who = who
        self.order = order
        self.selection = selection
        self.asked_at: datetime = clock.now()
        self.state = "waiting"
        self.report = Report(0, 0)
        self.file: BinaryIO | None = None
        self.task: asyncio.Task[None] | None = None
        self._name = name

    @property
    def name(self) -> str:
        """The name of the finished file."""
        return self._name + self.report.ending

    @property
    def size(self) -> int:
        """Bytes of the finished file."""
        return 0 if self.file is None else os.fstat(self.file.fileno()).st_size

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state not in ("waiting", "running")


class ExportJobs:
    """The exports of everybody. `kept_seconds`: so long is a finished one kept; the bytes as above."""

    def __init__(
        self,
        kept_seconds: float = KEPT_SECONDS,
        most_bytes: int = MOST_BYTES,
        most_bytes_in_all: int = MOST_BYTES_IN_ALL,
    ) -> None:
        self._jobs: dict[str, Job] = {}
        self._tasks = Tasks()
        self._typeset, self._quick = asyncio.Semaphore(), asyncio.Semaphore()
        self._kept_seconds = kept_seconds
        self._most_bytes = most_bytes
        self._most_bytes_in_all = most_bytes_in_all

    def start(self, who: str, order: Order, name: str, selection: Selection) -> Job:
        """Begin one, as soon as those of its sort before it are done. Raises TooMany."""
        theirs = self.of(who)
        if len(theirs) >= MOST:
            finished = [job for job in theirs if job.is_over]
            if not finished:
                raise TooMany
            self.drop(finished[-1])
        job = Job(who, order, name, selection)
        self._jobs[job.id] = job
        job.task = self._tasks.start(self._live(job), "export")
        return job

    def of(self, who: str) -> list[Job]:
        """Those of one person, newest first."""
        return [job for job in reversed(self._jobs.values()) if job.who == who]

    def find(self, who: str, job_id: str) -> Job | None:
        """One of a person's own."""
        job = self._jobs.get(job_id)
        return job if job is not None and job.who == who else None

    def drop(self, job: Job) -> None:
        """Cancel it if it runs, and let go of its file."""
        self._jobs.pop(job.id, None)
        if job.task is not None:
            job.task.cancel()

    async def stop(self) -> None:
        """Cancel all."""
        await self._tasks.stop()

    async def _live(self, job: Job) -> None:
        """The whole life of an export; it ends when this is cancelled, too."""
        try:
            with tempfile.TemporaryFile() as file:
                is_typeset = FORMATS[job.order.format_name].KIND == "paper"
                async with self._typeset if is_typeset else self._quick:
                    await self._write(job, file)
                job.file = file
                self._make_room(job)
                await asyncio.sleep(self._kept_seconds)
        finally:
            job.file = None
            self._jobs.pop(job.id, None)

    def _make_room(self, new: Job) -> None:
        """Let go of the oldest files, where there is too much of one person's or of everybody's."""
        for jobs, most in (
            (self.of(new.who), self._most_bytes),
            (list(reversed(self._jobs.values())), self._most_bytes_in_all),
        ):
            held = new.size
            for job in jobs:
                if job is new or job.file is None:
                    continue
                held += job.size
                if held > most:
                    self.drop(job)

    async def _write(self, job: Job, file: BinaryIO) -> None:
        job.state = "running"
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            env=environment_of_children(),
            stdin=asyncio.subprocess.PIPE,
            stdout=file,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE,
        )
        try:
            await self._follow(job, process)
            is_whole = await process.wait() == 0 and job.report.ending
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            assert process.stdin is not None  # noqa: S101 - it was asked for
            process.stdin.close()
            await asyncio.to_thread(remove_abandoned)
        job.state = "ready" if is_whole else _ENDINGS.get(process.returncode, "failed")
        if not is_whole:
            file.truncate(0)
            log.error("An export in the format %s failed with code %s.", job.order.format_name, process.returncode)
        if job.report.damaged:
            log.error("%s", ResponsesDamaged(job.report.damaged))

    async def _follow(self, job: Job, process: asyncio.subprocess.Process) -> None:
        """Give the process its order, and read what it reports; lines of others are not ours to read.

        Its standard input stays open: the end of it tells the process that we are gone.
        """
        assert process.stdin is not None  # noqa: S101 - it was asked for
        assert process.stderr is not None  # noqa: S101 - it was asked for
        with suppress(ConnectionError):  # one that has ended by then says so by its code
            process.stdin.write(job.order.written())
            await process.stdin.drain()
        while line := await _line(process.stderr):
            with suppress(msgspec.DecodeError):
                job.report = msgspec.json.decode(line, type=Report)


async def _line(lines: asyncio.StreamReader) -> bytes:
    """The next one; what is longer than any of ours counts as an empty one."""
    try:
        return await lines.readline()
    except ValueError:
        return b"\n"
