"""A number that may be a fødselsnummer is known in every way that people write it, and a table of sums is not one.

The number belongs to nobody: month 81 is used by test registers only.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs import engine, events, facts, journey
from dialogs.consultation_response import FORM
from dialogs.fields.cleaning import may_hold_national_id

NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
SPELLINGS = (
    "01810010068",
    "018100 10068",
    "018100  10068",
    "018100-10068",
    "018100 - 10068",
    "018100–10068",
    "018100/10068",
    "018100_10068",
    "018100\n10068",
    "018100\t10068",
    "018100\u00a010068",
    "018100\u200b10068",
    "018\u00ad10010068",
    "01.81.00 10068",
    "01 81 00 100 68",
    "018 100 100 68",
    "12 018 100 100 68",
    "(018100) 10068",
    "０１８１００１００６８",
    "Mitt nummer er 018100 10068, takk.",
)
OTHERS = (
    "974 540 193",
    "22 00 00 00",
    "018100 10067",
    "1018100100681",
    "12 500 000 kroner, 13 200 000 kroner og 14 100 000 kroner",
    "2026 2027 2028 2029",
    "sak 18/101, 26/2044 og 26/77",
)


@pytest.mark.parametrize("text", SPELLINGS)
def test_it_is_known_in_every_spelling(text: str) -> None:
    assert may_hold_national_id(text)


@pytest.mark.parametrize("text", OTHERS)
def test_other_numbers_pass(text: str) -> None:
    assert not may_hold_national_id(text)


@pytest.mark.parametrize("text", [*SPELLINGS, "/01810010068", "/start 01810010068", "/mine 018100 10068"])
@pytest.mark.parametrize("answered", range(5))
def test_no_step_keeps_it_or_says_it_back(text: str, answered: int) -> None:
    session, _ = engine.advance(FORM, None, events.Started(at=NOW, locale="nb"))
    opening = facts.OpeningFacts(1)
    session, _ = engine.advance(FORM, session, events.LookedUp(at=NOW, question=facts.Opening(), result=opening))
    for answer in ["Privatperson", "Hopp over", "kari@example.no", "Hopp over", "Kari"][:answered]:
        session, _ = engine.advance(FORM, session, events.Said(at=NOW, text=answer))
    for event in (
        events.Said(at=NOW, text=text, message_id="7"),
        events.Edited(at=NOW, text=text, message_id="7"),
        events.Started(at=NOW, link=text),
    ):
        session, effects = engine.advance(FORM, session, event)
        for seen in (journey.to_json(session), repr(effects)):
            digits = "".join(c for c in seen if c.isdigit())
            assert "01810010068" not in digits
            assert "０１８" not in seen
