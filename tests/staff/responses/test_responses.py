"""Responses at the desk: found, paged through and read, whatever somebody types into an address or a form."""

from __future__ import annotations

import re
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from bot.randomness import token
from bot.staff.access.security import hashed
from bot.staff.roles import Role
from storage.database.opening import open_for_reading, open_for_writing, transaction
from storage.staff import audit
from storage.staff import people as members
from tests.bench.stored import stored_database
from tests.staff.desk import Browser, StaffDesk
from tests.staff.examples import NOW, desk_of, stages

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
    stage: StaffDesk, fields: dict[str, str], expected: list[str]
) -> None:
    reader = await stage.browser(Role.READER)
    assert await search(reader, **fields) == expected
    assert (f"{len(expected)} svar" if expected else "Ingen svar passer") in reader.text
    assert "words" not in reader.path


async def test_the_words_stand_in_no_address_and_are_their_searchers_alone(stage: StaffDesk) -> None:
    reader, other = await stage.browser(Role.READER), await stage.browser(Role.EDITOR)
    assert await search(reader, words="ødegård", order="oldest") == ["R1"]
    assert reader.path == "/staff/responses?order=oldest&search=1"
    assert await search(reader, words="ødegård") == ["R1"]
    assert reader.path == "/staff/responses?search=1"
    await other.open("responses?search=1")
    assert len(other.references) == 6
    assert "degård</mark>" not in other.html
    assert 'value="ødegård"' not in other.html


async def test_a_hit_is_shown_with_its_surroundings_and_marked(stage: StaffDesk) -> None:
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


async def test_a_response_is_shown_in_full_with_the_registers_view_beside_it(stage: StaffDesk) -> None:
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


async def test_neighbours_are_those_of_the_list_one_came_from(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("responses/R2?consultation=1&order=oldest")
    assert re.findall(r'responses/(R\d)[^"]*" rel="(prev|next)"', reader.html) == [("R1", "prev"), ("R6", "next")]
    await reader.open("responses/R6")
    assert re.findall(r'responses/(R\d)[^"]*" rel="(prev|next)"', reader.html) == [("R5", "next")]


async def test_views_and_lists_are_written_down_and_no_answer_is(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("responses")
    await reader.post("responses", {"words": "skole", "late": "no"})
    await reader.open("responses?search=1&type=private_person&after=999")
    await reader.open("responses?search=1&before=1")
    await reader.open("responses?from=2027-01-01")
    await reader.open("consultations/1")
    await reader.open("consultations/3")
    await reader.open("responses/R1")
    await reader.open("set-aside")
    found = [(entry.who, entry.action, entry.object, dict(entry.detail)) for entry in stage.log()]
    who = "reader@example.no"
    shown = {"count": 2, "first": "R2", "last": "R1"}
    from_2027 = {"received_from": "2026-12-31T23:00:00.000000Z"}
    assert found == [
        (who, "responses.listed", "", {"count": 6, "first": "R6", "last": "R1"}),
        (who, "responses.searched", "", {"search": 1, "late": False, **shown}),
        (who, "responses.searched", "", {"search": 1, "respondent_type": "private_person", **shown}),
        (who, "responses.searched", "", {"search": 1, "count": 2, "first": "R2", "last": "R2"}),
        (who, "responses.searched", "", {**from_2027, "count": 0}),
        (who, "responses.listed", "", {"consultation_id": 1, "first": "R6", "last": "R1"}),
        (who, "response.viewed", "R1", {}),
        (who, "set-aside.viewed", "", {}),
    ]
    with closing(open_for_reading(stage.config.database)) as db:
        assert audit.verify(db).count == len(found)


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
NAMES = (
    "consultation",
    "type",
    "late",
    "status",
    "unverified",
    "channel",
    "from",
    "to",
    "order",
    "search",
    "after",
    "before",
)
FIELDS = (
    *("email", "password", "again", "code", "to", "current", "locale"),
    *(*NAMES, "words", "case_number", "title", "closes", "opens", "url", "format", "reference", "role"),
    *("since_last", "by", "note"),
)


PARTS = (
    *("0", "1", "3", "9" * 18, "9" * 30, "R1", "x", "%00", "æ", "A" * 43, "..", "desk.css", "png"),
    *("close", "reopen", "role", "reset"),
)
LANGUAGES = ("nb;q=x", ",,;;", "*" * 5000, "☃", "-")
COOKIES = ("=", ";;;", "innspill-staff=☃", "innspill-staff", "innspill-staff-known=" + "A" * 43, 'a="\\"')
ADDRESSES = ("::1", "☃", "1.2.3.4, x", "fe80::1%eth0", "9" * 5000)
ODD_HEADERS = (
    *[{"Accept-Language": odd} for odd in LANGUAGES],
    *[{"Cookie": odd} for odd in COOKIES],
    *[{name: odd} for name in ("X-Forwarded-For", "Host") for odd in ADDRESSES],
    *[{name: odd} for name in ("Origin", "Referer") for odd in ("http://[", "☃", "null", "://")],
    *[{name: odd} for name in ("User-Agent", "Sec-Fetch-Site", "If-None-Match") for odd in ("", "☃", "x" * 5000)],
    *[{"Range": odd} for odd in ("bytes=9-1", "bytes=-", "☃")],
    *[{"If-Modified-Since": odd} for odd in ("x", "Tue, 99 Nov 2026 99:00:00 GMT")],
)
ODD_FORMS = (
    *[("utf-7", b"csrf=+2AA-"), ("unicode_escape", rb"csrf=\ud800"), ("utf-16", b"csrf"), ("klingon", b"csrf=a")],
    *[("utf-8", b"csrf=\xff"), ("utf-8", b"csrf=%ed%a0%80&code=%ff&email=%ff"), ("☃", b"csrf=a"), ("", b"&" * 5000)],
    *[('"', b"csrf"), ("utf-8", b"csrf=" + b"a" * 3_000_000)],
)


def addresses(stage: StaffDesk, method: str) -> list[str]:
    """Each page that the desk has, with something odd in each of its places."""
    found = set()
    for route in stage.application.router.routes():
        path = str(route.resource.canonical) if route.resource else ""
        if route.method == method and path.startswith("/staff"):
            for part in PARTS if "{" in path else ("",):
                found |= {re.sub(r"\{[^}]+\}", part, shape) for shape in (path, path.replace("{id}", "1"))}
    return sorted(path.removeprefix("/staff/") for path in found if path != "/staff")


def test_every_page_is_among_those_that_are_asked_oddly(stage: StaffDesk) -> None:
    read, posted = addresses(stage, "GET"), addresses(stage, "POST")
    assert {
        "",
        "login",
        "link/x",
        "demo/x",
        "account",
        "responses/R1",
        "responses/R1/compare",
        "consultations/1/qr.png",
    } <= set(read)
    assert {
        "login",
        "logout",
        "link/x",
        "demo/x",
        "account/password",
        "people/1/role",
        "responses/R1/status",
        "downloads",
    } <= set(posted)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, None])
