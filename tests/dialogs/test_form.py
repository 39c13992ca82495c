"""A form that cannot work is refused when it is built, with how to mend it; one that is built can be sent in."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from dialogs import events, journey
from dialogs.consultation_response import FORM
from dialogs.fields import Choice, Field, ShortText
from dialogs.fields.base import Accepted, Around, Reading, Rejected
from dialogs.form import ALWAYS, FIXED, TAKEN, Form, FormError, Is, Section, Step
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
    assert {*EXPORT_KEYS, *NewResponse.__struct_fields__, "replaced_by"} == TAKEN | FIXED
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


def stored(**changes: object) -> journey.Session:
    """Somebody at the text, of the version before the question about the role."""
    answers = {
        "respondent_type": {"": {"value": "unregistered_organisation", "settled": True}},
        "email": {"": {"value": "kari@example.no", "settled": True}},
        "first_name": {"": {"value": "Kari", "settled": True}},
        "text": {"": {"value": [{"text": "Del én.", "message_id": "5", "continues": False}]}},
    }
    raw = {"locale": "nb", "form_version": 2, "draft": "d1", "answers": answers, **changes}
    return journey.from_json(FORM, json.dumps(raw), "nb")


def test_who_is_past_a_new_question_that_can_be_skipped_is_not_stopped_by_it() -> None:
    way = journey.path(FORM, stored())
    assert way.places["role"].finished
    assert way.values["role"] is None


def test_who_has_not_come_to_a_new_question_is_asked_it() -> None:
    session = stored(answers={"respondent_type": {"": {"value": "unregistered_organisation", "settled": True}}})
    assert not journey.path(FORM, session).places["role"].finished


def test_what_was_damaged_is_asked_again_and_not_taken_for_new() -> None:
    way = journey.path(FORM, stored(form_version=FORM.version))
    assert not way.places["role"].finished


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
