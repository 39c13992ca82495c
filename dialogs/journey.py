"""A session, its JSON form, and where its person is: computed from the answers; only an interruption is stored.

An answer is kept under its step and under its source: the values of the answers that it was read from. With another
organisation number the name of the first one is not found any more, and back with the first number it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from itertools import takewhile
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from dialogs.fields.long_text import joined
from dialogs.form import ALWAYS, NEVER, Form, Section, Step
from dialogs.messages import Text

REVIEW = "review"
"""The position of a person who has answered everything."""


class Slot(Struct, frozen=True, omit_defaults=True):
    """What is known of one answer.

    `settled`: `value` is finished (None: skipped). `state`: something about it is still to be asked (see the field).
    `message_id`: the person's message that it came in. `filled_by`: the step, or `link`, that brought it without a
    question; "" for the person.
    """

    value: Any = None
    settled: bool = False
    state: dict[str, Any] | None = None
    message_id: str = ""
    filled_by: str = ""


class Interruption(Struct, frozen=True, omit_defaults=True):
    """What stands between a person and their next question. It never holds the only copy of an answer.

    `kind`: `change` (the step `step` is open again, and then the steps `then`), `draft` (go on or start anew, with
    the `link` that they came by), `cancel`, `language`, `sending`. `beneath` is what it lies on. `by_back`: the step
    is open because the person went back to it.
    """

    kind: str
    step: str = ""
    then: tuple[str, ...] = ()
    link: str = ""
    beneath: Interruption | None = None
    by_back: bool = False


class Session(Struct, frozen=True, omit_defaults=True):
    """One person's conversation. `draft` is "" while nothing is begun.

    `last_draft` is the newest ever begun. `revision` goes up with every change of an answer. `last_message` is the
    person's newest text, `last_text` a digest of the newest that was taken. `heard` is the question that stood when
    they last wrote something and had been told it (see `engine`). `sent_messages` are the person's messages in what
    was sent last. `copies` are messages that said once more what another one had said, by their ids: that one's.
    """

    locale: str
    form_version: int = 0
    draft: str = ""
    last_draft: str = ""
    touched_at: datetime | None = None
    revision: int = 0
    answers: dict[str, dict[str, Slot]] = {}
    interruption: Interruption | None = None
    last_message: str = ""
    last_text: str = ""
    heard: str = ""
    sent_messages: tuple[str, ...] = ()
    copies: dict[str, str] = {}


class Place(Struct, frozen=True):
    """A step on a person's path: its answer, if any, whether that is finished, whether the step may be skipped."""

    step: Step
    source: str
    slot: Slot
    finished: bool
    optional: bool


class Path(Struct, frozen=True):
    """The steps that apply, in order, and the finished answers by step.

    `first_open` is the first question without a finished answer, else the review.
    """

    places: dict[str, Place]
    values: dict[str, Any]
    first_open: str

    @property
    def questions(self) -> Iterator[Place]:
        """The places that are asked about."""
        return (place for place in self.places.values() if place.step.asked)


_EMPTY = Slot()
_ASSUMED = {"respondent_type": "private_person"}


def source_of(step: Step, values: Mapping[str, Any]) -> str:
    """The key under which an answer of `step` is kept: the values it depends on, in JSON; "" where there are none.

    A consultation is known by its id and by the earlier responses to it: others may change the rest of it.
    """
    if not step.read_from:
        return ""
    return msgspec.json.encode([_known_by(values.get(other)) for other in step.read_from]).decode()


def _known_by(value: Any) -> Any:
    if not isinstance(value, dict) or "id" not in value:
        return value
    return [value["id"], *(each["reference"] for each in value.get("earlier", ()))]


