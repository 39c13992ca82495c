"""Where the time of an exchange goes, and so what limits it: shares of a timed run, laid on the time without clocks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from bot.exchange import service as exchange
from dialogs import engine, journey
from storage.database.sqlite import Connection
from tests.bench import people
from tests.bench.measuring import Effort, Row, alone
from tests.bench.parts.exchanges import compared, events_of, kept, started

TITLE = "The limit: where an exchange's microseconds go, 500 in flight"

IN_FLIGHT = 500
PEOPLE = 2_000

ENGINE = "the engine: what an event makes of a session, and what is said"
STATEMENTS = "SQL but the commit: claim, read and save the conversation, store the response, outbox"
COMMIT = "the commit: the log written and synced, now and then moved into the database"
JSON = "JSON: the session read and written, the message written"
REST = "the rest: threads, futures, and the code between the parts"


class Shares:
    """Seconds by share, gathered by what it wraps; one share's call never lies within another's."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys((ENGINE, STATEMENTS, COMMIT, JSON), 0.0)

    def timed(self, share: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, with the time that it takes put down to `share`."""
        seconds, clock = self.seconds, time.perf_counter

        def measured(*args: Any, **kwargs: Any) -> Any:
            began = clock()
            try:
                return work(*args, **kwargs)
            finally:
                seconds[share] += clock() - began

        return measured


class _TimedConnection:
    """A connection whose statements are timed; all else is the connection's own."""

    def __init__(self, connection: Connection, shares: Shares) -> None:
        self._connection = connection
        self._statement = shares.timed(STATEMENTS, connection.execute)
        self._commit = shares.timed(COMMIT, connection.execute)

    def execute(self, sql: str, *values: Any) -> Any:
        """As a connection's. Of a SELECT the first row is found here, and few have more."""
        return (self._commit if sql == "COMMIT" else self._statement)(sql, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def measured(persons: int) -> dict[str, float]:
    """Seconds by share. What the clocks themselves cost, a tenth or so, stands with the rest."""
    shares = Shares()
    # In a process of its own, which ends with this.
    engine.advance = shares.timed(ENGINE, engine.advance)
    parts: tuple[tuple[Any, str], ...] = ((exchange, "_encode"), (journey, "to_json"), (journey, "from_json"))
    for module, name in parts:
        setattr(module, name, shares.timed(JSON, getattr(module, name)))

    async def talk(path: Path) -> dict[str, float]:
        service = await started(path)
        writer = service.writer
        writer._connection = _TimedConnection(writer._connection, shares)  # type: ignore[assignment]  # acts as one
        events = {person: events_of(person) for person in range(-people.WARM_UP, persons)}

        async def one(person: int) -> None:
            for turn, incoming in enumerate(events[person]):
                await service.exchange("telegram", incoming.address, f"{person}-{turn}", incoming.event)

        await people.in_flight(IN_FLIGHT, range(-people.WARM_UP, 0), one)
        before, began = dict(shares.seconds), time.perf_counter()
        await people.in_flight(IN_FLIGHT, range(persons), one)
        seconds = {share: shares.seconds[share] - before[share] for share in before}
        seconds[REST] = time.perf_counter() - began - sum(seconds.values())
        await service.stop()
        return seconds

    with TemporaryDirectory() as folder:
        return asyncio.run(talk(Path(folder) / "innspill.db"))


def run(effort: Effort) -> list[Row]:
    """See the module."""
    persons, rows = effort.people(PEOPLE), kept()
    own, hand = compared(effort.rounds, IN_FLIGHT, persons, rows)
    ours, theirs = 1e6 / own.median, 1e6 / hand.median
    rounds = [alone(measured, persons) for _ in range(effort.rounds)]
    parts = {share: median(each[share] / sum(each.values()) for each in rounds) for share in rounds[0]}
    bare = ours * (1 - parts[ENGINE])
    return [
        Row("an exchange", f"{ours:.0f} µs", f"by hand: {theirs:.0f} µs", f"{own.ratio(hand):.2f}"),
        *(Row(share, f"{ours * part:.0f} µs") for share, part in parts.items()),
        Row("an exchange if the engine took no time", f"{bare:.0f} µs", "", f"{theirs / bare:.2f}"),
    ]
