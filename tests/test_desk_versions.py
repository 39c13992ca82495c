"""Versions at the desk: which response stands, what became of the others, what is different, and who decides."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from contextlib import closing
from typing import Any
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.access import Role
from bot.staff.comparison import compare
from storage import consultation_counts, versions
from storage.consultation_counts import Counts
from storage.database import open_for_reading, transaction
from tests.desk_examples import HOSTILE, NOW, stages
from tests.staff_desk import Browser, StaffDesk
from tests.storage_examples import AT

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


def status(stage: StaffDesk, reference: str) -> tuple[str, str | None]:
    """The status of a response, and what replaced it."""
    with closing(open_for_reading(stage.config.database)) as db:
        version = next(each for each in versions.chain(db, reference) if each.reference == reference)
        return version.status, version.replaced_by


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


def pieces(before: str, after: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (block.change, [(text.strip(), change) for text, change in block.pieces])
        for block in compare(before, after).blocks
    ]


def test_a_paragraph_that_was_moved_behind_a_new_one_is_still_told_word_by_word() -> None:
    assert pieces("Vi vil ha en benk her.\nSlutt", "Noe helt annet først.\nVi vil ha to benker her.\nSlutt") == [
        ("added", [("Noe helt annet først.", "added")]),
        (
            "changed",
            [("Vi vil ha", "kept"), ("en benk", "removed"), ("to benker", "added"), ("her.", "kept")],
        ),
        ("kept", [("Slutt", "kept")]),
    ]


def test_paragraphs_beside_one_another_are_told_together_with_the_space_between_them() -> None:
    found = compare("a\n\nb\nc", "x\n\ny\n\n\nc")
    assert [(block.change, block.pieces[0][0]) for block in found.blocks] == [
        ("removed", "a\n\nb"),
        ("added", "x\n\ny"),
        ("kept", "c"),
    ]


WORDS = st.lists(st.sampled_from(["skole", "vei.", "og", "lys!", "\n", "\n\n", "  ", "æ", "-"]), max_size=40)


@given(before=WORDS, after=WORDS)
def test_nothing_is_lost_or_made_up_in_a_comparison(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    found = [piece for block in compare(old, new).blocks for piece in block.pieces]
    for text, left_out in ((old, "added"), (new, "removed")):
        shown = "".join(piece for piece, change in found if change != left_out)
        assert "".join(shown.split()) == "".join(text.split())


LONG = 100_000


def _many(seed: int, values: list[str], glue: str) -> str:
    """The same for the same seed, without a pattern in it."""
    return glue.join(values[crc32(f"{seed} {number}".encode()) % len(values)] for number in range(LONG))[:LONG]


_WORDS = [f"ord{number}" for number in range(3000)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_many(1, ["a", "b"], "\n"), _many(2, ["a", "b"], "\n")),
        (_many(1, ["a", "b"], " "), _many(2, ["a", "b"], " ")),
        (_many(1, _WORDS, " "), _many(2, _WORDS, " ")),
        (_many(1, [*_WORDS, "\n"], " "), _many(1, [*_WORDS, "\n"], " ").replace("ord7", "x")),
        ("\n".join(f"a{number} b c d e" for number in range(9000)), "\n".join(f"a{n} b c x e" for n in range(9000))),
        ("a." * (LONG // 2), "a. " * (LONG // 3)),
        ("x" + " " * LONG + "y", "x" + "\n" * LONG + "z"),
        ("\n".join("x" * 1200), "\n".join("x" if number % 2 else f"y{number}" for number in range(1200))),
        (" ".join("x" * 40_000), " ".join("x" if number % 2 else f"y{number}" for number in range(15_000))),
    ],
)
def test_the_longest_texts_take_about_a_second_however_different_they_are(before: str, after: str) -> None:
    begun = time.process_time()
    found = compare(before, after)
    assert time.process_time() - begun < 3  # on a machine that is busy
    assert sum(len(block.pieces) for block in found.blocks) < 10_000
    assert not found.is_equal


def test_one_word_in_the_longest_text_is_found_in_it() -> None:
    text = _many(1, _WORDS, " ")
    found = compare(text, text[: LONG // 2] + " nytt " + text[LONG // 2 :])
    assert not found.is_coarse
    told = [text for block in found.blocks for text, change in block.pieces if change == "added"]
    assert len(told) == 1
    assert " nytt " in told[0]
    assert len(told[0]) < 20


# --- Deciding -------------------------------------------------------------------------------------------------


async def send(browser: Browser, reference: str, fields: Mapping[str, str], query: str = "") -> None:
    """Fill in the form on a response's page."""
    await browser.open(f"responses/{reference}{query}")
    await browser.post(f"responses/{reference}/status{query}", fields)


