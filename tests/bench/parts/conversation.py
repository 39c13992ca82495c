"""The same conversation of four questions with the same null transport: ours, durable, beside three others."""

from __future__ import annotations

import asyncio
import shutil
import time
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench import people
from tests.bench.measuring import Effort, Rates, Row, alone, interleaved, wanted

TITLE = "A conversation of four questions, from the bytes of each update to its answer sent"

LINES = len(people.CONVERSATION)
WARMING_UP = range(-people.WARM_UP, 0)
STORED = 1_000
"""People whom the pickle knows."""


def ours(count: int, persons: int) -> float:
    """Exchanges a second, `count` conversations in flight: each durable, and its answer marked sent."""
    from tests.bench.ours import OurBot, new_database

    async def measure(path: Path) -> float:
        async with OurBot(new_database(path)) as bot:
            await people.in_flight(count, WARMING_UP, bot.talk)
            began = time.perf_counter()
            await people.in_flight(count, range(persons), bot.talk)
            await bot.finish()
            seconds = time.perf_counter() - began
            await bot.check()
            bot.check_responses(persons + people.WARM_UP)
        return persons * LINES / seconds

    with TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder) / "innspill.db"))


def conversation_handler(count: int, persons: int, pickle: Path | None = None) -> float:
    """Updates a second through ConversationHandler; with `pickle` all that it knows is written after each update."""
    from tests.bench.conversation_handler import ConversationHandlerBot

    async def measure() -> float:
        async with ConversationHandlerBot(pickle=pickle) as bot:
            await bot.talk(WARMING_UP)
            before = bot.received
            began = time.perf_counter()
            for first in range(STORED, STORED + persons, count):
                await bot.talk(range(first, min(first + count, STORED + persons)))
            seconds = time.perf_counter() - began
            assert bot.received - before == persons
        return persons * LINES / seconds

    return asyncio.run(measure())


def state_machine(count: int, persons: int) -> float:
    """Updates a second through aiogram's state machine in memory."""
    from tests.bench.state_machine import StateMachineBot

    async def measure() -> float:
        bot = StateMachineBot()
        await bot.talk(WARMING_UP)
        bot.responses.clear()
        began = time.perf_counter()
        for first in range(0, persons, count):
            await bot.talk(range(first, min(first + count, persons)))
        seconds = time.perf_counter() - began
        assert len(bot.responses) == persons
        return persons * LINES / seconds

    return asyncio.run(measure())


def fill_pickle(path: Path) -> None:
    """Write what the library keeps of STORED people."""
    from tests.bench.conversation_handler import ConversationHandlerBot

    async def fill() -> None:
        async with ConversationHandlerBot(pickle=path) as bot:
            await bot.learn(range(STORED))

    asyncio.run(fill())


def run(effort: Effort) -> list[Row]:
    """See the module."""
    persons, few = effort.people(600), effort.people(20)
    with TemporaryDirectory() as folder:
        filled = Path(folder) / "filled"
        alone(fill_pickle, filled)

        def pickled(number: int) -> float:
            own = shutil.copy(filled, filled.with_name(f"round-{number}"))
            return alone(conversation_handler, 1, few, Path(own))

        rates = interleaved(
            effort.rounds,
            lambda _: alone(ours, 1, few),
            lambda _: alone(ours, 100, persons),
            lambda _: alone(ours, 500, effort.people(1000)),
            lambda _: alone(conversation_handler, 100, persons),
            pickled,
            *([lambda _: alone(state_machine, 100, persons)] if find_spec("aiogram") else []),
        )
    one, hundred, five_hundred, handler, pickle, *others = rates
    memory, written = "ConversationHandler, in memory", f"ConversationHandler, pickle of {STORED:,} written each time"
    rows = [
        _row(1, one, memory, handler),
        _row(100, hundred, memory, handler, at_least=1.0),
        _row(500, five_hundred, memory, handler),
        _row(100, hundred, written, pickle, at_least=20.0),
    ]
    return rows + [_row(100, hundred, "aiogram's FSM, in memory", machine) for machine in others]


def _row(count: int, own: Rates, peer: str, other: Rates, *, at_least: float | None = None) -> Row:
    ratio = own.ratio(other)
    promised = "" if at_least is None else wanted(ratio, at_least=at_least)
    theirs = f"{peer}: {other.median:,.0f}/s"
    return Row(f"durable, {count} in flight", f"{own.median:,.0f}/s", theirs, f"{ratio:.2f}", promised)
