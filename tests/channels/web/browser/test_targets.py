"""What is to be pressed in the web chat is large enough for a finger."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser

from tests.channels.web.browser.window import NARROW, WIDE, answer, press, too_small, window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.mark.parametrize("width", [NARROW, WIDE])
async def test_everything_to_press_is_24_pixels_large(browser: Browser, chat_url: str, width: int) -> None:
    async with window(browser, width=width) as page:
        small = []
        for path in ("", "personvern", "tilgjengelighet", "nowhere", "?c=1"):
            await page.goto(f"{chat_url}/{path}")
            small += [f"{path}: {each}" for each in await too_small(page)]
        for label in (
            "Svar på saken",
            "Privatperson",
            "Hjelp",
            "Mine svar",
            "Slett utkastet på denne maskinen",
        ):
            await press(page, label)
            small += [f"{label}: {each}" for each in await too_small(page)]
        await page.goto(f"{chat_url}/oversikt")
        small += [f"oversikt: {each}" for each in await too_small(page)]
        await page.goto(chat_url)
        for text in ("Eksempelveien 2", "1385 Asker"):
            await answer(page, text)
        small += [f"later: {each}" for each in await too_small(page)]
        assert small == []
