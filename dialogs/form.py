"""The vocabulary for writing a form: steps, sections of the review, and conditions as data."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from dialogs import texts
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


def _compared(*conditions: Condition) -> Iterator[Is]:
    for condition in conditions:
        match condition:
            case Is():
                yield condition
            case Not(inner):
                yield from _compared(inner)
            case Every(inners) | Some(inners):
                yield from _compared(*inners)


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

    `text` is the stem of its texts' keys, `name` the key of its name in lists. The review shows it where a `Section`
    has it, and else on a line of its own, after the line of the question before it. `read_from` are the steps whose
    answers this one depends on: with another answer there, another one is due here, and the old one waits aside.
    `optional` says when it may be skipped. `asked=False`: never asked, only read from another answer.
    `contact`: not shown publicly, so help says how it is used. `since` is the version of the form that it came with.
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
    since: int = 1


class Section(Struct, frozen=True):
    """A line of the review: its label, its steps, the label of the button that changes them, what stands between."""

    label: str
    steps: tuple[str, ...]
    change: str
    separator: str = ", "


_STEP_ID = re.compile(r"[a-z_]{1,22}")

# What stands in a button's place of a step where it belongs to none.
_RESERVED = frozenset({"draft", "cancel", "language", "rest", "review", "sending", "nobody"})


_KEY = re.compile(r"[a-z][a-z0-9_]{0,40}")

# What the product itself knows of each response: no answer is kept under these names.
TAKEN = frozenset(
    {
        *("reference", "status", "case_number", "consultation", "consultation_id", "received_at", "late"),
        *("attachments", "channel", "locale", "form_version", "replaced_by", "conversation_id", "draft", "extra"),
        *("closes_at", "part"),  # what exports say beside the answers; their other words are `export-…` in the locales
    }
)

# The keys that the export has fixed names and places for; their columns are named with the rest.
FIXED = frozenset(
    {
        *("respondent_type", "organisation_number", "main_organisation_number", "organisation_name"),
        *("organisation_form", "register_status", "first_name", "last_name", "email", "phone", "address"),
        *("postal_code", "postal_town", "country", "text"),
    }
)


class Form:
    """A form: steps in their order and the sections of its review. `version` goes up whenever they change.

    What cannot work raises FormError here, when the form is built, and says how to mend it.
    """

    def __init__(self, version: int, steps: tuple[Step, ...], review: tuple[Section, ...]) -> None:
        self.version = version
        self.steps = steps
        self.review = review
        self.by_id = {step.id: step for step in steps}
        self._check()
        self.review = self._with_lines_of_their_own()
        self._check_texts()

    def _with_lines_of_their_own(self) -> tuple[Section, ...]:
        """The review with a line for each question that no section has, after the line of the question before it."""
        review = list(self.review)
        at = 0
        for step in self.steps:
            place = next((number for number, section in enumerate(review, 1) if step.id in section.steps), 0)
            if not place and step.asked:
                place = at + 1
                review.insert(at, Section(step.name, (step.id,), f"label-change-{step.id.replace('_', '-')}"))
            at = place or at
        return tuple(review)

    def _check(self) -> None:
        seen: set[str] = set()
        for step in self.steps:
            if not _STEP_ID.fullmatch(step.id) or step.id in seen or step.id in _RESERVED:
                raise FormError(f"step {step.id!r}: its id is taken, or not 1 to 22 of a-z and _")
            if not 1 <= step.since <= self.version:
                raise FormError(f"step {step.id!r}: since={step.since} is no version up to {self.version}, the form's")
            for wanted in _compared(step.when, step.optional):
                self._check_value(step, wanted)
            for other in (*_mentioned(step.when), *_mentioned(step.optional), *step.read_from):
                if other not in seen:
                    raise FormError(f"step {step.id!r}: {other!r} does not stand before it")
            seen.add(step.id)
            if problem := step.field.problem():
                raise FormError(f"step {step.id!r}: {problem}")
        self._check_keys()
        reviewed = [step for section in self.review for step in section.steps]
        asked = {step.id for step in self.steps if step.asked}
        if wrong := sorted({step for step in reviewed if step not in asked or reviewed.count(step) > 1}):
            raise FormError(f"the review shows {wrong[0]!r}: each question can stand there once, and nothing else")

    def _check_value(self, step: Step, wanted: Is) -> None:
        """A condition on a choice names one that there is."""
        field = self.by_id[wanted.step].field if wanted.step in self.by_id else None
        choices = getattr(field, "choices", None)
        if choices is not None and wanted.value not in choices:
            raise FormError(f"step {step.id!r}: {wanted.step!r} is never {wanted.value!r}, but one of {choices}")

    def _check_keys(self) -> None:
        """Each answer has an export key of its own: it is where whoever reads the export finds it."""
        filled: dict[str, str] = {}
        for step in self.steps:
            for key in step.field.keys:
                if not _KEY.fullmatch(key):
                    raise FormError(f"step {step.id!r}: its key {key!r} is not 1 to 41 of a-z, 0-9 and _")
                if key in TAKEN or texts.is_there(f"export-{key.replace('_', '-')}"):
                    raise FormError(f"step {step.id!r}: the product itself has the key {key!r}; give it another")
                if key in filled:
                    raise FormError(f"step {step.id!r}: step {filled[key]!r} has the key {key!r}; give it another")
                filled[key] = step.id

    def _check_texts(self) -> None:
        """Whoever adds a question is told which of its texts are still to be written, and where."""
        sections = {step: section for section in self.review for step in section.steps}
        for step in self.steps:
            keys = [f"column-{key.replace('_', '-')}" for key in step.field.keys if key not in FIXED]
            if step.asked:
                section = sections[step.id]
                said = (f"{step.text}-{suffix}" for suffix in step.field.says)
                keys += [*said, f"help-{step.text}", step.name, section.label, section.change, *step.field.wordings]
            for key in keys:
                if lacking := texts.locales_without(key):
                    files = ", ".join(f"{locale}.ftl" for locale in lacking)
                    raise FormError(f"step {step.id!r}: write its text {key!r} in dialogs/locales/, in {files}")

    def digest(self) -> str:
        """16 hexadecimal digits that change when a step, a condition or a kind of answer does."""
        shape = [
            (s.id, type(s.field).__name__, vars(s.field), s.when, s.optional, s.read_from, s.asked) for s in self.steps
        ]
        return hashlib.sha256(repr((shape, self.review)).encode()).hexdigest()[:16]
