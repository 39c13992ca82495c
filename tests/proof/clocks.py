"""Clocks that are set back and forward while people talk, in the web chat and in Telegram: nobody notices.

Our time of day jumps, Telegram's does not, nor do the seconds that go by. After each jump what is kept is swept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from aiohttp.test_utils import TestServer
from msgspec import Struct

from bot import app, clock
from bot.jobs.age import Age
from bot.jobs.kinds.sweep import sweep_once
from bot.register.stand_in import RegisterStandIn
from storage.database.sqlite import Connection
from tests.conversations import stages
from tests.proof import power
from tests.proof.figures import Figure
from tests.proof.worlds.impatient import Coming, TroubledBotApi
from tests.proof.worlds.web_people import Visits
from tests.proof.worlds.worlds import World, world
from tests.stand_ins.people import Person

AT_ONCE = 8
PATIENCE = 20.0

# Seconds between two jumps, and how often all of them come.
_BETWEEN = 2.0
_ROUNDS = 7

_figure = partial(Figure, "clocks")


class Jump(Struct, frozen=True):
    """The clock is set: from now on it shows so much more than the true time."""

    what: str
    to: timedelta


JUMPS = (
    Jump("back an hour", -timedelta(hours=1)),
    Jump("forward to the true time", timedelta(0)),
    Jump("forward a day", timedelta(days=1, minutes=1)),
    Jump("back a day", timedelta(0)),
    Jump("forward 40 days", timedelta(days=40)),
    Jump("back 40 days", timedelta(0)),
)


class Clock:
    """The true time, which only goes by, and ours, which is set."""

    def __init__(self) -> None:
        self._begun_at, self._begun = clock.now(), time.monotonic()
        self.ahead = timedelta(0)

    def true(self) -> int:
        """As Telegram has it: whole seconds since 1970."""
        return int((self._begun_at + timedelta(seconds=time.monotonic() - self._begun)).timestamp())

    @contextmanager
    def is_ours(self) -> Iterator[None]:
        """The program goes by it."""
        clock.run_by(
            lambda: self._begun_at + timedelta(seconds=time.monotonic() - self._begun) + self.ahead, time.monotonic
        )
        try:
            yield
        finally:
            clock.run_by(None)


class TrueBotApi(TroubledBotApi):
    """Telegram, whose clock nobody sets."""

    clock: Clock

    def person(self, chat_id: int, language_code: str = "nb") -> Person:
        """See `BotApi`."""
        if chat_id not in self.people:
            self.people[chat_id] = _TruePerson(chat_id, language_code, self.push)
            self.people[chat_id].clock = self.clock  # type: ignore[attr-defined]  # it is a _TruePerson
        return self.people[chat_id]


class _TruePerson(Person):
    clock: Clock

    def _head(self, message_id: int) -> dict[str, Any]:
        return {**super()._head(message_id), "date": self.clock.true()}


def _drafts(db: Connection) -> set[int]:
    return {number for (number,) in db.execute("SELECT id FROM conversations WHERE draft <> ''")}


class Jumping:
    """One world whose clock is set again and again."""

    def __init__(self, built: World, ours: Clock, telegram: Coming, visits: Visits) -> None:
        self._built = built
        self._clock = ours
        self._telegram = telegram
        self._visits = visits
        self._age = Age()
        self.jumps = 0
        self.drafts = 0  # how many were there at a jump, in all

    async def jump(self, rounds: int) -> None:
        """All jumps, so many times over; then nobody new begins."""
        await asyncio.sleep(_BETWEEN)
        for jump in JUMPS * rounds:
            before = self._telegram.confirmed, self._visits.confirmed
            drafts = await self._built.service.writer.run(_drafts)
            self._clock.ahead = jump.to
            await sweep_once(self._built.service, self._age)
            await self._is_all_there(drafts, jump)
            self.jumps += 1
            self.drafts += len(drafts)
            await asyncio.sleep(_BETWEEN)
            after = self._telegram.confirmed, self._visits.confirmed
            assert before[0] < after[0], f"nobody in Telegram got on after {jump.what}"
            assert before[1] < after[1], f"nobody in the web chat got on after {jump.what}"
        self._telegram.over.set()
        self._visits.over.set()

    async def _is_all_there(self, drafts: set[int], jump: Jump) -> None:
        """No draft is gone but of those who have just sent it in."""
        left = await self._built.service.writer.run(_drafts)
        sent = await self._built.service.writer.run(
            lambda db: {number for (number,) in db.execute("SELECT conversation_id FROM responses")}
        )
        assert not (gone := drafts - left - sent), f"{len(gone)} drafts are gone after {jump.what}"


async def run(scale: float) -> list[Figure]:
    """The clock jumps while people talk; everybody's answers are right, and nobody is turned away."""
    ours = Clock()
    server = TrueBotApi()
    server.clock = ours
    with ours.is_ours():
        async with RegisterStandIn() as register, world(server, register) as built:
            application = app.application_of(replace(built.settings, base_url="http://127.0.0.1"), built.service, None)
            async with TestServer(application) as host:
                visits = Visits(str(host.make_url("")).rstrip("/"))
                telegram = Coming(built, AT_ONCE, repeats=0, patience=PATIENCE)
                jumping = Jumping(built, ours, telegram, visits)
                await asyncio.gather(
                    jumping.jump(max(1, round(_ROUNDS * scale))), telegram.talk(), visits.talk(AT_ONCE)
                )
            telegram.check()
            rows = [dict(row) for row in stages.stored_rows(built.path) if row["channel"] == "web"]
            power.compare(rows, visits.people)
            built.told_elsewhere = frozenset(str(row["reference"]) for row in rows)
    assert visits.statuses[409], "no page had become too old"
    assert not visits.statuses[429]
    confirmed = telegram.confirmed, visits.confirmed
    return [
        _figure("jumps of the clock, each with people in the middle", jumping.jumps, "jumps"),
        _figure("drafts that were there at a jump, and stayed", jumping.drafts, "drafts"),
        _figure("in Telegram: confirmed", confirmed[0], "answers"),
        _figure("in the web chat: confirmed", confirmed[1], "answers"),
        _figure("pages that had become too old, where the person went on", visits.statuses[409], "pages"),
        _figure("confirmed in all", sum(confirmed), "answers"),
        _figure("turned away (429)", 0, "forms"),
        _figure("answers in a wrong field, lost, or stored twice", 0, "answers"),
        _figure("people left in silence", 0, "people"),
    ]