def path(form: Form, session: Session) -> Path:
    """The way of this person through the form. It is walked for every event, so it does nothing twice."""
    places: dict[str, Place] = {}
    values: dict[str, Any] = {}
    sources: dict[tuple[str, ...], str] = {(): ""}
    first_open = REVIEW
    for step in form.steps:
        if step.when is not ALWAYS and not step.when.holds(values):
            continue
        source = sources.get(step.read_from)
        if source is None:
            source = sources[step.read_from] = source_of(step, values)
        by_source = session.answers.get(step.id)
        slot = by_source.get(source, _EMPTY) if by_source else _EMPTY
        optional = step.optional is ALWAYS or (step.optional is not NEVER and step.optional.holds(values))
        holds = slot.settled and (optional or slot.value is not None)
        finished = holds and slot.state is None
        places[step.id] = Place(step, source, slot, finished, optional)
        if holds:
            values[step.id] = slot.value
        if not finished and first_open is REVIEW and step.asked:
            first_open = step.id
    return Path(places, values, first_open)


def position(way: Path, interruption: Interruption | None) -> str:
    """The step where the person is, or `REVIEW`: a step that is open again, else the first unfinished one."""
    if interruption is not None and interruption.kind == "change":
        place = way.places.get(interruption.step)
        if place is not None and place.step.asked:
            return interruption.step
    return way.first_open


def expected(form: Form, way: Path) -> list[str]:
    """The questions that this person answers, the coming ones as they look now: what can be skipped is counted.

    Not those that the register or a link has answered, nor those that the register may answer yet.
    """
    values: dict[str, Any] = _ASSUMED | way.values
    asked = []
    for step in form.steps:
        if step.when is not ALWAYS and not step.when.holds(values):
            continue
        values.setdefault(step.id, "")
        place = way.places.get(step.id)
        if not step.asked or (place is not None and place.finished and place.slot.filled_by):
            continue
        sources = [way.places[other] for other in step.read_from if other in way.places and other not in _ASSUMED]
        if all(source.finished for source in sources):
            asked.append(step.id)
    return asked


def progress(form: Form, way: Path, at: str) -> tuple[int, int] | None:
    """(this step, steps in all), from 1; None before it is known who answers, and for a step that is not counted."""
    if "respondent_type" not in way.values:
        return None
    counted = expected(form, way)
    return (counted.index(at) + 1, len(counted)) if at in counted else None


def reopened_by(section: Section, way: Path) -> tuple[str, ...]:
    """The steps that the change button of a section opens again: not those that another one of it has filled."""
    on_path = [way.places[step] for step in way.places if step in section.steps]
    return tuple(place.step.id for place in on_path if place.slot.filled_by not in section.steps)


class OutlineStep(Struct, frozen=True):
    """A line of the list of steps. `state`: `done`, `current` or `todo`; `change` is button data, or "".

    `document` is the long answer in full, as far as it is written.
    """

    step: str
    name: Text
    state: str
    value: Text | None
    change: str
    document: str = ""


def outline(form: Form, session: Session) -> tuple[OutlineStep, ...]:
    """The list of steps of this person, as far as the answers tell; empty while nothing is begun."""
    if not session.draft:
        return ()
    way = path(form, session)
    at = position(way, session.interruption)

    def line(place: Place) -> OutlineStep:
        here = place.step.id == at
        done = place.finished and not here
        change = f"{session.draft}:{place.step.id}:change" if done else ""
        state = "current" if here else "done" if place.finished else "todo"
        is_long = place.step.field.box is not None and place.step.field.box.kind == "long"
        document = joined(place.slot.value or []) if is_long else ""
        value = shown(place) if done else None
        return OutlineStep(place.step.id, Text(place.step.name), state, value, change, document)

    return tuple(line(place) for place in way.questions)


def outline_of(form: Form, stored: str) -> tuple[OutlineStep, ...]:
    """The list of steps of a stored session."""
    return outline(form, from_json(form, stored, ""))


def shown(place: Place) -> Text:
    """An answer as people see it."""
    if place.slot.value is None:
        return Text("value-skipped")
    return place.step.field.shown(place.slot.value)


def has_answers(session: Session) -> bool:
    """Whether there is anything that a person would miss."""
    return any(
        not slot.filled_by and (slot.settled or slot.value or slot.state)
        for by_source in session.answers.values()
        for slot in by_source.values()
    )


