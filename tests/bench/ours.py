"""Our program as it is compared: all of it, on a database on disk, with only Telegram's network taken away."""

from __future__ import annotations

import math
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec

from bot.app import leave_what_stays_alone
from bot.channels.telegram.api import Api
from bot.channels.telegram.incoming import Telegram
from bot.channels.telegram.messages import CHANNEL, TelegramSender
from bot.channels.telegram.updates import Bot
from bot.exchange.delivery import Delivery, Limits
from bot.exchange.service import Service
from dialogs.facts import NoAnswer, Result
from dialogs.fields import Choice, ConsultationChoice, Email, FirstName, LongText
from dialogs.form import Form, Section, Step
from dialogs.texts import House
from storage.consultations import consultations
from storage.conversations import outbox
from storage.database.opening import migrate, open_for_reading, transaction
from tests.bench import people
from tests.bench.transport import TOKEN, NullTransport

HOUSE = House(
    "Asker kommune", "servicesenteret", "https://innspill.example.no/personvern", "https://innspill.example.no"
)
NO_LIMITS = Limits(per_chat=math.inf, overall=math.inf)
FOUR_QUESTIONS = Form(
    version=1,
    steps=(
        Step("respondent_type", Choice("respondent_type", "private_person"), "type", "name-respondent-type"),
        Step("email", Email(), "email", "name-email", contact=True),
        Step("first_name", FirstName(), "first-name", "name-first-name"),
        Step("consultation", ConsultationChoice(), "case", "name-consultation"),
        Step("text", LongText(), "response", "name-text"),
    ),
    review=(
        Section("row-respondent-type", ("respondent_type",), "label-change-respondent-type"),
        Section("row-email", ("email",), "label-change-email"),
        Section("row-name", ("first_name",), "label-change-name"),
        Section("name-consultation", ("consultation",), "label-change-consultation"),
        Section("row-text", ("text",), "label-change-text"),
    ),
)
"""Who, e-mail, name and response; the consultation comes with the link."""

_FULL = 2
"""`PRAGMA synchronous`: what is committed is on disk."""

_US = Bot(id=123456, username="bot")


class NotDurable(AssertionError):
    """The run does not count: something was not on disk, or was left unsaid."""


class Nobody:
    """A register that is never asked: private persons have no organisation number."""

    async def entity(self, number: str) -> Result:
        """See `bot.register.register.Register`."""
        return NoAnswer()

    async def search(self, query: str, page: int) -> Result:
        """See `bot.register.register.Register`."""
        return NoAnswer()


def new_database(path: Path) -> Path:
    """A database with one open consultation."""
    migrate(path)
    with transaction(path) as db:
        at, closes_at = datetime(2026, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
        consultations.add(db, case_number="18/101", title="Handlingsprogram", closes_at=closes_at, at=at)
    return path


class _Api(Api):
    """Our calls of the Bot API, on the transport that everybody gets."""

    def __init__(self, transport: NullTransport) -> None:
        super().__init__(TOKEN, "http://127.0.0.1")
        self._request = transport  # type: ignore[assignment]  # of the same library, without a network


class OurBot:
    """`async with OurBot(path)`: updates in with `talk` or `handle`, messages out into `transport`."""

    def __init__(
        self,
        path: Path,
        transport: NullTransport | None = None,
        *,
        form: Form = FOUR_QUESTIONS,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.path = path
        self.transport = transport or NullTransport()
        self._talked = 0
        self.service = Service(path, form, Nobody(), locale="nb")
        api = _Api(self.transport)
        self._delivery = Delivery(TelegramSender(api, HOUSE), self.service.writer, self.service, limits)
        self._telegram = Telegram(api, self.service, locale="nb", on_caught_up=self._delivery.resume)

    async def __aenter__(self) -> Self:
        self._receipts_before = self._receipts()
        self.service.start()
        self.service.senders[CHANNEL] = self._delivery.put
        await self._delivery.start()
        leave_what_stays_alone()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._delivery.stop()
        await self.service.stop()

    async def handle(self, *raw: bytes) -> None:
        """Take in updates that came together; returns once they are on disk."""
        await self._telegram.handle([msgspec.json.decode(each) for each in raw], _US)

    async def talk(self, person: int, sitting: int = 0) -> None:
        """One whole conversation: each line is said once the message before it has been sent."""
        for raw in people.updates(person, sitting):
            answered = self.transport.next_message(people.chat_of(person))
            await self.handle(raw)
            await answered
        self._talked += 1

    async def finish(self) -> None:
        """Return once every message is marked sent. Nothing is said after it."""
        await self._delivery.stop(grace=60)

    async def check(self) -> None:
        """Raise NotDurable where the run does not count. It reads the whole outbox: call it with the clock stopped."""
        synchronous = await self.service.writer.run(lambda db: db.execute("PRAGMA synchronous").fetchone()[0])
        if synchronous != _FULL:
            raise NotDurable(f"PRAGMA synchronous is {synchronous}, not {_FULL}")
        with closing(open_for_reading(self.path)) as db:
            unmarked = outbox.count_unsent(db)
        receipts = self._receipts() - self._receipts_before
        if unmarked or receipts != self._talked:
            raise NotDurable(f"{unmarked} not marked sent; {receipts} receipts of {self._talked} conversations are")

    def _receipts(self) -> int:
        """How many receipts are marked sent: what was said before them goes with their drafts."""
        with closing(open_for_reading(self.path)) as db:
            counted = "SELECT count(*) FROM outbox WHERE kind = 'receipt' AND sent_at IS NOT NULL"
            return int(db.execute(counted).fetchone()[0])

    def check_responses(self, count: int) -> None:
        """Raise NotDurable unless `count` responses are stored."""
        with closing(open_for_reading(self.path)) as db:
            stored = db.execute("SELECT count(*) FROM responses").fetchone()[0]
        if stored != count:
            raise NotDurable(f"{stored} responses are stored, not {count}")
