"""Kills: whole conversations, while the program is killed at every named point and at random moments."""

from __future__ import annotations

import asyncio
import json
import random  # noqa: TID251 - seeded: the same kills come again in the same order
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from pathlib import Path
from typing import Self

from bot.register.stand_in import RegisterStandIn
from storage.database.opening import ensure_schema
from tests.proof.figures import Figure
from tests.proof.worlds import killed_program, watched_telegram
from tests.proof.worlds.scripts import add_rounds, scripts
from tests.proof.worlds.victim import Victim
from tests.proof.worlds.watched_telegram import WatchedBotApi
from tests.proof.worlds.willing import Willing, compare, thinking
from tests.running.running_program import INNSPILL, free_port
from tests.stand_ins.bot_api import TOKEN

PEOPLE_AT_A_TIME = 10
ANSWERS = 10_000
RANDOM = "random moment"

# Nobody who has waited for so many seconds, with the program up all the time, will hear anything any more.
SILENCE = 8.0

# What was told is marked as told in less than this. A repeat without a kill in that time is one too many.
_SECONDS_TO_MARK = 3.0

# What is told again after such a kill is marked as perhaps said twice: nobody has answered it yet.
REPEAT = "marked as perhaps said twice"
BEFORE_A_REPEAT = ("message sent, not yet carried out", "after the commit: marked as tried")

# So much of a conversation is shown where something is wrong with it.
_LAST_WORDS = 20

_POINTS = {
    "polling": (*watched_telegram.POLLING_POINTS, *watched_telegram.BOTH_POINTS),
    "webhook": (*watched_telegram.WEBHOOK_POINTS, *watched_telegram.BOTH_POINTS),
}


class Plan:
    """Which kill is next: each named point in its turn, and some at a random moment.

    `whole`: every point in each mode, and more random moments, longer ones too; else each point at least in one mode.
    """

    def __init__(self, seed: int, *, whole: bool) -> None:
        self._whole = whole
        self._longest = 8.0 if whole else 1.5
        self.hits: Counter[str] = Counter(dict.fromkeys(killed_program.POINTS, 0))
        for mode, points in _POINTS.items():
            self.hits.update({f"{mode}: {point}": 0 for point in points})
        self._random = random.Random(seed)
        self._kills = 0
        self._tried: Counter[str] = Counter()
        self._last: dict[str, str] = {}

    def next(self, mode: str) -> str:
        """The point that has been hit least, of those that there are in this mode."""
        self._kills += 1
        if self._kills % (4 if self._whole else 10) == 0:
            return RANDOM
        if self.hits[REPEAT] == self._rarest() and self._last.get(mode) in BEFORE_A_REPEAT:
            return REPEAT
        mine = [point for point in self.hits if point.startswith(f"{mode}: ") or point in killed_program.POINTS]
        never = self.never() if not self._whole else []
        chosen = min(
            mine,
            key=lambda point: (point not in never, self.hits[point], self._tried[point], self._random.random()),
        )
        self._tried[chosen] += 1
        return chosen

    def hit(self, mode: str, point: str) -> None:
        """There was a kill at this point."""
        self.hits[point] += 1
        self._last[mode] = point.removeprefix(f"{mode}: ")

    def _rarest(self) -> int:
        return min(hits for point, hits in self.hits.items() if point != RANDOM)

    def times(self, point: str) -> int:
        """The how manieth time counts. What happens seldom is waited for once."""
        seldom = ("response", "look-up", "opened", "piece", "perhaps", "edit made", "press", "job")
        return 1 if any(word in point for word in seldom) else self._random.randint(1, 3)

    def moment(self) -> float:
        """Seconds until a kill at a random moment."""
        return self._random.uniform(0.05, self._longest)

    def never(self) -> list[str]:
        """The named points that were not hit: in each mode in a whole proof, in any of them in a bounded one."""
        is_hit = {self._name(point) for point, hits in self.hits.items() if hits}
        return [point for point in self.hits if self._name(point) not in is_hit and point != RANDOM]

    def _name(self, point: str) -> str:
        return point if self._whole else point.partition(": ")[2] if point.startswith(tuple(_POINTS)) else point


