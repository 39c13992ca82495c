"""Power cuts: the program as it is installed, on a disk that forgets, cut in the middle of a write, again and again.

People answer in the web chat, many at once. What the program took (303) is confirmed. After each cut what is left on
the disk is examined, the program starts on it, and everybody goes on where they were.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Mapping
from contextlib import AsyncExitStack, closing, suppress
from pathlib import Path
from random import Random  # noqa: TID251 - seeded, so that a run can be made again
from tempfile import TemporaryDirectory
from typing import Protocol

import aiohttp

from bot.web.visit import Visitor
from dialogs import journey
from dialogs.consultation_response import FORM
from storage.conversations import conversations
from storage.database.sqlite import sqlite3
from tests.channels.web.plain_browser import Page
from tests.proof.figures import Figure
from tests.proof.worlds.forgetful_disk import ForgetfulDisk
from tests.running.running_program import INNSPILL, RunningProgram

PEOPLE = 210
AT_ONCE = 20
DATABASE = "innspill.db"

# Of which file at most how many changes pass until the power goes, and after how many seconds it goes anyhow. The
# database itself changes at checkpoints only.
_PLANS = ((DATABASE, 40, 1.0), *4 * (("-wal", 30, 0.1), ("", 40, 0.1)))
_SHORT_ONES_FIRST = 8
_NEVER = 1 << 60

# The cuts that leave everything are those of the process alone; the proof of kills has more of them.
_SURVIVAL = ("nothing", "nothing", "some", "some", "everything")

# The step that each press of a button answers; the field is filled in first where there is something to fill in.
_SCRIPT = (
    ("", "Svar på saken"),
    ("respondent_type", "Privatperson"),
    ("address", "Hopp over"),
    ("email", "Neste"),
    ("phone", "Hopp over"),
    ("first_name", "Neste"),
    ("last_name", "Neste"),
    ("text", "Ferdig"),
    ("", "Send inn"),
)


class Seated(Protocol):
    """What people need of where they sit."""

    async def get(self, http: aiohttp.ClientSession, path: str) -> str:
        """A page."""
        ...

    async def post(self, http: aiohttp.ClientSession, form: dict[str, str]) -> None:
        """Return when it is confirmed."""
        ...


class Person:
    """Somebody who answers nine times in the web chat, and tries again until each answer is taken."""

    def __init__(self, number: int, seat: Seated) -> None:
        self._seat = seat
        letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
        self.expected = {
            "email": f"kari{number}@example.no",
            "first_name": f"Kari{letters}",
            "last_name": f"Nordmann{letters}",
            "text": f"Svar fra Kari {number}.\n\nVi vil ha fortau.",
        }
        self.confirmed: dict[str, str | None] = {}
        self.answers = 0
        self.reference: str | None = None
        self.address = ""

    async def talk(self) -> None:
        """The whole conversation."""
        jar = aiohttp.CookieJar(unsafe=True)
        async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(15)) as http:
            page = await self._page(http, "/?c=1")
            self.address = Visitor(next(cookie.value for cookie in jar)).address
            for step, label in _SCRIPT:
                assert label in page.labels, (
                    f"an answer was confirmed and is gone: {label!r} is not on {page.heading!r}"
                )
                form = page.form(label, self.expected.get(step))
                await self._seat.post(http, form)
                self.answers += 1
                if step:
                    self.confirmed[step] = self.expected.get(step)
                page = await self._page(http, "/")
        receipt = re.search(r"Kvitteringsnummer\s+(\w{8})", page.text)
        assert receipt, f"no receipt after sending in: {page.text}"
        self.reference = receipt[1]

    async def _page(self, http: aiohttp.ClientSession, path: str) -> Page:
        return Page(200, await self._seat.get(http, path))


class Seat:
    """Where people sit while the power comes and goes: what they do is done again until it is answered."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.light = asyncio.Event()

    async def get(self, http: aiohttp.ClientSession, path: str) -> str:
        """A page."""
        while True:
            await self.light.wait()
            with suppress(aiohttp.ClientError, TimeoutError):
                async with http.get(self._url + path) as response:
                    if response.status == 200:
                        return await response.text()
            await asyncio.sleep(0.02)

    async def post(self, http: aiohttp.ClientSession, form: dict[str, str]) -> None:
        """Return when it is confirmed."""
        while True:
            await self.light.wait()
            with suppress(aiohttp.ClientError, TimeoutError):
                async with http.post(self._url, data=form, allow_redirects=False) as response:
                    if response.status == 303:
                        return
                    assert response.status == 503, f"{response.status} to {form}: {await response.text()}"
            await asyncio.sleep(0.02)


