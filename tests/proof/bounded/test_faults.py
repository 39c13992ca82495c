"""Disks and databases that fail, at short length: told, never a false confirmation, and back to work by itself."""

from __future__ import annotations

import asyncio
import errno
import logging
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.jobs.kinds.sweep import sweep_once
from dialogs.events import Cancelled, Said, Started
from storage.consultations import consultations
from storage.database.errors import NotSaved, StorageError
from storage.database.opening import migrate, transaction
from storage.database.sqlite import sqlite3
from tests.commands.command_line import CommandLine
from tests.proof import faults
from tests.proof.faults import DATABASE, Crowd, claimed, service_at
from tests.proof.worlds.forgetful_disk import ForgetfulDisk
from tests.running.running_program import INNSPILL

LONG_AGO = datetime(2026, 1, 2, 8, 30, tzinfo=UTC)
REST = ("22 00 00 00", "Kari", "Hopp over", "18/101", "Ja, det stemmer", "Vi vil ha skilt.", "Ferdig")
FAR_AHEAD = datetime(2099, 1, 1, tzinfo=UTC)


@pytest.mark.slow
@pytest.mark.fuse
async def test_what_fails_beneath_the_service_makes_no_false_confirmation() -> None:
    figures = {figure.what: figure.number for figure in await faults.run(0.05)}
    for what in (*faults.FAULTS, "another process holds the database", "the write-ahead log is removed"):
        assert figures[f"{what}: confirmed"] > 0
        assert figures[f"{what}: refused, and the person told so"] > 0


