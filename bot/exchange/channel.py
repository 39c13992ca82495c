"""What a channel and the rest of the house promise each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from dialogs.events import AnyEvent
from dialogs.messages import Message


class ChannelError(Exception):
    """Something between us and a channel went wrong."""


class FatalChannelError(ChannelError):
    """The channel cannot go on until an operator changes something. Its text is one plain line for them."""


class TakenElsewhere(ChannelError):
    """Another program takes in what people send to this channel. Nothing came to us."""


class DeliveryError(ChannelError):
    """One message was not delivered, or perhaps not."""


class TryLater(DeliveryError):
    """The channel asks us to leave this conversation alone for `seconds`. Nothing was delivered."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"try again in {seconds:g} s")
        self.seconds = seconds


class NotReached(DeliveryError):
    """The channel did not get the message, or says that it failed itself. Nothing was delivered."""


class Uncertain(DeliveryError):
    """The message left us and no answer came back: it may have been delivered."""


class Unreachable(DeliveryError):
    """The person has blocked us or is gone. Nothing more can be delivered until they write again."""


class Refused(DeliveryError):
    """The channel does not take the message as it is, and will not take it later either."""


class Exchanged(Struct, frozen=True):
    """What came of one event. `message` is what is said to it; None: it was handled before, or nothing is said.

    `session` is the conversation's session as stored (JSON), None where it has none.
    """

    message: Message | None
    session: str | None
    conversation_id: int


class Exchange(Protocol):
    """Takes events in. What it returns from is on disk; what it raises `NotSaved` for is not."""

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
        """Handle one event once, and return after the commit.

        `event_id` is unique in its channel. `edit_target` is the message whose button was pressed, which the reply
        may edit. `sent_at` is when the person sent it, where the channel knows that it had to wait for us.
        Raises `NotSaved`: nothing of the event is kept, and it has to come again.
        """
        ...

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str = "") -> None:
        """Keep what could not be read where staff see it, and claim its id; `address` says whose it is, if known.

        Raises `NotSaved`.
        """
        ...


Keyboard = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of buttons: what stands on each, and its data."""


class Piece(Struct, frozen=True):
    """As much of a message as the channel takes at once; with a `file_name` the text goes as a file.

    `topic`: where in the conversation it belongs, on a channel that has topics.
    """

    text: str
    keyboard: Keyboard = ()
    file_name: str = ""
    topic: str | None = None


class Sender(Protocol):
    """The way out of a channel that we speak on by ourselves. What goes wrong is one of the `DeliveryError`s."""

    channel: str

    def pieces(self, message: Message) -> Sequence[Piece]:
        """The message as this channel shows it; at least one piece."""
        ...

    async def send(self, address: str, piece: Piece, edit_target: str | None) -> str:
        """Say one piece, in place of the message `edit_target` where that can be; gives the channel's id of it."""
        ...

    async def show_typing(self, address: str, topic: str | None = None) -> None:
        """Show that an answer is on its way."""
        ...


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
