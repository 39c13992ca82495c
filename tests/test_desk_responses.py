"""Responses at the desk: found, paged through and read, whatever somebody types into an address or a form."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.staff.access import Role
from storage import audit
from storage.database import open_for_reading, open_for_writing
from tests.bench.stored import stored_database
from tests.desk_examples import Browser, DeskStage, desk_of, log, stages

__all__ = ["stages"]


async def search(browser: Browser, **fields: str) -> list[str]:
    """The references that are found."""
    await browser.open("responses")
    await browser.post("responses", fields)
    return browser.references


# --- Finding --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["R6", "R5", "R4", "R3", "R2", "R1"]),
        ({"order": "oldest"}, ["R1", "R2", "R3", "R4", "R5", "R6"]),
        ({"order": "respondent"}, ["R4", "R6", "R2", "R3", "R1", "R5"]),
        ({"order": "case"}, ["R1", "R2", "R6", "R3", "R4", "R5"]),
        ({"words": "skole"}, ["R2", "R1"]),
        ({"words": "SKOLEVEI fortau"}, ["R1"]),
        ({"words": "ødegård"}, ["R1"]),
        ({"words": '"nei takk"'}, ["R4"]),
        ({"words": "R5"}, ["R5"]),
        ({"words": "finnes-ikke"}, []),
        ({"consultation": "2"}, ["R5", "R4", "R3"]),
        ({"consultation": "2", "words": "ærlig"}, ["R3"]),
        ({"late": "yes"}, ["R5", "R4", "R3"]),
        ({"late": "no", "channel": "web"}, ["R2"]),
        ({"unverified": "yes"}, ["R3"]),
        ({"type": "registered_organisation"}, ["R3"]),
        ({"from": "2026-11-24", "to": "2026-11-24"}, ["R6", "R5", "R4", "R3", "R2", "R1"]),
        ({"from": "2026-11-25"}, []),
        ({"to": "2026-11-23"}, []),
        (
            {"consultation": "9' OR 1", "type": "x", "order": "id; DROP", "from": "2026-13-45"},
            ["R6", "R5", "R4", "R3", "R2", "R1"],
        ),
    ],
)
async def test_responses_are_found_by_words_filters_and_order(
    stage: DeskStage, fields: dict[str, str], expected: list[str]
) -> None:
    reader = await stage.browser(Role.READER)
    assert await search(reader, **fields) == expected
    assert (f"{len(expected)} svar" if expected else "Ingen svar passer") in reader.text
    assert "words" not in reader.path


async def test_the_words_stand_in_no_address_and_are_their_searchers_alone(stage: DeskStage) -> None:
    reader, other = await stage.browser(Role.READER), await stage.browser(Role.EDITOR)
    assert await search(reader, words="ødegård", order="oldest") == ["R1"]
    assert reader.path == "/staff/responses?order=oldest&search=1"
    assert await search(reader, words="ødegård") == ["R1"]
    assert reader.path == "/staff/responses?search=1"
    await other.open("responses?search=1")
    assert len(other.references) == 6
    assert "degård</mark>" not in other.html
    assert 'value="ødegård"' not in other.html


async def test_a_hit_is_shown_with_its_surroundings_and_marked(stage: DeskStage) -> None:
    reader = await stage.browser(Role.READER)
    await search(reader, words="nål")
    assert "<mark>nål</mark> hale" in reader.html
    assert len(re.sub(r"<[^>]+>", "", re.findall(r'<td class="excerpt">(.*?)</td>', reader.html)[0])) < 300
    await search(reader, words="script 7")
    assert "&lt;<mark>script</mark>&gt;" in reader.html
    await search(reader, words="ødeg")
    assert "Åse <mark>Ødegård</mark>" in reader.html


async def test_pages_hold_everything_once_in_every_order_also_backwards(tmp_path: Path) -> None:
    path = tmp_path / "many.db"
    stored_database(path, 230)
    with closing(open_for_writing(path)) as db:
        db.execute("UPDATE responses SET received_at = '2026-11-24T08:00:00.000000Z' WHERE id % 3 = 0")
        db.execute("UPDATE responses SET last_name = 'N' || (id % 7)")
    async with desk_of(path) as stage:
        reader = await stage.browser(Role.READER)
        for order in ("newest", "oldest", "respondent", "case"):
            await search(reader, order=order)
            seen, pages = list(reader.references), [reader.references]
            while found := re.search(r'href="/staff/([^"]+)" rel="next"', reader.html):
                await reader.open(found[1].replace("&amp;", "&"))
                seen += reader.references
                pages.append(reader.references)
            assert len(seen) == len(set(seen)) == 230
            assert [len(page) for page in pages] == [50, 50, 50, 50, 30]
            back = [reader.references]
            while found := re.search(r'href="/staff/([^"]+)" rel="prev"', reader.html):
                await reader.open(found[1].replace("&amp;", "&"))
                back.append(reader.references)
            assert back[::-1] == pages


# --- Reading --------------------------------------------------------------------------------------------------


async def test_a_response_is_shown_in_full_with_the_registers_view_beside_it(stage: DeskStage) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R1")
    assert "Skoleveien trenger fortau.\n\nOg lys!" in reader.html
    for told in (
        "Privatperson",
        "Åse",
        "Ødegård",
        "kari.nordmann@example.no",
        "22\u00a000\u00a000\u00a000",
        "Telegram",
    ):
        assert told in reader.html
    await reader.open("responses/R3")
    assert "Dette står annerledes i Enhetsregisteret Organisasjon Ærlig velforening" in reader.text
    assert "310\u00a0000\u00a0019" in reader.html
    await reader.open("responses/R6")
    assert "priority Barn" in reader.text
    await reader.open("responses/R9")
    assert reader.status == 404


async def test_neighbours_are_those_of_the_list_one_came_from(stage: DeskStage) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R2?consultation=1&order=oldest")
    assert re.findall(r'responses/(R\d)[^"]*" rel="(prev|next)"', reader.html) == [("R1", "prev"), ("R6", "next")]
    await reader.open("responses/R6")
    assert re.findall(r'responses/(R\d)[^"]*" rel="(prev|next)"', reader.html) == [("R5", "next")]


async def test_views_and_searches_are_written_down_and_no_answer_is(stage: DeskStage) -> None:
    reader = await stage.browser(Role.READER)
    await search(reader, words="skole", late="no")
    await reader.open("responses/R1")
    await reader.open("set-aside")
    found = [(entry.who, entry.action, entry.object, dict(entry.detail)) for entry in log(stage)]
    who = "reader@example.no"
    assert found == [
        (who, "responses.searched", "", {"search": 1, "late": False, "count": 2}),
        (who, "response.viewed", "R1", {}),
        (who, "set-aside.viewed", "", {}),
    ]
    with closing(open_for_reading(stage.config.database)) as db:
        assert audit.verify(db).count == 3


# --- Odd requests ---------------------------------------------------------------------------------------------

ODD: tuple[Any, ...] = (
    "",
    "0",
    "-1",
    "1",
    "9" * 18,
    "9" * 30,
    "R1",
    "æ",
    "\0",
    "%00",
    "../..",
    "'",
    "2026-11-24",
    "yes",
    "☃" * 300,
)
NAMES = ("consultation", "type", "late", "unverified", "channel", "from", "to", "order", "search", "after", "before")
FIELDS = (
    *(*NAMES, "words", "case_number", "title", "closes", "opens", "url", "format", "reference", "email", "role"),
    "since_last",
)


@pytest.mark.slow
async def test_no_address_makes_the_desk_fail(stage: DeskStage) -> None:
    admin = await stage.browser(Role.ADMIN)
    for page in ("responses", "responses/R1", "downloads", "history", "set-aside"):
        for name in (*NAMES, "who", "action"):
            for odd in ODD:
                await admin.open(page, params={name: odd})
                assert admin.status < 500, (page, name, odd)
    for path in (
        *("consultations/%s", "consultations/%s/change", "responses/%s"),
        *("downloads/%s", "downloads/%s/file", "people/%s/role"),
    ):
        for odd in ("0", "9" * 18, "9" * 30, "x", "%00", "æ", "A" * 43):
            await admin.open(path % odd)
            assert admin.status < 500, (path, odd)


@pytest.mark.slow
async def test_no_form_makes_the_desk_fail(stage: DeskStage) -> None:
    admin = await stage.browser(Role.ADMIN)
    page = await admin.open("responses")
    for path in (
        *("responses", "consultations/new", "consultations/1/change", "consultations/9/close"),
        *("downloads", "people", "set-aside/9/seen", "people/9/role"),
    ):
        for odd in ODD:
            admin.html = page
            await admin.post(path, dict.fromkeys(FIELDS, odd))
            assert admin.status < 500, (path, odd)
