"""Slow connections: half a header, half a body, nothing at all, many at once, while people send in in the web chat.

The program as it is installed, with 128 file descriptors. Whoever opens connections comes from other addresses of
loopback than the people do, or from the same one.
"""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.proof import power
from tests.proof.figures import Figure
from tests.proof.worlds.web_people import Visits
from tests.running.running_program import RunningProgram

AT_ONCE = 8
DESCRIPTORS = 128
SECONDS = 75.0

# So many connections are held by those who finish nothing, as far as they are let in.
HELD = 300

# Nobody waits for longer for one page beside them: seconds.
LONGEST = 10.0

HALVES = {
    "nothing": b"",
    "half a header": b"GET / HTTP/1.1\r\nHost: x\r\n",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 9000\r\n\r\ntext=",
}
_DRIP = b"x"  # a byte now and then, so that they are not idle


class Slow:
    """Those who open connections, say half of something, and then a byte now and then."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.opened: Counter[str] = Counter()
        self.cut: Counter[str] = Counter()
        self.open_now = self.most_at_once = 0

    async def hold(self, over: asyncio.Event) -> None:
        """As many as there can be, anew where one is cut off."""
        async with asyncio.TaskGroup() as group:
            for number in range(HELD):
                group.create_task(self._one(number, list(HALVES)[number % len(HALVES)], over))

    async def _one(self, number: int, half: str, over: asyncio.Event) -> None:
        # One third comes from where the people come from.
        address = f"127.0.0.{number % 9 + 1}"
        while not over.is_set():
            with suppress(OSError, TimeoutError):
                async with asyncio.timeout(5):
                    reader, writer = await asyncio.open_connection("127.0.0.1", self._port, local_addr=(address, 0))
                try:
                    self._count(half, 1)
                    writer.write(HALVES[half])
                    await self._drip(reader, writer, half, over)
                    self.cut[half] += not over.is_set()
                finally:
                    self._count(half, -1)
                    writer.transport.abort()
            await asyncio.sleep(1)

    async def _drip(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, half: str, over: asyncio.Event
    ) -> None:
        """Until we are cut off."""
        while not over.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    if not await reader.read(1):
                        return
            if half != "nothing":
                writer.write(_DRIP)

    def _count(self, half: str, change: int) -> None:
        self.open_now += change
        self.most_at_once = max(self.most_at_once, self.open_now)
        self.opened[half] += change > 0


async def run(scale: float) -> list[Figure]:
    """People talk beside the slow ones for a while. Raises AssertionError where somebody does not get through."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "innspill.db"
        settings = {"INNSPILL_DATABASE": str(database), "INNSPILL_ENTITY_REGISTER": "stand-in"}
        async with RunningProgram(settings, descriptors=DESCRIPTORS) as program:
            slow, visits, over = Slow(program.port), Visits(program.url), asyncio.Event()

            async def for_a_while() -> None:
                await asyncio.sleep(max(8.0, SECONDS * scale))
                visits.over.set()

            async def people() -> None:
                await asyncio.gather(for_a_while(), visits.talk(AT_ONCE))
                over.set()

            begun = time.monotonic()
            await asyncio.gather(slow.hold(over), people())
            seconds = time.monotonic() - begun
            assert await program.stop() == 0, program.errors
        power.compare(power.exported(database), visits.people)
    assert "Traceback" not in program.errors, program.errors[:2000]
    assert len(program.errors) < 1000, program.errors[:2000]
    assert visits.longest < LONGEST, f"somebody waited for {visits.longest:.1f} s"
    for half in HALVES:
        assert slow.cut[half], f"nobody with {half} had to give way"
    return [
        Figure("connections", "file descriptors of the program", DESCRIPTORS, ""),
        *(Figure("connections", f"opened with {half}", slow.opened[half], "connections") for half in HALVES),
        *(Figure("connections", f"… of these gave way, {half}", slow.cut[half], "connections") for half in HALVES),
        Figure("connections", "seconds of it", round(seconds), "s"),
        Figure("connections", "responses that got through", len(visits.people), "responses"),
        Figure("connections", "confirmed in all", visits.confirmed, "answers"),
        Figure("connections", "the longest that somebody waited for a page", round(visits.longest, 1), "s"),
        Figure("connections", "tried again because a connection broke off", visits.statuses["broken off"], "times"),
        Figure("connections", "answers in a wrong field, lost, or stored twice", 0, "answers"),
        Figure("connections", "people who did not get through", 0, "people"),
    ]
