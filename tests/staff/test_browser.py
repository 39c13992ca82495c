"""The desk in a real browser: a download with and without scripts, with the keyboard alone, and axe on every page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright

from bot.staff.access.security import cookie_name
from bot.staff.roles import Role
from storage.database.opening import transaction
from storage.responses import versions
from tests.channels.web.browser.window import CHROMIUM, FLAGS, too_small
from tests.staff.desk import StaffDesk
from tests.staff.examples import HOSTILE, NOW, stages

__all__ = ["stages"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "",
    "consultations/new",
    "consultations/1",
    "consultations/2/change",
    "consultations/1/close",
    "responses",
    "responses?consultation=2&late=yes&order=respondent",
    "responses?from=2027-01-01",
    "responses/R1",
    "responses/R3",
    "downloads",
    "downloads/gone",
    "set-aside",
    "history",
    "people",
)


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


@asynccontextmanager
async def window(stage: StaffDesk, chromium: Browser, role: Role, **options: object) -> AsyncIterator[Page]:
    """A window of somebody who has logged in; what the page complains about is a failure."""
    context = await chromium.new_context(base_url=stage.url, locale="nb-NO", **options)  # type: ignore[arg-type]  # each has its own
    await context.add_cookies(
        [{"name": cookie_name(stage.config), "value": stage.begin_session(role), "url": stage.url, "httpOnly": True}]
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    yield page
    assert [each for each in complaints if "404" not in each and "422" not in each and "favicon" not in each] == []
    await context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["nb-NO", "en-GB"])
async def test_axe_finds_nothing_wrong_with_any_page(
    stage: StaffDesk, chromium: Browser, scheme: str, language: str
) -> None:
    headers = {"Accept-Language": language}
    async with window(stage, chromium, Role.ADMIN, color_scheme=scheme, extra_http_headers=headers) as page:
        for path in PAGES:
            await page.goto(f"/staff/{path}")
            for details in await page.locator("details").all():
                await details.evaluate("element => { element.open = true }")
            found = await Axe().run(page)
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"


async def test_in_the_readers_own_colours_all_can_be_read_and_widths_say_what_colours_said(
    stage: StaffDesk, chromium: Browser
) -> None:
    async with window(stage, chromium, Role.ADMIN, color_scheme="dark", forced_colors="active") as page:
        for path in PAGES:
            await page.goto(f"/staff/{path}")
            found = await Axe().run(page, options={"runOnly": {"type": "rule", "values": ["color-contrast"]}})
            assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        lines = await page.locator("nav a").evaluate_all(
            "links => links.map(link => [link.ariaCurrent, getComputedStyle(link).borderBottomColor])"
        )
        assert [current for current, _ in lines].count("page") == 1
        colour_here = next(colour for current, colour in lines if current)
        assert colour_here not in [colour for current, colour in lines if not current]
        widths = await page.locator("button").evaluate_all(
            "buttons => buttons.map(each => [each.className, parseFloat(getComputedStyle(each).borderTopWidth)])"
        )
        primary, others = ([width for name, width in widths if (name == "primary") is is_it] for is_it in (True, False))
        assert min(primary) > max(others)


async def test_axe_finds_nothing_wrong_where_something_was_typed_wrong(stage: StaffDesk, chromium: Browser) -> None:
    async with window(stage, chromium, Role.ADMIN) as page:
        await page.goto("/staff/consultations/new")
        await page.get_by_label("Tittel").fill(HOSTILE)
        await page.get_by_role("button", name="Lagre").click()
        assert await page.title() == "Feil: Ny høring – Høringssvar for ansatte, Eksempel kommune"
        assert await page.get_by_label("Tittel").input_value() == HOSTILE
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        await page.goto("/staff/people")
        await page.get_by_label("E-post").fill("kari")
        await page.get_by_role("button", name="Inviter").click()
        assert await page.get_by_label("E-post").input_value() == "kari"
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()


async def test_a_script_shows_when_a_download_is_ready(stage: StaffDesk, chromium: Browser) -> None:
    async with window(stage, chromium, Role.READER) as page:
        await page.goto("/staff/downloads")
        await page.get_by_label("Format").select_option("csv")
        await page.get_by_role("button", name="Last ned").click()
        await page.wait_for_url("**/downloads/*")
        address = page.url
        found = await Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        link = page.get_by_role("link", name="Hent filen")
        await link.wait_for(state="visible", timeout=60_000)
        assert await page.locator("form button:visible").all_inner_texts() == ["Logg ut", "Slett filen"]
        assert "Ferdig: 6 svar" in await page.get_by_role("status").inner_text()
        assert page.url == address
        async with page.expect_download() as download:
            await link.click()
        assert (await download.value).suggested_filename == "innspill-csv-2026-11-24.csv"
        assert (await (await download.value).path()).read_bytes().startswith(b"\xef\xbb\xbf")


async def test_a_search_and_a_download_without_scripts_and_mouse_on_a_narrow_screen(
    stage: StaffDesk, chromium: Browser
) -> None:
    narrow = {"width": 320, "height": 640}
    async with window(stage, chromium, Role.READER, java_script_enabled=False, viewport=narrow) as page:
        await page.goto("/staff/responses")
        await page.get_by_label("Søk").focus()
        await page.keyboard.type("skole")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert "2 svar" in await page.get_by_role("status").inner_text()
        await page.get_by_role("link", name="Last ned disse").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Last ned").focus()
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        again = page.get_by_role("link", name="Se om den er klar")
        while await again.count():
            await page.wait_for_timeout(200)
            async with page.expect_navigation():
                await again.click()
        assert await page.locator("form button:visible").all_inner_texts() == ["Logg ut", "Slett filen"]
        async with page.expect_download() as download:
            await page.get_by_role("link", name="Hent filen").click()
        assert (await download.value).suggested_filename == "innspill-xlsx-2026-11-24.xlsx"


@pytest.mark.parametrize("path", PAGES)
async def test_no_page_scrolls_sideways_at_320_pixels(stage: StaffDesk, chromium: Browser, path: str) -> None:
    async with window(stage, chromium, Role.ADMIN, viewport={"width": 320, "height": 640}) as page:
        await page.goto(f"/staff/{path}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_who_did_what_is_read_from_top_to_bottom_on_a_narrow_screen(stage: StaffDesk, chromium: Browser) -> None:
    async with window(stage, chromium, Role.ADMIN, viewport={"width": 320, "height": 640}) as page:
        await page.goto("/staff/responses?late=yes&from=2026-01-01&order=respondent")
        await page.goto("/staff/history")
        table = page.get_by_role("region").locator("table")
        assert await table.evaluate("table => table.parentElement.scrollWidth <= table.parentElement.clientWidth")
        cells = page.get_by_role("row").nth(1).get_by_role("cell")
        seen = await cells.evaluate_all(
            "cells => cells.filter(cell => cell.offsetHeight).map(cell => [cell.offsetTop, cell.offsetHeight])"
        )
        assert len(seen) == 5  # of six: it is about no one thing
        assert seen == sorted(seen)
        assert max(height for _, height in seen) < 120  # pixels
        before = "cell => getComputedStyle(cell, '::before').content"
        assert "Hvem" in await cells.nth(1).evaluate(before)


async def test_on_paper_a_response_is_all_there_and_the_desk_around_it_is_not(
    stage: StaffDesk, chromium: Browser
) -> None:
    async with window(stage, chromium, Role.READER) as page:
        await page.goto("/staff/responses/R1")
        await page.emulate_media(media="print")
        assert await page.get_by_text("Skoleveien trenger fortau.").is_visible()
        assert await page.get_by_text("kari.nordmann@example.no").is_visible()
        for gone in (page.locator("header nav"), page.locator(".pager"), page.get_by_role("button", name="Last ned")):
            assert not await gone.first.is_visible()


@pytest.mark.parametrize("width", [320, 1280])
async def test_everything_to_press_is_24_pixels_large(stage: StaffDesk, chromium: Browser, width: int) -> None:
    """WCAG 2.5.8, without its exception for what has room around it; a link within a sentence may be smaller."""
    with transaction(stage.config.database) as db:
        versions.decide(db, "R1", "superseded", by="R6", who=versions.RESPONDENT, at=NOW)
        versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=NOW, note="Brev.")
    async with window(stage, chromium, Role.ADMIN, viewport={"width": width, "height": 640}) as page:
        small = []
        for path in (*PAGES, "account", "responses/R6", "responses/R1/compare", "responses?status=withdrawn"):
            await page.goto(f"/staff/{path}")
            for details in await page.locator("details").all():
                await details.evaluate("element => { element.open = true }")
            small += [f"{path}: {each}" for each in await too_small(page)]
        assert small == []
