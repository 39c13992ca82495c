"""Versions at the desk in a real browser: axe, narrow screens, paper, and a decision with the keyboard alone."""

from __future__ import annotations

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page

from bot.staff.roles import Role
from storage.database.opening import transaction
from storage.responses import versions
from tests.staff.desk import StaffDesk
from tests.staff.examples import HOSTILE, NOW, stages
from tests.staff.test_browser import chromium, window

__all__ = ["chromium", "stages"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = ("", "consultations/1", "responses", "responses/R1", "responses/R6", "responses/R1/compare")


def add_versions(stage: StaffDesk) -> None:
    """R1 was replaced by R6, and R2 withdrawn."""
    changed = f"Skoleveien trenger fortau og benk.\n\n{'Uendelig' * 30}: {HOSTILE}"
    with transaction(stage.config.database) as db:
        db.execute("UPDATE responses SET text = ? WHERE reference = 'R6'", (changed,))
        versions.decide(db, "R1", "superseded", by="R6", who=versions.RESPONDENT, at=NOW)
        versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=NOW, note="Brev. " * 40)


async def violations(page: Page) -> str:
    """What axe has against the page, with all that can be opened open; "" for nothing."""
    for details in await page.locator("details").all():
        await details.evaluate("element => { element.open = true }")
    found = await Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


@pytest.mark.parametrize(
    "look",
    [
        {"color_scheme": "light"},
        {"color_scheme": "dark", "extra_http_headers": {"Accept-Language": "en"}},
        {"color_scheme": "dark", "forced_colors": "active"},
        {"viewport": {"width": 320, "height": 640}},
    ],
)
async def test_axe_finds_nothing_wrong_and_nothing_scrolls_sideways(
    stage: StaffDesk, chromium: Browser, look: dict[str, object]
) -> None:
    add_versions(stage)
    async with window(stage, chromium, Role.EDITOR, **look) as page:
        for path in (*PAGES, "responses/R2"):
            await page.goto(f"/staff/{path}")
            assert await violations(page) == "", path
            assert await page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


async def test_what_was_changed_has_lines_and_is_read_aloud(stage: StaffDesk, chromium: Browser) -> None:
    add_versions(stage)
    async with window(stage, chromium, Role.READER) as page:
        await page.goto("/staff/responses/R1")
        await page.get_by_role("link", name="Se hva som er endret fra R1 til R6").click()
        added, removed = page.locator("ins").first, page.locator("del").first
        assert await added.evaluate("each => getComputedStyle(each).textDecorationLine") == "underline"
        assert await removed.evaluate("each => getComputedStyle(each).textDecorationLine") == "line-through"
        assert (await page.get_by_role("insertion").first.inner_text()).split() == [
            "nytt:",
            "og",
            "benk",
            ",",
            "slutt,",
        ]


async def test_a_decision_is_made_with_the_keyboard_alone_and_a_mistake_opens_the_form_again(
    stage: StaffDesk, chromium: Browser
) -> None:
    async with window(stage, chromium, Role.EDITOR, java_script_enabled=False) as page:
        await page.goto("/staff/responses/R1")
        await page.get_by_text("Endre status eller skriv et notat").focus()
        await page.keyboard.press("Enter")
        await page.get_by_label("Marker som erstattet av et annet svar").focus()
        await page.keyboard.press("Space")
        await page.get_by_label("Kvitteringsnummeret til svaret").focus()
        await page.keyboard.type("r3")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert "Feil: " in await page.title()
        field = page.get_by_label("Kvitteringsnummeret til svaret")
        assert await field.is_visible()
        assert (await field.input_value(), await field.get_attribute("aria-invalid")) == ("R3", "true")
        await field.fill("R2")
        async with page.expect_navigation():
            await page.keyboard.press("Enter")
        assert "Lagret. Status nå: Erstattet av et nyere svar." in await page.get_by_role("status").inner_text()


async def test_on_paper_the_versions_are_there_and_what_changes_them_is_not(
    stage: StaffDesk, chromium: Browser
) -> None:
    add_versions(stage)
    async with window(stage, chromium, Role.EDITOR) as page:
        await page.goto("/staff/responses/R1")
        await page.emulate_media(media="print")
        assert await page.get_by_text("Status: fra «Mottatt» til «Erstattet av R6»").is_visible()
        for gone in ("Se hva som er endret", "Endre status"):
            assert not await page.get_by_text(gone).first.is_visible()
