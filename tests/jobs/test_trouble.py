"""The worker survives a full disk, a wrong clock and its own end; what waits and fails is seen by operators."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.exchange.service import Service
from bot.jobs.kind import Context, Keep, NotNow
from bot.jobs.worker import Worker
from storage.database.errors import NotSaved
from storage.database.opening import transaction
from storage.database.sqlite import Connection, sqlite3
from storage.jobs import jobs
from tests.exchange.metrics.desk import Operator
from tests.jobs.made_up import AT, MINUTE, Hand, MadeUp, Other, fail, put, running, state, until, worker_for
from tests.jobs.working import work_off

pytestmark = pytest.mark.usefixtures("hand")


async def test_a_disk_that_is_full_for_a_while_is_waited_for_and_nothing_is_done_twice(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(tmp_path / "innspill.db", isolation_level=None)

    async def work(_subject: int) -> Keep | None:
        other.execute("BEGIN IMMEDIATE")  # from now on nothing can be saved
        asyncio.get_running_loop().call_later(0.3, other.execute, "ROLLBACK")
        return None

    kind = MadeUp(work)
    await put(service, 7)
    worker = worker_for(service, kind)
    async with running(worker):
        await until(lambda: kind.begun and not worker.under_way, seconds=10)
    other.close()
    assert await state(service) == []
    assert "Nothing can be saved, and nobody is told otherwise: database is locked." in caplog.messages
    assert kind.begun == [7]


async def test_work_that_could_not_save_is_no_failure(service: Service) -> None:
    async def work(_subject: int) -> Keep | None:
        if len(kind.begun) == 1:
            raise NotSaved("the disk is full")
        return None

    kind = MadeUp(work)
    await put(service, 7)
    await work_off(worker_for(service, kind))
    assert kind.begun == [7, 7]
    assert await state(service) == []


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_is_turned_back_makes_nobody_wait_longer(
    service: Service, hand: Hand, *, restarted: bool
) -> None:
    kind = MadeUp(fail)
    worker = worker_for(service, kind)
    await put(service, 7)
    await work_off(worker)
    assert await state(service) == [(7, 1, AT + MINUTE)]
    hand.now -= timedelta(days=400)
    if restarted:
        worker = worker_for(service, kind)
        await worker.begin()
    await worker.look()
    assert await state(service) == [(7, 1, hand.now + MINUTE)]
    hand.now += MINUTE
    await work_off(worker)
    assert kind.begun == [7, 7]


async def test_a_clock_that_jumps_ahead_makes_what_waits_due(service: Service, hand: Hand) -> None:
    kind = MadeUp()
    await put(service, 7, due_at=AT + timedelta(days=1))
    worker = worker_for(service, kind)
    async with running(worker):
        await asyncio.sleep(0.1)
        assert kind.begun == []
        hand.now += timedelta(days=300)
        await put(service, 8)
        await until(lambda: len(kind.begun) == 2)


async def test_what_is_under_way_at_the_end_may_be_finished(service: Service) -> None:
    async def take_a_while(_subject: int) -> Keep | None:
        await asyncio.sleep(0.3)
        return None

    kind = MadeUp(take_a_while)
    await put(service, 7)
    async with running(worker_for(service, kind)):
        await until(lambda: kind.begun)
    assert await state(service) == []


async def test_what_does_not_end_is_left_and_begun_again_at_the_next_start(service: Service) -> None:
    async def stay(_subject: int) -> Keep | None:
        while True:
            try:
                await asyncio.sleep(0.4)
            except asyncio.CancelledError:
                await asyncio.sleep(0.4)
                raise

    kind = MadeUp(stay)
    await put(service, 7)
    loop = asyncio.get_running_loop()
    async with running(worker_for(service, kind)):
        await until(lambda: kind.begun)
        begun = loop.time()
    assert loop.time() - begun < 2
    assert await state(service) == [(7, 0, AT)]
    assert await service.writer.run(jobs.begun) == []


async def test_a_mistake_in_the_worker_is_told_and_not_forgotten(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    logging.getLogger("asyncio").disabled = False
    told: list[BaseException] = []

    def broken(*_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(jobs, "put_off", broken)
    await put(service, 7)
    worker = Worker(Context(service), {"made_up": MadeUp(fail)}, told.append)
    await worker.look()
    await asyncio.wait(worker.under_way)
    await asyncio.sleep(0)
    assert [type(error) for error in told] == [ZeroDivisionError]


async def test_jobs_are_counted_by_kind_with_those_that_failed_and_how_late_the_oldest_is(operator: Operator) -> None:
    assert await operator.value("innspill_jobs_waiting", kind="sweep") == 0
    assert await operator.value("innspill_jobs_total", kind="sweep", outcome="given_up") == 0
    with transaction(operator.settings.database) as db:
        for kind, late in (("sweep", 60), ("of_a_newer_program", -60)):
            jobs.put(db, kind, about="nothing", at=AT, due_at=AT - timedelta(seconds=late))
        (job,) = jobs.take(db, "sweep", AT, 1)
        jobs.put_off(db, job, AT - timedelta(seconds=30), "NotYet", AT)
    operator.service.watch.worked("sweep", "failed")
    assert await operator.value("innspill_jobs_waiting", kind="sweep") == 1
    assert await operator.value("innspill_jobs_failing", kind="sweep") == 1
    assert await operator.value("innspill_jobs_oldest_seconds", kind="sweep") == 30
    assert await operator.value("innspill_jobs_oldest_seconds", kind="of_a_newer_program") == 0
    assert await operator.value("innspill_jobs_total", kind="sweep", outcome="failed") == 1


async def test_what_cannot_be_given_up_properly_ends_neither_the_program_nor_the_work_of_others(
    service: Service, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    class Raises(MadeUp):
        def give_up(self, db: Connection, subject: int, at: datetime, /) -> None:
            raise KeyError("Vi mener")

    kind, other = Raises(fail), Other()
    worker = worker_for(service, kind, other)
    await put(service, 7)
    for _ in range(4):
        await work_off(worker)
        hand.now += timedelta(hours=1)
    await put(service, 8, kind="other")
    await work_off(worker)
    assert await state(service) == []
    assert other.begun == [8]
    assert "What was given up could not be written down (made_up): KeyError" in caplog.text
    assert "Vi mener" not in caplog.text


async def test_what_could_not_even_be_tried_does_not_count_and_is_never_given_up(service: Service, hand: Hand) -> None:
    async def rests(_subject: int) -> Keep | None:
        raise NotNow

    kind = MadeUp(rests)
    worker = worker_for(service, kind)
    await put(service, 7)
    for _ in range(9):
        await work_off(worker)
        hand.now += timedelta(hours=9)
    assert [(subject, attempts) for subject, attempts, _ in await state(service)] == [(7, 0)]
    assert kind.given_up == []
