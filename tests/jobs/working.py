"""A worker that is told when to work, for tests that turn the clock themselves."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.exchange.service import Service
from bot.exchange.watching import NOBODY, Watch
from bot.jobs.kind import Context
from bot.jobs.kinds import KINDS
from bot.jobs.worker import Worker
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from tests.proof.worlds import killed_program


async def work_off(worker: Worker) -> None:
    """Do all that is due now, and what becomes due by that."""
    await worker.look()
    while worker.under_way:
        await asyncio.wait(worker.under_way)
        await worker.look()


@asynccontextmanager
async def service_at(path: Path, register_url: str, watch: Watch = NOBODY) -> AsyncIterator[Service]:
    """The service over a database and a register."""
    async with EntityRegister(register_url) as register:
        service = Service(path, FORM, register, locale="nb", watch=watch)
        service.start()
        try:
            yield service
        finally:
            await service.stop()


async def _work_off_once(path: Path, register_url: str, kind: str) -> None:
    async with service_at(path, register_url) as service:
        worker = Worker(Context(service), {kind: KINDS[kind]})
        await worker.begin()
        await work_off(worker)


if __name__ == "__main__":
    # `python -m tests.jobs.working DATABASE REGISTER KIND [POINT]`: a start of a program that does one kind of job, and
    # that kills itself at a point.
    database, url, name, *points = sys.argv[1:]
    for each in points:
        killed_program.watch(each, 1)
    asyncio.run(_work_off_once(Path(database), url, name))
