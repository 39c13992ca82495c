"""What the stages of channels share: a service on a database of its own, with made-up time around it."""

from __future__ import annotations

import asyncio
import math
import re
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from bot import app, config
from bot.exchange.delivery import Limits
from bot.exchange.service import Service
from bot.register.stand_in import RegisterStandIn
from dialogs.messages import Message
from storage.database import opening
from tests.conversations import chat, stages
from tests.conversations.chat import Chat, Heard
from tests.conversations.stages import MadeUpTime

NO_LIMITS = Limits(per_chat=math.inf, overall=math.inf)


class ChannelStage:
    """A service on a database of its own; what a channel adds is put up and taken down with it.

    `channel`: the conversations whose head names it are played, and those that name none.
    `in_parts`: the response comes in as many messages as the person writes.
    """

    channel = ""
    in_parts = True

    def __init__(self, played: Chat, time: MadeUpTime, folder: Path, register: RegisterStandIn) -> None:
        self.played = played
        self.time = time
        self.path = folder / "innspill.db"
        self.register = register
        self.locale = played.heads.get("locale", "nb")
        self.settings = {
            "INNSPILL_DATABASE": str(self.path),
            "INNSPILL_BASE_URL": chat.HOUSE.web_url,
            "INNSPILL_PRIVACY_URL": chat.HOUSE.privacy_url,
            "INNSPILL_CONTACT": chat.HOUSE.contact,
            "INNSPILL_ENTITY_REGISTER": register.url,
        }
        self.seen: list[Message] = []
        self._up = AsyncExitStack()
        self._outside = AsyncExitStack()

    async def __aenter__(self) -> Self:
        opening.ensure_schema(self.path)
        stages.furnish(self.path, self.played)
        await self.surround(self._outside)
        await self._put_up()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._up.aclose()
        await self._outside.aclose()

    @classmethod
    def plays(cls, played: Chat) -> bool:
        """Whether a conversation makes sense in this channel."""
        return "channels" not in played.heads or cls.channel in played.channels

    async def surround(self, outside: AsyncExitStack) -> None:
        """Put up what stands outside the house, and stays when it restarts."""

    async def _put_up(self) -> None:
        self.config = config.load(self.settings)
        service = await self._up.enter_async_context(app.running_service(self.config))
        await self.open(service, self._up)
        await service.resume()

    async def open(self, service: Service, up: AsyncExitStack) -> None:
        """Put the channel up."""
        raise NotImplementedError

    async def direct(self, direction: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        await stages.direct(direction, time=self.time, register=self.register, path=self.path)
        if direction == "restart":
            await self._up.aclose()
            await self._put_up()

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        raise NotImplementedError

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`."""
        raise NotImplementedError

    async def attach(self, kind: str) -> None:
        """See `tests.conversations.chat.Stage`; where nothing can be attached it is never called."""
        raise NotImplementedError

    async def edit(self, number: int, text: str) -> None:
        """See `tests.conversations.chat.Stage`; where nothing that was sent can be edited it is never called."""
        raise NotImplementedError

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        raise NotImplementedError

    def check(self) -> None:
        """What else has to hold at the end."""

    async def stored(self) -> list[Mapping[str, object]]:
        """See `tests.conversations.chat.Stage`."""
        return stages.stored_rows(self.path)


def fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


def without_parts(transcript: str) -> str:
    """A transcript for channels whose response is one text: how many parts it has is left out."""
    return re.sub(r"\d+ (?:deler|del|parts|part), ", "", transcript)
