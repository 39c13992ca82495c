"""People in the web chat, in a world without power cuts: each waits for the answer to what they did, and goes on."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from contextlib import suppress
from itertools import count

import aiohttp

from tests.channels.web.plain_browser import Page
from tests.proof.power import Person

__all__ = ["Person", "Visits"]

# Nobody waits for longer for one page: seconds.
PATIENCE = 20.0


class Visits:
    """Where people sit: so many at a time, and who has the receipt gives way to somebody new. See `power.Seat`.

    Where the connection broke off they do it again, as browsers and people do; `statuses` counts what they got. A page
    that had become too old (409) is loaded anew, and they do the same on it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = count()
        self.over = asyncio.Event()
        self.people: list[Person] = []
        self.statuses: Counter[int | str] = Counter()
        self.longest = 0.0

    @property
    def confirmed(self) -> int:
        """The answers that were taken."""
        return sum(person.answers for person in self.people)

    async def talk(self, at_once: int) -> None:
        """Until it is over, and everybody who has begun has the receipt."""
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(self._come_and_go())

    async def _come_and_go(self) -> None:
        while not self.over.is_set():
            person = Person(next(self._numbers), self)
            self.people.append(person)
            await person.talk()

    async def get(self, http: aiohttp.ClientSession, path: str) -> str:
        """A page."""
        return (await self._ask(http, "GET", path, None))[1]

    async def post(self, http: aiohttp.ClientSession, form: dict[str, str]) -> None:
        """Return when it is confirmed. Raises AssertionError for every answer that is no confirmation."""
        while True:
            status, text = await self._ask(http, "POST", "/", form)
            if status == 303:
                return
            assert status == 409, f"{status} to {form}: {Page(status, text).text}"
            nonces = (hidden["nonce"] for hidden in Page(status, text).hidden.values() if "nonce" in hidden)
            form = {**form, "nonce": next(nonces)}

    async def _ask(
        self, http: aiohttp.ClientSession, method: str, path: str, form: dict[str, str] | None
    ) -> tuple[int, str]:
        begun = time.monotonic()
        while time.monotonic() < begun + PATIENCE:
            await asyncio.sleep(0.05)  # to read it
            with suppress(aiohttp.ClientError, TimeoutError):
                async with http.request(method, self._url + path, data=form, allow_redirects=False) as response:
                    text = await response.text()
                self.statuses[response.status] += 1
                self.longest = max(self.longest, time.monotonic() - begun)
                assert method == "POST" or response.status == 200, f"{response.status} to GET {path}: {text[:500]}"
                return response.status, text
            self.statuses["broken off"] += 1
        raise AssertionError(f"no answer within {PATIENCE} s to {method} {path}")
