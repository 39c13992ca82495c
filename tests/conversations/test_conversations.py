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
from tests.conversations.channel_stage import without_parts
from tests.conversations.channels import STAGES
from tests.conversations.stages import EngineStage, MadeUpTime, ServiceStage

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


# `make check` plays them in one channel: the library of Telegram has the most to say in it.
IN_CHANNELS = [
    pytest.param(name, played, id=f"{name}-{played.name}", marks=() if name == "telegram" else pytest.mark.slow)
    for name, stage in STAGES.items()
    for played in CHATS
    if stage.plays(played)
]


@pytest.mark.parametrize(("name", "played"), IN_CHANNELS)
async def test_each_channel_says_and_stores_what_the_conversation_has(
    name: str, played: chat.Chat, tmp_path: Path, register: RegisterStandIn
) -> None:
    register.down = False
    with MadeUpTime() as time:
        async with STAGES[name](played, time, tmp_path, register) as stage:
            happened = await chat.play(played, stage)
            stage.check()
    written = (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")
    same = str if stage.in_parts else without_parts
    assert same(happened) == same(written)


def test_there_are_at_least_twenty_conversations() -> None:
    assert len(CHATS) >= 20
