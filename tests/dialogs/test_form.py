"""A form that cannot work is refused when it is built, with how to mend it; one that is built can be sent in."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from dialogs import engine, events, journey, speech
from dialogs.consultation_response import FORM
from dialogs.fields import Choice, Field, ShortText
from dialogs.fields.base import Accepted, Around, Reading, Rejected
from dialogs.form import ALWAYS, FIXED, TAKEN, Form, FormError, Is, Not, Section, Step
from storage.responses.responses import EXPORT_KEYS, NewResponse

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)


def with_step(step: Step) -> Form:
    """The form with one more question, at its beginning."""
    return Form(FORM.version, (*FORM.steps[:1], step, *FORM.steps[1:]), FORM.review)


def asking(field: Field, *, id: str = "wish", text: str = "role", name: str = "name-role") -> Step:
    """One more question; it borrows the texts of another where its own do not matter."""
    return Step(id, field, text, name, optional=ALWAYS)


WRONG = {
    "an id that is taken": (asking(ShortText("wish"), id="email"), "its id is taken"),
    "an id that a button cannot carry": (asking(ShortText("wish"), id="A wish"), "not 1 to 22 of a-z"),
    "a key of the product's": (asking(ShortText("status")), "the product itself has the key 'status'; give it another"),
    "a key of another step": (asking(ShortText("email")), "step 'wish' has the key 'email'; give it another"),
    "a key that is none": (asking(ShortText("Her wish")), "is not 1 to 41 of a-z, 0-9 and _"),
    "a choice without choices": (asking(Choice("wish")), "a choice needs at least one value"),
    "a choice with one of them twice": (asking(Choice("wish", "one", "one")), "each only once"),
    "a choice that a button cannot carry": (asking(Choice("wish", "1:2")), "'1:2' is no value"),
    "a choice that is a button of every question": (asking(Choice("wish", "back", "on")), "'back' is a button that"),
    "a word of the exports": (
        asking(ShortText("summary")),
        "the product itself has the key 'summary'; give it another",
    ),
    "a word beside the answers": (asking(ShortText("part")), "the product itself has the key 'part'"),
    "an id that buttons have for themselves": (asking(ShortText("wish"), id="language"), "its id is taken"),
    "a version that has not come": (
        Step("wish", ShortText("wish"), "role", "name-role", since=99),
        "since=99 is no version up to",
    ),
    "a condition on a choice that there is not": (
        Step("wish", ShortText("wish"), "role", "name-role", when=Not(Is("respondent_type", "robot"))),
        "'respondent_type' is never 'robot', but one of",
    ),
    "a choice without its words": (asking(Choice("wish", "swimmer")), "write its text"),
    "a key without a heading": (
        asking(ShortText("wish")),
        "write its text 'column-wish' in dialogs/locales/, in nb.ftl",
    ),
    "a question without its words": (asking(ShortText("email_two"), text="wish"), "write its text"),
    "a condition on what comes later": (
        Step("wish", ShortText("wish"), "role", "name-role", when=Is("email", "x")),
        "'email' does not stand before it",
    ),
}


@pytest.mark.parametrize(("step", "why"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_line_is_refused_when_the_form_is_built_and_says_how_to_mend_it(step: Step, why: str) -> None:
    with pytest.raises(FormError) as refused:
        with_step(step)
    assert why in str(refused.value)
    assert "step '" in str(refused.value)


@pytest.mark.parametrize("steps", [("email",), ("shoe_size",), ("main_number",)])
def test_a_review_that_shows_anything_but_each_question_once_is_refused(steps: tuple[str, ...]) -> None:
    with pytest.raises(FormError, match="each question can stand there once"):
        Form(FORM.version, FORM.steps, (*FORM.review, Section("row-name", steps, "label-change-name")))


def test_what_the_form_may_fill_and_what_the_product_fills_are_the_keys_of_the_export() -> None:
    assert not TAKEN & FIXED
    beside = {"replaced_by", "closes_at", "part"}
    assert {*EXPORT_KEYS, *NewResponse.__struct_fields__} | beside == TAKEN | FIXED
    assert set(NewResponse.__struct_fields__) > FIXED


def test_every_fixed_key_is_filled_by_a_step_and_by_one_alone() -> None:
    filled = [key for step in FORM.steps for key in step.field.keys]
    assert len(filled) == len(set(filled))
    assert set(filled) >= FIXED


def test_a_question_that_no_section_has_stands_on_a_line_after_the_one_before_it() -> None:
    lines = [section.steps for section in FORM.review]
    assert lines[lines.index(("role",)) - 1] == ("first_name", "last_name")
    assert FORM.review[lines.index(("role",))].change == "label-change-role"


# --- What is new, and who is past it ------------------------------------------------------------------------

ANSWERS = {
    "respondent_type": "unregistered_organisation",
    "organisation_name": "Eksempelveien vel",
    "address": None,
    "email": "kari@example.no",
    "phone": None,
    "first_name": "Kari",
    "last_name": "Nordmann",
    "consultation": {
        "type": "consultation",
        "id": 1,
        "case_number": "18/101",
        "title": "X",
        "closes_at": "2026-12-31T23:00:00Z",
    },
}


def stored(*answered: str, version: int = 2) -> journey.Session:
    """Somebody who has answered these, in the version before the question about the role."""
    sources = {
        "organisation_name": '["unregistered_organisation",null]',
        "address": '["unregistered_organisation",null]',
    }
    answers = {step: {sources.get(step, ""): {"value": ANSWERS[step], "settled": True}} for step in answered}
    raw = {"locale": "nb", "form_version": version, "draft": "d1", "answers": answers}
    return journey.from_json(FORM, json.dumps(raw), "nb")


@pytest.mark.parametrize("count", range(1, len(ANSWERS) + 1))
def test_whoever_is_at_a_question_when_a_new_one_comes_in_front_of_it_is_still_at_it(count: int) -> None:
    answered = list(ANSWERS)[:count]
    way = journey.path(FORM, stored(*answered))
    assert way.first_open == [*ANSWERS, "text"][count]
    assert way.places["role"].finished == ("last_name" in answered)


ON_SCREEN = {
    "a split name": ({"first_name": {"state": {"first": "Kari", "last": "Nordmann"}}}, None, "first_name"),
    "a step that is open again": ({}, {"kind": "change", "step": "email"}, "email"),
    "a question whether all is to go": ({}, {"kind": "cancel", "beneath": {"kind": "change", "step": "phone"}}, None),
}


@pytest.mark.parametrize(("answers", "interruption", "at"), ON_SCREEN.values(), ids=ON_SCREEN.keys())
def test_what_somebody_has_before_them_is_still_there_after_an_upgrade(
    answers: dict[str, Any], interruption: dict[str, Any] | None, at: str | None
) -> None:
    known = {"respondent_type": {"value": "private_person", "settled": True}}
    known |= {"email": {"value": "kari@example.no", "settled": True}, "phone": {"settled": True}}
    raw: dict[str, Any] = {"locale": "nb", "form_version": 2, "draft": "d1"}
    raw["answers"] = {step: {"": slot} for step, slot in (known | {"address": {"settled": True}} | answers).items()}
    raw["answers"]["address"] = {'["private_person",null]': {"settled": True}}
    if interruption is not None:
        raw["interruption"] = interruption
    session = journey.from_json(FORM, json.dumps(raw), "nb")
    again = journey.from_json(FORM, json.dumps(raw | {"form_version": FORM.version}), "nb")
    assert (session.interruption, session.answers) == (again.interruption, again.answers)
    if at is not None:
        assert journey.position(journey.path(FORM, session), session.interruption) == at
    _, (effect, *_) = engine.advance(FORM, session, events.Said(at=NOW, text="Ja"))
    _, (expected, *_) = engine.advance(FORM, again, events.Said(at=NOW, text="Ja"))
    assert effect == expected


def test_somebody_who_has_begun_nothing_has_skipped_nothing() -> None:
    raw = {"locale": "nb", "form_version": 2, "last_draft": "d0"}
    assert journey.from_json(FORM, json.dumps(raw), "nb").answers == {}


def test_what_was_damaged_is_asked_again_and_not_taken_for_new() -> None:
    way = journey.path(FORM, stored(*ANSWERS, version=FORM.version))
    assert way.first_open == "role"


def test_a_question_that_was_not_in_an_earlier_version_says_since_when_it_is_there() -> None:
    version_2 = {
        *("respondent_type", "organisation_number", "register_status", "organisation_form", "main_number"),
        *("register_language", "organisation_kind", "organisation_name", "address", "postal", "email", "phone"),
        *("first_name", "last_name", "consultation", "replaces", "text"),
    }
    assert {step.id for step in FORM.steps if step.since < 3} == version_2
    assert {step.id: step.since for step in FORM.steps if step.id not in version_2} == {"role": 3}


def test_the_ids_that_buttons_have_for_themselves_are_all_reserved() -> None:
    for name in (*speech.INTERRUPTIONS, "rest", journey.REVIEW):
        with pytest.raises(FormError, match="its id is taken"):
            with_step(asking(ShortText("wish"), id=name))


# --- What a short answer may be -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (" styre\u00adleder \n i  laget", Accepted("styreleder i laget")),
        ("\u200b", Rejected("short-text-empty")),
        ("x" * 101, Rejected("too-long", {"max_chars": 100})),
    ],
)
def test_a_short_answer_is_one_visible_line(typed: str, expected: Reading) -> None:
    reading = ShortText("role").read(events.Said(at=NOW, text=typed), {}, Around("role", NOW, {}))
    assert reading == expected
