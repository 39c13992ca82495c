"""Random histories of people who send in responses, each marked in every word of theirs: seeded, so they come again."""

from __future__ import annotations

import random  # noqa: TID251 - seeded: the same history comes again
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from bot import clock
from bot.exchange.flood import Flood
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import AnyEvent, Attached, Picked, Said, Started
from dialogs.messages import Message
from storage.database.opening import ensure_schema
from storage.database.sqlite import Connection
from storage.keeping.tables import TABLES
from storage.register import cache, verifications
from storage.responses import versions
from storage.staff import searches
from tests.conversations import stages

STAFF = "ola@example.no"
_NUMBERS = ("974540193", "974760673", "971040238")  # any that pass the check: the register does not answer


@asynccontextmanager
async def service_over(path: Path) -> AsyncIterator[Service]:
    """A service over a database with consultations; the register does not answer."""
    ensure_schema(path)
    stages.add_rounds(path)
    async with EntityRegister("http://127.0.0.1:1") as register:
        service = Service(path, FORM, register, locale="nb")
        service.senders["telegram"] = lambda *_: None
        service.start()
        yield service
        await service.stop()


class Person:
    """Somebody with marks of their own, and what happens to what they send in."""

    def __init__(self, service: Service, seed: int) -> None:
        self.service = service
        self.seed = seed
        self.draw = random.Random(seed)
        self.channel = self.draw.choice(("telegram", "web", "terminal"))
        self.address = str(10_000 + seed)
        self.marks: list[str] = []
        self.said: list[str] = []
        self.registered: list[str] = []
        self.references: list[str] = []
        self._events = 0
        self._message: Message | None = None

    def mark(self) -> str:
        """Another word that stands nowhere else."""
        self.marks.append("".join(self.draw.choices(ascii_lowercase, k=14)))
        return self.marks[-1]

    async def happens(self, event: AnyEvent) -> Message | None:
        """One event of this person's."""
        self._events += 1
        name = f"{self.seed} {self._events}"
        done = await self.service.exchange(self.channel, self.address, name, event)
        self._message = done.message or self._message
        return done.message

    async def says(self, text: str) -> Message | None:
        self.said += [mark for mark in self.marks if mark in text.casefold()]
        return await self.happens(Said(at=clock.now(), text=text, message_id=str(self._events + 1)))

    async def sends_a_response(self, *, until: str = "") -> None:
        """A whole response, or one that ends at the step `until`."""
        answers = self._answers()
        await self.happens(Started(at=clock.now(), link="c2"))
        for _ in range(60):
            await self.service.settled(self.channel, self.address, 5)
            self._message = self.service.view(self.channel, self.address).message or self._message
            message = self._message
            assert message is not None
            if message.kind == "receipt":
                self.references.append(_reference(message))
                return
            if message.step == until:
                return
            if answers.get(message.step):
                await self.says(answers[message.step].pop(0))
            else:
                await self.happens(Picked(at=clock.now(), data=_way_on(message)))
        raise AssertionError(f"{self.seed} does not come to the end: {self._message}")

    def _answers(self) -> dict[str, list[str]]:
        kind = self.draw.choice(("Privatperson", "Organisasjon uten org.nr.", "Organisasjon i Enhetsregisteret"))
        parts = [f"Vi mener {self.mark()} og {self.mark()}." for _ in range(self.draw.randint(1, 3))]
        return {
            "respondent_type": [kind],
            "organisation_number": [self.draw.choice(_NUMBERS)],
            "organisation_name": [f"Foreningen {self.mark().capitalize()}"],
            "address": [f"{self.mark().capitalize()}veien 7"],
            "postal": [f"1385 {self.mark().capitalize()}"],
            "email": [f"{self.mark()}@example.no"],
            "first_name": [self.mark().capitalize()],
            "last_name": [self.mark().capitalize()],
            "text": [*parts, "Ferdig"],
        }

    async def lives(self) -> None:
        """All that may happen to a response, in random order and number."""
        await self.sends_a_response()
        doings = [self._is_searched_for, self._is_decided_on, self._floods, self._has_a_mishap, self._is_registered]
        for _ in range(self.draw.randint(1, 6)):
            await self.draw.choice(doings)()
        if self.draw.random() < 0.5:
            await self.sends_a_response()
        if self.draw.random() < 0.4:
            await self.sends_a_response(until="text")

    async def _is_searched_for(self) -> None:
        words = self.draw.choice(self.said)
        await self.service.writer.run(lambda db: searches.keep(db, STAFF, words.upper()))

    async def _is_decided_on(self) -> None:
        note = f"{self.mark()} ringte"
        reference = self.references[0]
        await self.service.writer.run(
            lambda db: versions.decide(db, reference, "withdrawn", who=STAFF, at=clock.now(), note=note)
        )

    async def _floods(self) -> None:
        for _ in range(70):
            await self.happens(Attached(at=clock.now(), kind="sticker"))
        self.service.flood = Flood()  # they wait for as long as they were told

    async def _has_a_mishap(self) -> None:
        raw = f'{{"text": "{self.mark()}"}}'
        await self.service.set_aside(self.channel, f"odd {self.seed} {len(self.marks)}", raw, "odd", self.address)

    async def _is_registered(self) -> None:
        reference, name = self.references[0], self.mark()
        self.registered.append(name)

        def settle(db: Connection) -> None:
            (number,) = db.execute("SELECT id FROM responses WHERE reference = ?", (reference,)).fetchone()
            verifications.settle(db, number, "active", at=clock.now(), differences={"address": name})
            (entity,) = db.execute("SELECT organisation_number FROM responses WHERE id = ?", (number,)).fetchone()
            if entity:
                until = clock.now() + timedelta(days=1)
                cache.keep(db, entity, f'{{"name": "{name}"}}', holds_until=until)

        await self.service.writer.run(settle)


def _reference(message: Message) -> str:
    (row,) = [row for row in message.rows if row.label.key == "row-reference"]
    return str(row.value.args["text"])


def _way_on(message: Message) -> str:
    """The button that leads on: to send in, to go on by hand, to leave an answer as it is."""
    assert message.buttons, message
    for word in ("send", "done", "by_hand", "hand", "none", "yes", "skip"):
        for button in message.buttons:
            if button.data.split(":")[2] == word:
                return button.data
    return message.buttons[0].data


def places_of(db: Connection, marks: list[str]) -> set[tuple[str, str]]:
    """The tables and columns, of those that the registry names, in which any of the marks stands."""
    found = set[tuple[str, str]]()
    for table in TABLES:
        if table.name.startswith("sqlite_") or table.name.endswith(("_data", "_idx", "_config", "_docsize")):
            continue
        for column in table.columns:
            if column.name in ("rank", table.name):
                continue
            texts: list[Any] = [
                row[0]
                for row in db.execute(f'SELECT "{column.name}" FROM "{table.name}" WHERE "{column.name}" IS NOT NULL')
            ]
            whole = "\n".join(map(str, texts)).casefold()
            if any(mark in whole for mark in marks):
                found.add((table.name, column.name))
    return found


def is_in_bytes(paths: list[Path], marks: list[str]) -> list[tuple[str, str]]:
    """The files that hold a mark in any letters, in the bytes as they lie there, and the mark."""
    found = []
    for path in paths:
        held = path.read_bytes().lower()
        found += [(path.name, mark) for mark in marks if mark.encode() in held]
    return found
