"""A number that may be a fødselsnummer is known in every way that people write it, and a table of sums is not one.

The number belongs to nobody: month 81 is used by test registers only.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dialogs import engine, events, facts, journey
from dialogs.consultation_response import FORM
from dialogs.fields.cleaning import may_hold_national_id, without_national_ids
from dialogs.messages import Text
from dialogs.texts import House, t

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
    "01.81.1900 10068",
    "01.81.2000 100 68",
    "01811900 10068",
    "0181190010068",
    "0181 00 10068",
    "0181-00-10068",
    "0 1 8 1 0 0 1 0 0 6 8",
    "0.1.8.1.0.0.1.0.0.6.8",
    "٠١٨١٠٠ ١٠٠٦٨",
    "०१८१००१००६८",
    "0١8१00１0068",
)
OTHERS = (
    "974 540 193",
    "22 00 00 00",
    "018100 10067",
    "1018100100681",
    "12 500 000 kroner, 13 200 000 kroner og 14 100 000 kroner",
    "2026 2027 2028 2029",
    "sak 18/101, 26/2044 og 26/77",
    "0181.00.10068",
    "kontonummer 01810010068",
    "Konto: 0181 00 10068",
    "Betal til kontonr. 01810010068",
    "account number 01810010068",
    "01.81.2000 10067",
    "15.06.1980 00000",
)
# By the check digits of 2032, of which the first leaves four a choice; from Skatteetaten's description, made up.
OF_2032 = ("02013299997", "02013299903", "30108299920", "30108299939")


@pytest.mark.parametrize("text", SPELLINGS)
def test_it_is_known_in_every_spelling(text: str) -> None:
    assert may_hold_national_id(text)


@pytest.mark.parametrize("text", [*OF_2032, "301082 99939", "30.10.1982 99939"])
def test_those_that_are_given_from_2032_on_are_known_as_well(text: str) -> None:
    assert may_hold_national_id(text)


@pytest.mark.parametrize("month", ["01", "41", "61", "66", "81"])
def test_those_of_test_registers_are_known(month: str) -> None:
    numbers = (f"01{month}00{last:05}" for last in range(100_000))
    assert sum(map(may_hold_national_id, numbers)) > 100


@pytest.mark.parametrize("text", [text for text in SPELLINGS if "takk" not in text])
def test_it_can_be_hidden_in_every_spelling_and_what_is_around_it_stays(text: str) -> None:
    hidden = without_national_ids(f"Før 18/101, {text} – etter 22 00 00 00.")
    assert not may_hold_national_id(hidden)
    assert hidden.startswith("Før 18/101, ")
    assert hidden.endswith(" – etter 22 00 00 00.")
    assert hidden.count("#") == sum(map(str.isdigit, text)) - 2 * text.startswith("12 ")


@pytest.mark.parametrize("text", [*OTHERS, "", "uten tall"])
def test_nothing_else_is_hidden(text: str) -> None:
    assert without_national_ids(text) == text


@pytest.mark.parametrize("locale", ["nb", "en"])
@pytest.mark.parametrize("channel", ["web", "telegram"])
def test_whoever_wants_to_give_an_account_number_is_told_how(locale: str, channel: str) -> None:
    house = House("Asker kommune", "", "https://example.no/personvern", "https://example.no")
    assert not may_hold_national_id("1234.56.78903")
    assert "1234.56.78903" in t(locale, Text("response-national-id"), house, channel)


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
