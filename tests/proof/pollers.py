"""Another program with the same token takes in the messages for a while: the rest goes on, people are answered after.

It only asks (Telegram ends our waiting with 409 each time), or it takes what people wrote away: then they repeat it.
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from bot import app
from bot.register.stand_in import RegisterStandIn
from tests.conversations import stages
from tests.proof import power
from tests.proof.figures import Figure
from tests.proof.worlds.impatient import Coming
from tests.proof.worlds.web_people import Visits
from tests.proof.worlds.worlds import world
from tests.stand_ins.bot_api import TOKEN, BotApi, Refusal

AT_ONCE = 8

# We ask again after growing pauses, half a minute at most: of so many seconds of trouble ten more come at most.
_TAKEN, _FREE = 5.0, 10.0
PATIENCE = 19.0

# How often somebody writes the same again, a second apart: until it is not taken away any more, and we ask again.
_REPEATS = 15

_TIMES = 5

_figure = partial(Figure, "pollers")


@dataclass
class SharedBotApi(BotApi):
    """Counts how often we were told that somebody else asks. The other one is known by its `timeout`."""

    refused: int = 0

    async def _get_updates(self, parameters: dict[str, Any]) -> list[Any]:
        is_ours = parameters.get("timeout") != "1"
        try:
            return await super()._get_updates(parameters)
        except Refusal as refusal:
            self.refused += is_ours and refusal.code == 409
            raise


class Other:
    """The other program. With `takes` it confirms what it is given, as a bot does."""

    def __init__(self, server: SharedBotApi, *, takes: bool) -> None:
        self._url = f"{server.root}/bot{TOKEN}/getUpdates"
        self._takes = takes
        self.taken = 0

    async def ask(self, seconds: float) -> None:
        """Again and again, for so long."""
        offset = 0
        async with aiohttp.ClientSession() as http:
            async with asyncio.timeout(seconds + 5):
                ends = asyncio.get_running_loop().time() + seconds
                while asyncio.get_running_loop().time() < ends:
                    asked = {"timeout": 1, **({"offset": offset} if offset else {})}
                    async with http.get(self._url, params=asked) as response:
                        answer = json.loads(await response.text())
                    if self._takes and (updates := answer.get("result")):
                        offset = updates[-1]["update_id"] + 1
                        self.taken += len(updates)
                    await asyncio.sleep(0.05)
                if offset:  # what it was given last is confirmed too
                    (await http.get(self._url, params={"timeout": 0, "offset": offset})).close()


class Trouble:
    """The other program comes and goes, while people talk in Telegram and in the web chat, which never notices."""

    def __init__(self, server: SharedBotApi, other: Other, telegram: Coming, visits: Visits, url: str) -> None:
        self._server = server
        self._other = other
        self._telegram = telegram
        self._visits = visits
        self._url = url
        self.meanwhile = 0  # answers in the web chat
        self.looks = 0  # at the desk

    async def come_and_go(self, times: int, *, takes: bool) -> None:
        """So many times; then nobody new begins."""
        await asyncio.sleep(2)
        for _ in range(times):
            refused, web, taken = self._server.refused, self._visits.confirmed, self._other.taken
            await self._other.ask(_TAKEN)
            self.meanwhile += self._visits.confirmed - web
            async with aiohttp.ClientSession() as http, http.get(f"{self._url}/staff/login") as desk:
                assert desk.status == 200, f"the desk says {desk.status}"
                self.looks += 1
            assert self._server.refused > refused, "we were never told that somebody else asks"
            assert self._visits.confirmed > web, "the web chat stood still"
            assert not takes or self._other.taken > taken, "it took nothing"
            told = self._telegram.confirmed
            await asyncio.sleep(_FREE)
            assert self._telegram.confirmed > told, "nobody in Telegram was answered afterwards"
        self._telegram.over.set()
        self._visits.over.set()


async def taken_elsewhere(register: RegisterStandIn, scale: float, *, takes: bool) -> tuple[list[Figure], int]:
    """It comes and goes; gives the figures and how many answers were confirmed."""
    server, times = SharedBotApi(), max(1, round(_TIMES * scale))
    async with world(server, register) as built:
        settings = replace(built.settings, base_url="http://127.0.0.1")
        async with TestServer(app.application_of(settings, built.service, None)) as host:
            url = str(host.make_url("")).rstrip("/")
            visits, other = Visits(url), Other(server, takes=takes)
            telegram = Coming(built, AT_ONCE, repeats=_REPEATS if takes else 0, patience=PATIENCE)
            trouble = Trouble(server, other, telegram, visits, url)
            await asyncio.gather(trouble.come_and_go(times, takes=takes), telegram.talk(), visits.talk(AT_ONCE))
        telegram.check()
        rows = [dict(row) for row in stages.stored_rows(built.path) if row["channel"] == "web"]
        power.compare(rows, visits.people)
        built.told_elsewhere = frozenset(str(row["reference"]) for row in rows)
    what = "it takes what people wrote" if takes else "it asks"
    return [
        _figure(f"{what}: for a while", times, "times"),
        _figure(f"{what}: we were told so (409)", server.refused, "times"),
        *([_figure(f"{what}: taken away", other.taken, "messages")] if takes else []),
        _figure(f"{what}: confirmed in the web chat meanwhile", trouble.meanwhile, "answers"),
        _figure(f"{what}: the desk was there meanwhile", trouble.looks, "times"),
        _figure(f"{what}: confirmed in Telegram", telegram.confirmed, "answers"),
        _figure(f"{what}: confirmed in the web chat", visits.confirmed, "answers"),
    ], telegram.confirmed + visits.confirmed


async def run(scale: float) -> list[Figure]:
    """Both at once."""
    async with RegisterStandIn() as register:
        done = await asyncio.gather(*(taken_elsewhere(register, scale, takes=takes) for takes in (False, True)))
    return [
        *(figure for figures, _ in done for figure in figures),
        _figure("confirmed in all", sum(confirmed for _, confirmed in done), "answers"),
        _figure("answers in a wrong field, lost, or stored twice", 0, "answers"),
        _figure("people left in silence", 0, "people"),
    ]