async def test_no_address_makes_the_desk_fail(stage: StaffDesk, role: Role | None) -> None:
    browser = await stage.browser(role)
    for path in addresses(stage, "GET"):
        for odd in ("", *ODD[:3], "☃") if "{" in path else ODD:
            await browser.open(path, params=dict.fromkeys((*NAMES, "who", "action", "to"), odd))
            assert browser.status < 500, (path, odd)
    for page in ("responses", "responses/R1", "downloads", "history", "set-aside", "login"):
        for name in (*NAMES, "who", "action", "to"):
            for odd in ODD:
                await browser.open(page, params={name: odd})
                assert browser.status < 500, (page, name, odd)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, None])
async def test_no_form_makes_the_desk_fail(stage: StaffDesk, role: Role | None) -> None:
    link = token()
    with transaction(stage.config.database) as db:
        members.invite(db, "ny@example.no", "reader", hashed(link), NOW)
    for path in (*addresses(stage, "POST"), f"link/{link}"):
        for odd in (ODD[0], ODD[3], ODD[-1]):
            browser = await stage.browser(role)
            await browser.open("account")  # for a stranger that is the login page
            await browser.post(path, dict.fromkeys(FIELDS, odd))
            assert browser.status < 500, (path, odd)


@pytest.mark.slow
@pytest.mark.parametrize("role", [Role.ADMIN, None])
async def test_no_header_and_no_encoding_makes_the_desk_fail(stage: StaffDesk, role: Role | None) -> None:
    browser = await stage.browser(role)
    for headers in ODD_HEADERS:
        for path in ("", "login", "account", "responses/R1", "link/x", "demo/x", "static/desk.css"):
            await browser.open(path, headers=headers)
            assert browser.status < 500, (path, headers)
        await browser.open("account")
        await browser.post("login", {"email": "kari@example.no"}, headers=headers)
        assert browser.status < 500, headers
    for path in addresses(stage, "POST"):
        for charset, body in ODD_FORMS:
            headers = {"Content-Type": f"application/x-www-form-urlencoded; charset={charset}"}
            async with browser.client.post(f"/staff/{path}", data=BytesIO(body), headers=headers) as answer:
                assert answer.status in (400, 403, 404, 413, 415), (path, charset)
