"""Disks and databases that fail under the service: nobody is told what is not so, and it goes on by itself.

The service takes answers from many people while the disk is full, gives errors, or another process holds the
database. What it confirmed has to be there, what it refused has to be refused, and afterwards all is taken again.
"""

from __future__ import annotations

import asyncio
import errno
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

from bot import clock
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import AnyEvent, Said, Started
from storage.database.errors import NotSaved
from storage.database.opening import migrate
from storage.database.sqlite import sqlite3
from tests import ROOT
from tests.proof.figures import Figure
from tests.proof.worlds.forgetful_disk import ForgetfulDisk

DATABASE = "innspill.db"
PEOPLE = 20

Fault = Callable[[ForgetfulDisk], Awaitable[None]]

_HOLD = (
    "import sys; from storage.database.opening import open_for_writing; db = open_for_writing(sys.argv[1]);"
    "db.execute('BEGIN IMMEDIATE'); print('held', flush=True); sys.stdin.readline(); db.execute('ROLLBACK')"
)


@asynccontextmanager
async def service_at(path: Path) -> AsyncIterator[Service]:
    """The service over a database, with a register that is never asked."""
    async with EntityRegister("http://127.0.0.1:9") as register:
        service = Service(path, FORM, register, locale="nb")
        service.start()
        try:
            yield service
        finally:
            await service.stop()


class Crowd:
    """People who say one thing after the other; what was confirmed to them, and what was refused."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._said = 0
        self._crowds = 0
        self.confirmed: set[str] = set()
        self.refused: set[str] = set()

    def make_way(self) -> None:
        """Others take their places, before it is too much of anybody."""
        self._said = 0
        self._crowds += 1

    async def speak(self, times: int = 1) -> None:
        """Everybody says something, so many times."""
        for _ in range(times):
            self._said += 1
            await asyncio.gather(*(self._one(person) for person in range(PEOPLE)))

    async def _one(self, person: int) -> None:
        address, at = f"{self._crowds}-{person}", clock.now()
        event_id = f"{address}-{self._said}"
        event: AnyEvent = Started(at=at) if self._said == 1 else Said(at=at, text=f"Svar {self._said} " + "x" * 900)
        try:
            await self._service.exchange("web", address, event_id, event)
        except NotSaved:
            self.refused.add(event_id)
        else:
            self.confirmed.add(event_id)


def claimed(path: Path) -> set[str]:
    """The events that a database holds, which has to be sound."""
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {event_id for (event_id,) in db.execute("SELECT event_id FROM events")}


async def _full(disk: ForgetfulDisk) -> None:
    await disk.fail("grow", errno.ENOSPC)


def _failing(what: str, code: int) -> Fault:
    async def fail(disk: ForgetfulDisk) -> None:
        await disk.fail(what, code)

    return fail


FAULTS: dict[str, Fault] = {
    "the disk is full": _full,
    "writing gives an I/O error": _failing("write", errno.EIO),
    "syncing gives an I/O error": _failing("fsync", errno.EIO),
    "the disk has become read-only": _failing("write", errno.EROFS),
}


async def under(fault: Fault, folder: Path, rounds: int) -> Crowd:
    """Speak before, during and after a fault of the disk, several times; then cut the power, and compare."""
    async with ForgetfulDisk(folder) as disk:
        migrate(disk.folder / DATABASE)
        async with service_at(disk.folder / DATABASE) as service:
            crowd = Crowd(service)
            for _ in range(rounds):
                crowd.make_way()
                await crowd.speak(4)
                await fault(disk)
                await crowd.speak(10)
                await disk.heal()
                before = len(crowd.refused)
                await crowd.speak(4)
                assert len(crowd.refused) == before, "it did not go on by itself"
            assert crowd.refused, "the fault was not noticed"
            await disk.cut()
            await disk.lost()
    _compare(crowd, claimed(disk.image / DATABASE))
    return crowd


async def locked(folder: Path) -> Crowd:
    """Another process holds the database for longer than we wait for it."""
    path = folder / DATABASE
    migrate(path)
    async with service_at(path) as service:
        crowd = Crowd(service)
        await crowd.speak()
        command = (sys.executable, "-c", _HOLD, str(path))
        other = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
        assert other.stdout is not None
        assert await other.stdout.readline() == b"held\n"
        await crowd.speak()
        assert len(crowd.refused) == PEOPLE, "the lock was not noticed"
        await other.communicate(b"\n")
        await crowd.speak()
        assert len(crowd.refused) == PEOPLE, "it did not go on by itself"
    _compare(crowd, claimed(path))
    return crowd


async def without_its_log(folder: Path) -> Crowd:
    """Somebody removes the write-ahead log under the service: no more is taken, and nothing confirmed is lost."""
    path = folder / DATABASE
    migrate(path)
    async with service_at(path) as service:
        crowd = Crowd(service)
        await crowd.speak(3)
        path.with_name(f"{DATABASE}-wal").unlink()
        await crowd.speak(3)
        assert len(crowd.refused) == 3 * PEOPLE, "nobody noticed"
        found = claimed(path)
        assert crowd.confirmed <= found, f"{len(crowd.confirmed - found)} confirmed answers are gone"
    async with service_at(path) as service:
        again = Crowd(service)
        await again.speak()
        assert not again.refused, "it did not go on after a restart"
    return crowd


def _compare(crowd: Crowd, found: set[str]) -> None:
    assert crowd.confirmed <= found, f"{len(crowd.confirmed - found)} confirmed answers are gone"
    assert not crowd.refused & found, f"{len(crowd.refused & found)} answers were refused and are there"


async def run(scale: float) -> list[Figure]:
    """Each fault, so often."""
    figures = []
    with TemporaryDirectory() as place:
        tries: dict[str, Awaitable[Crowd]] = {
            what: under(fault, Path(place) / what.replace(" ", "-").replace("/", "-"), max(1, round(20 * scale)))
            for what, fault in FAULTS.items()
        }
        for name, attempt in (("locked", locked), ("log", without_its_log)):
            (Path(place) / name).mkdir()
            tries[_LONGER[name]] = attempt(Path(place) / name)
        for what, attempt_at in tries.items():
            crowd = await attempt_at
            figures.append(Figure("faults", f"{what}: confirmed", len(crowd.confirmed), "answers"))
            figures.append(Figure("faults", f"{what}: refused, and the person told so", len(crowd.refused), "answers"))
            figures.append(Figure("faults", f"{what}: confirmed and not there", 0, "answers"))
    return figures


_LONGER = {"locked": "another process holds the database", "log": "the write-ahead log is removed"}
