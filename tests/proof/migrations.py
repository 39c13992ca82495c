"""Upgrades killed, and cut off from power, at each of their writes: the database is the old one or the new one, whole.

They begin with a database that the first schema's own code wrote (tests/proof/schemas/), and with none.
"""

from __future__ import annotations

import asyncio
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from itertools import count
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryDirectory

from storage.database.opening import migrate
from storage.database.sqlite import Connection, sqlite3
from tests import ROOT
from tests.proof.figures import Figure
from tests.proof.worlds.forgetful_disk import SURVIVAL, ForgetfulDisk

FIRST = ROOT / "tests" / "proof" / "schemas" / "first_schema.sql"
DATABASE = "innspill.db"

_UPGRADE = (
    "import sys; from storage.database.opening import migrate; print('ready', flush=True); sys.stdin.readline();"
    "migrate(sys.argv[1])"
)
_APPLIED_AT = re.compile(r"'\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00'")


def make_first(folder: Path) -> None:
    """A database of the first schema, with what people had said by then."""
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.executescript(FIRST.read_text(encoding="utf-8"))
        db.execute("PRAGMA journal_mode = WAL")


def make_nothing(folder: Path) -> None:
    """No database."""


def contents(db: Connection) -> list[str]:
    """All that a database holds, but for the times of its upgrades."""
    schema = db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()
    found = [str(row) for row in schema]
    for name in (name for kind, name, _ in schema if kind == "table"):
        found += sorted(f"{name}: {row}" for row in db.execute(f'SELECT * FROM "{name}"'))
    return [_APPLIED_AT.sub("''", line) for line in found]


def upgraded(folder: Path) -> list[str]:
    """What a database holds after the upgrade."""
    migrate(folder / DATABASE)
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        return contents(db)


def examine(image: Path, old: list[str], new: list[str]) -> str:
    """`old` or `new`: which of the two is left. Raises AssertionError where it is neither, or cannot be upgraded."""
    with TemporaryDirectory() as folder:
        left = Path(folder) / "left"
        shutil.copytree(image, left)
        with closing(sqlite3.connect(left / DATABASE)) as db:
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert db.execute("PRAGMA foreign_key_check").fetchone() is None
            found = contents(db)
        assert found in (old, new), "neither the old database nor the new one"
        after = upgraded(left)
        assert after == new, f"what was left cannot be upgraded: {sorted(set(after) ^ set(new))[:3]}"
        return "new" if found == new else "old"


async def cut_off(folder: Path, start: Path, number: int, survival: str) -> Path | None:
    """Upgrade a copy of `start`, killed in place of its change `number`: what is left. None: it had ended by then."""
    async with ForgetfulDisk(folder, start) as disk:
        command = (sys.executable, "-c", _UPGRADE, str(disk.folder / DATABASE))
        upgrade = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)
        assert upgrade.stdout is not None
        assert await upgrade.stdout.readline() == b"ready\n"
        await disk.cut(pid=upgrade.pid, after=number, survival=survival, seed=number)
        await upgrade.communicate(b"\n")
        if disk.is_up and upgrade.returncode == 0:
            return None
        await disk.lost()
        return disk.image


async def _upgrades(place: Path, make: Callable[[Path], None], step: int) -> Counter[str]:
    """What becomes of upgrades that are ended at each `step`th change: killed, without power, or each in turn."""
    start, finished = place / make.__name__, place / f"{make.__name__} upgraded"
    start.mkdir()
    make(start)
    with closing(sqlite3.connect(start / DATABASE if any(start.iterdir()) else ":memory:")) as db:
        old = contents(db)
    shutil.copytree(start, finished)
    new = upgraded(finished)
    assert old != new
    outcomes: Counter[str] = Counter()
    for number in count(1, step):
        for survival in SURVIVAL if step == 1 else (SURVIVAL[number // step % len(SURVIVAL)],):
            left = await cut_off(place / f"{make.__name__} {number} {survival}", start, number, survival)
            if left is None:
                return outcomes
            # Killed: what was written is there. Without power: nothing, or any part of it.
            how = "killed" if survival == "everything" else "without power"
            outcomes[f"{how} in a write: the {examine(left, old, new)} database is there, whole"] += 1
    raise AssertionError("an upgrade never ends")


async def run(scale: float) -> list[Figure]:
    """Every write of the upgrade is tried at full scale; at a smaller one, so large a part of them."""
    step = max(1, round(1 / scale))
    with TemporaryDirectory() as place:
        outcomes = await _upgrades(Path(place), make_first, step) + await _upgrades(Path(place), make_nothing, step)
    return [
        *(Figure("migrations", what, times, "upgrades") for what, times in sorted(outcomes.items())),
        Figure("migrations", "neither is there, or it cannot be upgraded", 0, "upgrades"),
    ]
