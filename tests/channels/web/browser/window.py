"""What the browser tests share: one chromium for the whole run, windows in it, and what can be said of a page."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from shutil import which

import pytest
from axe_playwright_python.base import AXE_SCRIPT  # type: ignore[import-untyped]  # it ships no types
from playwright.async_api import Browser, Page, async_playwright

from tests.running.running_program import RunningProgram

CHROMIUM = which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NARROW, WIDE = 320, 1280
"""CSS pixels: the narrowest page that has to do without scrolling sideways, and a desk's."""

_MOMENT = 10_000  # milliseconds: more than anything may take
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_MARK = "() => { const root = document.documentElement; root.dataset.left = root.dataset.turn ?? '' }"
_IN_PLACE = """() => {
    const { left, turn } = document.documentElement.dataset;
    return document.readyState === 'complete' && left !== (turn ?? '');
}"""
_OF_COLOURS = ("color-contrast", "link-in-text-block")
_AXE = """async (runOnly) => {
    const found = await axe.run({ runOnly, resultTypes: ['violations'], preload: false });
    return found.violations.flatMap(({ id, nodes }) => nodes.map(
        ({ html, failureSummary }) => `${id}: ${html}: ${failureSummary.replace(/\\s+/g, ' ')}`));
}"""

_TARGETS = "a[href], button, summary, input, select, textarea"
_SMALL = """(targets) => [...document.querySelectorAll(targets)].flatMap((target) => {
    const boxes = [target, ...(target.labels ?? [])].map((each) => each.getBoundingClientRect());
    const size = Math.max(...boxes.map(({ width, height }) => Math.min(width, height)));
    const whole = target.closest("p, li, td, th, dd, label, div")?.textContent.trim();
    const isInASentence = target.matches("a") && whole !== target.textContent.trim()
        && getComputedStyle(target).display === "inline";
    const isSeen = target.checkVisibility() && boxes[0].width > 1 && boxes[0].left > -100;
    return isSeen && !isInASentence && size < 23.99 ? [`${target.outerHTML.slice(0, 200)}: ${size}`] : [];
})"""


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The one chromium: a window of it knows nothing of the others."""
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        await running.close()


@pytest.fixture(scope="session")
async def chat_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Where a chat with made-up organisations runs, for tests that neither stop it nor look into its database."""
    folder = tmp_path_factory.mktemp("chat")
    settings = {"INNSPILL_DATABASE": str(folder / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program:
        yield program.url


@asynccontextmanager
async def window(
    browser: Browser, *, scripts: bool = True, width: int = WIDE, zoom: float = 1, locale: str = "nb-NO"
) -> AsyncIterator[Page]:
    """An empty page in a window with cookies of its own. `zoom` 4 is 400 %: `width` stays that of the page in CSS."""
    context = await browser.new_context(
        locale=locale,
        java_script_enabled=scripts,
        viewport={"width": width, "height": int(720 / zoom)},
        device_scale_factor=zoom,
        reduced_motion="reduce",
    )
    context.set_default_timeout(_MOMENT)
    try:
        yield await context.new_page()
    finally:
        await context.close()


@asynccontextmanager
async def next_page(page: Page, *, scripts: bool = True) -> AsyncIterator[None]:
    """Ends when the page is there that comes of what is done inside: loaded, or put in place by the script."""
    if scripts:
        await page.evaluate(_MARK)
        yield
        await page.wait_for_function(_IN_PLACE)
    else:
        async with page.expect_navigation():
            yield


async def press(page: Page, *labels: str) -> None:
    """Click on buttons with these labels, each on the page that came of the one before."""
    for label in labels:
        async with next_page(page):
            await page.get_by_role("button", name=label, exact=True).first.click()


async def answer(page: Page, text: str) -> None:
    """Put a text into the field, and send it with Enter."""
    async with next_page(page):
        await page.locator("#text").fill(text)
        await page.keyboard.press("Enter")


async def axe_finds(page: Page, *, only_colours: bool = False) -> Sequence[str]:
    """What axe has against the page as it is now, a line for each place. `only_colours`: all else was asked before."""
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(AXE_SCRIPT)
    rules = {"type": "rule", "values": _OF_COLOURS} if only_colours else {"type": "tag", "values": _RULES}
    found: list[str] = await page.evaluate(_AXE, rules)
    return found


async def scrolls_sideways(page: Page) -> bool:
    """Whether the page is wider than what one sees of it."""
    return bool(
        await page.evaluate("() => document.scrollingElement.scrollWidth > document.documentElement.clientWidth")
    )


async def too_small(page: Page) -> Sequence[str]:
    """What is to be pressed and has less than 24 pixels (WCAG 2.5.8), whatever room is around it.

    A link within a sentence may be smaller, and a field whose label is pressed instead.
    """
    found: list[str] = await page.evaluate(_SMALL, _TARGETS)
    return found
