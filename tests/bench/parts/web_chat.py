"""200 people in the web chat, each of whom answers every 2 seconds: how long the next page takes."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

from aiohttp import ClientSession, CookieJar, TCPConnector

from tests.bench.measuring import Effort, Row, alone, interleaved, wanted
from tests.running.running_program import RunningProgram

TITLE = "200 people in the web chat, each answers every 2 s (POST, redirect, page)"

PEOPLE = 200
SECONDS_BETWEEN_ANSWERS = 2.0
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_BUTTONS = re.compile(r'name="button" value="([^"]*)" class="(\w+)"')
ANSWERS = {
    "address": "Eksempelveien 12",
    "postal_code": "1385",
    "postal_town": "Asker",
    "email": "kari.nordmann@example.no",
    "phone": "22 00 00 00",
    "first_name": "Kari",
    "last_name": "Nordmann",
}
"""By question: what is typed; where nothing stands here, the first button is pressed."""


class Resident:
    """One browser, as far as its requests go; `waits` are the seconds to each next page."""

    def __init__(self, url: str, connector: TCPConnector) -> None:
        self._url = f"{url}/"
        self._session = ClientSession(connector=connector, connector_owner=False, cookie_jar=CookieJar(unsafe=True))
        self._html = ""
        self.waits: list[float] = []

    async def talk(self, late: float) -> None:
        """From the start page to the case, one answer every 2 seconds; the first one after `late` seconds."""
        async with self._session:
            await asyncio.sleep(late)
            async with self._session.get(self._url) as response:
                self._html = await response.text()
            await self._send({"command": "start"})
            for step in ("respondent_type", *ANSWERS):
                await asyncio.sleep(SECONDS_BETWEEN_ANSWERS)
                typed = ANSWERS.get(step)
                await self._send({"text": typed} if typed else {"button": self._first_choice()})

    def _first_choice(self) -> str:
        buttons: list[tuple[str, str]] = _BUTTONS.findall(self._html)
        return next(data for data, look in buttons if look != "plain")

    async def _send(self, fields: dict[str, str]) -> None:
        hidden = dict(_HIDDEN.findall(self._html))
        before, began = self._html, time.perf_counter()
        async with self._session.post(self._url, data=hidden | fields) as response:
            self._html = await response.text()
        self.waits.append(time.perf_counter() - began)
        assert response.status == 200, (response.status, fields)
        assert self._html != before


async def _waits(persons: int) -> list[float]:
    with TemporaryDirectory() as folder:
        settings = {"INNSPILL_DATABASE": str(Path(folder) / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
        async with RunningProgram(settings) as program:
            connector = TCPConnector(limit=0)
            residents = [Resident(program.url, connector) for _ in range(persons)]
            spread = SECONDS_BETWEEN_ANSWERS / persons
            await asyncio.gather(*(each.talk(number * spread) for number, each in enumerate(residents)))
            await connector.close()
    return [wait for each in residents for wait in each.waits]


def turns(persons: int) -> tuple[float, float]:
    """Milliseconds to the next page: the median, and what 95 of 100 stay under."""
    waits = [wait * 1000 for wait in asyncio.run(_waits(persons))]
    return median(waits), quantiles(waits, n=20)[-1]


def run(effort: Effort) -> list[Row]:
    """See the module."""
    persons = effort.people(PEOPLE)
    slowest: list[float] = []

    def measure(_round: int) -> float:
        middle, most = alone(turns, persons)
        slowest.append(most)
        return middle

    (middle,) = interleaved(effort.rounds, measure)
    promised = wanted(middle.median, below=50, unit=" ms")
    return [
        Row("the next page, median", f"{middle.median:.1f} ms", wanted=promised),
        Row("the next page, 95 of 100", f"{median(slowest):.1f} ms"),
    ]
