"""What the web chat and the terminal need from the service: they have no sender, and read what was said."""

from __future__ import annotations

from typing import Protocol

from bot.exchange.channel import Exchange
from dialogs.messages import Message


class View(Protocol):
    """A conversation as it is stored: its session (JSON) and the latest message. Both None before the first event."""

    @property
    def session(self) -> str | None: ...
    @property
    def message(self) -> Message | None: ...


class ReadableService(Exchange, Protocol):
    """An exchange whose conversations can be read without writing."""

    def view(self, channel: str, address: str) -> View:
        """The conversation as it stands."""
        ...

    async def settled(self, channel: str, address: str, timeout: float) -> None:
        """Return once no look-up of the conversation is out, or after `timeout` seconds."""
        ...
