"""Willing people: they answer the question that they see last, and want to reach the receipt."""

from __future__ import annotations

import asyncio
import random  # noqa: TID251 - seeded: what people do in a proof can be done again
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from storage.responses.responses import EXPORT_KEYS
from tests.conversations import chat
from tests.proof.worlds.scripts import Script, plain, reference_in
from tests.stand_ins.people import Heard, Person

_LOOKS_EVERY = 0.02  # seconds

# What the person's own answers say nothing of.
_NOT_THEIRS = chat.NOT_SHOWN - {"locale"}


@dataclass
class Willing:
    """One person in a private chat who follows `script`; `thinks` draws the seconds before each answer.

    `confirmed` counts the answers after which the next message was told. `asked_again` holds the questions that came
    again though a later one had been told, to somebody who did nothing twice. `repeats` holds when the same was said
    twice in a row: the two moments (`time.monotonic`), and whether the person did something that has this answer, and
    had none yet. `strange` holds the questions that stand nowhere in the script.
    """

    person: Person
    script: Script
    thinks: Callable[[], float]
    confirmed: int = 0
    asked_again: list[str] = field(default_factory=list)
    repeats: list[tuple[float, float, bool]] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    reference: str | None = None
    waits_since: float = 0.0
    has_acted_twice: bool = False
    begins_again: int | None = None  # the turn to act when what is asked stands nowhere in the script

    def __post_init__(self) -> None:
        self._moments: list[float] = []  # when each message was said, as near as we look
        self._always = chat.always_offered()
        self._at = -1  # the turn that was acted last
        self._seen = 0
        self._texts: dict[int, int] = {}  # the own message of each turn that was a text
        self._last: tuple[Heard, float] | None = None
        self._acted_twice = False
        self._open = 0  # how often the turn was acted that has not been answered as often yet

    async def talk(
        self, *, is_silent: Callable[[float], bool] = lambda since: False, until_turn: int | None = None
    ) -> bool:
        """From where they are to the receipt; False when `is_silent` says that no answer will come any more.

        With `until_turn` only until it is time for that turn, which is then not acted.
        """
        if self._at < 0:
            await self.act(0)
        while self.reference is None:
            while self._seen == len(self.person.heard):
                if is_silent(self.waits_since):
                    return False
                await self._look()
            answers_at = time.monotonic() + self.thinks()
            while time.monotonic() < answers_at:
                await self._look()
            answered = self.listen()
            if answered is not None:
                if answered + 1 == until_turn:
                    return True
                await self.act(answered + 1)
        return True

    async def _look(self) -> None:
        self._note()
        await asyncio.sleep(_LOOKS_EVERY)
        self._note()

    def _note(self) -> None:
        now = time.monotonic()
        self._moments += [now] * (len(self.person.heard) - len(self._moments))

    async def act(self, number: int) -> None:
        """Do what the turn `number` of the script says."""
        act, person = self.script.turns[number].act, self.person
        self.waits_since = time.monotonic()
        self._acted_twice = number <= self._at
        self.has_acted_twice |= self._acted_twice
        self._open = self._open + 1 if self._acted_twice else 1
        self._at = number
        if act == "Ferdig" and self._last is not None and (no := _no(self._last[0])):
            await self._press(no, old=False)  # what was swapped came at the review: it was not meant for the text
        elif found := re.fullmatch(r"(\(old\) )?\[(.+)\]", act):
            await self._press(found[2], old=bool(found[1]))
        elif found := re.fullmatch(r"\(edits (\d+)\) (.*)", act, re.DOTALL):
            texts = [n for n, turn in enumerate(self.script.turns) if not re.match(r"(\(old\) )?\[|\(edits ", turn.act)]
            await person.edit(self._texts[texts[int(found[1]) - 1]], found[2])
        else:
            await person.send(act)
            self._texts[number] = len(person.own)

    async def _press(self, label: str, *, old: bool) -> None:
        if label in chat.ATTACHMENTS:
            await self.person.attach({"other": "poll"}.get(label, label))
            return
        having = [number for number, heard in sorted(self.person.messages.items()) if label in heard.labels]
        older = [number for number in having if number != max(self.person.messages)]
        await self.person.press(label, message_id=(older if old and older else having)[-1])

    def listen(self) -> int | None:
        """Hear all that was said since; gives the turn that the last of it answers, None if it is not to be answered.

        What was said before the last message is heard, but not answered.
        """
        self._note()
        answered = None
        while self._seen < len(self.person.heard):
            heard, moment = self.person.heard[self._seen], self._moments[self._seen]
            self._seen += 1
            answered = self._hear(heard, moment)
        return answered if self.reference is None else None

    def _hear(self, heard: Heard, now: float) -> int | None:
        if self._last is not None and not heard.edited and _same(heard, self._last[0]):
            # The same text again, after something was said twice, is taken as a repeat: also "Back", and "Back".
            turn, before = self.script.turns[self._at], self.script.turns[max(0, self._at - 1)]
            expected = self._acted_twice or turn.reply == plain(heard.text) or turn.act == before.act
            is_answer = expected and self._open > 0
            self.repeats.append((self._last[1], now, is_answer))
            self._open -= is_answer
        else:
            self._open = max(0, self._open - 1)
        self._last = heard, now
        if reference := reference_in(heard.text):
            self.reference = reference
            self.confirmed = len(self.script.turns)
            return None
        labels = tuple(label for label in heard.labels if label not in self._always)
        place = self.script.place(heard.text, labels, self._at)
        if place is None:
            if heard.keyboard:
                self.strange.append(heard.text)
                return None if self.begins_again is None else self.begins_again - 1
            return None  # a piece of something longer, or a remark: the question comes, or stands above
        if place < self.confirmed - 1 and not self.has_acted_twice:
            self.asked_again.append(f"{place} after {self.confirmed}: {heard.text:.60}")
        self.confirmed = max(self.confirmed, place + 1)
        return place


