"""The one worker: takes the jobs that are due, each kind by itself, and marks what was done.

It is woken by the commit that puts a job down, and otherwise looks when the next one is due, and every few seconds for
what other programs have put down. It waits by the monotonic clock; when something is due stands in the table, by the
wall clock. Only `serve` runs one, for it has the lease.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from bot import clock
from bot.exchange.mishaps import place
from bot.exchange.pacing import Patience
from bot.exchange.watching import Work
from bot.jobs.kind import Context, Keep, Kind, NotNow, NotYet
from bot.jobs.kinds import KINDS
from bot.tasks import Tasks
from storage.database.errors import NotSaved
from storage.database.opening import is_fatal
from storage.database.sqlite import Connection
from storage.jobs import jobs
from storage.jobs.jobs import Job

T = TypeVar("T")

SECONDS_BETWEEN_LOOKS = 15.0
LONGEST_PAUSE = 60.0

# Seconds: at the end, what is under way may be finished in this time; and what is ended then has this long for it.
_GRACE, _AFTER_THAT = 1.0, 0.5

# A clock that is set back by no more is on its way to being right.
_NOTICED = timedelta(seconds=5)

# Stands in `last_error` of what was under way when the program ended without a word.
ENDED = "the program ended"

_log = logging.getLogger(__name__)


class Worker:
    """Does jobs of these kinds; others stay where they are. `run` never returns: cancel it to stop.

    What is under way then may be finished for a second; what is not finished is begun again at the next start.
    `on_failure` is told of a mistake in the worker itself; one in a job is a failure of that job.
    """

    def __init__(
        self,
        context: Context,
        kinds: Mapping[str, Kind] = KINDS,
        on_failure: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._context = context
        self._kinds = kinds
        self._tasks = Tasks(on_failure)
        self._woken = asyncio.Event()
        self._last_look: datetime | None = None
        self.under_way: dict[asyncio.Task[None], Job] = {}

    async def run(self) -> None:
        """Do what is due, as it becomes due."""
        self._context.writer.on_job = self._woken.set
        try:
            await self.begin()
            while True:
                self._woken.clear()
                seconds = await self.look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(seconds):
                        await self._woken.wait()
        finally:
            await self._stop()

    async def begin(self) -> None:
        """See to what an earlier run was at when it ended, and to what is due at each start."""
        await self._save(self._pick_up)

    async def look(self) -> float:
        """Begin what is due and has room; gives the seconds until there is something to look for again."""
        busy = {job.id for job in self.under_way.values()}
        running = Counter(job.kind for job in self.under_way.values())
        room = {name: kind.AT_ONCE - running[name] for name, kind in self._kinds.items()}
        taken, at, next_due = await self._save(partial(self._take, room, busy))
        if self._last_look is not None and self._last_look - at > _NOTICED:
            back = round((self._last_look - at).total_seconds())
            _log.warning("The clock was set back by %s s. What waits goes by another one, and goes on.", back)
        self._last_look = at
        for job in taken:
            task = self._tasks.start(self._do(self._kinds[job.kind], job), f"job {job.kind}")
            self.under_way[task] = job
            task.add_done_callback(self._over)
        seconds = SECONDS_BETWEEN_LOOKS if next_due is None else (next_due - at).total_seconds()
        return min(seconds, SECONDS_BETWEEN_LOOKS)

    def _over(self, task: asyncio.Task[None]) -> None:
        del self.under_way[task]
        self._woken.set()  # there is room

    async def _stop(self) -> None:
        if not self.under_way:
            return
        await asyncio.wait(self.under_way, timeout=_GRACE)
        for task in self.under_way:
            task.cancel()
        if self.under_way:
            await asyncio.wait(self.under_way, timeout=_AFTER_THAT)
        with suppress(NotSaved, TimeoutError):  # somebody else may hold the database: the next start sees to it
            await asyncio.wait_for(self._context.writer.run(jobs.let_go), _AFTER_THAT)

    # --- One job ------------------------------------------------------------------------------------------------

    async def _do(self, kind: Kind, job: Job) -> None:
        work: Work
        try:
            keep = await self._try(kind, job)
            work = await self._save(partial(_done, kind, job, keep))
        except NotNow:
            work = await self._save(partial(_postponed, kind, job))
        except Exception as error:
            if not isinstance(error, NotYet):
                _log.error("A job failed (%s): %s.", job.kind, place(error))
            work = await self._save(partial(_failed, kind, job, place(error)))
        if work == "given_up":
            _log.warning("A job was given up after %s tries: %s %s.", job.attempts + 1, job.kind, job.subject)
        self._context.service.watch.worked(job.kind, work)

    async def _try(self, kind: Kind, job: Job) -> Keep | None:
        """What came of it. A full disk is nobody's failure: it is tried again until there is room."""
        patience = Patience(LONGEST_PAUSE)
        while True:
            try:
                async with asyncio.timeout(kind.LONGEST.total_seconds()):
                    return await kind.do(self._context, job.subject)
            except NotSaved:
                await asyncio.sleep(patience.pause())

    # --- Inside transactions ------------------------------------------------------------------------------------

    def _pick_up(self, db: Connection) -> None:
        at = clock.now()
        jobs.mend(db, at)
        for job in jobs.begun(db):
            if (kind := self._kinds.get(job.kind)) is not None:
                # Once may be chance. What ends the program each time must not be the first thing that it does.
                pause = kind.PAUSES[min(job.attempts, len(kind.PAUSES)) - 1] if job.attempts else timedelta()
                jobs.put_off(db, job, at + pause, ENDED, at)
        for name, kind in self._kinds.items():
            if kind.EVERY is not None:
                jobs.hasten(db, name, at)

    def _take(
        self, room: Mapping[str, int], busy: set[int], db: Connection
    ) -> tuple[list[Job], datetime, datetime | None]:
        at = clock.now()
        if self._last_look is not None and at < self._last_look:
            jobs.mend(db, at)
        taken: list[Job] = []
        coming = []
        for name, free in room.items():
            if free > 0:
                taken += jobs.take(db, name, at, free, busy)
                coming.append(jobs.next_due(db, name, at))
        return taken, at, min((due for due in coming if due is not None), default=None)

    async def _save(self, work: Callable[[Connection], T]) -> T:
        """Write it down, however long the disk stays full."""
        patience = Patience(LONGEST_PAUSE)
        while True:
            try:
                return await self._context.writer.run(work)
            except NotSaved:
                await asyncio.sleep(patience.pause())


