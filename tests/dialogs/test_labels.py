"""A label that is typed is a press, with the marks that phones and people put around it."""

from __future__ import annotations

import pytest

from dialogs import engine, events, journey
from dialogs.consultation_response import FORM
from dialogs.facts import Opening, OpeningFacts
from dialogs.messages import LookUp
from tests.dialogs.test_journey import NOW, STORED, read

OPENING, OPEN = Opening(), OpeningFacts(1)


def said(text: str) -> journey.Session:
    """Of somebody who has written two parts of the response."""
    session, _ = engine.advance(FORM, read(STORED), events.Said(at=NOW, text=text, message_id="99"))
    return session


def parts(session: journey.Session) -> list[str]:
    return [part["text"] for part in session.answers["text"][""].value]


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "Ferdig",
            "ferdig",
            "Ferdig.",
            "Ferdig!",
            "ferdig 👍",
            "FERDIG 👍🏽",
            "✅ Ferdig",
            "«Ferdig»",
            "Ferdig\u00a0…",
        ),
        *("Ferdig 🙂\u200d↔\ufe0f", " Ferdig ,", "Send inn", "Send inn!"),
    ],
)
def test_ferdig_with_marks_around_it_ends_the_response_and_is_no_part_of_it(typed: str) -> None:
    session = said(typed)
    assert parts(session) == ["Del én.", "Del to."]
    assert session.answers["text"][""].settled


@pytest.mark.parametrize("typed", ["Ferdig med saken", "Ikke ferdig", "Ferdig? Nei.", "👍", "...", "Nei."])
def test_a_text_that_only_holds_a_label_is_a_part(typed: str) -> None:
    assert parts(said(typed)) == ["Del én.", "Del to.", typed]


@pytest.mark.parametrize(
    ("typed", "gone_back"), [("Tilbake!", True), ("Forha\u030andsvis.", False), ("Angre siste.", False)]
)
def test_other_labels_are_known_with_marks_too_and_composed_or_not(typed: str, gone_back: bool) -> None:
    session = said(typed)
    assert typed not in parts(session)
    assert (session.interruption is not None) == gone_back


def test_each_label_that_is_offered_is_known_by_itself() -> None:
    for typed in ("Privatperson", "Organisasjon i Enhetsregisteret", "Organisasjon uten org.nr."):
        session, _ = engine.advance(FORM, None, events.Started(at=NOW))
        session, _ = engine.advance(FORM, session, events.LookedUp(at=NOW, question=OPENING, result=OPEN))
        session, _ = engine.advance(FORM, session, events.Said(at=NOW, text=typed))
        assert session.answers["respondent_type"][""].settled


@pytest.mark.parametrize(
    ("link", "opened"),
    [("c12", "c12"), ("c12.", "c12"), ("c12)", "c12"), ("c12?utm_source=x", "c12"), ("c12a", "c0"), ("x", "c0")],
)
def test_a_deep_link_is_known_with_what_was_written_behind_it(link: str, opened: str) -> None:
    _, effects = engine.advance(FORM, None, events.Started(at=NOW, link=link))
    assert effects == (LookUp(Opening(opened)),)
