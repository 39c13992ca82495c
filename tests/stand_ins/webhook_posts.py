"""Telegram's side of a webhook: each update is posted until it is answered with 200, in no promised order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from bot.tasks import Tasks

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"

# Telegram waits for longer; tests do not want to.
SECONDS_BEFORE_ANOTHER_TRY = 0.1


class WebhookPosts:
    """Posts what stands in `queue`, up to 40 updates at once, while a webhook is set.

    `confirm` is told of each that was taken. `is_lost` tells whether the answer to a post gets lost on its way.
    `hosts` says where an address really leads, as a name server and a proxy with a certificate do: parts to be put in
    place of the beginning of the webhook's address.
    """

    def __init__(
        self,
        queue: Mapping[int, Any],
        confirm: Callable[[int], None],
        is_lost: Callable[[], bool],
        hosts: Mapping[str, str],
    ) -> None:
        self.statuses: list[int] = []
        self.last_error = ""
        self._queue = queue
        self._confirm = confirm
        self._is_lost = is_lost
        self._hosts = hosts
        self._tasks = Tasks()
        self._woken = asyncio.Event()
        self._out: set[int] = set()

    def begin(self, url: str, secret: str) -> None:
        """A webhook was set: what waits is posted to it at once."""
        for name, place in self._hosts.items():
            if url.startswith(name):
                url = place + url.removeprefix(name)
        self._tasks.start(self._post_all(url, secret), "webhook")

    async def end(self) -> None:
        """The webhook was taken away: what was not answered stays in the queue."""
        await self._tasks.stop()
        self._out.clear()

    def wake(self) -> None:
        """Something new stands in the queue."""
        self._woken.set()

    async def _post_all(self, url: str, secret: str) -> None:
        room = asyncio.Semaphore(40)
        async with aiohttp.ClientSession(headers={SECRET_HEADER: secret} if secret else {}) as http:
            while True:
                self._woken.clear()
                for number in self._queue.keys() - self._out:
                    self._out.add(number)
                    self._tasks.start(self._post(http, url, number, room), f"update {number}")
                await self._woken.wait()

    async def _post(self, http: aiohttp.ClientSession, url: str, number: int, room: asyncio.Semaphore) -> None:
        while number in self._queue:
            async with room:
                taken = await self._try(http, url, self._queue[number])
            if taken:
                self._confirm(number)
            else:
                await asyncio.sleep(SECONDS_BEFORE_ANOTHER_TRY)
        self._out.discard(number)
        self.wake()

    async def _try(self, http: aiohttp.ClientSession, url: str, update: Any) -> bool:
        try:
            async with http.post(url, json=update, timeout=aiohttp.ClientTimeout(total=60)) as answer:
                await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return False
        self.statuses.append(answer.status)
        if answer.status != 200:
            self.last_error = f"Wrong response from the webhook: {answer.status} {answer.reason}"
        return answer.status == 200 and not self._is_lost()
