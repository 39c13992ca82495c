"""A service without a store or a form, for tests of how channels translate: it says what it is told to say."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

from bot.exchange.channel import Exchanged
from dialogs.events import AnyEvent
from dialogs.facts import Consultation
from dialogs.messages import Message
from storage.database.errors import NotSaved

Script = Callable[[AnyEvent, "ScriptedService"], Message | None]


class Stored(Struct):
    """A conversation as it stands."""

    session: str | None = None
    message: Message | None = None


class ScriptedService:
    """Keeps the promises of `bot.exchange.channel.Exchange` and of `WebService` in memory.

    `events` are what reached it: (channel, address, event id, event), each id once. While `full` is set, nothing is
    saved. `settles_with` is what a look-up comes to once somebody waits for it.
    `consultations` are those that links name.
    """

    def __init__(self, script: Script) -> None:
        self.script = script
        self.events: list[tuple[str, str, str, AnyEvent]] = []
        self.conversations: dict[str, Stored] = {}
        self.full = False
        self.alive = True
        self.settles_with: Message | None = None
        self.waited: list[float] = []
        self.consultations: dict[str, Consultation] = {}

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
        if self.full:
            raise NotSaved("the disk is full")
        stored = self.conversations.setdefault(address, Stored())
        if any(event_id == known for _, _, known, _ in self.events):
            return Exchanged(None, stored.session, 1)
        self.events.append((channel, address, event_id, event))
        message = self.script(event, self)
        if message is not None:
            stored.session, stored.message = "{}", message
        return Exchanged(message, stored.session, 1)

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str = "") -> None:
        raise NotImplementedError

    def view(self, channel: str, address: str) -> Stored:
        return self.conversations.get(address, Stored())

    async def settled(self, channel: str, address: str, timeout: float) -> None:
        self.waited.append(timeout)
        if self.settles_with is not None:
            self.conversations[address].message = self.settles_with

    def linked(self, link: str) -> Consultation | None:
        return self.consultations.get(link)

    async def hindrance(self) -> str:
        return "" if self.alive else "nothing can be saved"

    @property
    def said(self) -> list[AnyEvent]:
        """The events alone."""
        return [event for _, _, _, event in self.events]
