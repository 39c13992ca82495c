"""Damage: pages and bits of a database and of its backups changed by the disk, and every command that has to notice.

A change that leaves all that is stored as it was (in free room, say) is told apart by reading the pages without SQLite.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random  # noqa: TID251 - seeded: the same pages are damaged each time
from tempfile import TemporaryDirectory
from typing import NamedTuple

from click.testing import Result

from storage.conversations import conversations
from storage.database.opening import transaction
from storage.database.sqlite import sqlite3
from storage.responses import responses
from storage.responses.responses import NewResponse
from storage.staff import audit
from tests.commands.command_line import RECEIVED_AT, CommandLine
from tests.proof.figures import Figure
from tests.proof.worlds import pages
from tests.proof.worlds.pages import SIZE, Page, Stored, Unreadable

RESPONSES = 400
EACH_LONG = 12
CASES = 240

# Where there is damage, in turn.
TEXTS = "texts of responses"
LONG, ROWS, INDEXES = "pages on which long responses go on", "pages of responses", "pages of indexes"
INNER, LOG = "inner pages", "pages of the audit log"
WHERE = (TEXTS, LONG, ROWS, INDEXES, INNER, LOG)

UNCHANGED = "nothing that is stored was changed, and so not counted"

Change = Callable[[bytearray, Page, Page, Random], None]


# --- What the disk does --------------------------------------------------------------------------------------


def _inside(page: Page) -> slice:
    """What an overflow page holds, behind the number of the one that follows; of any other all of it."""
    return slice(page.begin + (4 if page.kind == "overflow" else 0), page.begin + SIZE)


def _zeroed(content: bytearray, page: Page, _other: Page, _random: Random) -> None:
    inside = _inside(page)
    content[inside] = bytes(inside.stop - inside.start)


def _randomised(content: bytearray, page: Page, _other: Page, random: Random) -> None:
    inside = _inside(page)
    content[inside] = random.randbytes(inside.stop - inside.start)


def _neighbours(content: bytearray, page: Page, other: Page, _random: Random) -> None:
    content[_inside(page)] = content[_inside(other)]


def _swapped(content: bytearray, page: Page, other: Page, _random: Random) -> None:
    content[_inside(page)], content[_inside(other)] = content[_inside(other)], content[_inside(page)]


def _torn(content: bytearray, page: Page, other: Page, _random: Random) -> None:
    """The second half is another page's."""
    content[page.begin + SIZE // 2 : page.begin + SIZE] = content[other.begin + SIZE // 2 : other.begin + SIZE]


def _one_bit(content: bytearray, page: Page, _other: Page, random: Random) -> None:
    content[page.begin + random.randrange(SIZE)] ^= 1 << random.randrange(8)


CHANGES: dict[str, Change] = {
    "zeroed": _zeroed,
    "random": _randomised,
    "a neighbour's": _neighbours,
    "swapped with a neighbour": _swapped,
    "torn": _torn,
    "one bit": _one_bit,
}


# --- Where -------------------------------------------------------------------------------------------------


def _sites(stored: Stored, tables: dict[str, str]) -> dict[str, list[Page]]:
    """The pages of each kind. `tables`: of each index its table, of each table itself."""
    found: dict[str, list[Page]] = {where: [] for where in WHERE}
    for page in stored.pages:
        table = tables.get(page.tree, "")
        if page.kind == "overflow" and table == "responses":
            found[LONG].append(page)
        elif page.kind == "inner":
            found[INNER].append(page)
        elif table == "audit_log" and page.tree == table:
            found[LOG].append(page)
        elif page.tree != table and page.kind == "leaf":
            found[INDEXES].append(page)
        elif table in ("responses", "response_answers", "response_digests") and page.kind == "leaf":
            found[ROWS].append(page)
    return found


class Case(NamedTuple):
    """One database that was damaged: what was done to it, and where."""

    where: str
    how: str
    content: bytes
    is_changed: bool

    def __str__(self) -> str:
        return f"{self.where}: {self.how}"


class Original:
    """A sound database (or backup), from which damaged ones are made."""

    def __init__(self, path: Path) -> None:
        self.content = path.read_bytes()
        with closing(sqlite3.connect(path)) as db:
            self._tables = dict(db.execute("SELECT name, tbl_name FROM sqlite_schema"))
        self._trees = pages.roots(path)
        self._stored = pages.read(self.content, self._trees)
        self._sites = _sites(self._stored, self._tables)
        self._texts = [
            place
            for tree in ("responses", "response_answers")
            for cell in self._stored.cells[tree]
            for place in cell.places
        ]

    def case(self, number: int) -> Case:
        """The kinds of place and of damage in turn, each time somewhere else."""
        random = Random(number)
        content = bytearray(self.content)
        where = WHERE[number % len(WHERE)]
        if where == TEXTS:
            begin, length = random.choice(self._texts)
            content[begin + random.randrange(length)] ^= 1 << random.randrange(8)
            how = "one bit"
        else:
            how = list(CHANGES)[number // len(WHERE) % len(CHANGES)]
            page = random.choice(self._sites[where])
            like = [each for each in self._sites[where] if each.tree == page.tree and each != page]
            other = random.choice(like or [each for each in self._stored.pages if each.number != page.number])
            CHANGES[how](content, page, other, random)
            where = f"{where} ({page.tree}, {page.number}, {other.number})"
        return Case(where, how, bytes(content), self._is_changed(bytes(content)))

    def _is_changed(self, content: bytes) -> bool:
        try:
            return not pages.read(content, self._trees).same(self._stored)
        except Unreadable:
            return True


class Bench:
    """A database with a good backup, and a place where damaged ones are put under the commands."""

    def __init__(self, folder: Path) -> None:
        self._place = folder / "place"
        made = _filled(folder)
        copy = folder / "copy.db"
        made.says("backup", copy)
        self.exported = made.says("export", "--format", "json")
        with closing(sqlite3.connect(made.database)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.live, self.copy = Original(made.database), Original(copy)

    def ways_past(self, number: int) -> Iterator[tuple[str, Case]]:
        """The commands that do not notice; each damaged database is another one."""
        damaged, copy = self.live.case(number), self.copy.case(number)
        if damaged.is_changed:
            yield from ((command, damaged) for command in self._past(damaged))
        if copy.is_changed and self._restores(copy):
            yield "restore", copy

    def _past(self, damaged: Case) -> Iterator[str]:
        examined = self._run(damaged.content, "doctor")
        if examined.exit_code != 1 or "wrong " not in examined.stdout:
            yield "doctor"
        if self._run(damaged.content, "backup", self._place / "copy.db").exit_code == 0:
            yield "backup"
        assert (self._place / "copy.db").read_bytes() == self.copy.content, f"{damaged}: a good copy was replaced"
        exported = self._place / "responses.json"
        done = self._run(damaged.content, "export", "--format", "json", "--output", exported)
        assert done.exit_code == 0 or not exported.exists(), f"{damaged}: it exported and refused"
        if done.exit_code == 0 and exported.read_text(encoding="utf-8") != self.exported:
            yield "export"

    def _restores(self, damaged: Case) -> bool:
        done = self._run(self.live.content, "restore", self._place / "copy.db", copy=damaged.content)
        is_kept = (self._place / "innspill.db").read_bytes() == self.live.content
        assert done.exit_code == 0 or is_kept, f"{damaged}: a good database was replaced"
        return done.exit_code == 0

    def _run(self, database: bytes, *command: str | Path, copy: bytes | None = None) -> Result:
        """The command on these files, which lie in an empty folder. It ends in order, and quotes nobody."""
        shutil.rmtree(self._place, ignore_errors=True)
        self._place.mkdir()
        innspill = CommandLine(self._place, INNSPILL_ENTITY_REGISTER="stand-in")
        innspill.database.write_bytes(database)
        (self._place / "copy.db").write_bytes(copy or self.copy.content)
        # `doctor` runs an event loop of its own, which nobody can in the thread of another; `export` minds signals.
        done = in_a_thread(partial(innspill, *command)) if command[0] == "doctor" else innspill(*command)
        assert done.exception is None or isinstance(done.exception, SystemExit), f"{command}: {done.exception!r}"
        assert done.exit_code == 0 or not any(word in done.output for word in ("Kari", "fortau")), done.output
        return done


def in_a_thread(call: Callable[[], Result]) -> Result:
    """Call it there, and wait for it."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(call).result()


def _filled(folder: Path) -> CommandLine:
    """With so many responses that their trees have inner pages, some of them long, and a long audit log."""
    innspill = CommandLine(folder, INNSPILL_ENTITY_REGISTER="stand-in")
    consultation = innspill.add_consultation(closes="2099-12-31")
    with transaction(innspill.database) as db:
        for number in range(RESPONSES):
            person = conversations.find_or_open(db, "terminal", str(number), RECEIVED_AT)
            sentence = f"Svar {number} fra Kari: vi vil ha fortau. "
            new = NewResponse(
                conversation_id=person.id,
                draft="d1",
                consultation_id=consultation,
                received_at=RECEIVED_AT + timedelta(seconds=number),
                channel="terminal",
                locale="nb",
                form_version=1,
                respondent_type="private_person",
                first_name="Kari",
                last_name="Nordmann",
                email=f"kari{number}@example.no",
                text=sentence * (400 if number % EACH_LONG == 0 else 3),
            )
            responses.insert(db, new, partial("R{:07}".format, number))
            audit.record(db, RECEIVED_AT, "kari@example.no", "response.viewed", f"R{number:07}")
    assert in_a_thread(partial(innspill, "doctor")).exit_code == 0
    return innspill


def _try_all(count: int) -> tuple[Counter[str], list[str]]:
    met, past = Counter[str](), list[str]()
    with TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        for number in range(count):
            for original in (bench.live, bench.copy):
                case = original.case(number)
                place = case.where.partition(" (")[0]
                met[f"{place}: {case.how}" if case.is_changed else UNCHANGED] += 1
            past += [f"{command} after {case}" for command, case in bench.ways_past(number)]
    return met, past


async def run(scale: float) -> list[Figure]:
    """So many databases and backups, each damaged in one place. Raises AssertionError where one is not noticed."""
    met, past = _try_all(max(len(WHERE), round(CASES * scale)))
    assert not past, f"{len(past)} not noticed: {past[:12]}"
    unmet = [where for where in WHERE if not any(each.startswith(f"{where}:") for each in met)]
    assert not unmet, f"never damaged: {unmet}"
    return [
        Figure("damage", "damaged, in one place each", sum(met.values()) - met[UNCHANGED], "databases and backups"),
        *(Figure("damage", what, times, "times") for what, times in sorted(met.items())),
        Figure("damage", "not noticed by doctor, backup or restore, or exported otherwise", 0, "times"),
        Figure("damage", "a good copy or database replaced by a damaged one", 0, "times"),
    ]
