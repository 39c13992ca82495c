"""A person who writes letters, and gets answers at an address of their own."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import app
from bot.exchange.service import Service
from bot.serving import Serving
from tests.conversations import chat
from tests.conversations.channel_stage import NO_LIMITS, ChannelStage, fail
from tests.conversations.chat import Chat, Heard


class LettersStage(ChannelStage):
    """The channel as `serve` finds it, by its name."""

    channel = "letters"

    @classmethod
    def plays(cls, played: Chat) -> bool:
        """Whatever can be done in a private chat can be done in letters."""
        return "channels" not in played.heads or "telegram" in played.channels

    async def surround(self, outside: AsyncExitStack) -> None:
        """The person's letter box."""
        self.box: asyncio.Queue[dict[str, list[list[str]]]] = asyncio.Queue()
        self.buttons: list[list[list[str]]] = []
        self.letters = 0
        self.texts: list[str] = []

        async def arrives(request: web.Request) -> web.Response:
            await self.box.put(await request.json())
            return web.Response(status=204)

        home = web.Application()
        home.router.add_post("/", arrives)
        self.home = str((await outside.enter_async_context(TestServer(home))).make_url("/"))

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`."""
        routes = web.Application()
        serving = Serving(self.config, service, chat.HOUSE, routes, fail, NO_LIMITS)
        assert "letters" in app.CHANNELS
        await up.enter_async_context(app.channel("letters").running(serving))
        self.post = await up.enter_async_context(TestClient(TestServer(routes)))

    async def write(self, **letter: str) -> None:
        """Send a letter."""
        self.time.pass_by()
        self.letters += 1
        letter |= {"from": self.home, "locale": self.locale, "number": str(self.letters)}
        async with self.post.post("/letters", json=letter) as response:
            assert response.status == 204

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        await self.write(text=text)
        self.texts.append(str(self.letters))

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`."""
        rows = self.buttons[:-1] if old else self.buttons
        await self.write(button=next(data for row in reversed(rows) for name, data in row if name == label))

    async def attach(self, kind: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        await self.write(enclosed=kind)

    async def edit(self, number: int, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        await self.write(replaces=self.texts[number - 1], text=text)

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        async with asyncio.timeout(10):
            letter = await self.box.get()
        self.buttons.append(letter["buttons"])
        always = chat.always_offered()
        return Heard(str(letter["text"]), tuple(name for name, _ in letter["buttons"] if name not in always))


STAGE = LettersStage
