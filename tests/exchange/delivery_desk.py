"""A delivery at work for tests: a real store, the real library, and the stand-in server at the other end."""

from __future__ import annotations

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from bot import clock
from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import CHANNEL, TelegramSender
from bot.exchange.channel import Exchanged
from bot.exchange.delivery import Delivery, Limits
from dialogs.events import AnyEvent
from dialogs.messages import Message, verbatim
from dialogs.texts import House
from storage.conversations import conversations, outbox, set_aside
from storage.conversations.outbox import OutboxRow
from storage.conversations.set_aside import SetAside
from storage.database.opening import migrate
from storage.database.sqlite import Connection
from storage.database.writer import Writer
from tests.stand_ins.bot_api import TOKEN, BotApi

HOUSE = House("Asker kommune", "", "https://example.no/personvern", "https://example.no")
NO_LIMITS = Limits(per_chat=math.inf, overall=math.inf)


@dataclass
class Aside:
    """Sets aside into the real store; nothing is taken in here."""

    writer: Writer

    async def exchange(
        self,
        channel: str,
        address: str,
        event_id: str,
        event: AnyEvent,
        *,
        edit_target: str | None = None,
        sent_at: datetime | None = None,
    ) -> Exchanged:
        raise AssertionError("delivery takes nothing in")

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str = "") -> None:
        await self.writer.run(lambda db: set_aside.put(db, channel, event_id, raw, reason, clock.now()))


@dataclass
class Desk:
    """A delivery at work between a database and the stand-in server."""

    path: Path
    server: BotApi
    writer: Writer
    delivery: Delivery

    async def say(self, address: int, text: str, *, hand_over: bool = True, **fields: Any) -> OutboxRow:
        """Commit a message and hand it over, as the service does."""
        message = Message("nb", lines=(verbatim(text),), **fields)
        target = "1" if message.edits else None

        def work(db: Connection) -> OutboxRow:
            conversation = conversations.find_or_open(db, CHANNEL, str(address), clock.now())
            encoded = msgspec.json.encode(message).decode()
            kind, draft = message.kind, message.draft
            return outbox.put(db, conversation, encoded, kind=kind, draft=draft, edit_target=target, at=clock.now())

        row = await self.writer.run(work)
        if hand_over:
            self.delivery.put(row, message)
        return row

    async def read(self, query: str) -> list[Any]:
        return await self.writer.run(lambda db: db.execute(query).fetchall())

    async def all_said(self) -> None:
        """Wait until nothing is left to say."""
        async with asyncio.timeout(10):
            while await self.read("SELECT 1 FROM outbox WHERE sent_at IS NULL"):
                pass

    async def aside(self) -> list[SetAside]:
        return await self.writer.run(lambda db: set_aside.recent(db, 10))


@asynccontextmanager
async def desk_at(path: Path, server: BotApi, limits: Limits = NO_LIMITS) -> AsyncIterator[Desk]:
    migrate(path)
    writer = Writer(path)
    writer.start()
    api = Api(TOKEN, server.root)
    await api.open()
    delivery = Delivery(TelegramSender(api, HOUSE), writer, Aside(writer), limits)
    await delivery.start()
    try:
        yield Desk(path, server, writer, delivery)
    finally:
        await delivery.stop(grace=1)
        await api.close()
        writer.close()


def told(server: BotApi, chat: int) -> list[str]:
    """The texts that somebody was told, in order."""
    return [heard.text for heard in server.person(chat).heard]
