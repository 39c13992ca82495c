"""A whole response in a real browser: without scripts on a narrow screen, and every page of it read by axe."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright

from bot.register_stand_in import REFERENCE
from tests.running_program import RunningProgram

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONVERSATION = (
    ("press", "Begynn"),
    ("press", "Organisasjon i Enhetsregisteret"),
    ("type", "974540139"),
    ("type", REFERENCE),
    ("press", "Ja, det stemmer"),
    ("type", "kari.nordmann@gmial.com"),
    ("press", "Nei"),
    ("press", "Hopp over"),
    ("type", "Kari Nordmann"),
    ("press", "Ja, det stemmer"),
    ("press", "18/101 Rådmannens forslag til handlingsprogram 2020 – 2023"),
    ("write", "Vi mener:\n\n- flere benker\n- færre skilt"),
    ("press", "Send inn"),
)
"""`type` ends with Enter; `write` fills the long field and presses "Ferdig"."""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


@asynccontextmanager
async def chat(folder: Path, browser: Browser, *, scripts: bool, width: int, scheme: str) -> AsyncIterator[Page]:
    """The chat of a running program, opened in a window of its own."""
    settings = {"INNSPILL_DATABASE": str(folder / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program:
        context = await browser.new_context(
            locale="nb-NO",
            java_script_enabled=scripts,
            viewport={"width": width, "height": 720},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = await context.new_page()
        await page.goto(program.url)
        yield page
        await context.close()


async def act(page: Page, how: str, text: str) -> None:
    """Do one thing, and wait for the page that comes of it."""
    async with page.expect_navigation():
        match how:
            case "press":
                await page.get_by_role("main").get_by_role("button", name=text, exact=True).click()
            case "type":
                await page.locator("#text").fill(text)
                await page.keyboard.press("Enter")
            case "write":
                await page.locator("#text").fill(text)
                await page.get_by_role("button", name="Ferdig", exact=True).click()


async def test_a_whole_response_without_scripts_on_a_narrow_screen(tmp_path: Path, browser: Browser) -> None:
    async with chat(tmp_path, browser, scripts=False, width=320, scheme="light") as page:
        for how, text in CONVERSATION:
            await act(page, how, text)
            box = await page.locator("body").bounding_box()
            assert box is not None
            assert box["width"] <= 320, f"the page scrolls sideways after {text!r}"
        assert "Takk." in await page.locator("h1").inner_text()
        assert "- flere benker\n- færre skilt" in await page.locator(".document").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong_with_any_page_of_a_response(
    tmp_path: Path, browser: Browser, scheme: str
) -> None:
    async with chat(tmp_path, browser, scripts=True, width=1280, scheme=scheme) as page:
        for how, text in (*CONVERSATION, ("press", "Mine svar")):
            found = await Axe().run(page)
            assert found.violations_count == 0, f"before {text!r}: {found.generate_report()}"
            await act(page, how, text)
