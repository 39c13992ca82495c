"""Every golden conversation of the web chat in a real browser, by two readers side by side: with and without scripts.

`make test PYTEST_ARGS='--screenshots -k browser_conversations'` leaves a picture of each state in tests/screenshots/.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from contextvars import ContextVar
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from playwright.async_api import Browser, Page

from bot import clock
from bot.register.stand_in import RegisterStandIn
from tests import ROOT
from tests.channels.web.browser.window import NARROW, WIDE, window
from tests.conversations import chat
from tests.conversations.browser_stage import BrowserStage, Looks
from tests.conversations.channel_stage import without_parts
from tests.conversations.stages import MadeUpTime

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHATS = [played for path in sorted(chat.FOLDER.glob("*.chat")) if "web" in (played := chat.read(path)).channels]
SCREENSHOTS = ROOT / "tests" / "screenshots"
TIME: ContextVar[MadeUpTime] = ContextVar("the time of this task, and of all that it starts")


class Reader:
    """One of the two, with a register of their own and a window for each language.

    A window is used for many conversations: a new one costs as much as one of them.
    """

    def __init__(self, browser: Browser, *, scripts: bool, looks: Looks | None) -> None:
        self.browser = browser
        self.scripts = scripts
        self.looks = looks
        self.register = RegisterStandIn()
        self.pages: dict[str, Page] = {}
        self._up = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._up.enter_async_context(self.register)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()

    async def play(self, played: chat.Chat, folder: Path) -> str:
        """What happened, as a file would say it."""
        time = MadeUpTime()
        TIME.set(time)
        self.register.down = False
        page = await self._page(played.heads.get("locale", "nb"))
        async with BrowserStage(
            played, time, folder, self.register, page, scripts=self.scripts, looks=self.looks
        ) as stage:
            happened = await chat.play(played, stage)
        assert stage.wrong == []
        return happened

    async def _page(self, locale: str) -> Page:
        if locale not in self.pages:
            opened = window(self.browser, scripts=self.scripts, locale=locale, width=WIDE if self.scripts else NARROW)
            self.pages[locale] = await self._up.enter_async_context(opened)
        return self.pages[locale]


@pytest.fixture(scope="module")
async def readers(browser: Browser, request: pytest.FixtureRequest) -> AsyncIterator[list[Reader]]:
    looks = Looks(SCREENSHOTS if request.config.getoption("--screenshots") else None)
    async with Reader(browser, scripts=True, looks=looks) as one, Reader(browser, scripts=False, looks=None) as other:
        yield [one, other]


@pytest.fixture
def times_of_their_own() -> Iterator[None]:
    # Seconds are counted by the thread that writes as well, which has no conversation's time.
    clock.run_by(lambda: TIME.get().now, time.monotonic)
    yield
    clock.run_by(None)


@pytest.mark.usefixtures("times_of_their_own")
@pytest.mark.parametrize("played", CHATS, ids=lambda played: played.name)
async def test_the_browser_shows_and_stores_what_the_conversation_has(
    played: chat.Chat, tmp_path: Path, readers: list[Reader]
) -> None:
    async with asyncio.TaskGroup() as both:
        happened = [both.create_task(each.play(played, _folder(tmp_path, each))) for each in readers]
    written = (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")
    for each in happened:
        assert without_parts(each.result()) == without_parts(written)


def _folder(folder: Path, reader: Reader) -> Path:
    own = folder / ("with" if reader.scripts else "without")
    own.mkdir()
    return own
