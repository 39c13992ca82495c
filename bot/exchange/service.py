"""The exchange: one event in, one transaction, one message out. It knows no channel.

One writer, one transaction: claim the event, load the session, advance it (feeding back what the store knows), save
it, store the response if one was sent in, put what is said into the outbox. After the commit the message goes to the
channel's sender, and a question for the register goes out; both are kept in the database until they are done.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot import clock, randomness
from bot.exchange import hearing, knowledge, mishaps
from bot.exchange.asking import Waiting, still_waits, task_name, wait
from bot.exchange.channel import Exchanged
from bot.exchange.flood import Flood
from bot.exchange.readiness import Readiness
from bot.exchange.room import Room
from bot.exchange.watching import NOBODY, Fate, Watch
from bot.register.register import Register
from bot.tasks import Tasks
from dialogs import engine, journey, speech
from dialogs.events import AnyEvent, AskedReview, Left, LookedUp, Said
from dialogs.facts import Consultation, Entity, EntitySearch, NoAnswer, Opening, OpeningFacts, Outside, Result
from dialogs.form import Form
from dialogs.messages import Ask, Effect, Forget, LookUp, Message, Submit, Tell, Text
from dialogs.texts import match_locale
from storage.conversations import conversations, lookups, outbox
from storage.conversations.conversations import Conversation
from storage.conversations.outbox import OutboxRow
from storage.database.errors import NotSaved
from storage.database.opening import open_for_reading
from storage.database.sqlite import Connection
from storage.database.writer import Writer

log = logging.getLogger(__name__)

_SECONDS_BEFORE_ANOTHER_TRY = 2.0
_encode = msgspec.json.Encoder().encode
_decode_message = msgspec.json.Decoder(Message).decode
_decode_question: Callable[[str], Outside] = msgspec.json.Decoder(Outside).decode


class _Came(Struct, frozen=True):
    """How an event came in; see `bot.exchange.channel.Exchange`. `topic`: see `dialogs.events.Event`."""

    edit_target: str | None = None
    sent_at: datetime | None = None
    topic: str | None = None


class _Outcome(Struct, frozen=True):
    """What a transaction did, to be acted on once it is committed."""

    exchanged: Exchanged
    row: OutboxRow | None = None
    waiting: tuple[Waiting, ...] = ()
    fate: Fate = "kept"
    sent_in: bool = False


class Service:
    """The exchange over one database. Use it on one event loop: `start`, then `exchange`, then `stop`.

    `senders` take a channel's new outbox rows and what they say, after the commit; the others are read with `view`.
    `flood` tells what is too much of one person at once, `room` whether there is any for a new draft.
    `locale` is the language of a conversation whose channel tells us none that we speak.
    `remembers`: what the register says is kept for a while, as a made-up register's answers must not be.
    `watch` is told what became of each event, once that is certain.
    """

    def __init__(
        self, path: Path, form: Form, register: Register, *, locale: str, remembers: bool = True, watch: Watch = NOBODY
    ) -> None:
        self.writer = Writer(path, watch.committed)
        self.watch = watch
        self.senders: dict[str, Callable[[OutboxRow, Message | None], None]] = {}
        self.flood = Flood()
        self.room = Room(path.parent)
        self._readiness = Readiness(path, self.writer)
        self._path = path
        self._form = form
        self.register = register
        self._remembers = remembers
        self._locale = locale
        self._tasks = Tasks()
        self._asking: dict[int, asyncio.Task[None]] = {}
        self._reading: Connection | None = None

    def start(self) -> None:
        """Open the database. Raises what `storage.database.opening` raises."""
        self.writer.start()
        self._reading = open_for_reading(self._path)

    async def resume(self) -> None:
        """Ask the register again what was out when the program ended; and look beside the work for damage."""
        self._tasks.start(self._readiness.look_for_damage(), "look for damage")
        for lookup in await self.writer.run(lookups.pending):
            self._ask(Waiting(lookup.id, lookup.channel, lookup.address, _decode_question(lookup.question)))

    async def stop(self) -> None:
        """Stop asking, finish what waits for the writer, close the database."""
        await self._tasks.stop()
        if self._reading is not None:  # first, so that the last connection to close leaves no journal behind
            self._reading.close()
        await asyncio.to_thread(self.writer.close)

    # --- What channels call ------------------------------------------------------------------------------

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
        """See `bot.exchange.channel.Exchange`."""
        event = replace(event, locale=match_locale(event.locale) or self._locale)
        if self.flood.is_over((channel, address), event_id, sent_at, clock.ticks()):
            handling = self._too_many(channel, address, event_id, event, sent_at)
        else:
            handling = self._handle(channel, address, event_id, event, _Came(edit_target, sent_at, event.topic or None))
        return self._act(await self._counted(channel, handling))

    async def _counted(self, channel: str, handling: Awaitable[_Outcome]) -> _Outcome:
        """What came of an event, once `watch` knows it."""
        try:
            outcome = await handling
        except NotSaved:
            self.watch.exchanged(channel, "not_saved")
            raise
        self.watch.exchanged(channel, outcome.fate)
        if outcome.sent_in:
            self.watch.stored(channel)
        return outcome

    async def _handle(self, channel: str, address: str, event_id: str, event: AnyEvent, came: _Came) -> _Outcome:
        try:
            return await self.writer.run(partial(self._exchange, channel, address, event_id, event, came))
        except NotSaved:
            raise
        except Exception as error:
            return await self._mend(channel, address, event_id, event, error)

    async def _mend(self, channel: str, address: str, event_id: str, event: AnyEvent, error: Exception) -> _Outcome:
        """Set aside what could not be handled, and say so; where even that fails, nothing is said."""
        log.error("An event could not be handled and was set aside: %s.", mishaps.place(error))
        try:
            return await self.writer.run(partial(self._apologise, channel, address, event_id, event, error))
        except NotSaved:
            raise
        except Exception as again:
            log.error("Nobody could be told of it: %s.", mishaps.place(again))
            return await self._set_aside(channel, event_id, mishaps.raw(event), mishaps.failed(error), address)

    async def _too_many(
        self, channel: str, address: str, event_id: str, event: AnyEvent, sent_at: datetime | None
    ) -> _Outcome:
        """Set aside what one person sends beyond all measure; one notice says so."""
        key, ticks = (channel, address), clock.ticks()
        seconds, silent = self.flood.seconds_to_wait(key, sent_at, ticks), self.flood.has_noticed(key, ticks)
        # A channel that shows the latest message only does not say it twice by showing it again.
        remark = None if silent and channel in self.senders else Text("rate-limited", {"seconds": seconds})
        outcome = await self.writer.run(partial(self._refuse, channel, address, event_id, event, remark))
        if outcome.exchanged.message is not None:
            self.flood.noticed(key, ticks)
        return outcome

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str = "") -> None:
        """See `bot.exchange.channel.Exchange`."""
        await self._counted(channel, self._set_aside(channel, event_id, raw, reason, address))

    async def _set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str) -> _Outcome:
        is_new = await self.writer.run(partial(mishaps.set_aside, channel, address, event_id, raw, reason, clock.now()))
        return _Outcome(Exchanged(None, None, 0), fate="set_aside" if is_new else "repeated")

    def view(self, channel: str, address: str) -> Exchanged:
        """The conversation as it stands, with its last message, read without writing anything."""
        if self._reading is None:
            raise RuntimeError("the service has not been started")
        conversation = conversations.find(self._reading, channel, address)
        if conversation is None:
            return Exchanged(None, None, 0)
        row = outbox.latest(self._reading, conversation.id)
        message = None if row is None else _decode_message(row.message)
        return Exchanged(message, conversation.session, conversation.id)

    def linked(self, link: str) -> Consultation | None:
        """The consultation that a link (such as `c12`) names, read without writing anything."""
        if self._reading is None:
            raise RuntimeError("the service has not been started")
        facts = knowledge.known(self._reading, 0, Opening(link), clock.now())
        return facts.linked if isinstance(facts, OpeningFacts) else None

    async def settled(self, channel: str, address: str, timeout: float) -> None:
        """Return when no look-up of this conversation is out any more, or after `timeout` seconds."""
        name = task_name(channel, address)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                # An answer may lead to another question: of the one organisation that a search has found, say.
                while running := [task for task in self._asking.values() if task.get_name() == name]:
                    await asyncio.wait(running)

    async def hindrance(self) -> str:
        """Why nobody can be served now; empty: they can."""
        return await self._readiness.hindrance()

    # --- Inside the transaction ----------------------------------------------------------------------------

    def _exchange(
        self, channel: str, address: str, event_id: str, event: AnyEvent, came: _Came, db: Connection
    ) -> _Outcome:
        conversation = conversations.find_or_open(db, channel, address, event.at)
        if conversations.claim(db, channel, event_id, event.at):
            event = hearing.marked(event, conversation.last, came.sent_at)
            outcome = self._play(db, conversation, event, came)
            if isinstance(event, Left):
                conversations.take_leave(db, conversation.id, randomness.token(), event.at)
            return outcome
        return _Outcome(Exchanged(None, conversation.session, conversation.id), fate="repeated")

    def _play(self, db: Connection, conversation: Conversation, event: AnyEvent, came: _Came) -> _Outcome:
        """Advance the session, answer what the engine asks the store, and keep what came of it."""
        stored, may_repeat = conversation.session, conversation.may_repeat
        if may_repeat and isinstance(event, Said):
            event = replace(event, after_repeat=True)
            conversation = replace(conversation, may_repeat=may_repeat - 1)
        session = None if stored is None else journey.from_json(self._form, stored, conversation.locale)
        has_draft = session is not None and bool(session.draft)
        session, effects = engine.advance(self._form, session, event)
        to_do, said, waiting, sent_in = deque(effects), list[Effect](), list[Waiting](), False
        while to_do:
            follow_up: AnyEvent | None = None
            match to_do.popleft():
                case Tell() | Ask() as effect:
                    said.append(effect)
                case LookUp(Entity() | EntitySearch() as question):
                    if (answer := knowledge.remembered(db, question, event.at)) is None:
                        waiting.append(wait(db, conversation, question, event.at))
                    else:
                        follow_up = LookedUp(at=event.at, question=question, result=answer)
                        to_do.clear()  # only the message to those who wait comes after it
                case LookUp(question):
                    answer = knowledge.known(db, conversation.id, question, event.at)
                    follow_up = LookedUp(at=event.at, question=question, result=answer)
                case Submit() as sent:
                    draw, locale = randomness.reference, session.locale
                    follow_up = knowledge.store(db, conversation, sent, locale=locale, at=event.at, draw_reference=draw)
                    sent_in = not follow_up.again
                case Forget(draft):
                    lookups.forget(db, conversation.id)
                    outbox.forget_draft(db, conversation.id, draft)
            if follow_up is not None:
                session, more = engine.advance(self._form, session, follow_up)
                to_do.extendleft(reversed(more))
        if session.draft and not has_draft and self.room.is_short():
            return self._no_room(db, conversation, event)
        return self._keep(db, conversation, session, said, event.at, came, tuple(waiting), sent_in)

    def _keep(
        self,
        db: Connection,
        conversation: Conversation,
        session: journey.Session,
        said: list[Effect],
        at: datetime,
        came: _Came,
        waiting: tuple[Waiting, ...],
        sent_in: bool,
    ) -> _Outcome:
        kept = journey.to_json(session)
        draft, locale, may_repeat = session.draft, session.locale, conversation.may_repeat
        conversations.save(db, conversation.id, kept, draft=draft, locale=locale, at=at, may_repeat=may_repeat)
        message = speech.compose(said, session.locale)
        row = None if message is None else self._say(db, conversation, message, at, came)
        return _Outcome(Exchanged(message, kept, conversation.id), row, waiting, sent_in=sent_in)

    def _say(
        self, db: Connection, conversation: Conversation, message: Message, at: datetime, came: _Came
    ) -> OutboxRow | None:
        """Keep what is said; the row for the sender of its channel, if that has one."""
        text, draft = _encode(message).decode(), message.draft
        # What was not taken is said whatever comes after it: else a person would not know.
        kind = "rejection" if message.error else message.kind
        if conversation.channel not in self.senders:
            outbox.show(db, conversation.id, text, kind=kind, draft=draft, at=at)
            return None
        target = came.edit_target if message.edits else None
        return outbox.put(db, conversation, text, kind=kind, draft=draft, edit_target=target, at=at, topic=came.topic)

    def _apologise(
        self, channel: str, address: str, event_id: str, event: AnyEvent, error: Exception, db: Connection
    ) -> _Outcome:
        """Set the event aside, unless that is done, and say so; the session stays as it was."""
        if not mishaps.set_aside(channel, address, event_id, mishaps.raw(event), mishaps.failed(error), event.at, db):
            return self._exchange(channel, address, event_id, event, _Came(), db)
        conversation = conversations.find_or_open(db, channel, address, event.at)
        return self._remark(db, conversation, Text("our-error"), event)

    def _refuse(
        self, channel: str, address: str, event_id: str, event: AnyEvent, remark: Text | None, db: Connection
    ) -> _Outcome:
        """Set aside what is too much, unless it was handled before, and say so with `remark` if there is one."""
        fresh = mishaps.set_aside_too_much(channel, address, event_id, event, self.flood, db)
        conversation = conversations.find_or_open(db, channel, address, event.at)
        if not fresh or remark is None:
            fate: Fate = "set_aside" if fresh else "repeated"
            return _Outcome(Exchanged(None, conversation.session, conversation.id), fate=fate)
        return self._remark(db, conversation, remark, event)

    def _no_room(self, db: Connection, conversation: Conversation, event: AnyEvent) -> _Outcome:
        """Nothing new is begun, and the session stays as it was: what is left is for those who have begun."""
        locale, buttons = conversation.locale or event.locale, speech.buttons("", "rest", speech.RESTING)
        message = Message(locale, "notice", told=(Text("no-room"),), buttons=buttons)
        row = self._say(db, conversation, message, event.at, _Came(topic=event.topic or None))
        return _Outcome(Exchanged(message, conversation.session, conversation.id), row)

    def _remark(self, db: Connection, conversation: Conversation, text: Text, event: AnyEvent) -> _Outcome:
        """Say something that the engine has no part in; the session stays as it was.

        What nobody has been told yet is said with it, and what stands there where a channel shows its latest message.
        """
        message = Message(conversation.locale or event.locale, told=(text,), draft=conversation.draft)
        last, known = outbox.latest(db, conversation.id), conversation.last
        if last is not None and conversation.channel not in self.senders:
            message = replace(_decode_message(last.message), told=(text,), error=True)
        elif last is not None and last.kind not in outbox.LASTING and known is not None and known.is_untried:
            unsaid = _decode_message(last.message)
            message = replace(unsaid, told=(text, *(each for each in unsaid.told if each.key != text.key)))
        row = self._say(db, conversation, message, event.at, _Came(topic=event.topic or None))
        return _Outcome(Exchanged(message, conversation.session, conversation.id), row, fate="set_aside")

    def _answered(self, waiting: Waiting, result: Result, at: datetime, db: Connection) -> _Outcome:
        """Feed the register's answer to whoever still waits for it."""
        if lookups.finish(db, waiting.lookup_id) is None:  # and perhaps nobody has that address any more
            return _Outcome(Exchanged(None, None, 0))
        conversation = conversations.find_or_open(db, waiting.channel, waiting.address, at)
        if self._remembers:
            knowledge.remember(db, waiting.question, result, at)
        event = LookedUp(at=at, locale=conversation.locale, question=waiting.question, result=result)
        came = _Came(topic=None if conversation.last is None else conversation.last.topic)
        outcome = self._play(db, conversation, event, came)
        if outcome.exchanged.message is not None or not still_waits(db, conversation):
            return outcome
        # The answer fits nothing any more, as after an upgrade: whoever waits for it is told where they are.
        conversation = conversations.find_or_open(db, waiting.channel, waiting.address, at)
        return self._play(db, conversation, AskedReview(at=at, locale=conversation.locale), came)

    # --- After the commit ----------------------------------------------------------------------------------

    def _act(self, outcome: _Outcome) -> Exchanged:
        if outcome.row is not None:
            self.senders[outcome.row.channel](outcome.row, outcome.exchanged.message)
        for waiting in outcome.waiting:
            self._ask(waiting)
        return outcome.exchanged

    def _ask(self, waiting: Waiting) -> None:
        """Ask the register, unless the same question is out."""
        if waiting.lookup_id in self._asking:
            return
        name = task_name(waiting.channel, waiting.address)
        self._asking[waiting.lookup_id] = self._tasks.start(self._ask_register(waiting), name)

    async def _ask_register(self, waiting: Waiting) -> None:
        match waiting.question:
            case Entity(number):
                result = await self.register.entity(number)
            case EntitySearch(query, page):
                result = await self.register.search(query, page)
        outcome: _Outcome | None = None
        while outcome is None:
            try:
                outcome = await self.writer.run(partial(self._answered, waiting, result, clock.now()))
            except NotSaved:
                await asyncio.sleep(randomness.jitter(_SECONDS_BEFORE_ANOTHER_TRY))
            except Exception as error:
                if isinstance(result, NoAnswer):
                    raise
                log.error("An answer of the register could not be handled: %s.", mishaps.place(error))
                result = NoAnswer()
        # Off the list first: what the answer makes of the conversation may ask the same question again.
        del self._asking[waiting.lookup_id]
        self._act(outcome)
