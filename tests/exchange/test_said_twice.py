"""An answer to a question that was said twice never lands in the next field."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import app, clock, config
from bot.channels.telegram import serving
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from bot.serving import Serving
from dialogs.consultation_response import FORM
from dialogs.events import Attached, Picked, Said, Started
from storage.conversations import conversations
from storage.database.opening import ensure_schema
from tests.conversations import stages
from tests.conversations.channel_stage import NO_LIMITS
from tests.conversations.chat import HOUSE
from tests.stand_ins.bot_api import TOKEN, AnswerLost, BotApi

TO_THE_NAME = ("Organisasjon uten org.nr.",)
TO_THE_FIRST_NAME = ("Privatperson", "Hopp over", "kari@example.no", "Hopp over")

each_pair_of_fields = pytest.mark.parametrize(
    ("way", "answer", "field", "following"),
    [
        (TO_THE_NAME, "Eksempelveien 12", "organisation_name", "address"),
        (TO_THE_FIRST_NAME, "Kari", "first_name", "last_name"),
    ],
)


class Talk:
    """One conversation with a service, without a channel."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.said = 0

    async def begin(self, way: tuple[str, ...]) -> None:
        await self.service.exchange("telegram", "7", "0", Started(at=clock.now(), link="c2"))
        for text in way:
            await self.say(text)

    async def say(self, text: str) -> None:
        self.said += 1
        at = clock.now() + timedelta(seconds=self.said)
        number = str(self.said)
        await self.service.exchange("telegram", "7", number, Said(at=at, text=text, message_id=number))

    async def is_said_twice(self) -> None:
        """Delivery is about to say the current question once more."""
        await self.service.writer.run(lambda db: conversations.mark_repeat(db, 1))

    async def press(self, button: str) -> None:
        """Press a button of the present draft."""
        self.said += 1
        data = f"{self.session()['draft']}:{button}"
        await self.service.exchange("telegram", "7", f"press {self.said}", Picked(at=clock.now(), data=data))

    def session(self) -> dict[str, Any]:
        session = self.service.view("telegram", "7").session
        assert session is not None
        kept: dict[str, Any] = json.loads(session)
        return kept

    def answers(self) -> dict[str, object]:
        answers: dict[str, object] = self.session()["answers"]
        return answers


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    stages.add_rounds(path)
    async with EntityRegister("http://127.0.0.1:1") as register:
        service = Service(path, FORM, register, locale="nb")
        service.senders["telegram"] = lambda *_: None
        service.start()
        yield Talk(service)
        await service.stop()


@each_pair_of_fields
async def test_an_answer_given_twice_after_a_question_said_twice_counts_once(
    talk: Talk, way: tuple[str, ...], answer: str, field: str, following: str
) -> None:
    await talk.begin(way)
    await talk.is_said_twice()
    await talk.say(answer)
    await talk.say(answer)
    assert field in talk.answers()
    assert following not in talk.answers()


@each_pair_of_fields
async def test_an_answer_that_crosses_the_repeat_counts_once(
    talk: Talk, way: tuple[str, ...], answer: str, field: str, following: str
) -> None:
    await talk.begin(way)
    await talk.say(answer)
    await talk.is_said_twice()
    await talk.say(answer)
    assert field in talk.answers()
    assert following not in talk.answers()


@each_pair_of_fields
async def test_the_guard_ends_after_two_texts_and_the_same_answer_is_then_taken(
    talk: Talk, way: tuple[str, ...], answer: str, field: str, following: str
) -> None:
    await talk.begin(way)
    await talk.is_said_twice()
    await talk.say(answer)
    await talk.say(answer)
    await talk.say(answer)
    assert following in talk.answers()


async def test_only_texts_use_the_guard_up(talk: Talk) -> None:
    await talk.begin(TO_THE_FIRST_NAME)
    await talk.is_said_twice()
    for number in range(3):
        await talk.service.exchange("telegram", "7", f"sticker {number}", Attached(at=clock.now(), kind="sticker"))
    await talk.say("Kari")
    await talk.say("Kari")
    assert "last_name" not in talk.answers()


async def test_who_has_pressed_a_button_of_now_may_say_again_what_they_said_before(talk: Talk) -> None:
    await talk.begin((*TO_THE_FIRST_NAME, "Kari", "Hopp over", "Vi er enige.", "Ferdig"))
    await talk.press("email:change")
    await talk.say("Tilbake")
    await talk.is_said_twice()  # the review
    await talk.press("email:change")
    await talk.say("Tilbake")
    assert "interruption" not in talk.session()


@each_pair_of_fields
async def test_where_nothing_was_said_twice_the_same_answer_may_follow_itself(
    talk: Talk, way: tuple[str, ...], answer: str, field: str, following: str
) -> None:
    await talk.begin(way)
    await talk.say(answer)
    await talk.say(answer)
    assert following in talk.answers()


async def test_through_telegram_an_answer_to_each_copy_of_a_question_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    stages.add_rounds(path)
    async with BotApi() as server:
        kari = server.person(7)
        names = {"DATABASE": str(path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": server.root}
        settings = config.load({f"INNSPILL_{name}": value for name, value in names.items()})
        async with (
            app.running_service(settings) as service,
            serving.running(Serving(settings, service, HOUSE, web.Application(), _fail, NO_LIMITS)),
        ):
            for text in ("/start c2", *TO_THE_FIRST_NAME[:-1]):
                await kari.send(text)
                await kari.hears()
            server.fail(AnswerLost())
            await kari.send(TO_THE_FIRST_NAME[-1])
            asked = await kari.hears()
            assert await kari.hears() == asked
            await kari.send("Kari")
            await kari.hears()
            await kari.send("Kari")
            await kari.hears()
            session = service.view("telegram", "7").session
    assert session is not None
    assert json.loads(session)["answers"].keys() & {"first_name", "last_name"} == {"first_name"}


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})