async def test_an_editor_withdraws_replaces_and_takes_back(stage: StaffDesk) -> None:
    editor = await stage.browser(Role.EDITOR)
    await send(editor, "R1", {"status": "withdrawn", "by": "", "note": "Brev 3. mars."}, "?consultation=1&order=oldest")
    assert editor.path == "/staff/responses/R1?consultation=1&order=oldest&decided=yes"
    assert "Lagret. Status nå: Trukket." in editor.text
    assert "editor@example.no Status: fra «Mottatt» til «Trukket» Brev 3. mars." in editor.text
    await send(editor, "R1", {"status": "superseded", "by": " r2 ", "note": ""})
    assert status(stage, "R1") == ("superseded", "R2")
    await send(editor, "R1", {"status": "superseded", "by": "R6", "note": ""})
    assert status(stage, "R1") == ("superseded", "R6")
    await send(editor, "R1", {"status": "received", "by": "R6", "note": ""})
    assert status(stage, "R1") == ("received", None)
    decided = [entry for entry in stage.log() if entry.action == "response.status"]
    assert [(entry.who, entry.object, dict(entry.detail)) for entry in decided] == [
        ("editor@example.no", "R1", {"before": "received", "after": "withdrawn"}),
        ("editor@example.no", "R1", {"before": "withdrawn", "after": "superseded", "by": "R2"}),
        ("editor@example.no", "R1", {"before": "superseded", "after": "superseded", "by": "R6"}),
        ("editor@example.no", "R1", {"before": "superseded", "after": "received"}),
    ]
    assert "Brev" not in repr(stage.log())


async def test_an_admin_reads_in_words_who_decided_what(stage: StaffDesk) -> None:
    admin = await stage.browser(Role.ADMIN)
    await send(admin, "R1", {"status": "superseded", "by": "R2", "note": "Hemmelig"})
    await admin.open("history")
    assert "Endret status på svar R1 127.0.0.1 " in admin.text
    for told in ("Før: mottatt", "Etter: erstattet", "Erstattet av: R2"):
        assert told in admin.text
    assert "Hemmelig" not in admin.text


@pytest.mark.parametrize(
    ("field", "fields", "told"),
    [
        ("status", {"status": ""}, "Velg hva du vil gjøre med svaret."),
        ("status", {"status": "lost"}, "Velg hva du vil gjøre med svaret."),
        ("by", {"by": " "}, "Skriv kvitteringsnummeret til svaret som gjelder i stedet."),
        ("by", {"by": "R3"}, "Vi kan ikke bruke R3 her."),
        ("by", {"by": "R1"}, "Vi kan ikke bruke R1 her."),
        ("by", {"by": "<b>"}, "Vi kan ikke bruke &lt;B&gt; her."),
        ("note", {"note": "x" * 501}, "Notatet har 501 tegn og kan ha 500."),
    ],
)
async def test_a_mistake_in_a_decision_is_told_beside_its_field_and_nothing_is_lost(
    stage: StaffDesk, field: str, fields: dict[str, str], told: str
) -> None:
    editor = await stage.browser(Role.EDITOR)
    typed = {"status": "superseded", "by": "R2", "note": HOSTILE, **fields}
    await send(editor, "R1", typed, "?consultation=1")
    assert editor.status == 422
    wrong = re.search(rf'<p class="wrong" id="{field}-wrong">(.*?)</p>', editor.html, re.DOTALL)
    assert wrong is not None
    assert told in wrong[1]
    assert f'{field}-wrong"' in editor.html.replace(wrong[0], "")
    assert "<title>Feil: " in editor.html
    assert '<details class="no-print" id="decide" open>' in editor.html
    if field != "status":
        assert 'value="superseded" checked' in editor.html
    if field != "note":
        assert "&lt;script&gt;alert(1)" in editor.html.partition("<textarea")[2]
    assert "<script>alert" not in editor.html
    assert status(stage, "R1") == ("received", None)
    assert {entry.action for entry in stage.log()} == {"response.viewed"}


async def test_responses_are_not_replaced_in_a_circle(stage: StaffDesk) -> None:
    replace(stage, "R1", "R2")
    editor = await stage.browser(Role.EDITOR)
    await send(editor, "R2", {"status": "superseded", "by": "R1"})
    assert editor.status == 422
    assert "Et svar som dette har erstattet, kan ikke velges." in editor.text
    assert status(stage, "R2") == ("received", None)


async def test_who_only_reads_decides_nothing_and_sees_no_form(stage: StaffDesk) -> None:
    for role in (Role.READER, None):
        browser = await stage.browser(role)
        await browser.open("responses/R1")
        assert 'id="decide"' not in browser.html
        await browser.open("responses")
        await browser.post("responses/R1/status", {"status": "withdrawn"})
        assert browser.status == 403
    editor = await stage.browser(Role.EDITOR)
    await editor.open("responses/R1")
    await editor.post("responses/R1/status", {"status": "withdrawn", "csrf": "x"})
    assert editor.status == 403
    await editor.open("responses/R1")
    await editor.post("responses/R9/status", {"status": "withdrawn"})
    assert editor.status == 404
    assert status(stage, "R1") == ("received", None)


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
        assert consultation_counts.by_consultation(db, AT)[1] == Counts(3, 3, 0, 0, 1, 1)
    for page in ("consultations/1", ""):
        await reader.open(page)
        assert "1 erstattet, 1 trukket" in re.sub(r"<[^>]+>", "", reader.html)
        assert "/staff/responses?consultation=1&amp;status=superseded" in reader.html
