"""The chat in a frame on pages of another site, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from tests.channels.web.browser.window import CHROMIUM, FLAGS
from tests.running.running_program import RunningProgram, free_port

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@asynccontextmanager
async def municipality(embed: str, frames: str) -> AsyncIterator[TestServer]:
    """A page of the municipality's own, with a policy as strict as one that lets the chat in can be."""

    async def show(_request: web.Request) -> web.Response:
        page = (
            "<!DOCTYPE html><html lang='nb'><title>Høringer</title><main><h1>Høringer</h1>"
            f"<script src='{embed}' data-consultation='1'></script></main></html>"
        )
        policy = f"default-src 'none'; script-src {frames}; frame-src {frames}"
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", show)
    server = TestServer(app)
    async with server:
        yield server


@pytest.fixture
async def pages(tmp_path: Path) -> AsyncIterator[tuple[Page, str, str]]:
    """A window, the address of a page that may show the chat, and that of one that may not: all on different sites."""
    async with AsyncExitStack() as up:
        port = free_port()
        chat = f"http://localhost:{port}"
        allowed = await up.enter_async_context(municipality(f"{chat}/embed.js", chat))
        stranger = await up.enter_async_context(municipality(f"{chat}/embed.js", chat))
        settings = {
            "INNSPILL_DATABASE": str(tmp_path / "innspill.db"),
            "INNSPILL_ENTITY_REGISTER": "stand-in",
            "INNSPILL_PORT": str(port),
            "INNSPILL_BASE_URL": chat,
            "INNSPILL_EMBED_ORIGINS": f"http://127.0.0.1:{allowed.port}",
        }
        await up.enter_async_context(RunningProgram(settings))
        playwright = await up.enter_async_context(async_playwright())
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = await browser.new_page(locale="nb-NO")
        yield page, f"http://127.0.0.1:{allowed.port}/", f"http://127.0.0.1:{stranger.port}/"
        await browser.close()


async def test_a_response_begins_on_the_page_of_another_site_and_goes_on_after_a_reload(
    pages: tuple[Page, str, str],
) -> None:
    page, allowed, _ = pages
    await page.goto(allowed)
    frame = page.frame_locator("iframe")
    await page.get_by_role("button", name="Svar på høringen").click()
    await frame.get_by_role("button", name="Svar på saken").click()
    await frame.get_by_text("Rådmannens forslag til handlingsprogram").first.wait_for()
    await frame.get_by_role("button", name="Privatperson", exact=True).click()
    await frame.get_by_role("heading", name="Hva er adressen din?").wait_for()

    await page.get_by_role("button", name="Lukk").click()
    assert await page.evaluate("document.activeElement.shadowRoot.activeElement.textContent") == "Svar på høringen"

    await page.reload()
    await page.get_by_role("button", name="Svar på høringen").click()
    await frame.get_by_role("link", name="Fortsett der du var").click()
    await frame.get_by_role("heading", name="Hva er adressen din?").wait_for()
    (cookie,) = [each for each in await page.context.cookies() if "innspill" in each["name"]]
    assert cookie["name"] == "__Host-innspill-embedded"


async def test_a_page_that_was_not_named_cannot_show_the_chat(pages: tuple[Page, str, str]) -> None:
    page, _, stranger = pages
    await page.goto(stranger)
    async with page.expect_event("console", predicate=lambda message: "frame-ancestors" in message.text):
        await page.get_by_role("button", name="Svar på høringen").click()
    assert await page.frame_locator("iframe").get_by_role("button").count() == 0
