"""The chat on other people's pages, on shared computers, and under the eyes of programs."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer, make_mocked_request

from bot import clock
from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.clock import now
from bot.web.limits import Budget, Limit
from bot.web.look import Look
from bot.web.proxy import client_address
from bot.web.visit import Visitor
from dialogs.events import Left, Said, Started
from dialogs.facts import Consultation
from dialogs.messages import Message, Text, verbatim
from tests.channels.web.examples import (
    FIRST,
    HOUSE,
    LONG,
    MAIL,
    REVIEW,
    SAVED,
    WAITING,
    Open,
    always,
    outline,
    talk,
    writing,
)
from tests.channels.web.plain_browser import PlainBrowser
from tests.stand_ins.scripted_service import ScriptedService
from tests.storage.examples import AT

ORIGIN = "https://www.kommune.example.no"


@pytest.fixture
async def framed(tmp_path: Path) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]  # of whatever application
    """A chat that may stand in a frame, and has a logo and a colour."""
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    pages = Pages(HOUSE, outline, look=Look("#00508c", logo))
    chat = WebChat(always(MAIL), pages, base_url="https://chat.example.no", locale="nb", frames=(ORIGIN,))
    async with TestClient(TestServer(chat.application())) as client:
        yield client


# --- In a frame -----------------------------------------------------------------------------------------------


async def test_only_the_side_door_may_stand_in_a_frame_and_only_on_pages_that_are_named(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    for path, ancestors in (("/", "'none'"), ("/personvern", "'none'"), ("/embed/", ORIGIN), ("/embed/finnes", ORIGIN)):
        policy = (await framed.get(path)).headers["Content-Security-Policy"]
        assert policy.endswith(f"frame-ancestors {ancestors}"), path


async def test_a_frame_has_a_cookie_of_its_own_that_browsers_keep_apart(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    own = (await framed.get("/")).headers["Set-Cookie"]
    apart = (await framed.get("/embed/?c=1")).headers["Set-Cookie"]
    assert own.startswith("__Host-innspill=")
    assert "SameSite=Lax" in own
    assert "Partitioned" not in own
    assert apart.startswith("__Host-innspill-embedded=")
    for attribute in ("SameSite=None", "Secure", "Partitioned", "HttpOnly", "Path=/"):
        assert attribute in apart


async def test_forms_and_links_in_a_frame_stay_in_it(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    html = await (await framed.get("/embed/?c=1")).text()
    assert set(re.findall(r'action="([^"]*)"', html)) == {"/embed/"}
    assert 'name="c" value="1"' in html
    leading_away = re.findall(r'<a href="(https:[^"]*)"([^>]*)', html)
    assert leading_away
    assert all('target="_blank"' in rest for _, rest in leading_away)


async def test_without_origins_there_is_nothing_to_put_on_other_pages(browse: Open) -> None:
    browser = await browse(always(FIRST))
    for path in ("/embed.js", "/embed/", "/embed/oversikt", "/embed/events"):
        assert (await browser.client.get(path)).status == 404
    assert (await browser.client.post("/embed/", data={})).status == 404


async def test_the_script_for_other_pages_speaks_their_language(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    response = await framed.get("/embed.js")
    script = await response.text()
    assert response.content_type == "text/javascript"
    assert '"Svar på høringen"' in script
    assert '"Respond to the consultation"' in script


async def test_the_look_is_served_under_an_address_that_changes_with_it(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    html = await (await framed.get("/")).text()
    colour, logo = re.findall(r'"(/look/[^"]*)"', html)
    assert "--accent:#00508c" in await (await framed.get(colour)).text()
    drawing = await framed.get(logo)
    assert drawing.content_type == "image/svg+xml"
    assert "sandbox" in drawing.headers["Content-Security-Policy"]
    assert (await framed.get("/look/other")).status == 404


async def test_the_button_on_other_pages_has_the_colour_of_the_municipality(framed: TestClient) -> None:  # type: ignore[type-arg]  # of whatever application
    assert 'innspillColour = "#00508c"' in await (await framed.get("/embed.js")).text()


# --- On a shared computer -------------------------------------------------------------------------------------


async def test_one_button_and_a_yes_take_everything_from_this_computer(browse: Open) -> None:
    service = always(REVIEW)
    browser = await talk(browse, service)
    page = await browser.press("Slett utkastet på denne maskinen")
    assert page.heading == "Vil du slette utkastet på denne maskinen?"
    assert "Kvitteringer vises heller ikke her lenger." in page.text
    assert not [event for event in service.said if isinstance(event, Left)]
    page = await browser.press("Slett utkastet på denne maskinen")
    assert page.heading == "Utkastet er slettet på denne maskinen."
    assert [type(event) for event in service.said] == [Started, Left]
    assert (await browser.open()).labels[-1] == "Begynn"
    assert len(list(browser.client.session.cookie_jar)) == 1  # a new one


async def test_the_receipt_can_be_wiped_from_this_computer_too(browse: Open) -> None:
    receipt = Message("nb", "receipt", lines=(Text("receipt"),), rows=REVIEW.rows)
    browser = await talk(browse, always(receipt))
    assert "Slett utkastet på denne maskinen" in browser.page.labels


async def test_what_is_being_written_is_kept_before_one_is_asked_about_wiping(browse: Open) -> None:
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    form = browser.page.form("Ferdig", "Et langt svar.") | {"command": "wipe"}
    page = await browser.post(form)
    assert page.heading == "Vil du slette utkastet på denne maskinen?"
    assert (await browser.open()).typed == "Vi er enige."  # what the service says that it has kept
    assert [type(event) for event in service.said] == [Started, Said]


# --- Everything on one page -----------------------------------------------------------------------------------


async def test_everything_answered_so_far_stands_on_one_page(browse: Open) -> None:
    browser = await talk(browse, always(MAIL))
    page = await browser.open("/oversikt")
    assert (page.heading, "Privatperson" in page.text) == ("Alt du har svart", True)
    assert "Endre" in page.labels


async def test_who_has_not_begun_is_led_to_the_start(browse: Open) -> None:
    browser = await browse(always(MAIL))
    assert "Begynn" in (await browser.open("/oversikt")).labels


async def test_help_leaves_what_stands_in_the_field(browse: Open) -> None:
    helping = Message("nb", "question", told=(verbatim("Slik gjør du."),), lines=MAIL.lines, box=MAIL.box, draft="d")
    service = ScriptedService(lambda event, _: MAIL if isinstance(event, Started) else helping)
    browser = await talk(browse, service)
    form = browser.page.form("Neste", "kari.nord") | {"button": "d:mail:help"}
    page = await browser.post(form)
    assert (page.status, page.typed) == (200, "kari.nord")
    assert "Slik gjør du." in page.text


@pytest.mark.parametrize("forget", ["cookie", "nonce"])
async def test_what_was_typed_is_shown_where_nobody_knows_the_browser_any_more(browse: Open, forget: str) -> None:
    browser = await talk(browse, always(MAIL))
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    if forget == "cookie":
        browser.client.session.cookie_jar.clear()
    else:
        form["nonce"] = "1.a." + "0" * 64
    page = await browser.post(form)
    assert page.status == 403
    assert "Dette skrev du. Det er ikke lagret." in page.text
    assert "kari.nordmann@example.no" in page.text


async def test_the_page_of_a_link_names_its_case_and_deadline(browse: Open) -> None:
    service = always(FIRST)
    service.consultations["c7"] = Consultation(7, "18/101", "Ny vei & bro", closes_at=now() + timedelta(days=2))
    browser = await browse(service)
    page = await browser.open("/?c=7")
    assert page.heading == "Svar på «Ny vei & bro»"
    assert "Frist:" in page.text
    assert (await browser.open("/?c=8")).heading == "Svar på en høring"


async def test_one_tab_does_not_write_over_what_another_has_written(browse: Open) -> None:
    service = ScriptedService(lambda event, kept: SAVED if any(isinstance(e, Said) for e in kept.said) else LONG)
    one = await talk(browse, service)
    other = PlainBrowser(one.client)
    await other.open()
    await other.press("Lagre utkastet", "Fra den andre fanen.")
    page = await one.press("Ferdig", "Fra den første fanen.")
    assert page.status == 409
    assert "Fra den første fanen." in page.text
    assert [event.text for event in service.said if isinstance(event, Said)] == ["Fra den andre fanen."]


# --- While the register is asked ------------------------------------------------------------------------------


async def test_a_page_that_waits_is_told_when_there_is_an_answer(browse: Open) -> None:
    service = always(WAITING)
    browser = await talk(browse, service)
    service.settles_with = FIRST
    stream = await browser.client.get("/events")
    assert stream.content_type == "text/event-stream"
    assert b"event: settled" in await stream.read()


async def test_a_page_that_waits_for_nothing_is_told_at_once(browse: Open) -> None:
    browser = await talk(browse, always(FIRST))
    assert b"event: settled" in await (await browser.client.get("/events")).read()


async def test_a_page_that_is_closed_while_it_waits_is_nothing_to_write_home_about(
    browse: Open, caplog: pytest.LogCaptureFixture
) -> None:
    service = always(WAITING)
    browser = await talk(browse, service)
    gone = asyncio.Event()

    async def settled(*_: object) -> None:
        await gone.wait()
        await asyncio.sleep(0.05)

    service.settled = settled  # type: ignore[assignment]  # a look-up that lasts until the page is gone
    stream = await browser.client.get("/events")
    stream.close()
    gone.set()
    await asyncio.sleep(0.3)
    assert caplog.records == []


async def test_strangers_are_told_nothing(browse: Open) -> None:
    assert (await (await browse(always(FIRST))).client.get("/events")).status == 404


async def test_a_form_sent_by_the_script_does_not_wait_for_the_register(browse: Open) -> None:
    service = always(WAITING)
    browser = await talk(browse, service)
    service.waited.clear()
    await browser.post(browser.page.form("Hjelp"), **{"X-Chat": "script"})
    await browser.press("Hjelp")
    by_script, by_hand = service.waited
    assert by_script < 1 < by_hand


# --- Under the eyes of programs -------------------------------------------------------------------------------


async def test_who_fills_in_the_field_that_nobody_sees_is_told_and_nothing_is_begun(browse: Open) -> None:
    service = always(FIRST)
    browser = await browse(service)
    await browser.open()
    page = await browser.post(browser.page.form("Begynn") | {"website": "https://example.no"})
    assert page.status == 422
    assert "skjult felt" in page.alert
    assert service.said == []


def test_a_limit_has_room_again_after_a_while() -> None:
    limit = Limit(3)
    waits = [limit.seconds_to_wait("a", second) for second in (0, 1, 2, 10, 21, 22, 180)]
    assert waits == [0, 0, 0, 10, 0, 18, 0]
    assert limit.seconds_to_wait("b", 0) == 0


async def test_nobody_has_to_wait_because_the_clock_was_set_back(browse: Open) -> None:
    service = always(FIRST)
    browser: PlainBrowser = await browse(service)
    hour = timedelta(hours=1)
    try:
        clock.run_by(lambda: AT, lambda: 100.0)
        await browser.open()
        clock.run_by(lambda: AT - hour, lambda: 101.0)
        browser.client.session.cookie_jar.clear()
        await browser.open()
        assert browser.page.status == 200
        assert (await browser.press("Begynn")).status == 200
    finally:
        clock.run_by(None)


def test_addresses_that_have_not_asked_for_a_minute_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.limits._MOST_ADDRESSES", 2)
    limit = Limit(3)
    for second in range(0, 600, 60):
        limit.seconds_to_wait(str(second), second)
    assert len(limit._left) <= 3


async def test_cookies_of_one_s_own_making_do_not_get_around_the_limit(
    browse: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.chat._MOST_BEGUN", 2)
    service = always(FIRST)
    browser: PlainBrowser = await browse(service)
    statuses = []
    for number in range(3):
        browser.client.session.cookie_jar.clear()
        visitor = Visitor(f"{number}" * 43)
        form = {"nonce": visitor.nonce(now()), "command": "start"}
        headers = {"Cookie": f"innspill={visitor.secret}"}
        response = await browser.client.post("/", data=form, headers=headers, allow_redirects=False)
        statuses.append(response.status)
    assert statuses == [303, 303, 429]


async def test_from_one_address_drafts_grow_only_by_so_much_in_a_day_and_can_still_be_sent_in(
    browse: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.chat._MOST_BYTES_OF_ONE", 20_000)
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    form, long = browser.page.form("Ferdig", "æ" * 9_000), "æ" * 9_000
    page = await browser.post(form)
    assert page.status == 429
    assert "ikke ta imot mer tekst" in page.text
    assert long in page.html
    assert len(service.events) == 1
    await browser.open()
    assert (await browser.press("Ferdig", "Vi er enige.")).heading == "Se over svaret:"


def test_a_day_s_budget_is_one_of_each_address_and_one_of_all() -> None:
    budget = Budget(100, 250)
    assert [budget.has_room("a", 60, 0.0), budget.has_room("a", 60, 1.0), budget.has_room("a", 40, 2.0)] == [1, 0, 1]
    assert [budget.has_room("b", 100, 3.0), budget.has_room("c", 60, 4.0), budget.has_room("c", 50, 5.0)] == [1, 0, 1]
    assert not budget.has_room("d", 1, 86_399.0)
    assert budget.has_room("a", 100, 86_400.0)


async def test_the_addresses_beside_one_s_own_do_not_get_around_the_limit(
    browse: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.chat._MOST_BEGUN", 2)
    browser: PlainBrowser = await browse(always(FIRST), ip_network("127.0.0.0/8"))
    statuses = []
    for number in range(3):
        browser.client.session.cookie_jar.clear()
        response = await browser.client.get("/", headers={"X-Forwarded-For": f"[2001:db8::{number}]:5000"})
        statuses.append(response.status)
    assert statuses == [200, 200, 429]


async def test_too_many_new_conversations_from_one_address_are_asked_to_wait(
    browse: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.web.chat._MOST_BEGUN", 2)
    browser: PlainBrowser = await browse(always(FIRST))
    statuses = []
    for _ in range(3):
        browser.client.session.cookie_jar.clear()
        response = await browser.client.get("/")
        statuses.append(response.status)
    assert statuses == [200, 200, 429]
    assert 1 <= int(response.headers["Retry-After"]) <= 60
    assert f"Vent {response.headers['Retry-After']} sekunder" in await response.text()


@pytest.mark.parametrize(
    ("trusted", "forwarded", "expected"),
    [
        (None, "10.1.1.1", "127.0.0.1"),
        ("10.0.0.0/8", "10.1.1.1", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.0/8", "", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9, 127.0.0.2", "203.0.113.9"),
        ("127.0.0.0/8", "nonsense", "127.0.0.1"),
        ("127.0.0.0/8", "203.0.113.9:51234", "203.0.113.9"),
        ("127.0.0.0/8", "[2001:db8::7]:443, 127.0.0.2:80", "2001:db8::7"),
        ("127.0.0.0/8", "2001:db8::7", "2001:db8::7"),
        ("127.0.0.0/8", "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_says_for_whom_it_asks(trusted: str | None, forwarded: str, expected: str) -> None:
    class Transport:
        def get_extra_info(self, name: str, default: object = None) -> object:
            return ("127.0.0.1", 5000) if name == "peername" else default

    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    request = make_mocked_request("GET", "/", headers=headers, transport=Transport())
    assert client_address(request, ip_network(trusted) if trusted else None) == expected
