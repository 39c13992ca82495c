"""Outages: Telegram brings what people send and does not take in what we say; or we are killed before we say it.

People repeat themselves because no reply came, or wait. Nobody's answer is taken for another question's, and nobody is
left in silence.
"""

from __future__ import annotations

import asyncio
import math
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import Struct

from bot.register.stand_in import RegisterStandIn
from storage.conversations import outbox
from storage.database.opening import open_for_reading
from tests.proof import kills
from tests.proof.figures import Figure
from tests.proof.worlds.impatient import Coming, TroubledBotApi
from tests.proof.worlds.watched_telegram import WatchedBotApi
from tests.proof.worlds.willing import Willing, compare
from tests.proof.worlds.worlds import world
from tests.stand_ins.bot_api import Fault, Hang, Reset, broken, too_many

AT_ONCE = 12

# Nobody waits for longer, with the third try of what was perhaps said in it: seconds.
PATIENCE = 25.0

# What has waited for ten seconds is said as soon as we are there; so nobody waits for much longer.
PATIENCE_WITH_KILLS = 18.0

_figure = partial(Figure, "outages")


class Outage(Struct, frozen=True):
    """How Telegram fails: for `down` seconds nothing is said, then for `up` seconds all is; `times` over.

    What was perhaps said is said again over fourteen seconds, and then let be: where that is so, `up` is longer.
    `fault` is given how many seconds are left.
    """

    fault: Callable[[float], Fault]
    down: float
    up: float
    times: int
    repeats: int = 3


OUTAGES: dict[str, Outage] = {
    "502": Outage(lambda left: broken(502), down=3.5, up=3, times=15),
    "429": Outage(lambda left: too_many(max(1, math.ceil(left))), down=3.5, up=3, times=15),
    "no answer": Outage(lambda left: Hang(min(2.0, max(0.1, left))), down=5, up=15, times=5),
    "resets": Outage(lambda left: Reset(), down=5, up=15, times=5),
    "resets, and nobody repeats anything": Outage(lambda left: Reset(), down=4, up=15, times=5, repeats=0),
}


# These wait the longest, and are like others.
_WITH_A_WHOLE_PROOF = ("no answer", "resets", "resets, and nobody repeats anything")
_ALL = 0.5


async def outage(name: str, how: Outage, scale: float, register: RegisterStandIn) -> tuple[list[Figure], int]:
    """People talk while it comes and goes; gives the figures and how many answers were confirmed."""
    server = TroubledBotApi()
    async with world(server, register) as built:
        coming = Coming(built, AT_ONCE, repeats=how.repeats, patience=PATIENCE)
        times = max(1, round(how.times * scale))

        async def come_and_go() -> None:
            await asyncio.sleep(2.5)  # by then everybody is at another question
            for number in range(times):
                before = server.hits, coming.repeated
                ends = time.monotonic() + how.down
                server.trouble = lambda: how.fault(ends - time.monotonic())  # noqa: B023 - called in this round only
                await asyncio.sleep(how.down)
                server.trouble = None
                assert server.hits > before[0], f"{name}: nothing met the outage"
                assert not how.repeats or coming.repeated > before[1], f"{name}: nobody repeated an answer"
                await asyncio.sleep(how.up if number + 1 < times else 0.5)
            coming.over.set()

        await asyncio.gather(come_and_go(), coming.talk())
        coming.check()
    again = [_figure(f"{name}: answers repeated because no reply came", coming.repeated, "times")]
    return [
        _figure(f"{name}: outages", times, "outages"),
        _figure(f"{name}: messages that met one", server.hits, "tries"),
        *(again if how.repeats else []),
        _figure(f"{name}: confirmed", coming.confirmed, "answers"),
    ], coming.confirmed


# --- Kills, one after the other ------------------------------------------------------------------------------


class Rhythm(kills.Plan):
    """A kill every few seconds, and nothing else."""

    def next(self, mode: str) -> str:
        """See `kills.Plan`."""
        return kills.RANDOM

    def moment(self) -> float:
        """A start, and hardly time to say what an earlier run has left."""
        return self._random.uniform(0.3, 2.0)

    def never(self) -> list[str]:
        """Nothing: no point is named."""
        return []


class WithholdingBotApi(WatchedBotApi):
    """There is always one update that it brings later only, as after an answer that was none."""

    async def _get_webhook_info(self, parameters: dict[str, Any]) -> dict[str, Any]:
        told = await super()._get_webhook_info(parameters)
        return {**told, "pending_update_count": told["pending_update_count"] + 1}


class Starved(kills.World):
    """Who waits counts the kills in: nobody waits for longer than `PATIENCE_WITH_KILLS`, however often we begin."""

    server_kind = WithholdingBotApi
    unsaid = 0  # kills that left something unsaid

    def _is_silent(self, since: float) -> bool:
        return time.monotonic() - since > PATIENCE_WITH_KILLS

    async def _kill_once(self) -> None:
        await super()._kill_once()
        with closing(open_for_reading(self.database)) as db:
            self.unsaid += outbox.count_unsent(db) > 0


async def killed_every_few_seconds(scale: float) -> tuple[list[Figure], int]:
    """By webhook, and Telegram always holds an update back: what was left unsaid has to be said all the same."""
    figures, plan, begun = [], Rhythm(seed=1, whole=True), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        async with Starved("webhook", plan, Path(folder), 1) as built:
            await built.live(math.inf, begun + max(22.0, 110 * scale))
            people: list[Willing] = built.people
            last = [f"{each.script.name} {each.person.transcript[-8:]}" for each in built.silent[:3]]
            assert not last, f"{len(built.silent)} of {len(people)} in silence: {last}"
            compared = compare(people, built.exported())
            assert compared.is_clean, str(compared)
            assert built.unsaid, "no kill left anything unsaid"
            figures = [
                _figure("kills every few seconds, by webhook", len(built.kills), "kills"),
                _figure("… that left something unsaid", built.unsaid, "kills"),
                _figure("kills every few seconds: confirmed", built.confirmed, "answers"),
            ]
    return figures, built.confirmed


async def run(scale: float) -> list[Figure]:
    """Each outage in a world of its own, at once, for most of the time goes by waiting; with a small scale not all."""
    some = [name for name in OUTAGES if scale >= _ALL or name not in _WITH_A_WHOLE_PROOF]
    async with RegisterStandIn() as register:
        worlds = [outage(name, OUTAGES[name], scale, register) for name in some]
        done = await asyncio.gather(*worlds, killed_every_few_seconds(scale))
    return [
        *(figure for figures, _ in done for figure in figures),
        _figure("confirmed in all", sum(confirmed for _, confirmed in done), "answers"),
        _figure("answers in a wrong field, lost, or stored twice", 0, "answers"),
        _figure("people left in silence", 0, "people"),
    ]
