"""200 people say /start at once, and Telegram takes 20 ms for each call: how long the last of them waits."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import people
from tests.bench.measuring import Effort, Row, alone, interleaved, wanted
from tests.bench.transport import NullTransport

TITLE = "200 people say /start at once, each call of Telegram takes 20 ms"

PEOPLE = 200
LATENCY = 0.02
FULL_BATCH = 100
"""As many updates as Telegram gives at once."""


def _starts(persons: int) -> list[bytes]:
    return [next(people.updates(person)) for person in range(persons)]


def ours(persons: int, *, limited: bool) -> float:
    """Seconds to the last answer; `limited`: with our own sending limits, 30 messages a second over all."""
    from bot.exchange.delivery import Limits
    from tests.bench.ours import NO_LIMITS, OurBot, new_database

    async def warm_up(path: Path) -> None:
        async with OurBot(new_database(path)) as bot:
            await people.in_flight(people.WARM_UP, range(people.WARM_UP), bot.talk)

    async def measure(path: Path) -> float:
        transport, starts = NullTransport(LATENCY), _starts(persons)
        async with OurBot(new_database(path), transport, limits=Limits() if limited else NO_LIMITS) as bot:
            answered = [transport.next_message(people.chat_of(person)) for person in range(persons)]
            began = time.perf_counter()
            for first in range(0, persons, FULL_BATCH):
                await bot.handle(*starts[first : first + FULL_BATCH])
            await asyncio.gather(*answered)
            seconds = time.perf_counter() - began
            await bot.finish()
            await bot.check()
        return seconds

    with TemporaryDirectory() as folder:
        asyncio.run(warm_up(Path(folder) / "warm.db"))
        return asyncio.run(measure(Path(folder) / "innspill.db"))


def conversation_handler(persons: int) -> float:
    """Seconds to the last answer of ConversationHandler, which has to take one update after another."""
    from tests.bench.conversation_handler import ConversationHandlerBot

    async def measure() -> float:
        async with ConversationHandlerBot(NullTransport(LATENCY)) as bot:
            began = time.perf_counter()
            for start in _starts(persons):
                await bot.handle(start)
            return time.perf_counter() - began

    return asyncio.run(measure())


def run(effort: Effort) -> list[Row]:
    """See the module."""
    persons = effort.people(PEOPLE)
    off, on, handler = interleaved(
        effort.rounds,
        lambda _: alone(ours, persons, limited=False),
        lambda _: alone(ours, persons, limited=True),
        lambda _: alone(conversation_handler, persons),
    )
    theirs = f"ConversationHandler, serial: {handler.median:.2f} s"
    promised = wanted(off.median, below=0.3, unit=" s")
    return [
        Row("the last answer, limits off", f"{off.median:.2f} s", theirs, f"{handler.ratio(off):.1f}", promised),
        Row("the last answer, 30 a second over all", f"{on.median:.2f} s", theirs, f"{handler.ratio(on):.1f}"),
    ]
