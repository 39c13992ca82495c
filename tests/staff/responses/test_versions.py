"""Versions at the desk: which response stands, what became of the others, what is different, and who decides."""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any

import pytest

from bot.staff.roles import Role
from storage.database.opening import open_for_reading, transaction
from storage.responses import counts, versions
from storage.responses.counts import Counts
from tests.staff.desk import StaffDesk
from tests.staff.examples import HOSTILE, NOW, stages
from tests.storage.examples import AT

__all__ = ["stages"]


def replace(stage: StaffDesk, reference: str, by: str, *, who: str = versions.RESPONDENT, note: str = "") -> None:
    """One response takes the place of another."""
    with transaction(stage.config.database) as db:
        versions.decide(db, reference, "superseded", by=by, who=who, at=NOW, note=note)


def write(stage: StaffDesk, **texts: str) -> None:
    """Responses have these texts."""
    with transaction(stage.config.database) as db:
        for reference, text in texts.items():
            db.execute("UPDATE responses SET text = ? WHERE reference = ?", (text, reference))


# --- The page of a response -----------------------------------------------------------------------------------


async def test_an_old_version_says_so_and_leads_to_the_one_that_stands(stage: StaffDesk) -> None:
    replace(stage, "R1", "R2")
    replace(stage, "R2", "R6")
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R1")
    assert "Dette er en eldre versjon. R6 gjelder nå." in reader.text
    assert '<span class="mark"><a href="/staff/responses/R2">Erstattet av R2</a></span>' in reader.html
    rows = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>.*?</tr>", reader.html, re.DOTALL)]
    assert [row[0] for row in rows[1:4]] == ["R1", "R2", "R6"]
    assert reader.html.count('aria-current="page"') == 1
    assert '<a href="/staff/responses/R1" aria-current="page">R1</a>' in reader.html
    assert re.findall(r'href="/staff/responses/(R\d)/compare"', reader.html) == ["R1", "R2"]
    await reader.open("responses/R6")
    assert "eldre versjon" not in reader.text
    assert "R1 24.11.2026" in reader.text
    await reader.open("responses/R3")
    assert "Versjoner" not in reader.text


async def test_where_the_last_version_was_withdrawn_none_is_said_to_stand(stage: StaffDesk) -> None:
    replace(stage, "R1", "R2")
    with transaction(stage.config.database) as db:
        versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=NOW)
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R1")
    assert "gjelder nå" not in reader.text
    await reader.open("responses/R2")
    assert '<span class="mark">Trukket</span>' in reader.html


async def test_what_became_of_a_response_is_told_once_from_when_it_was_received(stage: StaffDesk) -> None:
    replace(stage, "R3", "R4")
    with transaction(stage.config.database) as db:
        number = db.execute("SELECT id FROM responses WHERE reference = 'R3'").fetchone()[0]
        versions.note_change(db, number, "register_status", "unverified", "active", who="entity_register", at=NOW)
        versions.note_change(db, number, "organisation_form", None, "FLI", who="entity_register", at=NOW)
        versions.decide(db, "R3", "received", who="ola@example.no", at=NOW, note=f"Ringte.\n{HOSTILE}")
        versions.decide(db, "R3", "withdrawn", who="ola@example.no", at=NOW)
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R3")
    happened = reader.text.partition("Dette er skjedd med svaret")[2].partition("Last ned")[0]
    for told in (
        "24.11.2026 09.32 Innsenderen Mottatt: Telegram",
        "Innsenderen Status: fra «Mottatt» til «Erstattet av R4»",
        "Enhetsregisteret Status i Enhetsregisteret: fra «Ikke slått opp ennå» til «Registrert»"
        " Organisasjonsform: «FLI»",
        f"ola@example.no Status: fra «Erstattet av R4» til «Mottatt» Ringte. {HOSTILE}",
        "ola@example.no Status: fra «Mottatt» til «Trukket»",
    ):
        assert told in happened
        happened = happened.partition(told)[2]
    assert reader.html.count("Erstattet av R4") == 2
    assert "<script>alert" not in reader.html


# --- What is different ----------------------------------------------------------------------------------------


