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

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import app, config
from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.exchange.channel import Exchanged
from bot.exchange.delivery import Limits
from bot.exchange.service import Service
from bot.register.stand_in import RegisterStandIn
from bot.web.visit import Visitor, front_door
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.messages import Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import label
from storage.database import opening
from tests.channels.web.plain_browser import PlainBrowser
from tests.conversations import chat, stages
from tests.conversations.chat import Chat, Heard
from tests.conversations.stages import MadeUpTime
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
        self.seen: list[Message] = []
        self._up = AsyncExitStack()

    async def __aenter__(self) -> Self:
        opening.ensure_schema(self.path)
        stages.furnish(self.path, self.played)
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
        """See `tests.conversations.chat.Stage`."""
        await stages.direct(direction, time=self.time, register=self.register, path=self.path)
        if direction == "restart":
            await self._up.aclose()
            await self._put_up()

    async def stored(self) -> list[Mapping[str, object]]:
        """See `tests.conversations.chat.Stage`."""
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
        routes = web.Application()
        await up.enter_async_context(app.telegram(self.config, service, routes, on_failure=_fail, limits=NO_LIMITS))
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


class WebhookStage(TelegramStage):
    """The same, but Telegram brings the updates. The server has another port after each restart, as behind a proxy."""

    def __init__(self, played: Chat, time: MadeUpTime, folder: Path, register: RegisterStandIn, server: BotApi) -> None:
        super().__init__(played, time, folder, register, server)
        self.server = server
        self.settings |= {"INNSPILL_TELEGRAM_WEBHOOK_SECRET": "made-up_secret"}

    async def serve(self, routes: web.Application, up: AsyncExitStack) -> None:
        """Serve the webhook where its address leads."""
        server = TestServer(routes)
        await up.enter_async_context(server)
        self.server.hosts[chat.HOUSE.web_url] = str(server.make_url("")).rstrip("/")


class WebStage(ChannelStage):
    """A person at a browser without scripts. What they see must hold every sentence of what is said."""

    browser: PlainBrowser | None = None

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`. After a restart the browser still has its cookie, and loads the page anew."""
        pages = Pages(app.house(self.config), partial(journey.outline_of, FORM))
        pages_of_chat = WebChat(service, pages, base_url=_BASE_URL, locale="nb")
        before = self.browser
        reads = {"Accept-Language": self.locale}
        client = await up.enter_async_context(TestClient(TestServer(pages_of_chat.application()), headers=reads))
        self.browser, self.service = PlainBrowser(client), service
        if before is not None:
            self.secret = _secret(before)
            client.session.cookie_jar.update_cookies({front_door(_BASE_URL).cookie: self.secret}, client.make_url("/"))
            await self.browser.open()

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`. What is a button on the page is pressed, as nobody types there."""
        self.time.pass_by()
        browser = self._browser()
        if not browser.page.status:
            await browser.open()
        command, _, link = text.partition(" ")
        if command == "/start":
            await browser.open(f"/?c={link[1:]}" if link else "/")
            begins = "web-begin-link" if link else "label-new-response" if self.seen else "web-begin"
            await browser.press(self._word(begins))
        elif label := self._on_a_button(text):
            await browser.press(label)
        elif browser.page.box.get("autocomplete") == "off" and browser.page.hidden[browser.page.box_form].get("whole"):
            box = self.seen[-1].box
            typed = "\n\n".join(filter(None, [box.value if box else "", text]))
            await browser.press(self._word("web-save"), text if text.startswith("/") else typed)
        elif browser.page.box:
            await browser.press(self._word("web-next"), text)
        elif command in _BAR:
            await browser.press(self._word(_BAR[command]))
        else:
            await browser.post({"nonce": self._nonce(), "text": text})  # no page of ours asks for it, and it may come

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        browser = self._browser()
        if not old and label in browser.page.labels:
            await browser.press(label)
            return
        buttons = [button for message in self.seen[: -1 if old else None] for button in message.buttons]
        data = next(b.data for b in reversed(buttons) if button_text(b, self.seen[-1].locale, chat.HOUSE) == label)
        assert old or data in (button.value for button in browser.page.buttons), f"{label!r} is not on the page"
        await browser.post({"nonce": self._nonce(), "button": data})

    async def attach(self, kind: str) -> None:
        """Nothing can be attached on the page."""
        raise NotImplementedError

    async def edit(self, number: int, text: str) -> None:
        """Nothing that was sent can be edited: the field holds all of it."""
        raise NotImplementedError

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        message = self._view().message
        assert message is not None
        self.seen.append(message)
        page = self._browser().page
        seen = page.text + "".join(page.labels) + page.typed
        for sentence in sentences(message):
            assert _squeezed(sentence) in _squeezed(seen), f"{sentence!r} is not on the page"
        return chat.shown(message)

    def _browser(self) -> PlainBrowser:
        assert self.browser is not None
        return self.browser

    def _view(self) -> Exchanged:
        return self.service.view("web", Visitor(_secret(self._browser())).address)

    def _nonce(self) -> str:
        return next(fields["nonce"] for fields in self._browser().page.hidden.values() if "nonce" in fields)

    def _word(self, key: str) -> str:
        locale = self.seen[-1].locale if self.seen else self.locale
        return label(locale, key)

    def _on_a_button(self, text: str) -> str | None:
        typed = text.casefold()
        for each in self._browser().page.labels:
            if typed in (each.casefold(), each.casefold().partition(",")[0]):
                return each
        return None


_BASE_URL = "http://127.0.0.1"
_BAR = {"/mine": "label-mine", "/responses": "label-mine", "/hjelp": "label-help", "/sprak": "label-language"}


def _secret(browser: PlainBrowser) -> str:
    return next(c.value for c in browser.client.session.cookie_jar if c.key == front_door(_BASE_URL).cookie)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


def without_parts(transcript: str) -> str:
    """A transcript for channels whose response is one text: how many parts it has is left out."""
    return re.sub(r"\d+ (?:deler|del|parts|part), ", "", transcript)


def sentences(message: Message) -> list[str]:
    """What a page has to show of a message. Labels and values stand apart there, and so do questions and reasons."""
    text = re.sub(r"^\d+ (?:av|of) \d+\. ", "", as_text(message, chat.HOUSE, "web"), flags=re.MULTILINE)
    if message.document is not None:
        text += "\n" + message.document.text
    return [each.strip(" .:") for each in re.split(r"\n|(?<=[.:?]) ", text) if each.strip(" .:")]
