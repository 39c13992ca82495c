"""What is written in a topic of a chat is answered there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import app, config
from bot.channels.telegram import serving
from bot.register.stand_in import SLOW
from bot.serving import Serving
from storage.database.opening import ensure_schema
from tests.conversations import stages
from tests.conversations.channel_stage import NO_LIMITS
from tests.conversations.chat import HOUSE
from tests.stand_ins.bot_api import TOKEN, BotApi, Refusal
from tests.stand_ins.people import Person

IN_TOPIC = {"is_topic_message": True, "message_thread_id": 42}


@dataclass
class Topic:
    """Kari, who writes in topics of her chat with us, over the real way in and out."""

    server: BotApi
    kari: Person

    async def writes(self, text: str, **where: Any) -> None:
        await self.kari.send(text, **where)
        await self.kari.hears(timeout=10)

    def topics(self, method: str = "sendMessage") -> list[str | None]:
        return [call.parameters.get("message_thread_id") for call in self.server.called(method)]


@pytest.fixture
async def topic(tmp_path: Path) -> AsyncIterator[Topic]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    stages.add_rounds(path)
    async with AsyncExitStack() as up:
        server = await up.enter_async_context(BotApi())
        names = {"DATABASE": str(path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": server.root}
        names["ENTITY_REGISTER"] = "stand-in"
        settings = config.load({f"INNSPILL_{name}": value for name, value in names.items()})
        service = await up.enter_async_context(app.running_service(settings))
        channel = Serving(settings, service, HOUSE, web.Application(), _fail, NO_LIMITS)
        await up.enter_async_context(serving.running(channel))
        yield Topic(server, server.person(7))


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


async def test_a_reply_stands_in_the_topic_that_was_written_in(topic: Topic) -> None:
    await topic.writes("/start c2", **IN_TOPIC)
    await topic.writes("Privatperson")
    await topic.writes("Hopp over", is_topic_message=True, message_thread_id=43)
    assert topic.topics() == ["42", None, "43"]


@pytest.mark.slow
async def test_what_the_register_answers_later_stands_in_the_topic_of_the_question(topic: Topic) -> None:
    for text in ("/start c2", "Organisasjon i Enhetsregisteret", SLOW):
        await topic.writes(text, **IN_TOPIC)
    assert topic.topics() == ["42", "42", "42"]
    assert topic.topics("sendChatAction") == ["42"]


async def test_a_long_text_goes_into_the_topic_as_a_file(topic: Topic) -> None:
    for text in ("/start c2", "Privatperson", "Hopp over", "kari@example.no", "Hopp over", "Kari", "Nordmann"):
        await topic.writes(text, **IN_TOPIC)
    await topic.writes("Vi vil ha fortau. " * 220, **IN_TOPIC)
    await topic.writes("Ferdig", **IN_TOPIC)
    await topic.kari.send("Send inn", **IN_TOPIC)
    await topic.kari.hears(2)
    assert topic.topics("sendDocument") == ["42"]


async def test_a_reply_to_a_topic_that_is_gone_stands_at_the_end_of_the_chat(topic: Topic) -> None:
    topic.server.fail(Refusal(400, "Bad Request: message thread not found"))
    await topic.writes("/start c2", **IN_TOPIC)
    assert topic.topics() == ["42", None]


async def test_who_speaks_to_us_in_a_topic_of_a_group_is_answered_in_it(topic: Topic) -> None:
    group = topic.server.person(-100)
    message = group.message(text="/start", **IN_TOPIC)
    topic.server.push({"message": {**message, "chat": {"id": -100, "type": "supergroup", "is_forum": True}}})
    await group.hears()
    assert topic.topics() == ["42"]
