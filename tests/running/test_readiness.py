"""Readiness is a real write, and knows of damage: a monitor that asks sees what people see."""

from __future__ import annotations

import asyncio
import logging
import resource
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot import clock
from bot.exchange.readiness import DAMAGED, NOTHING_SAVED, Readiness
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import Started
from storage.database.errors import NotSaved
from storage.database.opening import open_for_reading, open_for_writing
from storage.database.sqlite import sqlite3
from storage.database.writer import Writer
from tests import ROOT
from tests.bench.stored import stored_database
from tests.storage.examples import new_database

WITHOUT_ROOM = "from tests.running.test_readiness import live_without_room; live_without_room()"


async def begin(service: Service, address: str) -> bool:
    """Whether a person's beginning was saved."""
    try:
        await service.exchange("web", address, f"{address}-1", Started(at=clock.now()))
    except NotSaved:
        return False
    return True


async def without_room(path: Path) -> None:
    """A monitor asks while the disk is full, and after it was."""
    service = Service(path, FORM, EntityRegister("http://127.0.0.1:9", ""), locale="nb")
    service.start()
    assert await service.hindrance() == ""
    assert await begin(service, "a")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))  # from now on no write finds room
    await asyncio.sleep(1.1)  # an answer holds for a second
    for address in "bcd":
        assert not await begin(service, address)
        assert await service.hindrance() == NOTHING_SAVED
        await service.writer.run(lambda db: db.execute("SELECT 1").fetchone())  # who only reads needs no room
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    await asyncio.sleep(1.1)
    assert await service.hindrance() == ""
    assert await begin(service, "e")
    await service.stop()


def live_without_room() -> None:
    """What the process does that has no room."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    asyncio.run(without_room(Path(sys.argv[1])))


def test_on_a_full_disk_nothing_is_ready_and_no_all_clear_is_given(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WITHOUT_ROOM, str(new_database(tmp_path))]
    # Its log is a pipe, and not a file: no write to one finds room either.
    done = subprocess.run(command, cwd=ROOT, check=False, text=True, capture_output=True)

    assert done.returncode == 0, done.stderr
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "Nothing can be saved, and nobody is told otherwise",
        "Answers are saved again.",
    ]


async def test_readiness_writes_to_the_disk_and_not_for_everybody_who_asks(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    writes: list[int] = []
    writer = Writer(path, lambda count, _: writes.append(count))
    writer.start()
    log = path.with_name(f"{path.name}-wal")
    before = log.stat().st_size
    ready = Readiness(path, writer)
    assert await asyncio.gather(*(ready.hindrance() for _ in range(20))) == [""] * 20
    assert len(writes) == 1
    assert log.stat().st_size - before > 48 * 1024
    writer.close()


def damage_an_index(path: Path, name: str) -> None:
    """Overwrite a page of an index, as a failing disk may."""
    with closing(open_for_writing(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with closing(open_for_reading(path)) as db:
        (page,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * 4096)


@pytest.mark.parametrize("name", ["responses_by_time", "responses_by_conversation"])
async def test_a_damaged_index_is_found_without_anybody_coming_upon_it(
    tmp_path: Path, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = stored_database(tmp_path / "many.db", 300)
    damage_an_index(path, name)
    service = Service(path, FORM, EntityRegister("http://127.0.0.1:9", ""), locale="nb")
    service.start()
    assert await service.hindrance() == ""  # it serves, as long as it can
    await service.resume()
    for _ in range(200):
        if await service.hindrance():
            break
        await asyncio.sleep(0.02)
    assert await service.hindrance() == DAMAGED
    assert f"{path} is damaged: restore an undamaged backup" in caplog.text
    await service.stop()


async def test_damage_that_the_writer_comes_upon_is_told_from_then_on(tmp_path: Path) -> None:
    path = stored_database(tmp_path / "many.db", 300)
    damage_an_index(path, "responses_by_time")
    writer = Writer(path)
    writer.start()
    ready = Readiness(path, writer)
    with pytest.raises(NotSaved):
        await writer.run(lambda db: db.execute("UPDATE responses SET received_at = '2026'").rowcount)
    assert await ready.hindrance() == DAMAGED
    writer.close()


async def test_the_look_for_damage_ends_at_once_when_the_service_stops(tmp_path: Path) -> None:
    path = stored_database(tmp_path / "many.db", 3000)
    service = Service(path, FORM, EntityRegister("http://127.0.0.1:9", ""), locale="nb")
    service.start()
    await service.resume()
    await asyncio.wait_for(service.stop(), timeout=2)


async def test_a_sound_database_is_ready_after_the_look(tmp_path: Path) -> None:
    path = stored_database(tmp_path / "many.db", 300)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
    writer = Writer(path)
    writer.start()
    ready = Readiness(path, writer)
    await ready.look_for_damage()
    assert await ready.hindrance() == ""
    writer.close()
