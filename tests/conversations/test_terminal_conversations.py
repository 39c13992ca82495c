"""The golden conversations typed into the terminal: every line of ours is printed, in order, and the same is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import app, config
from bot.channels.terminal.chat import Terminal
from bot.register.stand_in import RegisterStandIn
from storage.database import opening
from tests.conversations import chat, stages
from tests.conversations.chat import Chat
from tests.conversations.stages import MadeUpTime

OF_TELEGRAM = ("Telegram", "Slett gjerne meldingen din")


def can_be_typed(played: Chat) -> bool:
    """Whether all of it happens at the keyboard, and between two answers nothing but the register's silence.

    Not where a case is pressed by its title: at the keyboard one types its number in the list.
    """
    if next(block.text for block in played.blocks if block.kind == "person").partition(" ")[0] != "/start":
        return False
    for block in played.blocks:
        if block.kind == "person" and block.text.startswith(("[18/", "[26/")):
            return False
        if block.kind == "person" and (block.text.startswith("(") or block.text.strip("[]") in chat.ATTACHMENTS):
            return False
        if block.kind == "stage" and not all(line.startswith("register ") for line in block.lines):
            return False
    return "terminal" in played.channels and played.heads.get("locale", "nb") == "nb"


CHATS = [played for played in (chat.read(path) for path in sorted(chat.FOLDER.glob("*.chat"))) if can_be_typed(played)]


class Typist:
    """Types what the person of a conversation does, from the second turn on, and leaves."""

    def __init__(self, played: Chat, time: MadeUpTime, register: RegisterStandIn) -> None:
        self._blocks = [block for block in played.blocks if block.kind in ("person", "stage")]
        self._time = time
        self._register = register

    def read(self, _prompt: str, *, whole_pastes: bool) -> str:
        """See `bot.channels.terminal.chat.Reader`."""
        while self._blocks:
            block = self._blocks.pop(0)
            if block.kind == "stage":
                self._register.down = block.lines[-1].endswith("down")
            else:
                self._time.pass_by()
                return block.text[1:-1] if block.text.startswith("[") else block.text
        raise EOFError


@pytest.fixture
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as running:
        yield running


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("played", CHATS, ids=lambda played: played.name)
async def test_the_terminal_prints_and_stores_what_the_conversation_has(
    played: Chat, tmp_path: Path, register: RegisterStandIn
) -> None:
    path, printed = tmp_path / "innspill.db", list[str]()
    opening.ensure_schema(path)
    stages.furnish(path, played)
    settings = config.load({"INNSPILL_DATABASE": str(path), "INNSPILL_ENTITY_REGISTER": register.url})
    with MadeUpTime() as time:
        async with app.running_service(settings) as service:
            typist = Typist(played, time, register)
            terminal = Terminal(service, chat.HOUSE, user="1", locale="nb", reader=typist, say=printed.append)
            async with asyncio.timeout(60):
                await terminal.run()
    rows = stages.stored_rows(path)
    screen = squeezed(chat.with_made_up_references("\n".join(printed), rows))
    at = 0
    for block in played.blocks:
        for line in block.lines if block.kind == "us" else ():
            if not line.startswith("[") and not any(word in line for word in OF_TELEGRAM):
                found = screen.find(squeezed(line), at)
                assert found >= 0, f"{line!r} is not printed, or not in its place"
                at = found
    assert len(rows) == sum(1 for b in played.blocks if b.kind == "stored" and "case_number" in b.text)