async def test_paragraphs_and_words_are_told_apart_and_said_in_words(stage: StaffDesk) -> None:
    old = "Først.\n\nJeg vil ha fortau langs skoleveien.\n\nOg lys!"
    new = "Først.\n\nJeg vil ha sykkelvei langs skoleveien.\n\nHelt nytt er dette."
    write(stage, R1=old, R2=new)
    replace(stage, "R1", "R2")
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R1/compare?consultation=1")
    assert "Endret fra R1 til R2" in reader.text
    shown = reader.text.partition("Høringssvar Først.")[2]
    assert "Endret Jeg vil ha tatt bort: fortau , slutt, nytt: sykkelvei , slutt, langs skoleveien." in shown
    assert "Tatt bort Og lys! Nytt Helt nytt er dette." in shown
    assert "<del>Og lys!</del>" in re.sub(r"\s*\n\s*", "", reader.html)
    answers = shown.partition("Andre opplysninger som er endret")[2]
    assert answers == " Opplysning Før Nå Fornavn Åse Ane Etternavn Ødegård Zakariassen"
    assert '"/staff/responses/R1?consultation=1"' in reader.html


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Skolen er for liten.", "Teksten er den samme."),
        ("Skolen  er\nfor liten.", "Endret"),
        ("\nSkolen  er for liten. ", "Bare mellomrom og linjeskift er endret i teksten."),
    ],
)
async def test_equal_texts_are_said_to_be_equal(stage: StaffDesk, text: str, told: str) -> None:
    write(stage, R1=text)
    replace(stage, "R1", "R2")
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R1/compare")
    assert told in reader.text


async def test_markup_in_either_text_stays_text(stage: StaffDesk) -> None:
    kept, changed = f"Likt {HOSTILE}", "Jeg vil ha {}fortau <b>her</b>, lys ved bekken, og en benk."
    write(stage, R3=f"{kept}\n{changed.format('')}\nBorte {HOSTILE}", R4=f"{kept}\n{changed.format(HOSTILE + ' ')}")
    replace(stage, "R3", "R4")
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R3/compare")
    assert "<script>alert" not in reader.html
    assert "&lt;b&gt;her" in reader.html
    assert reader.text.count("alert(1)") == 5  # two of them in a last name
    assert "<del>" in reader.html
    assert "<ins>" in reader.html


async def test_a_comparison_is_a_view_of_both_and_there_is_none_without_a_successor(stage: StaffDesk) -> None:
    replace(stage, "R1", "R2")
    reader, stranger = await stage.browser(Role.READER), await stage.browser(None)
    await reader.open("responses/R1/compare")
    viewed = [(entry.who, entry.action, entry.object, dict(entry.detail)) for entry in stage.log()]
    assert viewed == [("reader@example.no", "response.viewed", each, {}) for each in ("R1", "R2")]
    for path in ("R2", "R9", "r1"):
        await reader.open(f"responses/{path}/compare")
        assert reader.status == 404
    html = await stranger.open("responses/R1/compare")
    assert stranger.path.startswith("/staff/login")
    assert "Skole" not in html
    assert len(stage.log()) == 2


# --- Lists and counts -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"status": "received"}, ["R6", "R5", "R3", "R2"]),
        ({"status": "superseded"}, ["R1"]),
        ({"status": "withdrawn"}, ["R4"]),
        ({"status": "received", "words": "skole"}, ["R2"]),
        ({"status": "superseded", "consultation": "2"}, []),
        ({"status": "lost"}, ["R6", "R5", "R4", "R3", "R2", "R1"]),
    ],
)
async def test_the_list_is_narrowed_to_what_stands_and_to_what_does_not(
    stage: StaffDesk, fields: dict[str, Any], expected: list[str]
) -> None:
    replace(stage, "R1", "R6")
    with transaction(stage.config.database) as db:
        versions.decide(db, "R4", "withdrawn", who="ola@example.no", at=NOW)
    reader = await stage.browser(Role.READER)
    await reader.open("responses")
    await reader.post("responses", fields)
    assert reader.references == expected
    assert (f"{len(expected)} svar" if expected else "Ingen svar passer") in reader.text
    marks = re.findall(r'<span class="mark">(Erstattet|Trukket)</span>', reader.html)
    assert marks == ["Trukket"] * ("R4" in expected) + ["Erstattet"] * ("R1" in expected)
    if expected and fields["status"] != "lost":
        assert stage.log()[-1].detail["status"] == fields["status"]
        await reader.open(re.findall(r'href="/staff/(downloads\?[^"]+)"', reader.html)[0].replace("&amp;", "&"))
        assert f"{len(expected)} svar va" in reader.text or "1 svar er valgt" in reader.text


async def test_a_consultation_says_how_many_of_its_responses_do_not_stand(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("consultations/1")
    assert "erstattet" not in reader.text
    replace(stage, "R1", "R6")
    with transaction(stage.config.database) as db:
        versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=NOW)
    with closing(open_for_reading(stage.config.database)) as db:
        assert counts.by_consultation(db, AT)[1] == Counts(3, 3, 0, 0, 1, 1)
    for page in ("consultations/1", ""):
        await reader.open(page)
        assert "1 erstattet, 1 trukket" in re.sub(r"<[^>]+>", "", reader.html)
        assert "/staff/responses?consultation=1&amp;status=superseded" in reader.html