class World:
    """One program, the people who talk to it, and who kills it. Use it as `async with`, then `live`."""

    server_kind: type[WatchedBotApi] = WatchedBotApi

    def __init__(self, mode: str, plan: Plan, folder: Path, seed: int) -> None:
        self.mode = mode
        self.plan = plan
        self.database = folder / f"{mode}{seed}.db"
        self.people: list[Willing] = []
        self.silent: list[Willing] = []
        self.kills: list[float] = []
        self._up_since: float | None = None
        self._armed, self._left = "", 0
        self._log = folder / f"{mode}{seed}.log"
        self._seed = seed
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self.server = await self._stack.enter_async_context(self.server_kind())
        register = await self._stack.enter_async_context(RegisterStandIn())
        self.server.watch(self._reached)
        ensure_schema(self.database)
        add_rounds(self.database)
        port = free_port()
        settings = {
            "INNSPILL_DATABASE": str(self.database),
            "INNSPILL_ENTITY_REGISTER": register.url,
            "INNSPILL_TELEGRAM_TOKEN": TOKEN,
            "INNSPILL_TELEGRAM_API": self.server.root,
            "INNSPILL_PORT": str(port),
            "INNSPILL_BASE_URL": f"http://127.0.0.1:{port}",
            **({"INNSPILL_TELEGRAM_WEBHOOK_SECRET": "made-up"} if self.mode == "webhook" else {}),
        }
        self._victim = Victim(settings, self._log)
        return self

    async def __aexit__(self, *error: object) -> None:
        self._victim.kill()
        await self._stack.aclose()

    @property
    def confirmed(self) -> int:
        """The answers after which the next message was told."""
        return sum(each.confirmed for each in self.people)

    async def live(self, answers: float, until: float) -> None:
        """People talk, `PEOPLE_AT_A_TIME` of them at any moment, while the program is killed again and again.

        When so many answers were confirmed and every point was hit nobody new begins and there are no more kills.
        """
        numbers = count(1)
        is_over = asyncio.Event()
        crowd = [asyncio.ensure_future(self._come_and_go(numbers, is_over)) for _ in range(PEOPLE_AT_A_TIME)]  # noqa: TID251 - awaited below
        while not (self.confirmed >= answers and not self.plan.never()) and time.monotonic() < until:
            await self._kill_once()
        is_over.set()
        await self._start(None)
        await asyncio.gather(*crowd)
        # Who got the receipt may still be told the rest of it.
        await asyncio.sleep(2.5)
        self._victim.kill()
        await self._victim.ended()

    async def _come_and_go(self, numbers: Iterator[int], is_over: asyncio.Event) -> None:
        while not is_over.is_set():
            number = next(numbers)
            known = scripts(number)
            # Few edit a message by a press: those who do come more often.
            known += [each for each in known if each.name == "review_and_back"] * (len(known) // 3)
            script = known[number * 7 % len(known)]
            person = self.server.person(number, language_code=script.locale)
            thinks = thinking(self._seed + number, quick=(0.05, 0.4), slow=(1.0, 3.5))
            willing = Willing(person, script, thinks)
            self.people.append(willing)
            if not await willing.talk(is_silent=self._is_silent):
                self.silent.append(willing)

    def _is_silent(self, since: float) -> bool:
        return self._up_since is not None and time.monotonic() - max(since, self._up_since) > SILENCE

    async def _kill_once(self) -> None:
        point = self.plan.next(self.mode)
        inside = point in killed_program.POINTS
        times = self.plan.times(point)
        self._armed, self._left = point.removeprefix(f"{self.mode}: "), times
        await self._start(point if inside else None, times)
        died = await self._victim.ends_within(self.plan.moment() if point == RANDOM else 10.0)
        self._armed = ""
        if not died:
            self._victim.kill()
            await self._victim.ended()
        self._up_since = None
        self.kills.append(time.monotonic())
        self.plan.hit(self.mode, point if died else RANDOM)

    async def _start(self, point: str | None, times: int = 1) -> None:
        if await self._victim.start(point, times):
            self._up_since = time.monotonic()

    def _reached(self, point: str) -> bool:
        """The server has come to a point: kill the program if it is its time."""
        if point != self._armed:
            return False
        self._left -= 1
        if self._left > 0:
            return False
        self._armed = ""
        self._victim.kill()
        return True

    def exported(self) -> list[Mapping[str, object]]:
        """What `innspill export` gives."""
        command = [str(INNSPILL), "export", "--format", "json"]
        done = subprocess.run(command, env={"INNSPILL_DATABASE": str(self.database)}, capture_output=True, check=True)
        rows: list[Mapping[str, object]] = json.loads(done.stdout)
        return rows

    def repeats(self) -> tuple[int, list[str]]:
        """How often the same was said twice in a row after a kill between sending and marking, and who heard others.

        Who does something that has the same answer gets it: that is neither.
        """
        explained, unexplained = 0, list[str]()
        for willing in self.people:
            for first, second, is_answer in willing.repeats:
                if any(first - 0.5 <= kill <= min(second, first + _SECONDS_TO_MARK) for kill in self.kills):
                    explained += 1
                elif not is_answer:
                    unexplained.append(_last_words(willing))
        return explained, unexplained


async def run(scale: float) -> list[Figure]:
    """Kill until `ANSWERS * scale` answers were confirmed and every named point was hit. Raises AssertionError."""
    begun = time.monotonic()
    plan, answers = Plan(seed=1, whole=scale >= 1), ANSWERS * scale
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            # Two of each, for most of the time goes by waiting.
            worlds = [
                await stack.enter_async_context(World(mode, plan, Path(folder), seed))
                for seed, mode in enumerate(2 * tuple(_POINTS))
            ]
            until = begun + 150 + answers / 10
            await asyncio.gather(*(world.live(answers / len(worlds), until) for world in worlds))
            for world in worlds:
                _check(world)
    assert not plan.never(), f"never hit: {', '.join(plan.never())}"
    confirmed = sum(world.confirmed for world in worlds)
    assert confirmed >= answers, f"{confirmed} answers in {time.monotonic() - begun:.0f} s are too few"
    figure = partial(Figure, "kills")
    people = [willing for world in worlds for willing in world.people]
    return [
        figure("answers confirmed", confirmed, "answers"),
        figure("responses stored", len(people), "responses"),
        figure("confirmed answers lost", 0, "answers"),
        figure("answers in a wrong field", 0, "answers"),
        figure("responses stored twice", 0, "responses"),
        figure("people left in silence", 0, "people"),
        figure(
            "messages said twice, after a kill between sending and marking", sum(w.repeats()[0] for w in worlds), ""
        ),
        figure("kills", sum(plan.hits.values()), "kills"),
        *(figure(f"kills: {point}", hits, "times") for point, hits in plan.hits.items()),
    ]


def _check(world: World) -> None:
    compared = compare(world.people, world.exported())
    assert not world.silent, f"{world.mode}: in silence: {[_last_words(each) for each in world.silent[:5]]}"
    assert compared.is_clean, f"{world.mode}: {compared}"
    again = [each for each in world.people if each.asked_again]
    assert not again, (
        f"{world.mode}: asked again what was confirmed: {[(each.asked_again, _last_words(each)) for each in again[:5]]}"
    )
    _, unexplained = world.repeats()
    assert not unexplained, f"{world.mode}: said twice without a kill: {unexplained[:5]}"


def _last_words(willing: Willing) -> str:
    return f"{willing.script.name} {[line[:60] for line in willing.person.transcript[-_LAST_WORDS:]]}"
