"""A person at a browser without scripts: the web chat over HTTP."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack
from functools import partial

from aiohttp.test_utils import TestClient, TestServer

from bot import app
from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.exchange.channel import Exchanged
from bot.exchange.service import Service
from bot.web.visit import Visitor, front_door
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.messages import Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import label
from tests.channels.web.plain_browser import PlainBrowser
from tests.conversations import chat
from tests.conversations.channel_stage import ChannelStage
from tests.conversations.chat import Heard


class WebStage(ChannelStage):
    """A person at a browser without scripts. What they see must hold every sentence of what is said."""

    channel = "web"
    in_parts = False
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


def sentences(message: Message) -> list[str]:
    """What a page has to show of a message. Labels and values stand apart there, and so do questions and reasons."""
    text = re.sub(r"^\d+ (?:av|of) \d+\. ", "", as_text(message, chat.HOUSE, "web"), flags=re.MULTILINE)
    if message.document is not None:
        text += "\n" + message.document.text
    return [each.strip(" .:") for each in re.split(r"\n|(?<=[.:?]) ", text) if each.strip(" .:")]


STAGE = WebStage