class Outages:
    """One program on one forgetful disk, and what has been seen of the cuts."""

    def __init__(self, disk: ForgetfulDisk, settings: Mapping[str, str], people: list[Person], seed: int) -> None:
        self._disk = disk
        self._people = people
        self._random = Random(seed)
        own = {"INNSPILL_DATABASE": str(disk.folder / DATABASE), "INNSPILL_ENTITY_REGISTER": "stand-in"}
        self.program = RunningProgram({**own, **settings})
        self.cuts: Counter[str] = Counter()

    async def go_on(self, seat: Seat, done: asyncio.Event) -> None:
        """Start the program, cut the power, look at what is left, and again, until everybody is done."""
        async with AsyncExitStack() as stack:
            stack.push_async_exit(self.program)
            await self.program.start()
            while not done.is_set():
                seat.light.set()
                of, up_to, seconds = self._random.choice(
                    _PLANS if sum(self.cuts.values()) > _SHORT_ONES_FIRST else _PLANS[1:]
                )
                await self._plan(of, up_to)
                if not await self._is_lost(seconds, done):
                    await self._plan("", 20)
                if await self._is_lost(math.inf, done):
                    await self._back(seat)
            await self._disk.cut(after=_NEVER)
            await self.program.stop()

    async def _is_lost(self, seconds: float, done: asyncio.Event) -> bool:
        """Wait until the power goes, for so many seconds at most, or until everybody is done."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while self._disk.is_up and not done.is_set() and loop.time() < begun + seconds:  # noqa: ASYNC110 - the disk ends by itself
            await asyncio.sleep(0.01)
        return not self._disk.is_up

    async def _plan(self, of: str, up_to: int) -> None:
        survival, seed = self._random.choice(_SURVIVAL), self._random.randrange(1 << 30)
        after = 1 + self._random.randrange(up_to)
        await self._disk.cut(pid=self.program.pid, seed=seed, survival=survival, after=after, of=of)

    async def _back(self, seat: Seat) -> None:
        """What is left is whole; and the light goes on again, if need be at the third attempt."""
        while True:
            seat.light.clear()
            name = await self._disk.lost()
            await self.program.ends()
            self.program.output = ""
            self.cuts["in the database" if name == DATABASE else "in the log" if name.endswith("-wal") else "else"] += 1
            examine(self._disk.image, self._people)
            await self._disk.mount()
            if self._random.random() < 0.8:
                await self.program.start()
                return
            await self._cut_while_starting()

    async def _cut_while_starting(self) -> None:
        before = self.program.pid

        async def cut() -> None:
            while self.program.pid == before:  # noqa: ASYNC110 - a process tells nobody that it has begun
                await asyncio.sleep(0.002)
            await self._plan("", 30)

        self.cuts["while starting"] += 1
        outcomes = await asyncio.gather(self.program.start(), cut(), return_exceptions=True)
        assert not isinstance(outcomes[1], BaseException), outcomes[1]
        if outcomes[0] is None:
            await self._plan("", 1)
            with suppress(ProcessLookupError):
                await self.program.stop()


def examine(image: Path, people: list[Person]) -> None:
    """Raise AssertionError unless a copy of what is left is sound and holds all that was confirmed."""
    with TemporaryDirectory() as folder:
        copy = Path(folder) / "image"
        shutil.copytree(image, copy)
        with closing(sqlite3.connect(copy / DATABASE)) as db:
            try:
                complaint = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
                assert complaint == "ok", f"the database is damaged: {complaint}"
                for person in people:
                    _examine(db, person)
            except sqlite3.Error as error:
                raise AssertionError(f"the database is damaged: {error}") from error


def _examine(db: sqlite3.Connection, person: Person) -> None:
    if not person.answers:
        return
    found = conversations.find(db, "web", person.address)
    assert found is not None, f"a conversation of {person.answers} confirmed answers is gone"
    sent = db.execute("SELECT count(*) FROM responses WHERE conversation_id = ?", (found.id,)).fetchone()[0]
    if sent:  # all of it is compared in the end
        assert sent == 1, f"{sent} responses of one person"
        return
    assert person.reference is None, f"a response that was confirmed is gone: {person.reference}"
    assert found.session is not None
    answers = journey.from_json(FORM, found.session, "nb").answers
    for step, value in person.confirmed.items():
        slots = [slot for slot in answers.get(step, {}).values() if slot.settled or slot.value or slot.state]
        assert slots, f"the answer to {step} was confirmed and is gone"
        stored = json.dumps([(slot.value, slot.state) for slot in slots], ensure_ascii=False)
        assert value is None or json.dumps(value, ensure_ascii=False)[1:-1] in stored, f"{step} is another: {stored}"


def compare(rows: list[dict[str, object]], people: list[Person]) -> None:
    """Raise AssertionError unless the export holds each person's response, once, with every answer in its field."""
    found = {row["reference"]: row for row in rows}
    assert len(found) == len(rows) == len(people), f"{len(rows)} responses of {len(people)} people"
    for person in people:
        row = found[person.reference]
        assert {key: row[key] for key in person.expected} == person.expected
        assert (row["respondent_type"], row["address"], row["phone"]) == ("private_person", None, None)


def exported(database: Path) -> list[dict[str, object]]:
    """What `innspill export` writes."""
    command = [str(INNSPILL), "export", "--format", "json"]
    done = subprocess.run(command, env={"INNSPILL_DATABASE": str(database)}, capture_output=True, check=True)
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


async def run(scale: float, settings: Mapping[str, str] | None = None, seed: int = 1) -> list[Figure]:
    """Nothing that was confirmed is lost to a power cut; `settings` are more of the program's environment."""
    with TemporaryDirectory() as folder:
        async with ForgetfulDisk(Path(folder)) as disk:
            people: list[Person] = []
            outages = Outages(disk, settings or {}, people, seed)
            seat, done, room = Seat(outages.program.url), asyncio.Event(), asyncio.Semaphore(AT_ONCE)
            people += [Person(number, seat) for number in range(max(AT_ONCE, round(PEOPLE * scale)))]

            async def talk(person: Person) -> None:
                async with room:
                    await person.talk()

            async def everybody() -> None:
                await asyncio.gather(*map(talk, people))
                done.set()

            async with asyncio.timeout(1200), asyncio.TaskGroup() as group:
                group.create_task(everybody())
                group.create_task(outages.go_on(seat, done))
            compare(exported(disk.folder / DATABASE), people)
    cuts = sum(outages.cuts.values()) - outages.cuts["while starting"]
    return [
        Figure("power", "confirmed across power cuts", sum(person.answers for person in people), "answers"),
        Figure("power", "lost, in the wrong field, or stored twice", 0, "answers"),
        Figure("power", "the power was cut in the middle of a write", cuts, "times"),
        *(Figure("power", f"… of these {where}", count, "times") for where, count in sorted(outages.cuts.items())),
    ]
