"""The staff desk at 100,000 responses: a page and a search as a browser gets them, and who talks while it exports."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.config import load
from bot.exporting.process import Order
from bot.staff.downloads.running import ExportJobs
from bot.staff.roles import Role
from storage.database.opening import open_for_writing
from storage.responses.selection import Selection
from tests.bench import people
from tests.bench.measuring import Effort, Row, alone, wanted
from tests.bench.ours import OurBot
from tests.bench.stored import stored_database
from tests.staff.desk import Browser
from tests.staff.examples import desk_of

TITLE = "The staff desk at 100,000 responses"

RESPONSES = 100_000
PERSONS = 200
FORMAT = "xlsx"
"""The slowest of those that hold everything."""

_SEARCHES = (
    ("a word that all have", {"words": "skoleveien"}),
    ("a beginning", {"words": "sko fort"}),
    ("a beginning, of those that stand", {"words": "sko fort", "status": "received"}),
    ("a word that few have", {"words": "ord77"}),
)
_TIMES = 11


def varied_database(path: Path, count: int) -> None:
    """A database with `count` responses, each with one of 1,000 words; one of 50 was withdrawn."""
    stored_database(path, count)
    with closing(open_for_writing(path)) as db:
        setting = "INSERT INTO responses_search (responses_search, rank) VALUES ('secure-delete', ?)"
        db.execute(setting, (0,))  # it takes minutes to see to it that nothing is left of 100,000 made-up texts
        db.execute("BEGIN IMMEDIATE")
        status = "iif(id % 50, 'received', 'withdrawn')"
        db.execute(f"UPDATE responses SET text = text || ' ord' || (id % 1000), status = {status}")
        db.execute("COMMIT")
        db.execute(setting, (1,))


def pages(path: Path) -> dict[str, float]:
    """Seconds that each page takes, the middle one of some."""

    async def measure() -> dict[str, float]:
        async with desk_of(path) as stage:
            reader = await stage.browser(Role.READER)
            found = {"the first page": await _seconds(lambda: reader.open("responses"))}
            far = f"responses?order=respondent&after={RESPONSES // 2}"
            found["a page in the middle, by respondent"] = await _seconds(lambda: reader.open(far))
            found["the front page"] = await _seconds(lambda: reader.open(""))
            for what, fields in _SEARCHES:
                found[f"search: {what}"] = await _seconds(lambda fields=fields: _search(reader, fields))  # type: ignore[misc]  # mypy knows no default here
            return found

    return asyncio.run(measure())


async def _search(reader: Browser, fields: Mapping[str, str]) -> str:
    """From the press of the button to the page with the hits."""
    await reader.post("responses", fields)
    return reader.html


async def _seconds(act: Callable[[], Awaitable[str]]) -> float:
    taken = []
    for _ in range(_TIMES):
        began = time.perf_counter()
        await act()
        taken.append(time.perf_counter() - began)
    return median(taken)


def talking(path: Path, newcomers: range, *, exports: bool) -> float:
    """Seconds from a message to its answer, the middle one; with an export that runs all the time, if so wanted.

    `newcomers` have not talked yet.
    """

    async def measure() -> float:
        jobs, taken = ExportJobs(), list[float]()
        order = Order(load({"INNSPILL_DATABASE": str(path)}), FORMAT, Selection(), "nb")
        async with OurBot(path) as bot:

            async def talk(person: int) -> None:
                for raw in people.updates(person):
                    began = time.perf_counter()
                    answered = bot.transport.next_message(people.chat_of(person))
                    await bot.handle(raw)
                    await answered
                    taken.append(time.perf_counter() - began)
                    if exports and all(job.is_over for job in jobs.of("bench")):
                        jobs.start("bench", order, "bench", Selection())

            if exports:
                jobs.start("bench", order, "bench", Selection())
                await asyncio.sleep(2)  # it is under way
            await people.in_flight(5, newcomers, talk)
            await jobs.stop()
        return median(taken)

    return asyncio.run(measure())


def run(effort: Effort) -> list[Row]:
    """See the module."""
    count, persons = effort.people(RESPONSES), effort.people(PERSONS)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "innspill.db"
        alone(varied_database, path, count)
        found = alone(pages, path)
        rows = [
            Row(what, f"{seconds * 1000:.0f} ms", "", "", wanted(seconds * 1000, below=100, unit=" ms"))
            for what, seconds in found.items()
        ]
        rounds = []
        for first in range(count, count + 2 * persons * effort.rounds, 2 * persons):
            before, after = range(first, first + persons), range(first + persons, first + 2 * persons)
            quiet = alone(talking, path, before, exports=False)
            rounds.append((quiet, alone(talking, path, after, exports=True)))
    ratio = median(busy / quiet for quiet, busy in rounds)
    without, during = (median(each) * 1000 for each in zip(*rounds, strict=True))
    ours, theirs = f"{during:.1f} ms an answer", f"without it: {without:.1f} ms"
    return [*rows, Row(f"talking while {FORMAT} is written", ours, theirs, f"{ratio:.2f}", wanted(ratio, below=1.5))]
