"""From the outbox to a channel that we speak on by ourselves: order, limits, and what happens when it goes wrong.

Each conversation has a line of its own, so nobody waits for anybody else. The table is read only at the start; from
then on the service hands each row over as it is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot import clock
from bot.exchange.channel import (
    DeliveryError,
    Exchange,
    NotReached,
    Piece,
    Refused,
    Sender,
    TryLater,
    Uncertain,
    Unreachable,
)
from bot.exchange.pacing import Pace, Patience
from bot.randomness import jitter
from bot.tasks import Tasks
from dialogs.messages import Message
from storage.conversations import conversations, outbox
from storage.conversations.outbox import LASTING, OutboxRow
from storage.database.errors import NotSaved
from storage.database.sqlite import Connection
from storage.database.writer import Writer

T = TypeVar("T")

LONGEST_PAUSE = 60.0

# Seconds before what was perhaps said is said once more, and once again: a network that breaks off what is sent does so
# for some seconds.
AFTER_UNCERTAIN = (2.0, 12.0)

# What has waited for longer at a start is said before what waits at the channel has come: there may be many starts.
LONG_ENOUGH = timedelta(seconds=10)

WAITING = "waiting"
# What belongs to a draft, and is not said once that has ended.
PROMPTS = frozenset({"question", "review", WAITING})

_log = logging.getLogger(__name__)
_decoder = msgspec.json.Decoder(Message)


class Limits(Struct, frozen=True):
    """Messages a second, in one conversation and over all, each after a short burst; `math.inf` is no limit."""

    per_chat: float = 1.0
    overall: float = 30.0
    burst: int = 5


class _Replaced(Exception):
    """Something newer is to be said, and this was certainly or perhaps not said."""


class _Line:
    """What one conversation is still to be told."""

    def __init__(self, conversation_id: int) -> None:
        self.conversation_id = conversation_id
        self.rows: deque[OutboxRow] = deque()
        self.task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._newest: tuple[int, Message | None] = (0, None)

    def add(self, row: OutboxRow, message: Message | None) -> None:
        """The newest row takes the place of those that the store has deleted for it."""
        self.rows = deque(waiting for waiting in self.rows if waiting.kind in LASTING)
        self.rows.append(row)
        self._newest = row.id, message
        self._news.set()

    async def pause(self, seconds: float) -> None:
        """Wait; not for as long where something newer is to be said."""
        self._news.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    def message_of(self, row: OutboxRow) -> Message:
        """What a row says, read from it unless it came with it. Raises ValueError where it cannot be read."""
        row_id, message = self._newest
        return message if message is not None and row_id == row.id else _decoder.decode(row.message)


class Delivery:
    """Says what stands in the outbox of one channel: each row at least once, and again, twice at most, where that is
    uncertain.

    Call `start` before anything comes in and `resume` once what came in meanwhile has been handled. `on_failure` is
    told of a mistake in our own code, and of a channel that cannot go on.
    """

    def __init__(
        self,
        sender: Sender,
        writer: Writer,
        exchange: Exchange,
        limits: Limits = Limits(),  # noqa: B008 - it is frozen
        on_failure: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._sender = sender
        self._writer = writer
        self._exchange = exchange
        self._chats = Pace(limits.per_chat, limits.burst)
        self._overall = Pace(limits.overall, limits.burst)
        self._lines: dict[int, _Line] = {}
        self._left_over: frozenset[int] = frozenset()
        self._held: frozenset[int] = frozenset()  # conversations that have left-overs: those come before what is new
        self._tasks = Tasks(on_failure)
        self._stopping = False

    async def start(self) -> None:
        """Note what an earlier run has left unsaid. Raises NotSaved."""
        channel = self._sender.channel
        rows = await self._writer.run(lambda db: outbox.unsent(db, channel))
        self._left_over = frozenset(row.id for row in rows)
        self._held = frozenset(row.conversation_id for row in rows)

    async def resume(self) -> None:
        """Say what an earlier run has left unsaid, but no prompt that is no longer the current one."""
        await self._resume(self._held)

    async def resume_what_has_waited(self) -> None:
        """As `resume`, but only where something has waited for long, over other starts perhaps."""
        before, channel = clock.now() - LONG_ENOUGH, self._sender.channel
        await self._resume(self._held & await self._save(lambda db: outbox.waits_since(db, channel, before)))

    async def _resume(self, whose: frozenset[int]) -> None:
        for row in reversed(await self._save(partial(self._still_to_say, whose))):
            self._line(row.conversation_id).rows.appendleft(row)
        self._held -= whose
        for line in self._lines.values():
            self._run(line)

    def put(self, row: OutboxRow, message: Message | None = None) -> None:
        """Say this, now committed. It takes the place of what its conversation was to be told, receipts excepted.

        `message` is what stands in the row, which need not be read again then.
        """
        line = self._line(row.conversation_id)
        line.add(row, message)
        self._run(line)

    async def stop(self, grace: float = 1.5) -> None:
        """Finish what is being said, for at most `grace` seconds. The rest stays in the outbox."""
        self._stopping = True
        if running := [line.task for line in self._lines.values() if line.task is not None]:
            await asyncio.wait(running, timeout=grace)
        await self._tasks.stop()

    # --- one conversation ----------------------------------------------------------------------------------

    def _line(self, conversation_id: int) -> _Line:
        return self._lines.setdefault(conversation_id, _Line(conversation_id))

    def _run(self, line: _Line) -> None:
        if line.task is None and line.conversation_id not in self._held:
            line.task = self._tasks.start(self._say_all(line), "delivery")

    async def _say_all(self, line: _Line) -> None:
        while line.rows and not self._stopping:
            # First wait, then take: what comes meanwhile may take the place of what stands here now.
            await self._turn(line)
            await self._handle(line, line.rows.popleft())
        del self._lines[line.conversation_id]

    async def _turn(self, line: _Line) -> None:
        """Wait until the limits let this conversation speak."""
        loop = asyncio.get_running_loop()
        for pace, key in ((self._chats, line.conversation_id), (self._overall, None)):
            if (seconds := pace.reserve(key, loop.time())) > 0:
                await asyncio.sleep(seconds)

    async def _handle(self, line: _Line, row: OutboxRow) -> None:
        if not await self._save(lambda db: _begin(db, row)):
            return
        sent_id = None
        try:
            sent_id = await self._say(line, row)
        except Unreachable:
            line.rows.clear()
            await self._save(lambda db: conversations.mark_unreachable(db, row.conversation_id, clock.now()))
            if row.kind in LASTING:
                return
        except Refused as refused:
            _log.error("A message was refused and is set aside: %s", refused)
            await self._set_aside(row, str(refused))
        except _Replaced:
            pass
        await self._save(lambda db: outbox.mark_sent(db, row.id, sent_id, clock.now()))

    async def _say(self, line: _Line, row: OutboxRow) -> str | None:
        """Say it all; gives the channel's id of the last piece, None where that is not known."""
        if row.kind == WAITING:
            await self._show_typing(row)
            return None
        message, pieces = self._render(line, row)
        target = row.edit_target if message.edits else None
        first, last = min(row.pieces_said, len(pieces) - 1), len(pieces) - 1
        tries, sent_id = 0 if row.tried_at is None else 1, None
        for number in range(first, len(pieces)):
            if number > first:
                await self._turn(line)
            is_unsaid = not tries and not number
            edited, piece = None if number else target, pieces[number]
            if row.topic is not None:
                piece = replace(piece, topic=row.topic)
            sent_id = await self._say_piece(line, row, piece, edited, tries, is_unsaid=is_unsaid)
            tries = 0
            if number < last:
                await self._save(partial(outbox.mark_pieces, row_id=row.id, count=number + 1))
        return sent_id

    async def _say_piece(
        self, line: _Line, row: OutboxRow, piece: Piece, target: str | None, tries: int, *, is_unsaid: bool
    ) -> str | None:
        """Until the channel has taken it. What was perhaps said is said once more and once again, and then let be.

        `is_unsaid`: nothing of this row can have been said. While that is so it counts as untried between two tries:
        what a person sends meanwhile is no answer to it.
        """
        patience = Patience(LONGEST_PAUSE)
        while True:
            try:
                return await self._sender.send(row.address, piece, target)
            except Refused:
                if not piece.keyboard:
                    raise
                piece = replace(piece, keyboard=())
            except (TryLater, NotReached) as failed:
                if is_unsaid:
                    await self._save(partial(outbox.mark_untried, row_id=row.id))
                if isinstance(failed, TryLater):
                    self._chats.block(line.conversation_id, asyncio.get_running_loop().time() + failed.seconds)
                else:
                    await asyncio.sleep(patience.pause())
            except Uncertain:
                if tries == len(AFTER_UNCERTAIN):
                    return None
                await line.pause(jitter(AFTER_UNCERTAIN[tries]))
                tries += 1
                mark = partial(conversations.mark_repeat, conversation_id=row.conversation_id, times=tries + 1)
                await self._save(mark)
                is_unsaid = False
            await self._turn(line)
            if line.rows and row.kind not in LASTING:
                raise _Replaced
            if is_unsaid and not await self._save(partial(outbox.mark_tried, row_id=row.id, at=clock.now())):
                raise _Replaced

    async def _show_typing(self, row: OutboxRow) -> None:
        try:
            await self._sender.show_typing(row.address, *([] if row.topic is None else [row.topic]))
        except Unreachable:
            raise
        except DeliveryError as error:
            _log.debug("Typing was not shown: %s", error)

    def _render(self, line: _Line, row: OutboxRow) -> tuple[Message, list[Piece]]:
        try:
            message = line.message_of(row)
            return message, list(self._sender.pieces(message))
        except (ValueError, LookupError) as error:
            _log.exception("A message could not be rendered")
            raise Refused(f"not rendered: {type(error).__name__}") from error

    # --- the store -----------------------------------------------------------------------------------------

    def _still_to_say(self, whose: frozenset[int], db: Connection) -> list[OutboxRow]:
        rows = []
        for row in outbox.unsent(db, self._sender.channel):
            if row.id not in self._left_over or row.conversation_id not in whose:
                continue
            if _is_current(db, row):
                rows.append(row)
            elif row.kind not in LASTING:
                outbox.mark_sent(db, row.id, None, clock.now())
        return rows

    async def _set_aside(self, row: OutboxRow, reason: str) -> None:
        patience = Patience(LONGEST_PAUSE)
        while True:
            try:
                return await self._exchange.set_aside(row.channel, f"outbox-{row.id}", row.message, reason, row.address)
            except NotSaved:
                await asyncio.sleep(patience.pause())

    async def _save(self, work: Callable[[Connection], T]) -> T:
        """Write it down, however long the disk stays full: nothing more is said in this conversation until then."""
        patience = Patience(LONGEST_PAUSE)
        while True:
            try:
                return await self._writer.run(work)
            except NotSaved:
                await asyncio.sleep(patience.pause())


def _begin(db: Connection, row: OutboxRow) -> bool:
    """Note that it is tried, and, where it was tried before, that it may be said twice. False: it was replaced."""
    if row.tried_at is not None:
        conversations.mark_repeat(db, row.conversation_id)
    return outbox.mark_tried(db, row.id, clock.now())


def _is_current(db: Connection, row: OutboxRow) -> bool:
    """Whether it should still be said: nothing was said after it, and its draft is still the conversation's.

    A receipt should, unless the person cannot be reached.
    """
    conversation = conversations.find(db, row.channel, row.address)
    if conversation is None or conversation.unreachable_at is not None:
        return False
    if row.kind in LASTING:
        return True
    last = outbox.latest(db, row.conversation_id)
    if last is None or last.id != row.id:
        return False
    return row.kind not in PROMPTS or row.draft in ("", conversation.draft)
