"""What comes at the same moment: taps, updates of one person, tabs of a browser, and two programs on one database."""

from __future__ import annotations

import asyncio
import os
import re
import tempfile
from asyncio.subprocess import PIPE
from functools import partial
from pathlib import Path

from aiohttp.test_utils import TestClient, TestServer

from bot import app, config
from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.register.stand_in import RegisterStandIn
from dialogs import journey
from dialogs.consultation_response import FORM
from storage.database.opening import ensure_schema
from tests.channels.web.plain_browser import Page, PlainBrowser
from tests.conversations import stages
from tests.proof.figures import Figure
from tests.proof.worlds.scripts import add_rounds, plain, reference_in, scripts
from tests.proof.worlds.worlds import all_talk, patiently, until, world
from tests.running.running_program import INNSPILL
from tests.stand_ins.bot_api import BotApi

_figure = partial(Figure, "deliveries")
_TAPS = 5
_CASE = "26/2044 Detaljregulering for Eksempelveien skole"
_SEND = ("Send inn", "[Send inn]")


async def everything(scale: float, register: RegisterStandIn) -> list[Figure]:
    """All of it."""
    return [
        *await taps(register, webhook=False),
        *await taps(register, webhook=True),
        *await updates_of_one_person(register),
        *await tabs(max(3, round(20 * scale)), register),
        *await serve_and_chat(max(2, round(5 * scale)), register),
    ]


async def taps(register: RegisterStandIn, *, webhook: bool) -> list[Figure]:
    """Everybody taps "Send inn" five times at once: one response each, and one reference."""
    server = BotApi()
    async with world(server, register, webhook=webhook) as built:
        people = [
            built.person(number, each) for number, each in enumerate(scripts(1), 1) if each.turns[-1].act in _SEND
        ]
        assert all(await asyncio.gather(*(patiently(each, len(each.script.turns) - 1) for each in people)))
        before = {willing.person.chat_id: len(willing.person.heard) for willing in people}
        for willing in people:
            for _ in range(_TAPS):
                await willing.person.press("Send inn")
        await server.idle()
        await all_talk(people)
        await until(lambda: not server.waiting())
        for willing in people:
            told = {reference_in(heard.text) for heard in willing.person.heard[before[willing.person.chat_id] :]}
            assert told - {None} == {willing.reference}, f"{willing.script.name}: several references: {told}"
    way = "webhook" if webhook else "polling"
    return [_figure(f"responses to {_TAPS} taps at once each, by {way}, one reference each", len(people), "responses")]


async def updates_of_one_person(register: RegisterStandIn) -> list[Figure]:
    """At every turn a person does what they do together with a text that is no answer: both are answered, in order."""
    known = next(each for each in scripts(1) if each.name == "organisation_reference_case")
    for webhook in (False, True):
        async with world(BotApi(), register, webhook=webhook) as built:
            willing, remarks = built.person(1, known), 0
            for number in range(1, len(known.turns)):
                assert await patiently(willing, until_turn=number)
                await built.marked()
                heard = len(willing.person.heard)
                await willing.act(number)
                await willing.person.attach("sticker")
                await willing.person.attach("voice")
                await built.marked()
                last = plain(willing.person.heard[heard:][-1].text)
                remarks += last != known.turns[number].reply
            assert await patiently(willing)
            # Of what is answered at once only the last is sure to be said: mostly that of the voice message.
            assert remarks > len(known.turns) / 2, f"stickers and voice messages were not answered, but {remarks}"
    return [_figure("turns at which a person did three things at once, answers right", 2 * len(known.turns), "turns")]


async def tabs(count: int, register: RegisterStandIn) -> list[Figure]:
    """Two tabs of one browser send the same review in at once, `count` times over."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "innspill.db"
        ensure_schema(path)
        add_rounds(path)
        settings = config.load({"INNSPILL_DATABASE": str(path), "INNSPILL_ENTITY_REGISTER": register.url})
        async with app.running_service(settings) as service:
            pages = Pages(app.house(settings), partial(journey.outline_of, FORM))
            served = WebChat(service, pages, base_url="http://127.0.0.1", locale="nb").application()
            async with TestClient(TestServer(served)) as client:
                for number in range(1, count + 1):
                    client.session.cookie_jar.clear()  # another browser
                    await _two_tabs(client, number)
        rows = stages.stored_rows(path)
    assert len(rows) == count, f"{len(rows)} responses of {count}"
    return [_figure("responses sent in from two tabs at once, one reference each", count, "responses")]


async def _two_tabs(client: TestClient, number: int) -> None:  # type: ignore[type-arg]  # of whatever application
    """One browser: a whole conversation in one tab, and the review sent in from both."""
    one, other = PlainBrowser(client), PlainBrowser(client)
    await one.open()
    await one.press("Begynn")
    for label, text in _answers(number):
        await one.press(label, text)
    await other.open()
    assert "Send inn" in one.page.labels, one.page.text
    sent = await asyncio.gather(one.press("Send inn"), other.press("Send inn"))
    assert _references(sent[0]) == _references(sent[1]) != set(), [page.text for page in sent]


def _answers(number: int) -> list[tuple[str, str | None]]:
    return [
        ("Privatperson", None),
        ("Hopp over", None),
        ("Neste", f"kari{number}@example.no"),
        ("Hopp over", None),
        ("Neste", "Kari"),
        ("Hopp over", None),
        (_CASE, None),
        ("Lagre utkastet", f"{number}. Jeg er for."),
        ("Ferdig", None),
    ]


def _references(page: Page) -> set[str]:
    return set(re.findall(r"\b[A-Z]{2}\d[A-Z]{2}\d[A-Z]{2}\b", page.text))


async def serve_and_chat(chats: int, register: RegisterStandIn) -> list[Figure]:
    """People in Telegram and people at terminals at once: two kinds of program write one database."""
    async with world(BotApi(), register) as built:
        told, _ = await asyncio.gather(_chats(built.path, chats, register.url), all_talk(built.crowd(20)))
        assert len(set(told)) == chats
        rows = {str(row["reference"]): row for row in stages.stored_rows(built.path)}
        for number, reference in enumerate(told):
            row = rows[reference]
            kept = (row["channel"], row["email"], row["first_name"], row["text"])
            assert kept == ("terminal", f"kari{number}@example.no", "Kari", f"{number}. Jeg er for."), kept
        built.told_elsewhere = frozenset(told)
    return [_figure("responses from terminals while others wrote in Telegram", chats, "responses")]


async def _chats(database: Path, chats: int, register: str) -> list[str]:
    """One after the other: whoever is logged in has one conversation in the terminal."""
    return [await _chat(database, number, register) for number in range(chats)]


async def _chat(database: Path, number: int, register: str) -> str:
    """A whole conversation with `innspill chat`; gives the reference that stands on the screen in the end."""
    answers = [text or label for label, text in _answers(number)]
    case = answers.index(_CASE)
    answers[case : case + 1] = ["26/2044", "Ja", *(["Nei"] if number else [])]  # it replaces none of those before
    settings = {"INNSPILL_DATABASE": str(database), "INNSPILL_ENTITY_REGISTER": register}
    env = {"PATH": os.environ["PATH"], **settings}  # noqa: TID251 - the child's environment
    process = await asyncio.create_subprocess_exec(INNSPILL, "chat", env=env, stdin=PIPE, stdout=PIPE, stderr=PIPE)
    typed = "\n".join([*answers, "Send inn", ""])
    out, err = await process.communicate(typed.encode())
    reference = reference_in(out.decode())
    assert reference is not None, out.decode()[-1500:] + err.decode()
    return reference
