"""A browser without scripts: opens pages, presses buttons by what stands on them, and keeps cookies."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import urlencode

from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from aiohttp.web import Application, Request

from tests.web.html_rules import complaints


@dataclass
class PageButton:
    """A button: its label without what only screen readers are told, and what it posts."""

    form: str
    name: str
    value: str
    label: str = ""


@dataclass
class Page(HTMLParser):
    """A page as a person has it before them."""

    status: int
    html: str
    title: str = ""
    heading: str = ""
    alert: str = ""
    text: str = ""
    language: str = ""
    buttons: list[PageButton] = field(default_factory=list)
    hidden: dict[str, dict[str, str]] = field(default_factory=dict)
    box: dict[str, str] = field(default_factory=dict)
    typed: str = ""
    box_form: str = ""

    def __post_init__(self) -> None:
        super().__init__()
        self._form = ""
        self._inside: list[str] = []
        self.feed(self.html)
        self.title, self.heading, self.alert = (" ".join(t.split()) for t in (self.title, self.heading, self.alert))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        mark = "alert" if given.get("role") == "alert" else "unseen" if given.get("class") == "unseen" else tag
        if tag not in ("input", "meta", "link", "br"):
            self._inside.append(mark)
        if tag == "html":
            self.language = given["lang"]
        elif tag == "form":
            self._form = given.get("id", "form")
            self.hidden[self._form] = {}
        elif given.get("type") == "hidden":
            self.hidden[self._form][given["name"]] = given["value"]
        elif given.get("name") == "text":
            self.box, self.box_form, self.typed = given, self._form, given.get("value", "")
        elif tag == "button":
            self.buttons.append(
                PageButton(given.get("form", self._form), given.get("name", ""), given.get("value", ""))
            )

    def handle_endtag(self, tag: str) -> None:
        self._inside.pop()

    def handle_data(self, data: str) -> None:
        within = set(self._inside)
        if "title" in within:
            self.title += data
        elif "textarea" in within and self.box.get("name") == "text" and not self.typed:
            self.typed = data.removeprefix("\n")  # as browsers do
        elif "button" in within and "unseen" not in within:
            self.buttons[-1].label += data.strip()
        else:
            self.text += data
        if "h1" in within:
            self.heading += data
        if "alert" in within:
            self.alert += data

    @property
    def labels(self) -> list[str]:
        """What stands on the buttons, from top to bottom."""
        return [button.label for button in self.buttons]

    def form(self, label: str, text: str | None = None) -> dict[str, str]:
        """What pressing the button posts; `text` is typed into the field first."""
        button = next(button for button in self.buttons if button.label == label)
        posted = dict(self.hidden[button.form])
        if button.name:
            posted[button.name] = button.value
        if self.box_form == button.form:
            posted["text"] = (self.typed if text is None else text).replace("\n", "\r\n")
        return posted


class PlainBrowser:
    """One person at one browser; `page` is what they see."""

    def __init__(self, client: TestClient[Request, Application]) -> None:
        self.client = client
        self.page = Page(0, "")

    async def open(self, path: str = "/", **headers: str) -> Page:
        """Go to an address."""
        return await self._see(await self.client.get(path, headers=headers))

    async def press(self, label: str, text: str | None = None) -> Page:
        """Press a button, after typing `text` into the field."""
        return await self.post(self.page.form(label, text))

    async def post(self, form: dict[str, str], **headers: str) -> Page:
        """Post a form as it is, and follow where it leads."""
        body = BytesIO(urlencode(form).encode())
        headers = {"Content-Type": "application/x-www-form-urlencoded", **headers}
        return await self._see(await self.client.post("/", data=body, headers=headers))

    async def _see(self, response: ClientResponse) -> Page:
        self.page = Page(response.status, await response.text())
        assert complaints(self.page.html) == [], response.url
        return self.page
