"""Real processes and real files: what was confirmed survives a kill, and a disk without room confirms nothing."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from storage.conversations import conversations
from storage.database.errors import NotSaved
from storage.database.opening import migrate, open_for_reading
from storage.database.sqlite import Connection
from storage.database.writer import Writer
from tests import ROOT
from tests.storage.examples import AT, new_database

WITHOUT_ROOM = "from tests.storage.test_durability import write_without_room; write_without_room()"
FOREVER = "from tests.storage.test_durability import write_forever; write_forever()"


def claimed(path: Path) -> set[str]:
    with closing(open_for_reading(path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {event_id for (event_id,) in db.execute("SELECT event_id FROM events")}


# --- Kills --------------------------------------------------------------------------------------------------


def claim(event_id: str) -> Callable[[Connection], bool]:
    return lambda db: conversations.claim(db, "web", event_id, AT)


async def claim_forever(path: Path) -> None:
    """Twenty at a time, without end; each one that is confirmed is a line of output."""
    writer = Writer(path)
    writer.start()

    async def one_after_the_other(prefix: str) -> None:
        number = 0
        while True:
            event_id = f"{os.getpid()}-{prefix}-{number}"
            await writer.run(claim(event_id))
            os.write(1, f"{event_id}\n".encode())
            number += 1

    await asyncio.gather(*(one_after_the_other(str(prefix)) for prefix in range(20)))


def write_forever() -> None:
    """What the process does that is killed."""
    asyncio.run(claim_forever(Path(sys.argv[1])))


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2])
def test_what_was_confirmed_is_there_after_a_kill(tmp_path: Path, seconds: float) -> None:
    path = new_database(tmp_path)
    confirmed: list[str] = []
    for _ in range(2):  # the second one begins with what the first one left
        with subprocess.Popen([sys.executable, "-c", FOREVER, str(path)], cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            confirmed.append(process.stdout.readline().decode().strip())
            time.sleep(seconds)
            process.send_signal(signal.SIGKILL)
            confirmed += process.stdout.read().decode().split()
    assert len(confirmed) > 1
    assert set(confirmed) - claimed(path) == set()


# --- No room ------------------------------------------------------------------------------------------------


async def fill(path: Path, make_room: Callable[[], None]) -> None:
    """Write until nothing is confirmed any longer, make room, and write again, all with the same writer."""
    migrate(path)
    writer = Writer(path)
    writer.start()
    confirmed: set[str] = set()
    refused: set[str] = set()

    async def try_to_claim(event_id: str) -> None:
        try:
            await writer.run(claim(event_id))
        except NotSaved:
            refused.add(event_id)
        else:
            confirmed.add(event_id)

    for batch in range(200):
        await asyncio.gather(*(try_to_claim(f"{batch}-{number}-" + "x" * 2000) for number in range(20)))
    assert confirmed, "nothing fitted in"
    assert len(refused) > 20, "there was room for everything"
    assert claimed(path) == confirmed, "what was confirmed while there was no room is not what is there"

    make_room()
    await asyncio.gather(*(try_to_claim(event_id) for event_id in sorted(refused)[:20]))
    await try_to_claim("after")
    writer.close()
    assert "after" in confirmed, "it did not resume"
    assert claimed(path) == confirmed, "what was confirmed is not what is there"


def write_without_room() -> None:
    """What the process does that has no room: on a small file system, or under a limit of its own."""
    folder = Path(sys.argv[1])
    if len(sys.argv) > 2:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1400k", "tmpfs", str(folder)], check=True)
        ballast = folder / "ballast"
        ballast.write_bytes(b"x" * 500_000)
        asyncio.run(fill(folder / "small.db", ballast.unlink))
    else:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (600_000, resource.RLIM_INFINITY))
        free = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        asyncio.run(fill(folder / "small.db", lambda: resource.setrlimit(resource.RLIMIT_FSIZE, free)))
    os.write(1, b"kept its word\n")


def run_without_room(folder: Path, *more: str, within: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [*within, sys.executable, "-c", WITHOUT_ROOM, str(folder), *more]
    return subprocess.run(command, cwd=ROOT, check=False, text=True, capture_output=True, timeout=60)


def test_a_disk_that_fails_confirms_nothing_that_is_not_there(tmp_path: Path) -> None:
    done = run_without_room(tmp_path)
    assert done.stdout == "kept its word\n", done.stderr


def test_a_full_disk_confirms_nothing_that_is_not_there(tmp_path: Path) -> None:
    """On a real small file system where the machine lets us mount one; else a file that cannot grow stands for it."""
    of_our_own = ("unshare", "--user", "--map-root-user", "--mount")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    can_mount = subprocess.run([*of_our_own, *mount], check=False, capture_output=True).returncode == 0
    done = run_without_room(tmp_path, "mount", within=of_our_own) if can_mount else run_without_room(tmp_path)
    assert done.stdout == "kept its word\n", done.stderr
