"""Every kind of job is done after all, whatever ends it in the middle, and exactly once where nothing does."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Generator, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

import pytest

from bot import clock
from bot.exchange.watching import Watch, Work
from bot.jobs.kind import Context, Keep, Kind
from bot.jobs.kinds import KINDS
from bot.jobs.worker import Worker
from storage.database.opening import migrate, open_for_reading, transaction
from storage.jobs import jobs
from tests import ROOT
from tests.jobs.examples import EXAMPLES
from tests.jobs.working import service_at, work_off
from tests.stand_ins.register import RegisterStandIn

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
every_kind = pytest.mark.parametrize("name", KINDS)


class Counting(Watch):
    """Counts what became of each try."""

    def __init__(self) -> None:
        self.seen: Counter[Work] = Counter()

    def worked(self, kind: str, work: Work) -> None:
        self.seen[work] += 1


class Interrupted:
    """A kind as it is, but that `error` comes up as it waits for the nth time."""

    def __init__(self, kind: Kind, number: int, error: Callable[[], BaseException]) -> None:
        self._kind = kind
        self._left = number
        self._error = error
        self.was_hit = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kind, name)

    async def do(self, context: Context, subject: int) -> Keep | None:
        """As the kind does it, until then."""
        return await _Waits(self._kind.do(context, subject), self)

    def passes(self) -> BaseException | None:
        """What comes up here, if it does."""
        self._left -= 1
        if self._left != -1:
            return None
        self.was_hit = True
        return self._error()


class _Waits:
    def __init__(self, work: Coroutine[Any, Any, Keep | None], interrupted: Interrupted) -> None:
        self._work = work
        self._interrupted = interrupted

    def __await__(self) -> Generator[Any, Any, Keep | None]:
        waiting = self._work.__await__()
        error: BaseException | None = None
        while True:
            try:
                waited = waiting.send(None) if error is None else waiting.throw(error)
            except StopIteration as end:
                return cast("Keep | None", end.value)
            error = self._interrupted.passes()
            if error is None:
                try:
                    yield waited
                except BaseException as from_outside:
                    error = from_outside


@pytest.fixture
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as running:
        yield running


@pytest.fixture(autouse=True)
def still_clock() -> Iterator[None]:
    clock.run_by(lambda: AT)
    yield
    clock.run_by(None)


def put(path: Path, name: str) -> None:
    migrate(path)
    with transaction(path) as db:
        EXAMPLES[name].put(db, clock.now())


def times_done(path: Path, name: str) -> int:
    with closing(open_for_reading(path)) as db:
        return int(db.execute(EXAMPLES[name].done).fetchone()[0])


def is_over(path: Path, name: str) -> bool:
    """Whether nothing of this kind is due before the next time."""
    with closing(open_for_reading(path)) as db:
        waiting = jobs.waiting(db)
        assert jobs.begun(db) == []
    every = KINDS[name].EVERY
    if every is None:
        return waiting == []
    return [(each.kind, each.count, each.failing) for each in waiting] == [(name, 1, 0)] and waiting[
        0
    ].due_at > clock.now()


def test_every_kind_has_an_example() -> None:
    assert set(EXAMPLES) == set(KINDS)


@every_kind
def test_a_kind_has_the_name_of_its_file_and_limits_that_make_sense(name: str) -> None:
    kind = KINDS[name]
    assert name == kind.KIND
    assert kind.AT_ONCE >= 1
    assert kind.PAUSES
    assert list(kind.PAUSES) == sorted(kind.PAUSES)
    assert timedelta() < kind.LONGEST
    assert kind.EVERY is None or kind.GIVEN_UP_AFTER is None  # what comes again and again is never given up
    assert kind.do.__doc__
    assert kind.give_up.__doc__


@every_kind
async def test_where_nothing_goes_wrong_it_is_done_exactly_once(
    tmp_path: Path, register: RegisterStandIn, name: str
) -> None:
    path, watch = tmp_path / "innspill.db", Counting()
    put(path, name)
    assert times_done(path, name) == 0
    async with service_at(path, register.url, watch) as service:
        worker = Worker(Context(service), {name: KINDS[name]})
        await worker.begin()
        for _ in range(3):
            await work_off(worker)
    assert watch.seen == {"done": 1}
    assert times_done(path, name) == 1
    assert is_over(path, name)


@every_kind
async def test_it_is_done_after_all_wherever_it_fails(tmp_path: Path, register: RegisterStandIn, name: str) -> None:
    for number in count():
        path, watch = tmp_path / f"{number}.db", Counting()
        put(path, name)
        async with service_at(path, register.url, watch) as service:
            broken = Interrupted(KINDS[name], number, lambda: ZeroDivisionError("Kari skrev dette"))
            worker = Worker(Context(service), {name: cast("Kind", broken)})
            await work_off(worker)
            if broken.was_hit:
                assert watch.seen == {"failed": 1}
                ((error, attempts),) = await service.writer.run(
                    lambda db: db.execute("SELECT last_error, attempts FROM jobs").fetchall()
                )
                assert attempts == 1
                assert error.startswith("ZeroDivisionError at ")
                assert "Kari" not in error
                clock.run_by(lambda: AT + KINDS[name].PAUSES[0])
                await work_off(worker)
                clock.run_by(lambda: AT)
        assert watch.seen["done"] == 1
        assert times_done(path, name) == 1
        assert is_over(path, name)
        if not broken.was_hit:
            assert number > 0
            return


@every_kind
async def test_it_is_done_after_a_restart_wherever_it_was_cancelled(
    tmp_path: Path, register: RegisterStandIn, name: str
) -> None:
    for number in count():
        path = tmp_path / f"{number}.db"
        put(path, name)
        async with service_at(path, register.url) as service:
            broken = Interrupted(KINDS[name], number, asyncio.CancelledError)
            worker = Worker(Context(service), {name: cast("Kind", broken)})
            await worker.look()
            await asyncio.wait(worker.under_way)
        watch = Counting()
        async with service_at(path, register.url, watch) as service:
            worker = Worker(Context(service), {name: KINDS[name]})
            await worker.begin()
            await work_off(worker)
        if not broken.was_hit:
            assert number > 0
            return
        assert watch.seen == {"done": 1}
        assert times_done(path, name) == 1
        assert is_over(path, name)


@pytest.fixture
def real_clock() -> None:
    """That of the program that is started."""
    clock.run_by(None)


async def start(*arguments: str) -> int:
    program = await asyncio.create_subprocess_exec(sys.executable, "-m", "tests.jobs.working", *arguments, cwd=ROOT)
    return await program.wait()


@pytest.mark.slow
@pytest.mark.usefixtures("real_clock")
@every_kind
@pytest.mark.parametrize("point", ["after the commit: job begun", "before the commit: job done"])
async def test_it_is_done_after_the_program_was_killed_before_it_was_marked(
    tmp_path: Path, register: RegisterStandIn, name: str, point: str
) -> None:
    path = tmp_path / "innspill.db"
    put(path, name)
    assert await start(str(path), register.url, name, point) == -signal.SIGKILL
    assert await start(str(path), register.url, name) == 0
    assert times_done(path, name) == 1
    with closing(open_for_reading(path)) as db:
        assert jobs.begun(db) == []


@pytest.mark.slow
@pytest.mark.usefixtures("real_clock")
@every_kind
async def test_what_was_marked_is_not_done_again_after_a_kill(
    tmp_path: Path, register: RegisterStandIn, name: str
) -> None:
    path = tmp_path / "innspill.db"
    put(path, name)
    assert await start(str(path), register.url, name, "after the commit: job done") == -signal.SIGKILL
    assert times_done(path, name) == 1
    assert is_over(path, name)