def exchange_pages(path: Path, table: str, content: bytes | None) -> bytes:
    """Overwrite the first page of a table with `content`, or with rubbish; gives what was there."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (number,) = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
        (size,) = db.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((number - 1) * size)
        before = file.read(size)
        file.seek((number - 1) * size)
        file.write(content or b"\xa5" * size)
    return before


async def test_a_corrupt_database_confirms_nothing_and_says_so_until_it_is_mended(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / DATABASE
    migrate(path)
    before = exchange_pages(path, "events", None)
    async with service_at(path) as service:
        crowd = Crowd(service)
        await crowd.speak(2)
        assert crowd.confirmed == set()
        assert len(crowd.refused) == 2 * faults.PEOPLE
        (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert "malformed" in told.getMessage()
        exchange_pages(path, "events", before)
        await crowd.speak(2)
        assert len(crowd.confirmed) == 2 * faults.PEOPLE
    assert claimed(path) == crowd.confirmed


def test_a_corrupt_database_is_found_by_the_doctor(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_ENTITY_REGISTER="stand-in")
    innspill.add_consultation(closes="2099-12-31")
    exchange_pages(innspill.database, "responses", None)
    result = innspill("doctor")
    assert result.exit_code == 1
    assert "damaged" in result.stdout
    assert "Traceback" not in result.output


@pytest.mark.fuse
async def test_a_file_that_cannot_be_written_is_refused_in_one_plain_line(tmp_path: Path) -> None:
    async with ForgetfulDisk(tmp_path) as disk:
        path = disk.folder / DATABASE
        migrate(path)
        await disk.fail("open", errno.EROFS)
        with pytest.raises(StorageError) as refused:
            migrate(path)  # what `serve` begins with
        assert str(path) in str(refused.value)
        assert "\n" not in str(refused.value)
        await disk.heal()
        migrate(path)
        async with service_at(path) as service:
            crowd = Crowd(service)
            await crowd.speak()
            assert not crowd.refused


async def test_a_database_behind_a_link_keeps_its_log_where_sqlite_does(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    real, link = tmp_path / "elsewhere" / "real.db", tmp_path / DATABASE
    migrate(real)
    link.symlink_to(real)
    async with service_at(link) as service:
        crowd = Crowd(service)
        await crowd.speak(2)
    assert not crowd.refused


async def test_the_doctor_shows_what_was_set_aside_and_not_what_it_said(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_ENTITY_REGISTER="stand-in")
    innspill.add_consultation(closes="2099-12-31")
    async with service_at(innspill.database) as service:
        for number in range(7):
            await service.set_aside("telegram", str(number), '{"a person said": "this"}', "it cannot be read")
    result = await asyncio.to_thread(innspill, "doctor")
    assert result.exit_code == 0
    assert "could not be handled: 7." in result.stdout
    assert result.stdout.count("it cannot be read.") == 5
    assert "telegram 6: it cannot be read." in result.stdout
    assert "a person said" not in result.output


# --- A log that is missing ----------------------------------------------------------------------------------


async def crashed(folder: Path, *endings: str) -> CommandLine:
    """A folder with these files of a program that was killed with answers in its log; all of them: "", -wal, .lease."""
    alive, left = folder / "alive", folder / "left"
    alive.mkdir()
    left.mkdir()
    migrate(alive / DATABASE)
    async with service_at(alive / DATABASE) as service:
        await Crowd(service).speak(2)
        for ending in endings:
            shutil.copy2(alive / f"{DATABASE}{ending}", left)
        shutil.copy2(alive / f"{DATABASE}-wal", folder / "left-log")
    return CommandLine(left, INNSPILL_ENTITY_REGISTER="stand-in")


def serve(innspill: CommandLine) -> subprocess.CompletedProcess[str]:
    """`innspill serve`, which is to refuse."""
    settings = {"INNSPILL_DATABASE": str(innspill.database)}
    return subprocess.run([INNSPILL, "serve"], env=settings, capture_output=True, text=True, timeout=20, check=False)


async def test_a_database_whose_log_is_missing_is_refused_until_the_log_is_back(tmp_path: Path) -> None:
    innspill = await crashed(tmp_path, "", ".lease")
    refused = await asyncio.to_thread(serve, innspill)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert refused.stderr.count("\n") == 1
    for part in (f"{innspill.database}-wal is missing", "restore", "--accept-loss"):
        assert part in refused.stderr
    assert "is missing" in innspill.is_refused("consultation", "list")
    assert "is missing" in innspill.is_refused("backup", tmp_path / "backup.db")
    examined = await asyncio.to_thread(innspill, "doctor")
    assert examined.exit_code == 1
    assert "is missing" in examined.stdout

    log = innspill.database.with_name(f"{DATABASE}-wal")
    shutil.copy2(tmp_path / "left-log", log)
    innspill.says("consultation", "list")
    assert len(claimed(innspill.database)) == 2 * faults.PEOPLE


async def test_a_database_whose_log_is_missing_is_used_again_when_the_operator_says_so(tmp_path: Path) -> None:
    innspill = await crashed(tmp_path, "", ".lease")
    examined = await asyncio.to_thread(innspill, "doctor", "--accept-loss")
    assert "wrong" not in examined.stdout
    innspill.says("consultation", "list")
    assert claimed(innspill.database) == set()


async def test_a_backup_takes_the_place_of_a_database_whose_log_is_missing(tmp_path: Path) -> None:
    innspill = await crashed(tmp_path, "", ".lease")
    (tmp_path / "other").mkdir()
    other = CommandLine(tmp_path / "other")
    other.add_consultation()
    other.says("backup", tmp_path / "backup.db")
    innspill.says("restore", tmp_path / "backup.db", "--no-tombstones")
    assert "18/101" in innspill.says("consultation", "list")


@pytest.mark.parametrize("taken", [("", "-wal", ".lease"), ("", "-wal"), ("",)])
async def test_a_database_moved_with_its_log_or_from_elsewhere_is_not_refused(
    tmp_path: Path, taken: tuple[str, ...]
) -> None:
    innspill = await crashed(tmp_path, *taken)
    innspill.says("consultation", "list")
    assert len(claimed(innspill.database)) == (2 * faults.PEOPLE if "-wal" in taken else 0)


async def test_a_log_that_another_program_has_put_into_the_database_is_not_missed(tmp_path: Path) -> None:
    innspill = await crashed(tmp_path, "", "-wal", ".lease")
    assert len(claimed(innspill.database)) == 2 * faults.PEOPLE  # which leaves no log
    assert not innspill.database.with_name(f"{DATABASE}-wal").exists()
    innspill.says("consultation", "list")


async def test_after_a_stop_in_peace_an_older_copy_may_take_the_place_of_the_database(tmp_path: Path) -> None:
    innspill = await crashed(tmp_path, "", ".lease")
    innspill.database.with_name(f"{DATABASE}.lease").write_bytes(
        (tmp_path / "alive" / f"{DATABASE}.lease").read_bytes()
    )
    innspill.says("consultation", "list")


# --- Deleted means gone -------------------------------------------------------------------------------------


def holding(folder: Path, text: bytes) -> list[str]:
    return [path.name for path in folder.iterdir() if text in path.read_bytes()]


async def gone(folder: Path, text: bytes) -> None:
    """Wait until no file holds it."""
    async with asyncio.timeout(15):
        while holding(folder, text):  # noqa: ASYNC110 - the files tell nobody
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_what_was_deleted_is_gone_from_all_files_soon_afterwards_also_beside_a_reader(tmp_path: Path) -> None:
    path, text = tmp_path / DATABASE, b"a sentence that nobody else writes"
    migrate(path)
    async with service_at(path) as service:
        exchanged = await service.exchange("web", "1", "1", Started(at=clock.now()))
        save = "UPDATE conversations SET session = ? WHERE id = ?"
        number = exchanged.conversation_id
        await service.writer.run(lambda db: db.execute(save, (text.decode(), number)).rowcount)
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT session FROM conversations").fetchall()
            await service.writer.run(lambda db: db.execute(save, ("{}", number)).rowcount)
            await asyncio.sleep(1.5)
            assert holding(tmp_path, text)  # somebody still reads it
            async with asyncio.timeout(1):
                await service.exchange("web", "2", "2", Started(at=clock.now()))  # and holds nobody up
            reader.execute("ROLLBACK")
        await gone(tmp_path, text)


async def test_not_saved_is_what_a_person_is_told_when_a_lock_stays(tmp_path: Path) -> None:
    path = tmp_path / DATABASE
    migrate(path)
    async with service_at(path) as service:
        await service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 50"))
        with transaction(path), pytest.raises(NotSaved, match="locked"):
            await asyncio.wait_for(service.exchange("web", "1", "1", Started(at=clock.now())), 5)
        exchanged = await service.exchange("web", "1", "1", Started(at=clock.now()))
    assert exchanged.message is not None


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["cancelled", "expired"])
async def test_what_a_person_typed_is_gone_from_all_files_when_the_draft_is(tmp_path: Path, ending: str) -> None:
    path, typed = tmp_path / DATABASE, "gone.with.it@example.no"
    migrate(path)
    with transaction(path) as db:
        consultations.add(db, case_number="18/101", title="Skilt", closes_at=FAR_AHEAD, at=LONG_AGO)
    async with service_at(path) as service:
        service.senders["telegram"] = lambda *_: None
        await service.exchange("telegram", "1", "start", Started(at=LONG_AGO))
        for number, text in enumerate(("Privatperson", "Hopp over", typed, *REST)):
            at = LONG_AGO + timedelta(seconds=number)
            exchanged = await service.exchange("telegram", "1", str(number), Said(at=at, text=text))
        said = "UPDATE outbox SET tried_at = created_at, sent_at = created_at"
        await service.writer.run(lambda db: db.execute(said).rowcount)
        assert exchanged.message is not None
        assert exchanged.message.kind == "review"  # which shows all of it, and is kept until it is sent
        assert holding(tmp_path, typed.encode())
        if ending == "cancelled":
            await service.exchange("telegram", "1", "cancel", Cancelled(at=LONG_AGO))
            await service.exchange("telegram", "1", "yes", Said(at=LONG_AGO, text="Ja, slett utkastet"))
        else:
            await sweep_once(service)
        await gone(tmp_path, typed.encode())
        assert not holding(tmp_path, b"22000000")
