"""The stages that need no channel: the bare engine, and the service with SQLite."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from msgspec.structs import replace

from bot import clock
from bot.exchange.service import Service
from bot.register import stand_in
from bot.register.answers import read_entity, read_hits
from bot.register.client import EntityRegister
from bot.register.stand_in import RegisterStandIn
from dialogs import engine, events, facts, journey, messages, speech
from dialogs.consultation_response import FORM
from dialogs.events import AnyEvent
from dialogs.fields.earlier import sender
from dialogs.messages import Effect, Message
from dialogs.rendering import button_text
from storage.consultations import consultations
from storage.database import opening
from storage.register import postal_codes
from storage.responses import responses
from tests.conversations import chat
from tests.conversations.chat import OSLO, Chat, Heard


class MadeUpTime:
    """The clock of a golden conversation: it stands still but for what the conversation does."""

    def __init__(self) -> None:
        self.now = chat.NOW

    def __enter__(self) -> Self:
        clock.run_by(lambda: self.now)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        clock.run_by(None)

    def turn_to(self, moment: str) -> None:
        """Go on to a moment in Norway, `2027-01-04T09:00`."""
        self.now = datetime.fromisoformat(moment).replace(tzinfo=OSLO).astimezone(chat.NOW.tzinfo)

    def pass_by(self) -> None:
        """A second goes by, as one does between two messages."""
        self.now += timedelta(seconds=1)


class Heading:
    """What the stages have in common: the person's texts, the messages so far, events from acts."""

    def __init__(self, played: Chat, time: MadeUpTime) -> None:
        self.played = played
        self.time = time
        self.said = 0
        self.seen: list[Message] = []
        self.has_rounds = played.heads.get("consultations") != "none"
        self.postal_codes = chat.POSTAL_CODES if played.heads.get("postcodes") == "yes" else {}
        self.locale = played.heads.get("locale", "nb")

    async def take(self, event: AnyEvent) -> None:
        """Let the event happen."""
        raise NotImplementedError

    async def say(self, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        self.said += 1
        command, _, link = text.partition(" ")
        if command == "/start":
            await self.take(events.Started(at=self.time.now, locale=self.locale, link=link))
        else:
            await self.take(events.Said(at=self.time.now, locale=self.locale, text=text, message_id=str(self.said)))

    async def press(self, label: str, *, old: bool) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        for message in reversed(self.seen[:-1] if old else self.seen[-1:]):
            for button in message.buttons:
                if label == button_text(button, message.locale, chat.HOUSE):
                    await self.take(events.Picked(at=self.time.now, locale=self.locale, data=button.data))
                    return
        raise AssertionError(f"there is no button {label!r} to press")

    async def attach(self, kind: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        await self.take(events.Attached(at=self.time.now, locale=self.locale, kind=kind))

    async def edit(self, number: int, text: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        self.time.pass_by()
        await self.take(events.Edited(at=self.time.now, locale=self.locale, message_id=str(number), text=text))

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        return chat.shown(self.seen[-1])


class EngineStage(Heading):
    """The engine with a few facts in a list, and every session through JSON between two messages."""

    def __init__(self, played: Chat, time: MadeUpTime) -> None:
        super().__init__(played, time)
        self.session: journey.Session | None = None
        self.rows: list[Mapping[str, object]] = []
        self.closed: set[str] = set()
        self.down = False

    async def direct(self, direction: str) -> None:
        """See `chat.Stage`. A restart is nothing to the engine: its sessions go through JSON anyway."""
        match direction.split():
            case ["at", moment]:
                self.time.turn_to(moment)
            case ["register", state]:
                self.down = state == "down"
            case ["close", case_number]:
                self.closed.add(case_number)

    async def stored(self) -> list[Mapping[str, object]]:
        """See `tests.conversations.chat.Stage`."""
        return self.rows

    async def take(self, event: AnyEvent) -> None:
        """See `Heading`."""
        self.session, effects = engine.advance(FORM, self.session, event)
        to_do, said = list(effects), list[Effect]()
        while to_do:
            effect = to_do.pop(0)
            follow_up: AnyEvent | None = None
            match effect:
                case messages.LookUp(question):
                    follow_up = events.LookedUp(at=self.time.now, question=question, result=self._known(question))
                    if isinstance(question, facts.Entity | facts.EntitySearch):
                        said = []  # "looking up" is another message
                        to_do = []
                case messages.Submit():
                    follow_up = self._store(effect)
                case messages.Tell() | messages.Ask():
                    said.append(effect)
                case messages.Forget():
                    pass
            if follow_up is not None:
                self.session, more = engine.advance(FORM, self.session, follow_up)
                to_do = [*more, *to_do]
        self.session = journey.from_json(FORM, journey.to_json(self.session), self.locale)
        if message := speech.compose(said, self.session.locale):
            self.seen.append(message)

    def _store(self, submit: messages.Submit) -> events.Stored:
        picked = self._rounds()[submit.consultation_id - 1]
        late = self.time.now >= picked.closes_at
        now, reference = self.time.now, chat.REFERENCES[len(self.rows)]
        replaced = submit.columns.get("replaces")
        standing = [row["reference"] for row in self.rows if row["status"] == "received"]
        gives_way = replaced if replaced in standing else None
        self.rows = [{**row, "status": "superseded"} if row["reference"] == gives_way else row for row in self.rows]
        known = {"reference": reference, "status": "received", "received_at": now}
        self.rows.append({**submit.columns, "case_number": picked.case_number, "late": late, **known})
        return events.Stored(at=now, draft=submit.draft, reference=reference, received_at=now)

    def _rounds(self) -> list[facts.Consultation]:
        rounds = chat.ROUNDS if self.has_rounds else ()
        return [
            facts.Consultation(
                i,
                r.case_number,
                r.title,
                r.closes_at,
                r.case_number not in self.closed,
                earlier=tuple(
                    facts.EarlierResponse(str(row["reference"]), self._received_at(row), sender(row))
                    for row in reversed(self.rows)
                    if row["case_number"] == r.case_number and row["status"] == "received"
                ),
            )
            for i, r in enumerate(rounds, 1)
        ]

    @staticmethod
    def _received_at(row: Mapping[str, object]) -> datetime:
        received_at = row["received_at"]
        assert isinstance(received_at, datetime)
        return received_at

    def _known(self, question: facts.Question) -> facts.Result:
        every = self._rounds()
        accepting = [r for r in every if r.accepts]
        current = sorted((r for r in accepting if self.time.now < r.closes_at), key=lambda r: r.closes_at)
        match question:
            case facts.Opening(link):
                named = next((r for r in every if link == f"c{r.id}"), None)
                return facts.OpeningFacts(len(current), named)
            case facts.OpenConsultations():
                return facts.Consultations(tuple(current), total=len(current))
            case facts.FindConsultations(query, year, sequence):
                wanted = f"{year % 100}/{sequence}"
                hits = [r for r in accepting if r.case_number == wanted or query.casefold() in r.title.casefold()]
                return facts.Consultations(tuple(hits), total=len(hits))
            case facts.ConsultationById(number):
                return next((r for r in every if r.id == number), None)
            case facts.PostalCode(code):
                return facts.PostalTown(bool(self.postal_codes), self.postal_codes.get(code, ""))
            case facts.OwnResponses():
                return self._own(every)
            case facts.SentDraft():
                return self._own(every).items[0] if self.rows else None
            case facts.Entity(number):
                return self._entity(number)
            case facts.EntitySearch(query, page):
                return self._search(query, page)

    def _own(self, every: list[facts.Consultation]) -> facts.SentResponses:
        title = {r.case_number: r.title for r in every}
        return facts.SentResponses(
            tuple(
                facts.SentResponse(
                    str(row["reference"]),
                    str(row["case_number"]),
                    title[str(row["case_number"])],
                    self._received_at(row),
                    str(row["status"]),
                )
                for row in reversed(self.rows)
            )
        )

    def _search(self, query: str, page: int) -> facts.Result:
        if self.down:
            return facts.NoAnswer()
        return read_hits(json.dumps(stand_in.found(query, 5, page)).encode())

    def _entity(self, number: str) -> facts.Result:
        if self.down or number in (stand_in.FAILING, stand_in.NOT_JSON):
            return facts.NoAnswer()
        if number == stand_in.REMOVED:
            return facts.Removed(number)
        for kind, entities in stand_in.ENTITIES.items():
            if number in entities:
                answer = read_entity(number, json.dumps(entities[number]).encode())
                if kind == "underenheter" and isinstance(answer, facts.Found):
                    main = stand_in.ENTITIES["enheter"][answer.main_number]
                    return replace(answer, main_name=main["navn"])
                return answer
        return facts.Unknown()


class ServiceStage(Heading):
    """The exchange over a real database and a register on loopback. A restart opens both anew."""

    def __init__(self, played: Chat, time: MadeUpTime, folder: Path, register: RegisterStandIn) -> None:
        super().__init__(played, time)
        self.path = folder / "innspill.db"
        self.register = register
        self.events = 0
        self.service: Service | None = None

    async def __aenter__(self) -> Self:
        opening.ensure_schema(self.path)
        furnish(self.path, self.played)
        await self._open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._close()

    async def _open(self) -> None:
        self.client = EntityRegister(self.register.url)
        await self.client.__aenter__()
        self.service = Service(self.path, FORM, self.client, locale="nb")
        self.service.start()

    async def _close(self) -> None:
        if self.service is not None:
            await self.service.stop()
            await self.client.__aexit__(None, None, None)

    async def direct(self, direction: str) -> None:
        """See `tests.conversations.chat.Stage`."""
        await direct(direction, time=self.time, register=self.register, path=self.path)
        if direction == "restart":
            await self._close()
            await self._open()

    async def take(self, event: AnyEvent) -> None:
        """See `Heading`."""
        assert self.service is not None
        self.events += 1
        await self.service.exchange("telegram", "1", str(self.events), event)
        await self.service.settled("telegram", "1", 10)
        message = self.service.view("telegram", "1").message
        assert message is not None
        self.seen.append(message)

    async def heard(self) -> Heard:
        """See `tests.conversations.chat.Stage`."""
        return chat.shown(self.seen[-1])

    async def stored(self) -> list[Mapping[str, object]]:
        """See `tests.conversations.chat.Stage`."""
        return stored_rows(self.path)


def add_rounds(path: Path) -> None:
    """Put the consultations of the golden conversations into a database."""
    with opening.transaction(path) as db:
        for each in chat.ROUNDS:
            consultations.add(db, case_number=each.case_number, title=each.title, closes_at=each.closes_at, at=chat.NOW)


def furnish(path: Path, played: Chat) -> None:
    """Put into a database what the heads of a golden conversation say."""
    if played.heads.get("consultations") != "none":
        add_rounds(path)
    if played.heads.get("postcodes") == "yes":
        with opening.transaction(path) as db:
            postal_codes.replace_all(db, chat.POSTAL_CODES.items())


async def direct(direction: str, *, time: MadeUpTime, register: RegisterStandIn, path: Path) -> None:
    """Do what a direction says, but for a restart."""
    match direction.split():
        case ["at", moment]:
            time.turn_to(moment)
        case ["register", state]:
            register.down = state == "down"
        case ["close", case_number]:
            with opening.transaction(path) as db:
                number = 1 + [each.case_number for each in chat.ROUNDS].index(case_number)
                consultations.close(db, number, time.now)
        case ["restart"]:
            pass
        case _:
            raise ValueError(f"no direction is called {direction!r}")


def stored_rows(path: Path) -> list[Mapping[str, object]]:
    """Every response in a database, as it is exported."""
    db = opening.open_for_reading(path)
    try:
        return list(responses.Rows(db))
    finally:
        db.close()
