"""The stage with a real browser: a person at Debian's chromium, with or without scripts."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, suppress
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Literal

from playwright.async_api import Locator, Page
from playwright.async_api import TimeoutError as NothingCame

from bot import app
from bot.channels.web import chat as web
from bot.channels.web.page import Pages
from bot.exchange.service import Service
from bot.register.stand_in import RegisterStandIn
from bot.web.listening import listen
from bot.web.visit import Visitor, front_door
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.messages import Message
from dialogs.rendering import button_text
from dialogs.texts import label
from tests.channels.web.browser.window import NARROW, WIDE, axe_finds, next_page, scrolls_sideways
from tests.conversations import chat
from tests.conversations.channel_stage import ChannelStage
from tests.conversations.channels.web import sentences
from tests.conversations.chat import Chat, Heard
from tests.conversations.stages import MadeUpTime

_BASE_URL = "http://127.0.0.1"
_LOOKS: tuple[tuple[int, Literal["light", "dark"], Literal["none", "active"], bool], ...] = (
    (WIDE, "light", "none", False),
    (WIDE, "dark", "none", True),
    (NARROW, "dark", "none", False),
    (NARROW, "light", "none", True),
    (NARROW, "dark", "active", True),
)
"""Width, colour scheme, whether the reader's own colours are forced, and whether only colours differ from before."""
_IN_THE_BAR = {
    "/mine": "label-mine",
    "/responses": "label-mine",
    "/hjelp": "label-help",
    "/sprak": "label-language",
    "/language": "label-language",
}
_MISSING = """(wanted) => {
    const parts = [...document.querySelectorAll('main, aside')].map((part) => part.innerText);
    const seen = [...parts, document.querySelector('#text')?.value].join('').replace(/\\s+/g, '');
    return wanted.filter((sentence) => !seen.includes(sentence));
}"""
_SETTLED = f"(wanted) => !document.querySelector('[data-events]') && !({_MISSING})(wanted).length"
_LABELS = "() => [...document.querySelectorAll('button')].map(button => button.innerText.trim())"
_FORGE = """(form, [name, value]) => {
    const button = Object.assign(document.createElement('button'), { name, value });
    form.append(button);
    form.requestSubmit(button);
}"""


class Looks:
    """Every state of the page once, in light, dark and forced colours, wide and narrow: what axe finds; pictures."""

    def __init__(self, screenshots: Path | None) -> None:
        self.screenshots = screenshots
        self.states: set[str] = set()

    async def at(self, page: Page, state: str) -> list[str]:
        """What is wrong with the page in this state; nothing where it was looked at before."""
        if state in self.states:
            return []
        self.states.add(state)
        wrong = list[str]()
        for width, scheme, forced, only_colours in _LOOKS:
            await page.set_viewport_size({"width": width, "height": 720})
            await page.emulate_media(color_scheme=scheme, forced_colors=forced)
            look = f"{state}, {width} px, {scheme}{', forced' if forced == 'active' else ''}"
            wrong += [f"{look}: {found}" for found in await axe_finds(page, only_colours=only_colours)]
            if await scrolls_sideways(page):
                wrong.append(f"{look}: it scrolls sideways")
            if self.screenshots:
                await page.screenshot(path=self.screenshots / f"{state}-{width}-{scheme}-{forced}.png", full_page=True)
        await page.set_viewport_size({"width": WIDE, "height": 720})
        await page.emulate_media(forced_colors="none")
        return wrong


def state_of(message: Message) -> str:
    """What is on a page, whatever the words: its kind and step, and which parts it has."""
    heading = message.lines[0].key if message.lines else ""
    parts = [part for part in ("told", "rows", "after", "example", "box", "document") if getattr(message, part)]
    filled = ["filled"] if message.box and message.box.value else []
    wrong = ["wrong"] if message.error else []
    about = (message.kind, message.step, heading, *parts, *filled, *wrong)
    return "-".join(filter(None, about))


