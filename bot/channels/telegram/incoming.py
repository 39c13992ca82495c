"""Telegram's updates in, by long polling or by webhook: none is confirmed before what it changed is on disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Struct

from bot import clock
from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import CHANNEL
from bot.channels.telegram.updates import Bot, Incoming, UnreadableUpdate, chat_of, read_update
from bot.channels.telegram.webhook import NotReady
from bot.exchange.channel import ChannelError, DeliveryError, Exchange, Refused, TakenElsewhere, TryLater
from bot.exchange.pacing import Patience
from bot.tasks import Tasks
from dialogs.texts import LOCALES, label
from storage.database.errors import NotSaved

T = TypeVar("T")

# As many as Telegram gives at once: with fewer there is nothing further to fetch.
FULL_BATCH = 100
POLL_SECONDS = 50
LONGEST_PAUSE = 30.0

# Seconds in which a webhook is brought what waited at the start, as long as it takes it at once.
CATCHING_UP = 5.0

# Seconds without somebody else who takes in the same messages, after which one more is news.
NEWS_AFTER = 600.0

# Seconds that what was taken in has to be committed when we stop. What is not comes again.
GRACE = 1.0

_SECONDS_BETWEEN_COUNTS = 0.25

_log = logging.getLogger(__name__)


class _Update(Struct, frozen=True):
    """One update as read: an event, or the reason why it is none."""

    id: str
    incoming: Incoming | None
    raw: str = ""
    unreadable: str = ""
    address: str = ""


class Webhook(Struct, frozen=True):
    """Where Telegram is to bring updates, and how it shows that it is Telegram."""

    url: str
    secret: str


class Telegram:
    """Takes updates in: asks for them or, with a `webhook`, has them brought to `take`.

    `on_caught_up` is called once, when what waited at the start has been handled; with a webhook `on_begun` before, as
    soon as something can be said: what waits at Telegram may be long in coming. `locale` is the language of the
    commands for readers of a language that we do not have.
    """

    def __init__(
        self,
        api: Api,
        exchange: Exchange,
        *,
        locale: str,
        on_caught_up: Callable[[], Awaitable[None]],
        on_begun: Callable[[], Awaitable[None]] | None = None,
        webhook: Webhook | None = None,
        poll_seconds: int = POLL_SECONDS,
    ) -> None:
        self._api = api
        self._exchange = exchange
        self._locale = locale
        self._on_caught_up = on_caught_up
        self._on_begun = on_begun
        self._webhook = webhook
        self._bot: Bot | None = None
        self._poll_seconds = poll_seconds
        self._tasks = Tasks()
        self._patience = Patience(LONGEST_PAUSE)
        self._reached: dict[str, datetime] = {}  # when an update that has to come again came first: that time counts
        self._taken_at: float | None = None  # when another program last took what was for us
        self._running: asyncio.Task[None] | None = None
        self._handling = False
        self._stopping = False

    async def run(self) -> None:
        """Take updates in until `stop`; with a webhook, see to it that they are brought, and return.

        Raises FatalChannelError where an operator has to change something.
        """
        self._running = asyncio.current_task()
        try:
            self._bot = bot = await self._until_answered(self._api.open)
            if self._webhook is None:
                await self._until_answered(self._api.delete_webhook)
                await self._until_answered(self._set_commands)
                await self._poll(bot)
            else:
                await self._until_answered(partial(self._api.set_webhook, self._webhook.url, self._webhook.secret))
                await self._until_brought()
                await self._until_answered(self._set_commands)
        except asyncio.CancelledError:
            if not self._stopping:
                raise

    async def stop(self) -> None:
        """Take nothing more in, and return when what was taken in has been handled, or comes again some day."""
        self._stopping = True
        if (running := self._running) is not None and not running.done():
            if self._handling:
                await asyncio.wait({running}, timeout=GRACE)
            running.cancel()
            await asyncio.wait({running})
        await self._tasks.stop()

    async def take(self, raw: object) -> None:
        """Commit an update that was brought, or set it aside. Raises NotSaved or NotReady: it has to come again."""
        if self._bot is None or self._stopping:
            raise NotReady
        await self.handle([raw], self._bot)

    async def handle(self, raw_updates: Sequence[object], bot: Bot) -> None:
        """Commit these updates or set them aside: those of different chats together, those of one chat in order.

        Raises NotSaved if that failed for any of them. Then all of them have to come again; no harm comes of it.
        """
        at = clock.now()
        chats: dict[str, list[_Update]] = {}
        for raw in raw_updates:
            update = self._read(raw, at, bot)
            if update.incoming is not None or update.unreadable:
                chats.setdefault(update.incoming.address if update.incoming else "", []).append(update)
        if len(chats) == 1:
            await self._handle_in_order(*chats.values())
        else:
            outcomes = await asyncio.gather(*map(self._handle_in_order, chats.values()), return_exceptions=True)
            for outcome in outcomes:
                if outcome is not None:
                    raise outcome
        for raw in raw_updates:
            self._reached.pop(_update_id(raw), None)

    def _read(self, raw: object, at: datetime, bot: Bot) -> _Update:
        number = _update_id(raw)
        try:
            incoming = read_update(raw, self._reached.setdefault(number, at), bot)
        except UnreadableUpdate as error:
            return _Update(number, None, json.dumps(raw), str(error), chat_of(raw))
        if incoming is not None and incoming.callback_id is not None:
            self._tasks.start(self._answer(incoming.callback_id), "answer a press")
        return _Update(number, incoming)

    async def _handle_in_order(self, updates: Sequence[_Update]) -> None:
        for update in updates:
            if update.incoming is None:
                await self._exchange.set_aside(CHANNEL, update.id, update.raw, update.unreadable, update.address)
            else:
                incoming = update.incoming
                await self._exchange.exchange(
                    CHANNEL,
                    incoming.address,
                    update.id,
                    incoming.event,
                    edit_target=incoming.edit_target,
                    sent_at=incoming.sent_at,
                )

    async def _poll(self, bot: Bot) -> None:
        offset, caught_up = 0, False
        while not self._stopping:
            seconds = self._poll_seconds if caught_up else 0
            updates = await self._until_answered(partial(self._api.get_updates, offset, seconds))
            if not await self._kept(updates, bot):
                await asyncio.sleep(self._patience.pause())
                continue
            self._patience.reset()
            # Ids may start again lower when nothing came for a week. Asking with an offset has confirmed all before
            # it, so after an empty answer there is nothing left to confirm, and any id is welcome.
            offset = 1 + max(map(_number, updates), default=-1)
            if not caught_up and len(updates) < FULL_BATCH:
                caught_up = True
                await self._on_caught_up()

    async def _kept(self, updates: Sequence[object], bot: Bot) -> bool:
        """Handle a batch; False: it has to be asked for again."""
        self._handling = True
        try:
            await self.handle(updates, bot)
        except NotSaved as error:
            _log.error("%s Telegram's updates are asked for again.", error)
            return False
        finally:
            self._handling = False
        return True

    async def _until_brought(self) -> None:
        """What waits at Telegram is brought first; but what it brings again later only must not hold us up.

        Nor is what has waited for long held up by it at each start anew: a start may be all the time that we have.
        """
        if self._on_begun is not None:
            await self._on_begun()
        with suppress(TimeoutError):
            async with asyncio.timeout(CATCHING_UP):
                while await self._until_answered(self._api.count_waiting):  # noqa: ASYNC110 - Telegram tells nobody
                    await asyncio.sleep(_SECONDS_BETWEEN_COUNTS)
        await self._on_caught_up()

    async def _until_answered(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call until Telegram answers, with growing pauses; one line when it stops answering, one when it is back."""
        patience, failed = Patience(LONGEST_PAUSE), False
        while True:
            try:
                answer = await call()
            except TakenElsewhere:
                self._say_that_it_is_taken()
                await asyncio.sleep(patience.pause())
            except DeliveryError as error:
                if not failed:
                    _log.warning("Telegram does not answer as it should (%s): asking again until it does.", error)
                failed = True
                await asyncio.sleep(error.seconds if isinstance(error, TryLater) else patience.pause())
            else:
                if failed:
                    _log.warning("Telegram answers again.")
                return answer

    def _say_that_it_is_taken(self) -> None:
        """Once, also where the two of us take turns. Everything else goes on."""
        now = clock.ticks()
        if self._taken_at is None or now - self._taken_at > NEWS_AFTER:
            _log.error("Another program takes in this bot's messages, and people get no answer: stop it. We ask again.")
        self._taken_at = now

    async def _set_commands(self) -> None:
        for language, locale in [("", self._locale), *((locale, locale) for locale in LOCALES)]:
            try:
                await self._api.set_commands(commands(locale), language)
            except Refused as refused:
                _log.error("Telegram refuses the list of commands in %s: %s", locale, refused)

    async def _answer(self, callback_id: str) -> None:
        """A press that is too old to be answered still counts: what goes wrong here is of no consequence."""
        try:
            await self._api.answer_callback(callback_id)
        except ChannelError as error:
            _log.debug("A press was not answered: %s", error)


def commands(locale: str) -> list[tuple[str, str]]:
    """The commands of a language, each with what it does."""
    lines = (line.partition(" - ") for line in label(locale, "command-list").splitlines())
    return [(word, description) for word, _, description in lines]


def _number(raw: object) -> int:
    match raw:
        case {"update_id": int(number)}:
            return number
        case _:
            return -1


def _update_id(raw: object) -> str:
    """Its own id; of an update that has none a digest, so that it too is set aside once."""
    number = _number(raw)
    return str(number) if number >= 0 else hashlib.sha256(json.dumps(raw).encode()).hexdigest()
