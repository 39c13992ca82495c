"""The stages with a channel: the real library against a stand-in Bot API server, and the web chat over HTTP."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp.test_utils import TestClient, TestServer

from bot import app, config
from bot.channels.web import WebChat
from bot.channels.web_page import Pages
from bot.delivery import Limits
from bot.register_stand_in import RegisterStandIn
from bot.service import Service
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.messages import Message
from dialogs.rendering import as_text
from storage import database
from tests import chat, stages
from tests.chat import Chat, Heard
from tests.plain_browser import PlainBrowser
from tests.stages import MadeUpTime
from tests.stand_ins.bot_api import TOKEN, BotApi

NO_LIMITS = Limits(per_chat=math.inf, overall=math.inf)


class ChannelStage:
    """A service on a database of its own; what a channel adds is put up and taken down with it."""

    def __init__(self, played: Chat, time: MadeUpTime, folder: Path, register: RegisterStandIn) -> None:
        self.played = played
        self.time = time
        self.path = folder / "innspill.db"
        self.register = register
        self.locale = played.heads.get("locale", "nb")
        self.settings = {
            "INNSPILL_DATABASE": str(self.path),
            "INNSPILL_BASE_URL": chat.HOUSE.web_url,
            "INNSPILL_PRIVACY_URL": chat.HOUSE.privacy_url,
            "INNSPILL_CONTACT": chat.HOUSE.contact,
            "INNSPILL_ENTITY_REGISTER": register.url,
        }
        self._up = AsyncExitStack()

    async def __aenter__(self) -> Self:
        database.ensure_schema(self.path)
        if self.played.heads.get("consultations") != "none":
            stages.add_rounds(self.path)
        await self._put_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    async def _put_up(self) -> None:
        self.config = config.load(self.settings)
        service = await self._up.enter_async_context(app.running_service(self.config))
        await self.open(service, self._up)
        await service.resume()

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """Put the channel up."""
        raise NotImplementedError

    async def direct(self, direction: str) -> None:
        """See `tests.chat.Stage`."""
        await stages.direct(direction, time=self.time, register=self.register, path=self.path)
        if direction == "restart":
            await self._up.aclose()
            await self._put_up()

    async def stored(self) -> list[Mapping[str, object]]:
        """See `tests.chat.Stage`."""
        return stages.stored_rows(self.path)


class TelegramStage(ChannelStage):
    """A person in a private chat with the bot."""

    def __init__(self, played: Chat, time: MadeUpTime, folder: Path, register: RegisterStandIn, server: BotApi) -> None:
        super().__init__(played, time, folder, register)
        self.person = server.person(1, language_code=self.locale)
        self.settings |= {"INNSPILL_TELEGRAM_TOKEN": TOKEN, "INNSPILL_TELEGRAM_API": server.root}
        self.texts: list[int] = []

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`."""
        await up.enter_async_context(app.telegram(self.config, service, on_failure=_fail, limits=NO_LIMITS))

    async def say(self, text: str) -> None:
        """See `tests.chat.Stage`."""
        self.time.pass_by()
        await self.person.send(text)
        self.texts.append(len(self.person.own))

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.chat.Stage`."""
        self.time.pass_by()
        having = [number for number, heard in sorted(self.person.messages.items()) if label in heard.labels]
        older = [number for number in having if number != max(self.person.messages)]
        await self.person.press(label, message_id=(older if old else having)[-1])

    async def attach(self, kind: str) -> None:
        """See `tests.chat.Stage`."""
        self.time.pass_by()
        await self.person.attach({"other": "poll"}.get(kind, kind))

    async def edit(self, number: int, text: str) -> None:
        """See `tests.chat.Stage`."""
        self.time.pass_by()
        await self.person.edit(self.texts[number - 1], text)

    async def heard(self) -> Heard:
        """See `tests.chat.Stage`."""
        heard = await self.person.hears(timeout=10)
        always = set(chat.always_offered())
        labels = tuple(label for label in heard.labels if label not in always)
        return stages.with_made_up_references(Heard(heard.text, labels), await self.stored())


class WebStage(ChannelStage):
    """A person at a browser without scripts. What they see must hold every line of what is said."""

    browser: PlainBrowser | None = None

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`."""
        pages = Pages(app.house(self.config), partial(journey.outline_of, FORM))
        web = WebChat(service, pages, base_url="http://127.0.0.1", locale="nb")
        client = TestClient(TestServer(web.application()))
        cookies = self.browser.client.session.cookie_jar if self.browser else None
        await up.enter_async_context(client)
        if cookies is not None:
            client.session.cookie_jar.update_cookies({c.key: c.value for c in cookies})
        self.browser = PlainBrowser(client)
        self.service = service
        if cookies is not None:
            await self.browser.open()


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


def without_parts(transcript: str) -> str:
    """A transcript for channels whose response is one text: how many parts it has is left out."""
    return re.sub(r"\d+ (?:deler|del|parts|part), ", "", transcript)


def lines_of(message: Message) -> list[str]:
    """What a page has to show of a message, line by line."""
    return [line for line in as_text(message, chat.HOUSE, "web").split("\n") if line.strip()]