class BrowserStage(ChannelStage):
    """A person at a browser. What they see must hold every sentence of what is said."""

    def __init__(
        self,
        played: Chat,
        time: MadeUpTime,
        folder: Path,
        register: RegisterStandIn,
        page: Page,
        *,
        scripts: bool,
        looks: Looks | None = None,
    ) -> None:
        super().__init__(played, time, folder, register)
        self.page = page
        self.scripts = scripts
        self.looks = looks
        self.wrong: list[str] = []
        self.port = 0

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.page.goto("about:blank")  # nothing of it goes on while the server stops
        await self.page.context.clear_cookies()
        await super().__aexit__(kind, error, trace)

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """See `ChannelStage`. After a restart the server has the same address, and the page is loaded anew."""
        pages = Pages(app.house(self.config), partial(journey.outline_of, FORM))
        pages_of_chat = web.WebChat(service, pages, base_url=_BASE_URL, locale="nb")
        server = await listen(pages_of_chat.application(), "127.0.0.1", self.port)
        up.push_async_callback(server.cleanup)
        self.service, self.port = service, server.addresses[0][1]
        await self.page.goto(self.url)

    @property
    def url(self) -> str:
        """Where the chat is."""
        return f"{_BASE_URL}:{self.port}/"

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`. What is a button on the page is pressed, as nobody types there."""
        self.time.pass_by()
        box = self.seen[-1].box if self.seen else None
        command, _, link = text.partition(" ")
        if command == "/start":
            await self.page.goto(f"{self.url}?c={link[1:]}" if link else self.url)
            begins = "web-begin-link" if link else "label-new-response" if self.seen else "web-begin"
            await self._press(self._button(self._word(begins)))
        elif label := await self._on_a_button(text):
            await self._press(self._button(label))
        elif box and box.kind == "long":
            typed = text if text.startswith("/") else "\n\n".join(filter(None, [box.value, text]))
            await self.page.locator("#text").fill(typed)
            await self._press(self._button(self._word("web-save")))
        elif box:
            await self.page.locator("#text").fill(text)
            async with next_page(self.page, scripts=self.scripts):
                await self.page.keyboard.press("Enter")
        elif command in _IN_THE_BAR:
            await self._press(self._button(self._word(_IN_THE_BAR[command])))
        else:
            await self._forge("text", text)  # no page of ours asks for it, and it may come

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`. A button of an older page is one that another tab still has."""
        self.time.pass_by()
        if not old:
            await self._press(self._button(label))
            return
        buttons = [button for message in self.seen[:-1] for button in message.buttons]
        data = next(b.data for b in reversed(buttons) if button_text(b, self.seen[-1].locale, chat.HOUSE) == label)
        await self._forge("button", data)

    async def attach(self, kind: str) -> None:
        """Nothing can be attached on the page."""
        raise NotImplementedError

    async def edit(self, number: int, text: str) -> None:
        """Nothing that was sent can be edited: the field holds all of it."""
        raise NotImplementedError

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        address = await self._address()
        await self.service.settled("web", address, 10)
        message = self.service.view("web", address).message
        assert message is not None
        self.seen.append(message)
        await self._shows(message)
        if self.looks is not None:
            self.wrong += await self.looks.at(self.page, state_of(message))
        return chat.shown(message)

    async def _shows(self, message: Message) -> None:
        wanted = ["".join(sentence.split()) for sentence in sentences(message)]
        if self.scripts:  # the register's answer may still be on its way to the page
            with suppress(NothingCame):
                await self.page.wait_for_function(_SETTLED, arg=wanted)
        missing = await self.page.evaluate(_MISSING, wanted)
        assert not missing, f"not on the page: {missing}"
        assert not await scrolls_sideways(self.page), "it scrolls sideways"

    async def _address(self) -> str:
        cookies = await self.page.context.cookies()
        return Visitor(next(c["value"] for c in cookies if c["name"] == front_door(_BASE_URL).cookie)).address

    def _button(self, label: str) -> Locator:
        """The button with this label, cut or not."""
        name = re.compile(re.escape(label.removesuffix("…"))) if label.endswith("…") else label
        return self.page.get_by_role("button", name=name, exact=True).first

    async def _on_a_button(self, text: str) -> str | None:
        labels: list[str] = await self.page.evaluate(_LABELS)
        typed = text.casefold()
        return next((each for each in labels if typed in (each.casefold(), each.casefold().partition(",")[0])), None)

    async def _press(self, button: Locator) -> None:
        # With the mouse where nothing may lie over the button; without scripts a key, which takes half the time.
        async with next_page(self.page, scripts=self.scripts):
            await (button.click() if self.scripts else button.press("Enter"))

    async def _forge(self, name: str, value: str) -> None:
        async with next_page(self.page, scripts=self.scripts):
            await self.page.locator("form").first.evaluate(_FORGE, [name, value])

    def _word(self, key: str) -> str:
        return label(self.seen[-1].locale if self.seen else self.locale, key)
