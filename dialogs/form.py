"""The vocabulary for writing a form: steps, sections of the review, and conditions as data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dialogs.fields import Field
from dialogs.fields.earlier import SENDER, earlier


class FormError(Exception):
    """A form that cannot work: raised when it is built, with the step and what is wrong with it."""


class Is(Struct, frozen=True):
    """The answer of `step` is `value`."""

    step: str
    value: str

    def holds(self, values: Mapping[str, Any]) -> bool:
        """Whether it does for the finished answers so far (as with every condition)."""
        return bool(values.get(self.step) == self.value)


class Given(Struct, frozen=True):
    """`step` has a finished answer that was not skipped."""

    step: str

    def holds(self, values: Mapping[str, Any]) -> bool:
        """See `Is.holds`."""
        return values.get(self.step) is not None


class SentBefore(Struct, frozen=True):
    """The same respondent has sent in a response to the same consultation, from here."""

    def holds(self, values: Mapping[str, Any]) -> bool:
        """See `Is.holds`."""
        return bool(earlier(values))


class Not(Struct, frozen=True):
    """`condition` does not hold."""

    condition: Condition

    def holds(self, values: Mapping[str, Any]) -> bool:
        """See `Is.holds`."""
        return not self.condition.holds(values)


class Every(Struct, frozen=True):
    """All of `conditions` hold; with none of them, always."""

    conditions: tuple[Condition, ...] = ()

    def holds(self, values: Mapping[str, Any]) -> bool:
        """See `Is.holds`."""
        return all(condition.holds(values) for condition in self.conditions) if self.conditions else True


class Some(Struct, frozen=True):
    """At least one of `conditions` holds; with none of them, never."""

    conditions: tuple[Condition, ...] = ()

    def holds(self, values: Mapping[str, Any]) -> bool:
        """See `Is.holds`."""
        return any(condition.holds(values) for condition in self.conditions) if self.conditions else False


Condition = Is | Given | SentBefore | Not | Every | Some
ALWAYS = Every()
NEVER = Some()


def _mentioned(condition: Condition) -> Iterator[str]:
    match condition:
        case Is(step, _) | Given(step):
            yield step
        case SentBefore():
            yield from (*SENDER, "consultation")
        case Not(inner):
            yield from _mentioned(inner)
        case Every(inners) | Some(inners):
            for each in inners:
                yield from _mentioned(each)


class Step(Struct, frozen=True):
    """One question.

    `text` is the stem of its texts' keys, `name` the key of its name in lists. `read_from` are the steps whose
    answers this one depends on: with another answer there, another one is due here, and the old one waits aside.
    `optional` says when it may be skipped. `asked=False`: never asked, only read from another answer.
    `contact`: not shown publicly, so help says how it is used.
    """

    id: str
    field: Field
    text: str
    name: str
    when: Condition = ALWAYS
    optional: Condition = NEVER
    read_from: tuple[str, ...] = ()
    asked: bool = True
    contact: bool = False


class Section(Struct, frozen=True):
    """A line of the review: its label, its steps, the label of the button that changes them, what stands between."""

    label: str
    steps: tuple[str, ...]
    change: str
    separator: str = ", "


_STEP_ID = re.compile(r"[a-z_]{1,22}")


class Form:
    """A form: steps in their order and the sections of its review. `version` goes up whenever they change."""

    def __init__(self, version: int, steps: tuple[Step, ...], review: tuple[Section, ...]) -> None:
        self.version = version
        self.steps = steps
        self.review = review
        self.by_id = {step.id: step for step in steps}
        self._check()

    def _check(self) -> None:
        seen: set[str] = set()
        for step in self.steps:
            if not _STEP_ID.fullmatch(step.id) or step.id in seen:
                raise FormError(f"step {step.id!r}: its id is taken, or not 1 to 22 of a-z and _")
            for other in (*_mentioned(step.when), *_mentioned(step.optional), *step.read_from):
                if other not in seen:
                    raise FormError(f"step {step.id!r}: {other!r} does not stand before it")
            seen.add(step.id)
        reviewed = [step for section in self.review for step in section.steps]
        if missing := {step.id for step in self.steps if step.asked} ^ set(reviewed):
            raise FormError(f"the review must show every question once: {sorted(missing)}")

    def digest(self) -> str:
        """16 hexadecimal digits that change when a step, a condition or a kind of answer does."""
        shape = [
            (s.id, type(s.field).__name__, vars(s.field), s.when, s.optional, s.read_from, s.asked) for s in self.steps
        ]
        return hashlib.sha256(repr((shape, self.review)).encode()).hexdigest()[:16]