def without_responses(session: Session, references: Collection[str]) -> Session:
    """The session as if these responses had never been sent in from it; the same object where it knows none of them."""
    answers = {
        step: {
            source: _without(slot, references)
            for source, slot in by_source.items()
            if slot.value not in references and not any(reference in source for reference in references)
        }
        for step, by_source in session.answers.items()
    }
    answers = {step: by_source for step, by_source in answers.items() if by_source}
    if answers == session.answers and not session.sent_messages and not session.last_text:
        return session
    return replace(session, answers=answers, sent_messages=(), last_text="")


def _without(slot: Slot, references: Collection[str]) -> Slot:
    sent = slot.value.get("earlier") if isinstance(slot.value, dict) else None
    if not sent or not any(each["reference"] in references for each in sent):
        return slot
    others = [each for each in sent if each["reference"] not in references]
    return replace(slot, value={**slot.value, "earlier": others})


_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Session).decode


def to_json(session: Session) -> str:
    """The session as JSON."""
    return _encode(session).decode()


def from_json(form: Form, stored: str, fallback_locale: str) -> Session:
    """The stored session. Never raises: what is not understood is left out, and so asked again."""
    try:
        session = _decode(stored)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return _salvage(form, stored, fallback_locale)
    return session if session.form_version == form.version else _understood(form, session)


def _salvage(form: Form, stored: str, fallback_locale: str) -> Session:
    """As much of a damaged session as can be read, part by part."""
    try:
        raw = msgspec.json.decode(stored)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        return Session(fallback_locale)
    kept: dict[str, Any] = {"locale": fallback_locale}
    for info in msgspec.structs.fields(Session):
        if info.name in raw and info.name != "answers":
            try:
                kept[info.name] = msgspec.convert(raw[info.name], info.type)
            except msgspec.ValidationError:
                continue
    return _understood(form, Session(**kept, answers=_readable_answers(raw.get("answers"))), is_whole=False)


def _readable_answers(raw: Any) -> dict[str, dict[str, Slot]]:
    answers: dict[str, dict[str, Slot]] = {}
    for step, by_source in raw.items() if isinstance(raw, dict) else ():
        for source, slot in by_source.items() if isinstance(by_source, dict) else ():
            try:
                answers.setdefault(step, {})[source] = msgspec.convert(slot, Slot)
            except msgspec.ValidationError:
                continue
    return answers


def _understood(form: Form, session: Session, *, is_whole: bool = True) -> Session:
    """The session as this version of the form reads it. What it cannot read is dropped.

    What was being asked about an answer, and what stood between the person and their next question, stays where
    `is_whole`: they have it before them, and what they say next is said to that.
    """

    def kept(step: Step, slot: Slot) -> Slot | None:
        if slot.value is not None and not step.field.understands(slot.value):
            return None
        state = slot.state if is_whole else None
        return replace(slot, state=state) if slot.settled or slot.value is not None or state is not None else None

    answers = {
        step.id: {source: slot for source, raw in by_source.items() if (slot := kept(step, raw)) is not None}
        for step in form.steps
        if (by_source := session.answers.get(step.id))
    }
    answers |= _passed_over(form, replace(session, answers=answers))
    standing = session.interruption if is_whole and _stands(form, session.interruption) else None
    return replace(session, form_version=form.version, answers=answers, interruption=standing)


def _stands(form: Form, interruption: Interruption | None) -> bool:
    """Whether all that it is about is in this form."""
    if interruption is None:
        return True
    steps = {interruption.step, *interruption.then} - {""}
    return steps <= form.by_id.keys() and _stands(form, interruption.beneath)


def _passed_over(form: Form, session: Session) -> dict[str, dict[str, Slot]]:
    """Questions that came with a later version of the form: who is past one that can be skipped has skipped it.

    Else what somebody sends next, to the question that they have seen, would be taken for an answer to one that they
    have not. The review shows it, and it can be answered there.
    """
    if not session.draft:
        return {}
    passed = takewhile(lambda place: not _was_asked_last(place, session), path(form, session).questions)
    return {
        place.step.id: {place.source: Slot(settled=True)}
        for place in passed
        if place.optional and place.step.since > session.form_version
    }


def _was_asked_last(place: Place, session: Session) -> bool:
    """Whether it is the question where the person was, in the version that they have seen."""
    return not place.finished and place.step.since <= session.form_version
