"""A person in a private chat with the bot: the real library against a stand-in Bot API server."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from bot.channels.telegram import serving
from bot.exchange.service import Service
from bot.register.stand_in import RegisterStandIn
from bot.serving import Serving
from tests.conversations import chat
from tests.conversations.channel_stage import NO_LIMITS, ChannelStage, fail
from tests.conversations.chat import Chat, Heard
from tests.conversations.stages import MadeUpTime
from tests.stand_ins.bot_api import TOKEN, BotApi


class TelegramStage(ChannelStage):
    """A person in a private chat with the bot."""

    channel = "telegram"

    def __init__(
        self,
        played: Chat,
        time: MadeUpTime,
        folder: Path,
        register: RegisterStandIn,
        server: BotApi | None = None,
    ) -> None:
        super().__init__(played, time, folder, register)
        self.server = server or BotApi()
        self.texts: list[int] = []

    async def surround(self, outside: AsyncExitStack) -> None:
        """Telegram's servers, and a person there."""
        await outside.enter_async_context(self.server)
        self.person = self.server.person(1, language_code=self.locale)
        self.settings |= {"INNSPILL_TELEGRAM_TOKEN": TOKEN, "INNSPILL_TELEGRAM_API": self.server.root}

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`."""
        routes = web.Application()
        telegram = Serving(self.config, service, chat.HOUSE, routes, fail, NO_LIMITS)
        await up.enter_async_context(serving.running(telegram))
        await self.serve(routes, up)

    async def serve(self, routes: web.Application, up: AsyncExitStack) -> None:
        """Nothing: updates are asked for."""

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        await self.person.send(text)
        self.texts.append(len(self.person.own))

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        having = [number for number, heard in sorted(self.person.messages.items()) if label in heard.labels]
        older = [number for number in having if number != max(self.person.messages)]
        await self.person.press(label, message_id=(older if old else having)[-1])

    async def attach(self, kind: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        await self.person.attach({"other": "poll"}.get(kind, kind))

    async def edit(self, number: int, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        await self.person.edit(self.texts[number - 1], text)

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        heard = await self.person.hears(timeout=10)
        always = set(chat.always_offered())
        labels = tuple(label for label in heard.labels if label not in always)
        return Heard(heard.text, labels)


STAGE = TelegramStage
