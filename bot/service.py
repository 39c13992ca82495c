"""The exchange: one event in, one transaction, one message out. It knows no channel.

One writer, one transaction: claim the event, load the session, advance it (feeding back what the store knows), save
it, store the response if one was sent in, put what is said into the outbox. After the commit the message goes to the
channel's sender, and a question for the register goes out; both are kept in the database until they are done.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot import clock, knowledge, randomness
from bot.channel import Exchanged
from bot.tasks import Tasks
from dialogs import engine, journey, speech
from dialogs.form import Form
from dialogs.messages import (
    AnyEvent,
    Ask,
    Effect,
    Entity,
    Expired,
    Forget,
    Found,
    LookedUp,
    LookUp,
    Message,
    NoAnswer,
    Submit,
    Tell,
    Text,
    Unknown,
)
from dialogs.texts import match_locale
from storage import conversations, lookups, outbox, set_aside, sweep
from storage.database import open_for_reading
from storage.records import Conversation, NotSaved, OutboxRow
from storage.sqlite import Connection
from storage.writer import Writer

log = logging.getLogger(__name__)

_SECONDS_BEFORE_ANOTHER_TRY = 2.0
_DRAFTS_ARE_KEPT = timedelta(days=30)
_encode = msgspec.json.Encoder().encode
_decode_message = msgspec.json.Decoder(Message).decode
_decode_question = msgspec.json.Decoder(Entity).decode


class Register(Protocol):
    """Whoever knows organisations by their number."""

    async def entity(self, number: str) -> Found | Unknown | NoAnswer:
        """What is known of an organisation; never raises for an outcome that is to be expected."""
        ...


class View(Struct, frozen=True):
    """A conversation as it stands: its session (JSON) and the last message. Both None before the first event."""

    session: str | None
    message: Message | None


class _Waiting(Struct, frozen=True):
    """A question for the register, and whose it is."""

    lookup_id: int
    channel: str
    address: str
    question: Entity


class _Outcome(Struct, frozen=True):
    """What a transaction did, to be acted on once it is committed."""

    exchanged: Exchanged
    row: OutboxRow | None = None
    waiting: tuple[_Waiting, ...] = ()


class Service:
    """The exchange over one database. Use it on one event loop: `start`, then `exchange`, then `stop`.

    `senders` take a channel's new outbox rows, after the commit; a channel without one is read with `view`.
    `locale` is the language of a conversation whose channel tells us none that we speak.
    """

    def __init__(self, path: Path, form: Form, register: Register, *, locale: str) -> None:
        self.writer = Writer(path)
        self.senders: dict[str, Callable[[OutboxRow], None]] = {}
        self._path = path
        self._form = form
        self._register = register
        self._locale = locale
        self._tasks = Tasks()
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._reading: Connection | None = None

    def start(self) -> None:
        """Open the database. Raises what `storage.database` raises."""
        self.writer.start()
        self._reading = open_for_reading(self._path)

    async def resume(self) -> None:
        """Ask the register again what was out when the program ended."""
        for lookup in await self.writer.run(lookups.pending):
            self._ask(_Waiting(lookup.id, lookup.channel, lookup.address, _decode_question(lookup.question)))

    async def stop(self) -> None:
        """Stop asking, finish what waits for the writer, close the database."""
        await self._tasks.stop()
        await asyncio.to_thread(self.writer.close)
        if self._reading is not None:
            self._reading.close()

    # --- What channels call ------------------------------------------------------------------------------

    async def exchange(
        self, channel: str, address: str, event_id: str, event: AnyEvent, *, edit_target: str | None = None
    ) -> Exchanged:
        """See `bot.channel.Exchange`."""
        event = replace(event, locale=match_locale(event.locale) or self._locale)
        work = partial(self._exchange, channel, address, event_id, event, edit_target)
        try:
            outcome = await self.writer.run(work)
        except NotSaved:
            raise
        except Exception as error:
            log.error("An event could not be handled and was set aside: %s.", _place(error))
            outcome = await self.writer.run(partial(self._apologise, channel, address, event_id, event, error))
        return self._act(outcome)

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str) -> None:
        """See `bot.channel.Exchange`."""
        await self.writer.run(partial(_set_aside, channel, event_id, raw, reason, clock.now()))

    def view(self, channel: str, address: str) -> View:
        """The conversation as it stands, read without writing anything."""
        if self._reading is None:
            raise RuntimeError("the service has not been started")
        conversation = conversations.find(self._reading, channel, address)
        if conversation is None:
            return View(None, None)
        row = outbox.latest(self._reading, conversation.id)
        return View(conversation.session, None if row is None else _decode_message(row.message))

    async def settled(self, channel: str, address: str, timeout: float) -> None:
        """Return when no look-up of this conversation is out any more, or after `timeout` seconds."""
        running = [task for task in self._asking.values() if task.get_name() == _task_name(channel, address)]
        if running:
            await asyncio.wait(running, timeout=timeout)

    async def ready(self) -> bool:
        """Whether a transaction can be kept now."""
        try:
            async with asyncio.timeout(_SECONDS_BEFORE_ANOTHER_TRY):
                await self.writer.run(lambda _: None)
        except (NotSaved, TimeoutError):
            return False
        return True

    async def sweep(self) -> None:
        """Forget what has been kept for long enough: claims, what was said, drafts that nobody came back to."""
        now = clock.now()
        try:
            await self.writer.run(partial(sweep.sweep, at=now))
            for old in await self.writer.run(partial(conversations.untouched, before=now - _DRAFTS_ARE_KEPT)):
                event = Expired(at=now, locale=old.locale)
                await self.exchange(old.channel, old.address, f"expired {old.id} {old.draft}", event)
        except NotSaved:
            log.warning("The hourly sweep was not saved, and is done again in an hour.")

    # --- Inside the transaction ----------------------------------------------------------------------------

    def _exchange(
        self,
        channel: str,
        address: str,
        event_id: str,
        event: AnyEvent,
        edit_target: str | None,
        db: Connection,
    ) -> _Outcome:
        if not conversations.claim(db, channel, event_id, event.at):
            conversation = conversations.find_or_open(db, channel, address, event.at)
            return _Outcome(Exchanged(None, conversation.session, conversation.id))
        conversation = conversations.find_or_open(db, channel, address, event.at)
        return self._play(db, conversation, event, edit_target)

    def _play(self, db: Connection, conversation: Conversation, event: AnyEvent, edit_target: str | None) -> _Outcome:
        """Advance the session, answer what the engine asks the store, and keep what came of it."""
        stored = conversation.session
        session = None if stored is None else journey.from_json(self._form, stored, conversation.locale)
        session, effects = engine.advance(self._form, session, event)
        to_do, said, waiting = deque(effects), list[Effect](), list[_Waiting]()
        while to_do:
            follow_up: AnyEvent | None = None
            match to_do.popleft():
                case Tell() | Ask() as effect:
                    said.append(effect)
                case LookUp(Entity() as question):
                    lookup_id = lookups.ask(db, conversation.id, _encode(question).decode(), event.at)
                    waiting.append(_Waiting(lookup_id, conversation.channel, conversation.address, question))
                case LookUp(question):
                    answer = knowledge.known(db, conversation.id, question, event.at)
                    follow_up = LookedUp(at=event.at, question=question, result=answer)
                case Submit() as submit:
                    draw, locale = randomness.reference, session.locale
                    follow_up = knowledge.store(
                        db, conversation, submit, locale=locale, at=event.at, draw_reference=draw
                    )
                case Forget():
                    lookups.forget(db, conversation.id)
            if follow_up is not None:
                session, more = engine.advance(self._form, session, follow_up)
                to_do.extendleft(reversed(more))
        return self._keep(db, conversation, session, said, event.at, edit_target, tuple(waiting))

    def _keep(
        self,
        db: Connection,
        conversation: Conversation,
        session: journey.Session,
        said: list[Effect],
        at: datetime,
        edit_target: str | None,
        waiting: tuple[_Waiting, ...],
    ) -> _Outcome:
        kept = journey.to_json(session)
        conversations.save(db, conversation.id, kept, draft=session.draft, locale=session.locale, at=at)
        message = speech.compose(said, session.locale)
        row = None if message is None else self._say(db, conversation, message, at, edit_target)
        return _Outcome(Exchanged(message, kept, conversation.id), row, waiting)

    def _say(
        self, db: Connection, conversation: Conversation, message: Message, at: datetime, edit_target: str | None
    ) -> OutboxRow | None:
        """Keep what is said; the row for the sender of its channel, if that has one."""
        text, kind, draft = _encode(message).decode(), message.kind, message.draft
        if conversation.channel not in self.senders:
            outbox.show(db, conversation.id, text, kind=kind, draft=draft, at=at)
            return None
        target = edit_target if message.edits else None
        return outbox.put(db, conversation.id, text, kind=kind, draft=draft, edit_target=target, at=at)

    def _apologise(
        self, channel: str, address: str, event_id: str, event: AnyEvent, error: Exception, db: Connection
    ) -> _Outcome:
        """Set the event aside, unless that is done, and say so; the session stays as it was."""
        raw = _encode(event).decode(errors="replace")
        if not _set_aside(channel, event_id, raw, f"handling it failed: {type(error).__name__}", event.at, db):
            return self._exchange(channel, address, event_id, event, None, db)
        conversation = conversations.find_or_open(db, channel, address, event.at)
        message = Message(conversation.locale or event.locale, told=(Text("our-error"),), draft=conversation.draft)
        row = self._say(db, conversation, message, event.at, None)
        return _Outcome(Exchanged(message, conversation.session, conversation.id), row)

    def _answered(
        self, waiting: _Waiting, result: Found | Unknown | NoAnswer, at: datetime, db: Connection
    ) -> _Outcome:
        """Feed the register's answer to whoever still waits for it."""
        conversation = conversations.find_or_open(db, waiting.channel, waiting.address, at)
        if lookups.finish(db, waiting.lookup_id) is None:
            return _Outcome(Exchanged(None, conversation.session, conversation.id))
        event = LookedUp(at=at, locale=conversation.locale, question=waiting.question, result=result)
        return self._play(db, conversation, event, None)

    # --- After the commit ----------------------------------------------------------------------------------

    def _act(self, outcome: _Outcome) -> Exchanged:
        if outcome.row is not None:
            self.senders[outcome.row.channel](outcome.row)
        for waiting in outcome.waiting:
            self._ask(waiting)
        return outcome.exchanged

    def _ask(self, waiting: _Waiting) -> None:
        """Ask the register, unless the same question is out."""
        if waiting.lookup_id in self._asking:
            return
        name = _task_name(waiting.channel, waiting.address)
        self._asking[waiting.lookup_id] = self._tasks.start(self._ask_register(waiting), name)

    async def _ask_register(self, waiting: _Waiting) -> None:
        result = await self._register.entity(waiting.question.number)
        outcome: _Outcome | None = None
        while outcome is None:
            try:
                outcome = await self.writer.run(partial(self._answered, waiting, result, clock.now()))
            except NotSaved:
                await asyncio.sleep(randomness.jitter(_SECONDS_BEFORE_ANOTHER_TRY))
        # Off the list first: what the answer makes of the conversation may ask the same question again.
        del self._asking[waiting.lookup_id]
        self._act(outcome)


def _set_aside(channel: str, event_id: str, raw: str, reason: str, at: datetime, db: Connection) -> bool:
    """Keep what could not be handled where staff see it; False where its event was handled before."""
    if not conversations.claim(db, channel, event_id, at):
        return False
    set_aside.put(db, channel, event_id, raw, reason, at)
    return True


def _task_name(channel: str, address: str) -> str:
    return f"look-up {channel} {address}"


def _place(error: BaseException) -> str:
    """Where an exception was raised; its words are left out, for they may hold an answer."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return f"{type(error).__name__} at {where}"
