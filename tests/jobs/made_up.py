"""Kinds of jobs that do what a test says, and a clock that it turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from bot import clock
from bot.exchange.service import Service
from bot.jobs.kind import Context, Keep, NotYet
from bot.jobs.worker import Worker
from bot.tasks import Tasks
from storage.database.sqlite import Connection
from storage.jobs import jobs

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
MINUTE = timedelta(minutes=1)
STATE = "SELECT subject, attempts, due_at FROM jobs ORDER BY id"


async def nothing(_subject: int) -> Keep | None:
    return None


class MadeUp:
    """A kind that does what a test says."""

    KIND = "made_up"
    AT_ONCE = 2
    PAUSES: tuple[timedelta, ...] = (MINUTE, 5 * MINUTE)
    GIVEN_UP_AFTER: timedelta | None = timedelta(hours=1)
    LONGEST = timedelta(seconds=10)
    EVERY: timedelta | None = None

    def __init__(self, work: Callable[[int], Awaitable[Keep | None]] = nothing) -> None:
        self.work = work
        self.begun: list[int] = []
        self.given_up: list[int] = []

    async def do(self, context: Context, subject: int, /) -> Keep | None:
        self.begun.append(subject)
        return await self.work(subject)

    def give_up(self, db: Connection, subject: int, at: datetime, /) -> None:
        self.given_up.append(subject)


async def fail(_subject: int) -> Keep | None:
    raise NotYet


class Other(MadeUp):
    KIND = "other"


class Hand:
    """The clock, which the test turns."""

    def __init__(self) -> None:
        self.now = AT


def worker_for(service: Service, *kinds: MadeUp) -> Worker:
    return Worker(Context(service), {kind.KIND: kind for kind in kinds})


async def put(service: Service, *subjects: int, kind: str = "made_up", due_at: datetime | None = None) -> None:
    def work(db: Connection) -> None:
        for subject in subjects:
            jobs.put(db, kind, subject, about="nothing", at=clock.now(), due_at=due_at)

    await service.writer.run(work)


async def state(service: Service) -> list[tuple[int, int, datetime]]:
    rows = await service.writer.run(lambda db: db.execute(STATE).fetchall())
    return [(subject, attempts, datetime.fromisoformat(due_at)) for subject, attempts, due_at in rows]


@asynccontextmanager
async def running(worker: Worker) -> AsyncIterator[None]:
    tasks = Tasks()
    tasks.start(worker.run(), "jobs")
    try:
        yield
    finally:
        await tasks.stop()


async def until(condition: Callable[[], object], seconds: float = 2.0) -> None:
    """Wait for it."""
    for _ in range(int(seconds * 100)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it does not come to pass")