def _no(heard: Heard) -> str | None:
    """The button that leaves out what came after "Ferdig", where that is asked about."""
    asked = "Vil du legge det til?" in heard.text
    return next((label for label in heard.labels if label.startswith("Nei")), None) if asked else None


def _same(one: Heard, other: Heard) -> bool:
    return (one.text, one.keyboard) == (other.text, other.keyboard)


def thinking(seed: int, *, quick: tuple[float, float], slow: tuple[float, float]) -> Callable[[], float]:
    """How long a person thinks, in seconds: three times of four between the bounds of `quick`, else of `slow`."""
    draw = random.Random(seed)
    return lambda: draw.uniform(*(slow if draw.random() < 0.25 else quick))


@dataclass
class Compared:
    """What differs between what people were told and what the export holds, a line for each difference."""

    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return "; ".join([*self.lost, *self.wrong, *self.doubles][:10])

    @property
    def is_clean(self) -> bool:
        """Nothing lost, nothing wrong, nothing twice."""
        return not (self.lost or self.wrong or self.doubles)


def compare(people: list[Willing], rows: list[Mapping[str, object]]) -> Compared:
    """Each receipt against the one row of its reference, column by column; rows that nobody was told of are doubles."""
    found, told = Compared(), {each.reference for each in people if each.reference is not None}
    by_reference = {str(row["reference"]): row for row in rows}
    found.doubles += [f"nobody was told of {each}" for each in by_reference.keys() - told]
    receipts = [each.reference for each in people if each.reference is not None]
    found.doubles += [f"{each} was told to several" for each in told if receipts.count(each) > 1]
    for willing in people:
        if willing.reference is None:
            continue
        row = by_reference.get(willing.reference)
        if row is None:
            found.lost.append(f"{willing.script.name}: {willing.reference} is not there")
            continue
        _compare_columns(willing.script, row, found)
    return found


def _compare_columns(script: Script, row: Mapping[str, object], found: Compared) -> None:
    is_there = {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in row.items()
        if value not in (None, "", []) and key not in _NOT_THEIRS and (key not in EXPORT_KEYS or key != "locale")
    }
    for key in sorted(script.stored.keys() | is_there.keys()):
        expected, actual = script.stored.get(key), is_there.get(key)
        if expected == actual:
            continue
        line = f"{script.name}: {key} is {actual!r:.60} instead of {expected!r:.60}"
        (found.lost if actual is None else found.wrong).append(line)
