"""From the invitation to the desk in a real browser, and every page on the way read by axe."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright

from bot.clock import now
from tests.channels.web.browser.window import CHROMIUM, FLAGS
from tests.commands.command_line import CommandLine
from tests.running.running_program import RunningProgram
from tests.staff.desk import KARI, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


class Visit:
    """Somebody at the desk of a running program."""

    def __init__(self, page: Page, program: RunningProgram, innspill: CommandLine) -> None:
        self.page = page
        self.program = program
        self.innspill = innspill
        self.violations: list[str] = []

    async def invited(self, role: str = "editor") -> str:
        """Invite Kari; where her link leads."""
        path = self.innspill.says("staff", "invite", KARI, "--role", role).strip().partition("/staff/")[2]
        return f"{self.program.url}/staff/{path}"

    async def fill(self, **fields: str) -> None:
        """Fill in a form and send it with Enter."""
        for name, value in fields.items():
            await self.page.locator(f"#{name}").fill(value)
        async with self.page.expect_navigation():
            await self.page.keyboard.press("Enter")
        await self.read()

    async def open(self, url: str) -> None:
        """Open a page."""
        await self.page.goto(url)
        await self.read()

    async def press(self, name: str) -> None:
        """Press a button or follow a link."""
        target = self.page.get_by_role("button", name=name, exact=True).or_(
            self.page.get_by_role("link", name=name, exact=True)
        )
        async with self.page.expect_navigation():
            await target.click()
        await self.read()

    async def heading(self) -> str:
        """What the page is."""
        return await self.page.locator("h1").inner_text()

    async def read(self) -> None:
        """Have axe read the page."""
        found = await Axe().run(self.page)
        if found.violations_count:
            self.violations.append(f"{self.page.url}: {found.generate_report()}")


@asynccontextmanager
async def visit(folder: Path, browser: Browser, *, scheme: str = "light", width: int = 1280) -> AsyncIterator[Visit]:
    settings = {"INNSPILL_DATABASE": str(folder / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program:
        context = await browser.new_context(
            locale="nb-NO",
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
        )
        page = await context.new_page()
        broken: list[str] = []
        page.on("console", lambda message: broken.append(message.text) if "Content Security" in message.text else None)
        yield Visit(page, program, CommandLine(folder))
        assert not broken
        await context.close()


async def enrol(visitor: Visit) -> tuple[str, list[str]]:
    """Come in by the link, with mistakes on the way; the app's secret and the recovery codes."""
    await visitor.open(await visitor.invited())
    assert await visitor.heading() == "Velg et passord"
    await visitor.fill(password="Velkommen123!", again="Velkommen123!")
    assert await visitor.page.locator("#password[aria-invalid=true]").count() == 1
    await visitor.fill(password=PASSWORD, again=PASSWORD)
    assert await visitor.heading() == "Sett opp en autentiseringsapp"
    box = await visitor.page.locator(".square svg").bounding_box()
    assert box is not None
    assert box["width"] > 150
    await visitor.fill(code="000000")
    assert await visitor.page.locator("#code[aria-invalid=true]").count() == 1
    secret = (await visitor.page.locator("code.secret").inner_text()).replace(" ", "")
    await visitor.fill(code=pyotp.TOTP(secret).at(now()))
    codes = await visitor.page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    return secret, codes


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_from_the_invitation_to_the_desk_and_in_again(tmp_path: Path, browser: Browser, scheme: str) -> None:
    async with visit(tmp_path, browser, scheme=scheme) as visitor:
        secret, codes = await enrol(visitor)
        await visitor.press("Kodene er tatt vare på")
        assert visitor.page.url == f"{visitor.program.url}/staff/"
        await visitor.press("Kontoen din")
        await visitor.fill(current="feil", password=PASSWORD, again=PASSWORD)
        await visitor.press("English")
        assert await visitor.heading() == "Your account"
        await visitor.press("Bokmål")
        await visitor.press("Logg ut")
        assert await visitor.heading() == "Logg inn"
        await visitor.fill(email=KARI, password="feil", code="000000")
        assert "stemmer ikke" in await visitor.page.locator("[role=alert]").inner_text()
        await visitor.fill(email=KARI, password=PASSWORD, code=codes[0])
        assert visitor.page.url == f"{visitor.program.url}/staff/"
        await visitor.open(f"{visitor.program.url}/staff/history")
        assert await visitor.heading() == "Siden kan ikke vises"
        await visitor.press("Logg ut")
        later = pyotp.TOTP(secret).at(now() + timedelta(seconds=30))  # the code of now was used to enrol
        await visitor.fill(email=KARI, password=PASSWORD, code=later)
        assert visitor.page.url == f"{visitor.program.url}/staff/"
        assert not visitor.violations


async def test_on_a_narrow_screen_no_page_scrolls_sideways(tmp_path: Path, browser: Browser) -> None:
    async with visit(tmp_path, browser, width=320) as visitor:
        await enrol(visitor)
        for path in ("account", "nothing", "login"):
            if path == "login":
                await visitor.press("Logg ut")
            await visitor.open(f"{visitor.program.url}/staff/{path}")
            assert await visitor.page.evaluate("document.documentElement.scrollWidth") <= 320, path
        assert not visitor.violations


async def test_the_link_that_make_run_prints_lets_one_in_once(tmp_path: Path, browser: Browser) -> None:
    async with visit(tmp_path, browser) as visitor:
        printed = re.search(r"(http://\S+/staff/demo/\S+)", visitor.program.output)
        assert printed is not None
        await visitor.open(printed[1])
        await visitor.press("Gå inn")
        assert visitor.page.url == f"{visitor.program.url}/staff/"
        await visitor.open(printed[1])
        assert "demoen er startet på nytt" in await visitor.page.inner_text("main")
        assert not visitor.violations
