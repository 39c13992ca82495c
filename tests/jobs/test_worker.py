"""The worker: it is there at once, waits for nobody, lets nobody wait, and tries again what fails."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.exchange.service import Service
from bot.jobs import worker as workers
from bot.jobs.kind import Keep
from storage.database.opening import open_for_reading, transaction
from storage.database.sqlite import Connection
from storage.jobs import jobs
from storage.responses import responses
from tests.jobs.made_up import AT, MINUTE, Hand, MadeUp, Other, fail, put, running, state, until, worker_for
from tests.jobs.working import work_off
from tests.storage.examples import add_consultation, new_response, open_conversation, references

pytestmark = pytest.mark.usefixtures("hand")


# --- When it works --------------------------------------------------------------------------------------------------


async def test_a_job_put_down_here_is_begun_at_once(service: Service) -> None:
    kind = MadeUp()
    async with running(worker_for(service, kind)):
        await asyncio.sleep(0.1)
        await put(service, 7)
        await until(lambda: kind.begun, seconds=1)
    assert await state(service) == []


async def test_a_job_that_another_program_puts_down_is_found_by_looking(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "SECONDS_BETWEEN_LOOKS", 0.1)
    kind = MadeUp()
    async with running(worker_for(service, kind)):
        await asyncio.sleep(0.05)
        with transaction(tmp_path / "innspill.db") as db:
            jobs.put(db, "made_up", 7, about="nothing", at=AT)
        await until(lambda: kind.begun)


async def test_a_job_waits_until_it_is_due(service: Service, hand: Hand) -> None:
    kind = MadeUp()
    worker = worker_for(service, kind)
    await put(service, 7, due_at=AT + 3 * MINUTE)
    assert await worker.look() == workers.SECONDS_BETWEEN_LOOKS
    hand.now += 3 * MINUTE - timedelta(seconds=2)
    assert await worker.look() == 2.0
    assert kind.begun == []
    hand.now += timedelta(seconds=2)
    await work_off(worker)
    assert kind.begun == [7]


async def test_what_was_rolled_back_is_not_done(service: Service) -> None:
    def work(db: Connection) -> None:
        jobs.put(db, "made_up", 7, about="nothing", at=AT)
        raise ZeroDivisionError

    kind = MadeUp()
    async with running(worker_for(service, kind)):
        with pytest.raises(ZeroDivisionError):
            await service.writer.run(work)
        await asyncio.sleep(0.1)
    assert kind.begun == []


async def test_no_more_than_its_limit_of_a_kind_are_done_at_once_and_the_oldest_first(service: Service) -> None:
    may_go_on = asyncio.Event()
    most = 0

    async def wait(_subject: int) -> Keep | None:
        nonlocal most
        most = max(most, len(worker.under_way))
        await may_go_on.wait()
        return None

    kind = MadeUp(wait)
    worker = worker_for(service, kind)
    await put(service, 1, 2, 3, 4, 5)
    async with running(worker):
        await until(lambda: len(kind.begun) == 2)
        await asyncio.sleep(0.1)
        assert kind.begun == [1, 2]
        may_go_on.set()
        await until(lambda: len(kind.begun) == 5)
        await until(lambda: not worker.under_way)
    assert (most, kind.begun) == (2, [1, 2, 3, 4, 5])


async def test_a_kind_that_always_fails_or_hangs_keeps_no_other_waiting(service: Service) -> None:
    async def hang(_subject: int) -> Keep | None:
        await asyncio.Event().wait()
        return None

    failing, hanging, sound = MadeUp(fail), Other(hang), MadeUp()
    failing.KIND, sound.KIND = "failing", "sound"
    await put(service, *range(100), kind="failing")
    await put(service, *range(100), kind="other")
    await put(service, *range(20), kind="sound")
    async with running(worker_for(service, failing, hanging, sound)):
        await until(lambda: len(sound.begun) == 20, seconds=5)
    assert len(hanging.begun) == 2


async def test_a_kind_that_is_not_done_here_stays_where_it_is(service: Service) -> None:
    await put(service, 1, kind="of_a_newer_program")
    await work_off(worker_for(service, MadeUp()))
    assert await state(service) == [(1, 0, AT)]


async def test_what_comes_of_it_is_kept_together_with_the_mark(service: Service) -> None:
    def keep(db: Connection, at: datetime) -> None:
        db.execute("INSERT INTO postal_codes VALUES ('1385', 'ASKER')")

    async def work(_subject: int) -> Keep | None:
        return keep

    kind = MadeUp(work)
    await put(service, 1)
    await work_off(worker_for(service, kind))
    await put(service, 2)
    await work_off(worker_for(service, kind))  # the second time it is refused: the code is there
    assert kind.begun == [1, 2]
    assert await state(service) == [(2, 1, AT + MINUTE)]


async def test_what_is_put_down_again_while_it_is_done_is_done_once_more(service: Service) -> None:
    async def again(subject: int) -> Keep | None:
        if len(kind.begun) == 1:
            await put(service, subject)
        return None

    kind = MadeUp(again)
    await put(service, 7)
    await work_off(worker_for(service, kind))
    assert kind.begun == [7, 7]
    assert await state(service) == []


async def test_nothing_is_kept_of_a_job_whose_subject_was_erased_meanwhile(service: Service) -> None:
    def keep(db: Connection, at: datetime) -> None:
        db.execute("INSERT INTO postal_codes VALUES ('1385', 'ASKER')")

    def store(db: Connection) -> None:
        new = new_response(open_conversation(db), add_consultation(db))
        stored, _ = responses.insert(db, new, references())
        jobs.put(db, "made_up", stored.id, about="response", at=AT)

    async def erase(_subject: int) -> Keep | None:
        await service.writer.run(lambda db: db.execute("DELETE FROM responses").rowcount)
        return keep

    await service.writer.run(store)
    kind = MadeUp(erase)
    await work_off(worker_for(service, kind))
    assert kind.begun == [1]
    assert await service.writer.run(lambda db: db.execute("SELECT * FROM postal_codes").fetchall()) == []


# --- When it fails --------------------------------------------------------------------------------------------------


async def test_a_job_that_fails_is_tried_ever_more_seldom_and_given_up_at_the_very_end(
    service: Service, hand: Hand, caplog: pytest.LogCaptureFixture
) -> None:
    kind = MadeUp(fail)
    worker = worker_for(service, kind)
    await put(service, 7)
    tries = []
    for minute in range(70):
        hand.now = AT + minute * MINUTE
        before = len(kind.begun)
        await work_off(worker)
        if len(kind.begun) > before:
            tries.append(minute)
    assert tries == [0, 1, *range(6, 60, 5), 60]
    assert kind.given_up == [7]
    assert await state(service) == []
    assert [record.message for record in caplog.records] == ["A job was given up after 14 tries: made_up 7."]


async def test_what_was_never_given_its_pauses_is_not_given_up_for_its_age(service: Service, hand: Hand) -> None:
    kind = MadeUp(fail)
    worker = worker_for(service, kind)
    await put(service, 7)
    hand.now += timedelta(days=3)  # the program was stopped, or the clock jumped
    await work_off(worker)
    assert kind.given_up == []
    for pause in (MINUTE, 5 * MINUTE):
        hand.now += pause
        await work_off(worker)
    assert len(kind.begun) == 3
    assert kind.given_up == [7]


async def test_a_try_that_takes_too_long_is_ended_and_has_failed(service: Service) -> None:
    async def hang(_subject: int) -> Keep | None:
        await asyncio.Event().wait()
        return None

    kind = MadeUp(hang)
    kind.LONGEST = timedelta(seconds=0.05)
    await put(service, 7)
    await work_off(worker_for(service, kind))
    assert await state(service) == [(7, 1, AT + MINUTE)]


async def test_neither_the_table_nor_the_log_has_a_word_of_what_went_wrong(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def quote(_subject: int) -> Keep | None:
        raise ValueError("kari@example.no skrev: Vi vil ha fortau")

    await put(service, 7)
    await work_off(worker_for(service, MadeUp(quote)))
    with closing(open_for_reading(tmp_path / "innspill.db")) as db:
        ((error,),) = db.execute("SELECT last_error FROM jobs")
    (line,) = [record.message for record in caplog.records]
    assert error.startswith("ValueError at test_worker.py:")
    assert line == f"A job failed (made_up): {error}."
    for said in (error, line):
        assert "kari" not in said
        assert "fortau" not in said


async def test_what_ends_the_program_each_time_is_not_the_first_thing_that_the_next_start_does(
    service: Service, hand: Hand
) -> None:
    await put(service, 7)
    starts = []
    for _ in range(3):
        kind = MadeUp()
        worker = worker_for(service, kind)
        await worker.begin()
        starts += [job.subject for job in await service.writer.run(lambda db: jobs.take(db, "made_up", hand.now, 9))]
    assert starts == [7, 7]  # the third start leaves it for a minute
    assert await state(service) == [(7, 2, AT + MINUTE)]


async def test_work_that_comes_again_is_due_at_each_start_unless_it_fails(service: Service, hand: Hand) -> None:
    kind = MadeUp()
    kind.EVERY, kind.GIVEN_UP_AFTER = timedelta(hours=1), None
    for _ in range(2):
        worker = worker_for(service, kind)
        await worker.begin()
        await work_off(worker)
        assert await state(service) == [(0, 0, hand.now + timedelta(hours=1))]
        hand.now += 10 * MINUTE
    kind.work = fail
    worker = worker_for(service, kind)
    await worker.begin()
    await work_off(worker)
    await worker_for(service, kind).begin()
    assert await state(service) == [(0, 1, hand.now + MINUTE)]
