"""What is asked with yes or no has no box to type in, and words that only repeat it change nothing."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec import to_builtins

from dialogs.events import Said
from dialogs.facts import Consultation, Found
from dialogs.fields import (
    ConsultationChoice,
    Email,
    Field,
    FirstName,
    LongText,
    OrganisationNumber,
    PostalPlace,
    Street,
)
from dialogs.fields.base import Around, Rejected
from tests.storage.examples import AT

ADDRESS = {"street": "Drengsrudhagen 6", "code": "1385", "town": "Asker"}
NAME = {"first": "Kari Anne", "last": "Nordmann"}
TYPO = {"email": "kari@gmial.com", "suggestion": "kari@gmail.com"}
MISMATCH = {"code": "1385", "town": "Heggedal", "register_town": "Asker"}
PARTS = [{"text": "Del én.", "message_id": "1", "continues": False}]
FOUND = Found(
    "974540193", "ASKER NÆRINGSRÅD", "FLI", "Drengsrudhagen 6", "1385", "ASKER", form_name="Forening/lag/innretning"
)
CARD = {"number": FOUND.number, "found": to_builtins(FOUND)}
CASE = {"candidate": to_builtins(Consultation(1, "18/101", "Handlingsprogram", AT))}

DOUBTS: list[tuple[Field, str, dict[str, Any]]] = [
    (Street(), "address", ADDRESS),
    (FirstName(), "first-name", NAME),
    (Email(), "email", TYPO),
    (PostalPlace(), "postal", MISMATCH),
    (PostalPlace(), "postal", {"code": "9999", "town": "Asker", "unknown": True}),
    (OrganisationNumber(), "org-number", CARD),
    (ConsultationChoice(), "case", CASE),
    (LongText(), "response", {"more": PARTS}),
]


def around(text: str) -> Around:
    return Around(text, AT, {}, PARTS)


@pytest.mark.parametrize(("field", "text", "state"), DOUBTS)
def test_a_question_of_yes_or_no_has_no_box(field: Field, text: str, state: dict[str, Any]) -> None:
    prompt = field.prompt(state, around(text))
    assert prompt.box is None
    assert len(prompt.options) > 1


@pytest.mark.parametrize(
    ("field", "text", "state", "typed"),
    [
        (Street(), "address", ADDRESS, "Asker"),
        (Street(), "address", ADDRESS, "1385 asker."),
        (Street(), "address", ADDRESS, "Drengsrudhagen 6"),
        (FirstName(), "first-name", NAME, "Nordmann"),
        (FirstName(), "first-name", NAME, "kari anne nordmann"),
        (PostalPlace(), "postal", MISMATCH, "Asker"),
        (PostalPlace(), "postal", MISMATCH, "1385"),
        (OrganisationNumber(), "org-number", CARD, "Asker"),
        (OrganisationNumber(), "org-number", CARD, "Drengsrudhagen 6, 1385 Asker"),
    ],
)
def test_words_of_the_question_are_neither_yes_nor_another_answer(
    field: Field, text: str, state: dict[str, Any], typed: str
) -> None:
    reading = field.read(Said(at=AT, text=typed), state, around(text))
    assert isinstance(reading, Rejected)
    assert reading.code == "choose-again"


@pytest.mark.parametrize(
    ("field", "text", "state", "typed"),
    [
        (Street(), "address", ADDRESS, "Drengsrudhagen 8"),
        (FirstName(), "first-name", NAME, "Kari Nordmann"),
        (FirstName(), "first-name", NAME, "Karianne"),
        (PostalPlace(), "postal", MISMATCH, "1384 Asker"),
        (OrganisationNumber(), "org-number", CARD, "Asker kommune"),
    ],
)
def test_another_answer_is_taken_in_place_of_yes_or_no(
    field: Field, text: str, state: dict[str, Any], typed: str
) -> None:
    assert not isinstance(field.read(Said(at=AT, text=typed), state, around(text)), Rejected)
