"""Stored sessions are read by every later program, and what cannot be read is asked again."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs import engine, events, journey, messages
from dialogs.consultation_response import FORM
from tests import ROOT

NOW = datetime(2026, 11, 25, 8, tzinfo=UTC)
RELEASED = sorted((ROOT / "tests" / "dialogs" / "sessions").glob("version_*.json"))
STORED = RELEASED[-1].read_text(encoding="utf-8")


def read(stored: str) -> journey.Session:
    return journey.from_json(FORM, stored, "nb")


@pytest.mark.parametrize("path", RELEASED, ids=lambda path: path.stem)
def test_a_session_of_each_released_version_goes_on_where_it_was(path: Path) -> None:
    session = read(path.read_text(encoding="utf-8"))
    values = journey.path(FORM, session).values
    assert values["organisation_name"] == "ASKER NÆRINGSRÅD"
    assert (values["email"], values["phone"]) == ("kari@gmial.com", None)
    assert [part["text"] for part in session.answers["text"][""].value] == ["Del én.", "Del to."]
    session, effects = engine.advance(FORM, session, events.AskedReview(at=NOW))
    (ask,) = effects
    assert isinstance(ask, messages.Ask)
    # Who was being asked whether all is to go has that question before them still.
    assert ask.message.step == ("cancel" if '"kind":"cancel"' in path.read_text(encoding="utf-8") else "text")


def test_every_released_version_of_the_form_has_a_stored_session() -> None:
    assert [path.stem for path in RELEASED] == [f"version_{n}" for n in range(1, FORM.version + 1)]


def test_a_session_of_another_version_keeps_what_this_one_understands() -> None:
    raw = json.loads(STORED)
    raw["form_version"] = 99
    raw["answers"]["phone"][""] = {"value": "not E.164", "settled": True}
    raw["answers"]["shoe_size"] = {"": {"value": 42, "settled": True}}
    session = read(json.dumps(raw))
    assert session.form_version == FORM.version
    assert "shoe_size" not in session.answers
    assert journey.path(FORM, session).first_open == "phone"
    assert journey.path(FORM, session).values["email"] == "kari@gmial.com"


def test_one_damaged_answer_is_asked_again_and_the_others_stay() -> None:
    raw = json.loads(STORED)
    raw["answers"]["email"] = {"": {"value": "kari@example.no", "settled": "perhaps"}}
    session = read(json.dumps(raw))
    assert journey.path(FORM, session).first_open == "email"
    assert journey.path(FORM, session).values["first_name"] == "Kari"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
UNREADABLE = ("", "null", "[]", "{}", '{"locale": 3}', "{" * 100_000, '{"answers": {"email": []}}')


@pytest.mark.parametrize("stored", UNREADABLE)
def test_nothing_that_is_stored_makes_reading_raise(stored: str) -> None:
    assert read(stored).draft == ""


@given(ANY_JSON)
def test_any_json_in_the_place_of_any_part_is_survived_by_every_event(junk: Any) -> None:
    raw = json.loads(STORED)
    for part in raw:
        session = read(json.dumps({**raw, part: junk}))
        for event in (events.Said(at=NOW, text="Kari"), events.WentBack(at=NOW), events.AskedHelp(at=NOW)):
            engine.advance(FORM, session, event)


def test_the_form_is_the_one_that_was_released_as_version_3() -> None:
    """A change of the form raises its version, so that stored sessions are read with care."""
    assert (FORM.version, FORM.digest()) == (3, "558d12fa3fc5f317")
