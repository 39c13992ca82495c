"""Every golden conversation, played on the bare engine and on the service with SQLite.

`pytest tests/conversations/test_conversations.py --rewrite-chats` writes what the engine says into the files, to be
read in the diff.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.register.stand_in import RegisterStandIn
from tests.conversations import chat
from tests.conversations.channel_stages import TelegramStage, WebhookStage, WebStage, without_parts
from tests.conversations.stages import EngineStage, MadeUpTime, ServiceStage
from tests.stand_ins.bot_api import BotApi

CHATS = [chat.read(path) for path in sorted(chat.FOLDER.glob("*.chat"))]
each_chat = pytest.mark.parametrize("played", CHATS, ids=lambda played: played.name)


@pytest.fixture(scope="session")
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as running:
        yield running


@each_chat
async def test_the_engine_says_what_the_conversation_has(played: chat.Chat, request: pytest.FixtureRequest) -> None:
    file = chat.FOLDER / f"{played.name}.chat"
    with MadeUpTime() as time:
        happened = await chat.play(played, EngineStage(played, time))
    if request.config.getoption("--rewrite-chats"):
        file.write_text(happened, encoding="utf-8")
    assert happened == file.read_text(encoding="utf-8")


@each_chat
async def test_the_service_says_and_stores_what_the_conversation_has(
    played: chat.Chat, tmp_path: Path, register: RegisterStandIn
) -> None:
    register.down = False
    with MadeUpTime() as time:
        async with ServiceStage(played, time, tmp_path, register) as stage:
            happened = await chat.play(played, stage)
    assert happened == (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


@pytest.mark.parametrize("played", [c for c in CHATS if "telegram" in c.channels], ids=lambda played: played.name)
async def test_telegram_says_and_stores_what_the_conversation_has(
    played: chat.Chat, tmp_path: Path, register: RegisterStandIn, server: BotApi
) -> None:
    register.down = False
    with MadeUpTime() as time:
        async with TelegramStage(played, time, tmp_path, register, server) as stage:
            happened = await chat.play(played, stage)
    assert happened == (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")


@pytest.mark.parametrize("played", [c for c in CHATS if "telegram" in c.channels], ids=lambda played: played.name)
async def test_telegram_by_webhook_says_and_stores_what_the_conversation_has(
    played: chat.Chat, tmp_path: Path, register: RegisterStandIn, server: BotApi
) -> None:
    register.down = False
    with MadeUpTime() as time:
        async with WebhookStage(played, time, tmp_path, register, server) as stage:
            happened = await chat.play(played, stage)
    assert happened == (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")
    assert set(server.webhook_posts.statuses) == {200}
    assert server.called("getUpdates") == []


@pytest.mark.parametrize("played", [c for c in CHATS if "web" in c.channels], ids=lambda played: played.name)
async def test_the_web_chat_shows_and_stores_what_the_conversation_has(
    played: chat.Chat, tmp_path: Path, register: RegisterStandIn
) -> None:
    register.down = False
    with MadeUpTime() as time:
        async with WebStage(played, time, tmp_path, register) as stage:
            happened = await chat.play(played, stage)
    written = (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")
    assert without_parts(happened) == without_parts(written)


def test_there_are_at_least_twenty_conversations() -> None:
    assert len(CHATS) >= 20
