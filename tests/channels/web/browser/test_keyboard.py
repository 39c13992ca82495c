"""A whole response with the keyboard alone, by the accessibility tree alone, and with the page zoomed to 400 %."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.register.stand_in import REFERENCE
from tests.channels.web.browser.window import NARROW, next_page, scrolls_sideways, window

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Act = tuple[str, str]
RESPONSE: Sequence[Act] = (
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
    ("press", "Styremedlem"),
    ("press", "18/101 Rådmannens forslag til handlingsprogram 2020 – 2023"),
    ("write", "Vi mener:\n\n- flere benker\n- færre skilt"),
    ("press", "Ferdig"),
    ("press", "Send inn"),
)
"""What somebody does, as methods of `Keyboard` and `Listener`. One number is mistyped."""

STOPS = 80  # more than any page has
FOCUSED = """() => {
    const at = document.activeElement, style = getComputedStyle(at), box = at.getBoundingClientRect();
    const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
    const shown = document.elementFromPoint((box.left + box.right) / 2, (top + bottom) / 2);
    return {
        name: at.id === 'text' ? 'the field' : at.innerText.trim(),
        anywhere: at !== document.body,
        outline: style.outlineStyle === 'none' ? 0 : parseFloat(style.outlineWidth),
        shown: bottom > top && at.contains(shown),
    };
}"""


class Keyboard:
    """Somebody who has only a keyboard, and has to see where they are."""

    def __init__(self, page: Page, *, scripts: bool) -> None:
        self.page = page
        self.scripts = scripts
        self.presses = 0

    async def press(self, label: str) -> None:
        """Go on to the button with this label, and press it with Enter or with the space bar in turn."""
        await self._go_to(label)
        self.presses += 1
        async with next_page(self.page, scripts=self.scripts):
            await self.page.keyboard.press("Enter" if self.presses % 2 else "Space")

    async def type(self, text: str) -> None:
        """Go to the field, type a line in place of what stands there, and send it."""
        await self._go_to("the field")
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)
        async with next_page(self.page, scripts=self.scripts):
            await self.page.keyboard.press("Enter")

    async def write(self, text: str) -> None:
        """Go to the large field and type lines that Shift+Enter breaks; Escape does no harm."""
        await self._go_to("the field")
        for number, line in enumerate(text.split("\n")):
            if number:
                await self.page.keyboard.press("Shift+Enter")
            await self.page.keyboard.type(line)
        await self.page.keyboard.press("Escape")

    async def _go_to(self, name: str) -> None:
        """Press Tab until what is called `name` has the focus. Each stop on the way has to be seen."""
        for _ in range(STOPS):
            stop = await self.page.evaluate(FOCUSED)
            if stop["anywhere"]:
                assert stop["shown"], f"something hides {stop['name']!r} while it has the focus"
            if stop["name"] == name:
                return
            await self.page.keyboard.press("Tab")
            stop = await self.page.evaluate(FOCUSED)
            assert stop["outline"] > 0 or not stop["anywhere"], f"nobody sees that {stop['name']!r} has the focus"
        raise AssertionError(f"Tab does not lead to {name!r}")


class Listener:
    """Somebody who hears a page, and knows what is there by its roles and names alone."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def press(self, label: str) -> None:
        """Press a button that the tree has."""
        assert f'button "{label}"' in await self.tree()
        async with next_page(self.page):
            await self.page.get_by_role("button", name=label, exact=True).first.press("Enter")

    async def type(self, text: str) -> None:
        """Type a line into the one field that can be written in, and send it."""
        field = await self._field()
        await field.fill(text)
        async with next_page(self.page):
            await field.press("Enter")

    async def write(self, text: str) -> None:
        """Fill the one field."""
        await (await self._field()).fill(text)

    async def tree(self) -> str:
        """The accessibility tree. Each page has its landmarks and one heading of the first level."""
        tree = await self.page.locator("body").aria_snapshot()
        for landmark in ("banner", "main", "contentinfo", "navigation"):
            assert re.search(rf"^ *- {landmark}\b", tree, re.MULTILINE), f"there is no {landmark}: {tree}"
        assert len(re.findall(r"^ *- heading .*\[level=1\]", tree, re.MULTILINE)) == 1, tree
        return tree

    async def _field(self) -> Locator:
        names = re.findall(r'^ *- textbox "([^"]+)"', await self.tree(), re.MULTILINE)
        assert len(names) == 1, f"fields with names: {names}"
        return self.page.get_by_role("textbox", name=names[0], exact=True)


async def play(person: Keyboard | Listener, acts: Sequence[Act]) -> None:
    """Let somebody do all that a response takes."""
    for how, text in acts:
        await getattr(person, how)(text)


@pytest.mark.parametrize("scripts", [True, False], ids=["with_scripts", "without_scripts"])
async def test_a_whole_response_with_the_keyboard_alone(chat_url: str, browser: Browser, scripts: bool) -> None:
    async with window(browser, scripts=scripts) as page:
        await page.goto(chat_url)
        await play(Keyboard(page, scripts=scripts), RESPONSE)
        assert "Takk." in await page.locator("h1").inner_text()
        assert "- flere benker\n- færre skilt" in await page.get_by_role("main").inner_text()


async def test_a_whole_response_by_the_accessibility_tree_alone(chat_url: str, browser: Browser) -> None:
    async with window(browser) as page:
        await page.goto(chat_url)
        person = Listener(page)
        await play(person, RESPONSE)
        assert re.search(r'heading "[^"]*Takk\.', await person.tree())


async def test_a_mistake_is_in_the_title_and_tied_to_its_field(chat_url: str, browser: Browser) -> None:
    async with window(browser) as page:
        await page.goto(chat_url)
        await play(
            Listener(page), (("press", "Begynn"), ("press", "Organisasjon i Enhetsregisteret"), ("type", "974540139"))
        )
        field = page.get_by_role("textbox")
        await expect(page).to_have_title(re.compile("^Feil: "))
        await expect(field).to_have_attribute("aria-invalid", "true")
        await expect(field).to_have_accessible_description(re.compile("Vi får ikke nummeret til å stemme"))
        await expect(field).to_have_value("974540139")


async def test_a_whole_response_at_400_percent(chat_url: str, browser: Browser) -> None:
    async with window(browser, width=NARROW, zoom=4) as page:
        await page.goto(chat_url)
        for act in RESPONSE:
            await play(Listener(page), [act])
            assert not await scrolls_sideways(page), f"after {act}"
        assert "Takk." in await page.locator("h1").inner_text()