def _done(kind: Kind, job: Job, keep: Keep | None, db: Connection) -> Work:
    at = clock.now()
    if jobs.finish(db, job):
        if keep is not None:
            keep(db, at)
        if kind.EVERY is not None:
            jobs.put(db, job.kind, job.subject, about="nothing", at=at, due_at=at + kind.EVERY)
    return "done"


def _postponed(kind: Kind, job: Job, db: Connection) -> Work:
    at = clock.now()
    jobs.postpone(db, job, at + kind.PAUSES[0], at)
    return "failed"


def _failed(kind: Kind, job: Job, error: str, db: Connection) -> Work:
    at = clock.now()
    if kind.GIVEN_UP_AFTER is None:
        jobs.put_off(db, job, at + _pause(kind, job), error, at)
        return "failed"
    end = job.begun_at + kind.GIVEN_UP_AFTER
    if at >= end and job.attempts >= len(kind.PAUSES):
        if jobs.finish(db, job):
            _give_up(kind, job, at, db)
        return "given_up"
    until = at + _pause(kind, job)
    # The last try stands at the very end, so that nothing is given up early.
    jobs.put_off(db, job, min(until, end) if at < end else until, error, at)
    return "failed"


def _give_up(kind: Kind, job: Job, at: datetime, db: Connection) -> None:
    """A fault in a kind ends neither the program nor the work of others: the job is gone, and the log says where."""
    db.execute("SAVEPOINT give_up")
    try:
        kind.give_up(db, job.subject, at)
    except Exception as error:
        if is_fatal(error):
            raise
        _log.error("What was given up could not be written down (%s): %s.", job.kind, place(error))
        db.execute("ROLLBACK TO give_up")
    db.execute("RELEASE give_up")


def _pause(kind: Kind, job: Job) -> timedelta:
    return kind.PAUSES[min(job.attempts, len(kind.PAUSES) - 1)]
