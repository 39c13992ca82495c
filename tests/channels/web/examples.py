"""A web chat to test with: a municipality, messages of every kind, and browsers that visit it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.web.proxy import Network
from dialogs.events import AnyEvent, Picked, Said
from dialogs.journey import OutlineStep
from dialogs.messages import AnswerBox, Button, Message, Row, Text, verbatim
from dialogs.texts import House
from tests.channels.web.plain_browser import PlainBrowser
from tests.stand_ins.scripted_service import ScriptedService

HOUSE = House("Eksempel kommune", "post@example.no", "https://chat.example.no/personvern", "https://chat.example.no")
BACK = Button("d:x:back", Text("label-back"))
FIRST = Message("nb", "question", lines=(verbatim("Hvem svarer du for?"),), step="who", draft="d", buttons=(BACK,))
MAIL = Message(
    "nb",
    "question",
    lines=(verbatim("Hva er e-posten din? Vi viser den ikke offentlig."),),
    example=Text("email-example"),
    box=AnswerBox("email", "email", max_length=254),
    buttons=(Button("d:mail:skip", Text("label-skip")), BACK),
    step="mail",
    draft="d",
    progress=(2, 5),
)
WRONG = Message(
    "nb", "question", told=(Text("email-at"),), error=True, lines=MAIL.lines, box=MAIL.box, step="mail", draft="d"
)
DONE = Button("d:text:done", Text("label-done"), primary=True)
LONG = Message("nb", "question", lines=(verbatim("Skriv svaret."),), box=AnswerBox("long"), step="text", draft="d")
SAVED = Message(
    "nb",
    "question",
    lines=(verbatim("Skriv mer."),),
    box=AnswerBox("long", value="Vi er enige."),
    buttons=(DONE,),
    step="text",
    draft="d",
)
REVIEW = Message(
    "nb",
    "review",
    lines=(Text("review"),),
    rows=(Row(Text("name-email"), verbatim("kari.nordmann@example.no"), Button("d:r:s1", Text("label-change-email"))),),
    buttons=(Button("d:r:send", Text("label-send"), primary=True), Button("d:r:s1", Text("label-change-email"))),
    step="review",
    draft="d",
)
WAITING = Message("nb", "waiting", lines=(Text("looking-up", {"org_number": "974 760 673"}),), step="org", draft="d")

Open = Callable[..., Awaitable[PlainBrowser]]


def always(message: Message) -> ScriptedService:
    """A service that says the same to everything."""
    return ScriptedService(lambda event, service: message)


def outline(session: str) -> tuple[OutlineStep, ...]:
    return (OutlineStep("who", Text("name-respondent-type"), "done", verbatim("Privatperson"), "d:who:change"),)


def chat(service: ScriptedService, base_url: str = "http://chat.example.no", proxy: Network | None = None) -> WebChat:
    return WebChat(service, Pages(HOUSE, outline), base_url=base_url, locale="nb", proxy=proxy)


@pytest.fixture(name="browse")
async def browsers() -> AsyncIterator[Open]:
    clients = []

    async def open_browser(service: ScriptedService, proxy: Network | None = None) -> PlainBrowser:
        client = TestClient(TestServer(chat(service, proxy=proxy).application()))
        clients.append(client)
        await client.start_server()
        return PlainBrowser(client)

    yield open_browser
    for client in clients:
        await client.close()


async def talk(browse: Open, service: ScriptedService) -> PlainBrowser:
    """A browser with a conversation begun."""
    browser = await browse(service)
    await browser.open()
    await browser.press("Begynn")
    return browser


def writing(event: AnyEvent, service: ScriptedService) -> Message:
    """Asks for the long answer, saves what comes, and goes on to the review."""
    if isinstance(event, Picked):
        return REVIEW
    return SAVED if isinstance(event, Said) else LONG
