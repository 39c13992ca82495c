"""What an operator may want to count, told to whoever counts it once it has happened."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Literal, get_args

from bot.exchange.channel import DeliveryError, NotReached, Piece, Refused, Sender, TryLater, Uncertain, Unreachable
from bot.register.register import Register
from dialogs.facts import Deleted, Found, Hits, Removed, Result, Unknown
from dialogs.messages import Message

Fate = Literal["kept", "repeated", "set_aside", "not_saved"]
"""What becomes of an event that comes in; `repeated`: it had been handled before."""

Answer = Literal["found", "deleted", "removed", "unknown", "hits", "no_answer"]
"""What the entity register says."""

Sending = Literal["sent", "told_to_wait", "not_reached", "uncertain", "unreachable", "refused"]
"""What becomes of one try to say something on a channel."""

Work = Literal["done", "failed", "given_up"]
"""What becomes of one try at a job; `failed`: it is tried again later."""

FATES: tuple[Fate, ...] = get_args(Fate)
ANSWERS: tuple[Answer, ...] = get_args(Answer)
SENDINGS: tuple[Sending, ...] = get_args(Sending)
WORK: tuple[Work, ...] = get_args(Work)

_ANSWERS: dict[type, Answer] = {
    Found: "found",
    Deleted: "deleted",
    Removed: "removed",
    Unknown: "unknown",
    Hits: "hits",
}
_SENDINGS: dict[type[DeliveryError], Sending] = {
    TryLater: "told_to_wait",
    NotReached: "not_reached",
    Uncertain: "uncertain",
    Unreachable: "unreachable",
    Refused: "refused",
}


class Watch:
    """Is told what has happened, but nothing of what was said or by whom. This one does not listen.

    Its methods return at once and never raise.
    """

    def exchanged(self, channel: str, fate: Fate) -> None:
        """An event that came in on a channel has been dealt with."""

    def stored(self, channel: str) -> None:
        """A response is on disk."""

    def committed(self, writes: int, seconds: float) -> None:
        """So many pieces of work were kept together, which took the disk so long. Comes from the writer's thread."""

    def asked(self, answer: Answer, seconds: float) -> None:
        """The entity register was asked, or is given a rest, which is `no_answer`; somebody waited so long for it."""

    def sent(self, channel: str, sending: Sending) -> None:
        """A piece of a message was given to a channel."""

    def swept(self, at: datetime) -> None:
        """What has been kept for long enough is forgotten, all of it."""

    def worked(self, kind: str, work: Work) -> None:
        """A job of this kind was tried."""


NOBODY = Watch()
"""Nobody counts."""


class WatchedRegister:
    """A register that tells a watch of each question."""

    def __init__(self, register: Register, watch: Watch) -> None:
        self._register = register
        self._watch = watch

    async def entity(self, number: str) -> Result:
        """See `bot.register.register.Register`."""
        begun = time.perf_counter()
        return self._told(await self._register.entity(number), begun)

    async def search(self, query: str, page: int) -> Result:
        """See `bot.register.register.Register`."""
        begun = time.perf_counter()
        return self._told(await self._register.search(query, page), begun)

    def _told(self, result: Result, begun: float) -> Result:
        self._watch.asked(_ANSWERS.get(type(result), "no_answer"), time.perf_counter() - begun)
        return result


class WatchedSender:
    """A sender that tells a watch of each piece, and of each try to say it."""

    def __init__(self, sender: Sender, watch: Watch) -> None:
        self.channel = sender.channel
        self._sender = sender
        self._watch = watch

    def pieces(self, message: Message) -> Sequence[Piece]:
        """See `bot.exchange.channel.Sender`."""
        return self._sender.pieces(message)

    async def send(self, address: str, piece: Piece, edit_target: str | None) -> str:
        """See `bot.exchange.channel.Sender`."""
        try:
            sent_id = await self._sender.send(address, piece, edit_target)
        except DeliveryError as error:
            self._watch.sent(self.channel, _SENDINGS.get(type(error), "uncertain"))
            raise
        self._watch.sent(self.channel, "sent")
        return sent_id

    async def show_typing(self, address: str, topic: str | None = None) -> None:
        """See `bot.exchange.channel.Sender`."""
        await self._sender.show_typing(address, topic)
