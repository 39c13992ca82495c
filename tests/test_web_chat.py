"""The web chat over HTTP, with a service that says what the test tells it to."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import LARGEST_FORM, WebChat, listen
from bot.channels.web_page import Pages
from bot.channels.web_visit import FORM_AGE, Visitor
from bot.clock import now
from dialogs.journey import OutlineStep
from dialogs.messages import (
    AnswerBox,
    AnyEvent,
    AskedHelp,
    AskedLanguage,
    AskedMine,
    AskedReview,
    Button,
    Document,
    Message,
    Picked,
    Row,
    Said,
    Started,
    Text,
    verbatim,
)
from dialogs.texts import House
from tests.plain_browser import PlainBrowser
from tests.stand_ins.scripted_service import ScriptedService

HOUSE = House("Eksempel kommune", "post@example.no", "https://chat.example.no/personvern", "https://chat.example.no")
BACK = Button("d:x:back", Text("label-back"))
FIRST = Message("nb", "question", lines=(verbatim("Hvem svarer du for?"),), step="who", draft="d", buttons=(BACK,))
MAIL = Message(
    "nb",
    "question",
    lines=(verbatim("Hva er e-posten din? Vi viser den ikke offentlig."),),
    example=Text("email-example"),
    box=AnswerBox("email", "email", max_length=254),
    buttons=(Button("d:mail:skip", Text("label-skip")), BACK),
    step="mail",
    draft="d",
    progress=(2, 5),
)
WRONG = Message(
    "nb", "question", told=(Text("email-at"),), error=True, lines=MAIL.lines, box=MAIL.box, step="mail", draft="d"
)
DONE = Button("d:text:done", Text("label-done"), primary=True)
LONG = Message("nb", "question", lines=(verbatim("Skriv svaret."),), box=AnswerBox("long"), step="text", draft="d")
SAVED = Message(
    "nb",
    "question",
    lines=(verbatim("Skriv mer."),),
    box=AnswerBox("long", value="Vi er enige."),
    buttons=(DONE,),
    step="text",
    draft="d",
)
REVIEW = Message(
    "nb",
    "review",
    lines=(Text("review"),),
    rows=(Row(Text("name-email"), verbatim("kari.nordmann@example.no"), Button("d:r:s1", Text("label-change-email"))),),
    buttons=(Button("d:r:send", Text("label-send"), primary=True), Button("d:r:s1", Text("label-change-email"))),
    step="review",
    draft="d",
)
WAITING = Message("nb", "waiting", lines=(Text("looking-up", {"org_number": "974 760 673"}),), step="org", draft="d")

Open = Callable[[ScriptedService], Awaitable[PlainBrowser]]


def always(message: Message) -> ScriptedService:
    """A service that says the same to everything."""
    return ScriptedService(lambda event, service: message)


def outline(session: str) -> tuple[OutlineStep, ...]:
    return (OutlineStep("who", Text("name-respondent-type"), "done", verbatim("Privatperson"), "d:who:change"),)


def chat(service: ScriptedService, base_url: str = "http://chat.example.no", patience: float = 5.0) -> WebChat:
    return WebChat(service, Pages(HOUSE, outline), base_url=base_url, locale="nb", patience=patience)


@pytest.fixture
async def browse() -> AsyncIterator[Open]:
    clients = []

    async def open_browser(service: ScriptedService) -> PlainBrowser:
        client = TestClient(TestServer(chat(service).application()))
        clients.append(client)
        await client.start_server()
        return PlainBrowser(client)

    yield open_browser
    for client in clients:
        await client.close()


async def talk(browse: Open, service: ScriptedService) -> PlainBrowser:
    """A browser with a conversation begun."""
    browser = await browse(service)
    await browser.open()
    await browser.press("Begynn")
    return browser


# --- Coming and going --------------------------------------------------------------------------------------


async def test_a_first_visit_shows_where_one_is_and_writes_nothing(browse: Open) -> None:
    service = always(FIRST)
    page = await (await browse(service)).open()
    assert (page.status, page.heading) == (200, "Svar på en høring")
    assert "Eksempel kommune" in page.text
    assert service.events == []
    assert service.conversations == {}


async def test_beginning_opens_one_conversation_and_shows_its_question(browse: Open) -> None:
    service = always(FIRST)
    browser = await talk(browse, service)
    assert browser.page.heading == "Hvem svarer du for?"
    assert [type(event) for event in service.said] == [Started]


async def test_the_store_learns_a_hash_and_never_the_cookie(browse: Open) -> None:
    service = always(FIRST)
    browser = await talk(browse, service)
    [cookie] = browser.client.session.cookie_jar
    [(channel, address, event_id, _)] = service.events
    assert (channel, address) == ("web", hashlib.sha256(cookie.value.encode()).hexdigest())
    assert cookie.value not in event_id


async def test_a_link_to_a_case_begins_with_that_case(browse: Open) -> None:
    service = always(FIRST)
    browser = await browse(service)
    await browser.open("/?c=12")
    await browser.press("Svar på saken")
    [event] = service.said
    assert isinstance(event, Started)
    assert event.link == "c12"


async def test_who_has_a_conversation_is_offered_the_case_of_a_link(browse: Open) -> None:
    service = always(FIRST)
    browser = await talk(browse, service)
    page = await browser.open("/?c=12")
    assert page.heading == "Vil du svare på saken i lenken?"
    assert len(service.events) == 1
    await browser.press("Svar på saken")
    assert [event.link for event in service.said if isinstance(event, Started)] == ["", "c12"]


async def test_opening_the_page_again_draws_it_from_what_is_stored(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    page = await browser.open()
    assert page.heading == "Hva er e-posten din?"
    assert "Steg 2 av 5" in page.text
    assert "Privatperson" in page.text  # what was answered so far
    assert len(service.events) == 1


@pytest.mark.parametrize(
    ("wishes", "language", "heading"),
    [("en-GB,en;q=0.9,nb;q=0.8", "en", "Respond to a consultation"), ("de", "nb", "Svar på en høring")],
)
async def test_the_browser_says_which_language_is_read(browse: Open, wishes: str, language: str, heading: str) -> None:
    page = await (await browse(always(FIRST))).open(**{"Accept-Language": wishes})
    assert (page.language, page.heading) == (language, heading)


# --- Answering -----------------------------------------------------------------------------------------------


async def test_the_same_form_twice_is_one_event_with_the_nonce_as_its_id(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    await browser.post(form)
    await browser.post(form)
    assert [event_id for _, _, event_id, _ in service.events[1:]] == [form["nonce"]]
    assert browser.page.heading == "Hva er e-posten din?"


async def test_two_posts_at_once_of_the_same_form_are_one_event(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    both = await asyncio.gather(*(browser.client.post("/", data=form, allow_redirects=False) for _ in range(2)))
    assert [response.status for response in both] == [303, 303]
    assert len(service.events) == 2


async def test_an_answer_that_is_not_taken_stays_in_the_field_with_the_reason_beside_it(browse: Open) -> None:
    service = ScriptedService(lambda event, service: WRONG if isinstance(event, Said) else MAIL)
    page = await (await talk(browse, service)).press("Neste", "kari")
    assert (page.status, page.typed) == (422, "kari")
    assert page.alert == "Feil: Adressen mangler @. Skriv hele adressen."
    assert page.title.startswith("Feil: Hva er e-posten din?")
    assert "rejected" in page.box["aria-describedby"].split()
    assert page.box["aria-invalid"] == "true"


async def test_an_empty_field_is_an_answer_that_the_form_can_judge(browse: Open) -> None:
    service = always(MAIL)
    await (await talk(browse, service)).press("Neste", "")
    said = service.said[-1]
    assert isinstance(said, Said)
    assert said.text == ""


async def test_enter_in_a_field_sends_the_field(browse: Open) -> None:
    """Browsers press the first button of the field's form."""
    browser = await talk(browse, always(MAIL))
    own = [button.label for button in browser.page.buttons if button.form == browser.page.box_form]
    assert own[0] == "Neste"


async def test_a_button_is_pressed_whatever_stands_in_a_short_field(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    await browser.press("Hopp over")
    assert isinstance(service.said[-1], Picked)
    assert service.said[-1].data == "d:mail:skip"


@pytest.mark.parametrize(
    ("label", "event"),
    [("Nytt høringssvar", Started), ("Mine svar", AskedMine), ("Hjelp", AskedHelp), ("Språk", AskedLanguage)],
)
async def test_what_is_always_offered_works_from_every_page(browse: Open, label: str, event: type[AnyEvent]) -> None:
    for message in (FIRST, MAIL, LONG, REVIEW, WAITING):
        service = always(message)
        await (await talk(browse, service)).press(label)
        assert type(service.said[-1]) is event


async def test_the_review_has_one_change_button_a_line_and_sends_in(browse: Open) -> None:
    service = always(REVIEW)
    browser = await talk(browse, service)
    assert browser.page.labels.count("Endre e-post") == 1
    await browser.press("Send inn")
    assert isinstance(service.said[-1], Picked)
    assert service.said[-1].data == "d:r:send"


async def test_what_was_answered_can_be_changed_from_the_list_of_steps(browse: Open) -> None:
    service = always(MAIL)
    await (await talk(browse, service)).press("Endre")
    assert isinstance(service.said[-1], Picked)
    assert service.said[-1].data == "d:who:change"


# --- The long answer -------------------------------------------------------------------------------------------


def writing(event: AnyEvent, service: ScriptedService) -> Message:
    """Asks for the long answer, saves what comes, and goes on to the review."""
    if isinstance(event, Picked):
        return REVIEW
    return SAVED if isinstance(event, Said) else LONG


async def test_done_saves_the_whole_text_and_then_goes_on(browse: Open) -> None:
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    form = browser.page.form("Ferdig", "\n  Vi mener:\n\n- ett\n- to\n")
    page = await browser.post(form)
    (_, _, first_id, said), (_, _, second_id, picked) = service.events[1:]
    assert isinstance(said, Said)
    assert (said.text, said.whole) == ("\n  Vi mener:\n\n- ett\n- to\n", True)
    assert isinstance(picked, Picked)
    assert picked.data == DONE.data
    assert (first_id, second_id) == (form["nonce"] + "t", form["nonce"] + "p")
    assert page.heading == "Se over svaret:"


async def test_done_twice_changes_once(browse: Open) -> None:
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    form = browser.page.form("Ferdig", "Vi er enige.")
    await browser.post(form)
    page = await browser.post(form)
    assert len(service.events) == 3
    assert (page.status, page.heading) == (200, "Se over svaret:")


async def test_done_is_finished_by_the_same_form_when_only_its_text_was_saved(browse: Open) -> None:
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    form = browser.page.form("Ferdig", "Vi er enige.")
    [address] = service.conversations
    await service.exchange("web", address, form["nonce"] + "t", Said(at=now(), text="Vi er enige.", whole=True))
    await browser.post(form)
    assert [type(event) for event in service.said[1:]] == [Said, Picked]


async def test_a_long_answer_that_is_not_taken_presses_nothing(browse: Open) -> None:
    refused = Message("nb", "question", told=(Text("response-national-id"),), error=True, box=LONG.box, step="text")
    service = ScriptedService(lambda event, service: refused if isinstance(event, Said) else LONG)
    page = await (await talk(browse, service)).press("Ferdig", "Nummeret er slik.")
    assert (page.status, page.typed) == (422, "Nummeret er slik.")
    assert [type(event) for event in service.said] == [Started, Said]


async def test_saving_the_draft_stays_at_the_question(browse: Open) -> None:
    service = ScriptedService(writing)
    page = await (await talk(browse, service)).press("Lagre utkastet", "Vi er enige.")
    assert (page.heading, page.typed) == ("Skriv mer.", "Vi er enige.")
    assert [type(event) for event in service.said] == [Started, Said]


@pytest.mark.parametrize("label", ["Hjelp", "Mine svar"])
async def test_nothing_of_a_long_answer_is_lost_by_pressing_something_else(browse: Open, label: str) -> None:
    service = ScriptedService(writing)
    await (await talk(browse, service)).press(label, "Halve svaret")
    said, asked = service.said[1:]
    assert isinstance(said, Said)
    assert (said.text, said.whole) == ("Halve svaret", True)
    assert isinstance(asked, AskedHelp | AskedMine)


async def test_the_field_shows_the_whole_text_to_the_letter(browse: Open) -> None:
    text = "\n\n  Først <b>dette</b>\n\t- så & dette\n"
    message = Message("nb", "question", box=AnswerBox("long", value=text), step="text", draft="d")
    page = (await talk(browse, always(message))).page
    assert page.typed == text
    assert "maxlength" not in page.box


async def test_a_hundred_thousand_signs_of_any_script_are_taken(browse: Open) -> None:
    service = ScriptedService(writing)
    page = await (await talk(browse, service)).press("Ferdig", "😀" * 100_000)
    assert page.status == 200
    assert isinstance(service.said[1], Said)
    assert len(service.said[1].text) == 100_000


# --- When it goes wrong -----------------------------------------------------------------------------------------


async def test_what_could_not_be_saved_is_told_and_stays_in_the_field(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    service.full = True
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    response = await browser.client.post("/", data=form)
    assert (response.status, response.headers["Retry-After"]) == (503, "60")
    page = await browser.press("Neste", "kari.nordmann@example.no")
    assert page.typed == "kari.nordmann@example.no"
    assert page.alert.startswith("Dette ble ikke lagret. Feilen er hos oss.")
    service.full = False
    assert (await browser.press("Neste")).status == 200


async def test_a_long_answer_that_could_not_be_saved_stays_whole(browse: Open) -> None:
    service = ScriptedService(writing)
    browser = await talk(browse, service)
    service.full = True
    page = await browser.press("Ferdig", "Første avsnitt.\n\nAndre avsnitt.")
    assert (page.status, page.typed) == (503, "Første avsnitt.\n\nAndre avsnitt.")


async def test_a_response_that_was_not_sent_in_is_said_to_be_a_draft(browse: Open) -> None:
    service = always(REVIEW)
    browser = await talk(browse, service)
    service.full = True
    page = await browser.press("Send inn")
    assert page.alert.startswith("Svaret er ikke sendt inn ennå.")
    assert "Send inn" in page.labels


async def test_a_full_disk_is_told_on_the_start_page_too(browse: Open) -> None:
    service = always(FIRST)
    service.full = True
    browser = await browse(service)
    await browser.open("/?c=12")
    page = await browser.press("Svar på saken")
    assert page.status == 503
    assert page.alert.startswith("Dette ble ikke lagret.")
    service.full = False
    await browser.press("Svar på saken")
    assert [event.link for event in service.said if isinstance(event, Started)] == ["c12"]


async def test_an_answer_never_lands_at_another_question(browse: Open) -> None:
    """Two tabs: the first one is answered in the second."""
    service = always(MAIL)
    browser = await talk(browse, service)
    old = browser.page.form("Neste", "kari.nordmann@example.no")
    await browser.open()
    service.script = lambda event, service: LONG
    await browser.press("Neste", "ola.nordmann@example.no")
    page = await browser.post(old)
    assert (page.status, page.heading, page.typed) == (409, "Skriv svaret.", "")
    assert page.alert == "Nettsiden var gammel, så vi endret ingenting. Her er du nå:"
    assert "kari.nordmann@example.no" in page.text  # to be copied
    assert isinstance(service.said[-1], AskedReview)


async def test_a_form_of_yesterday_is_not_taken_as_new(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    [cookie] = browser.client.session.cookie_jar
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    form["nonce"] = Visitor(cookie.value).nonce(now() - FORM_AGE - timedelta(minutes=1))
    page = await browser.post(form)
    assert page.status == 409
    assert "kari.nordmann@example.no" in page.text
    assert len(service.events) == 1


async def test_a_look_up_is_waited_for_and_its_result_is_the_page(browse: Open) -> None:
    service = ScriptedService(lambda event, service: WAITING if isinstance(event, Said) else MAIL)
    service.settles_with = FIRST
    page = await (await talk(browse, service)).press("Neste", "974760673")
    assert service.waited == [5.0]
    assert page.heading == "Hvem svarer du for?"


async def test_a_look_up_that_takes_its_time_leaves_a_way_to_its_answer(browse: Open) -> None:
    service = ScriptedService(lambda event, service: WAITING if isinstance(event, Said) else MAIL)
    browser = await talk(browse, service)
    page = await browser.press("Neste", "974760673")
    assert page.heading.startswith("Vi slår opp 974 760 673")
    assert '<a class="button primary" href="/">Se svaret</a>' in page.html


async def test_a_page_that_is_not_there_is_told_in_plain_words(browse: Open) -> None:
    page = await (await browse(always(FIRST))).open("/finnes-ikke")
    assert (page.status, page.heading) == (404, "Dette gikk ikke")
    assert "Vi finner ikke denne nettsiden." in page.text


async def test_a_form_that_is_too_large_is_told_in_plain_words(browse: Open) -> None:
    service = ScriptedService(writing)
    page = await (await talk(browse, service)).press("Ferdig", "x" * (LARGEST_FORM + 1))
    assert page.status == 413
    assert "Teksten er for lang og er ikke lagret." in page.text
    assert len(service.events) == 1


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"text=a", "application/x-www-form-urlencoded; charset=klingon", 400),
        (b"{}", "application/json", 415),
    ],
)
async def test_what_is_no_form_is_refused(browse: Open, body: bytes, kind: str, status: int) -> None:
    browser = await talk(browse, always(MAIL))
    response = await browser.client.post("/", data=body, headers={"Content-Type": kind})
    assert response.status == status
    assert "Vi klarte ikke å lese det nettleseren sendte" in await response.text()


async def test_a_file_in_a_form_is_refused(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    form = FormData()
    form.add_field("text", b"\x00", filename="bilde.png")
    assert (await browser.client.post("/", data=form)).status == 415


async def test_an_error_of_ours_tells_no_answer_to_the_page_or_the_log(
    browse: Open, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(event: AnyEvent, service: ScriptedService) -> Message:
        if isinstance(event, Said):
            raise ValueError(event.text)
        return MAIL

    browser = await talk(browse, ScriptedService(breaks))
    with caplog.at_level(logging.DEBUG):
        page = await browser.press("Neste", "MERKE-4711")
    assert page.status == 500
    assert "Feilen er hos oss" in page.text
    assert "MERKE-4711" not in page.html
    assert "POST / failed with ValueError" in caplog.text
    assert "MERKE-4711" not in caplog.text


# --- Strangers ---------------------------------------------------------------------------------------------------


async def test_without_a_cookie_there_is_no_conversation(browse: Open) -> None:
    service = always(FIRST)
    browser = await browse(service)
    form = (await browser.open()).form("Begynn")
    browser.client.session.cookie_jar.clear()
    page = await browser.post(form)
    assert page.status == 403
    assert "Tillat informasjonskapsler herfra" in page.text
    assert service.events == []


async def test_a_form_that_another_browser_was_given_is_refused(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    for nonce in (Visitor("x" * 43).nonce(now()), form["nonce"][:-1] + "g", "", "1.a." + "0" * 64):
        page = await browser.post({**form, "nonce": nonce})
        assert page.status == 403
        assert page.heading == "Dette gikk ikke"
        assert "kari.nordmann" not in page.html
    assert len(service.events) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "https://annet.example"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 200),
        ({"Origin": "null"}, 200),
        ({"Origin": "http://chat.example.no"}, 200),
    ],
)
async def test_a_form_from_another_site_is_refused(browse: Open, headers: dict[str, str], status: int) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    page = await browser.post(browser.page.form("Neste", "kari.nordmann@example.no"), **headers)
    assert page.status == status
    assert len(service.events) == (1 if status == 403 else 2)


EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


async def test_what_people_write_is_shown_and_never_run(browse: Open) -> None:
    message = Message(
        "nb",
        "receipt",
        told=(verbatim(EVIL),),
        lines=(verbatim(EVIL), verbatim(EVIL)),
        rows=(Row(verbatim(EVIL), verbatim(EVIL), Button(EVIL, verbatim(EVIL))),),
        after=(verbatim(EVIL),),
        example=verbatim(EVIL),
        buttons=(Button(EVIL, verbatim(EVIL)),),
        step=EVIL,
        box=AnswerBox("short", EVIL, value=EVIL),
        document=Document("x", EVIL),
    )
    browser = await talk(browse, always(message))
    for page in (browser.page, await browser.open("/?c=" + EVIL)):
        assert "<script" not in page.html
        assert "<img" not in page.html


async def test_every_answer_protects_its_reader(browse: Open) -> None:
    browser = await talk(browse, always(MAIL))
    for path in ("/", "/personvern", "/finnes-ikke", "/healthz", "/static/style.css"):
        headers = (await browser.client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'")
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


async def test_pages_are_kept_by_nobody_and_what_never_changes_for_a_year(browse: Open) -> None:
    browser = await talk(browse, always(MAIL))
    assert (await browser.client.get("/")).headers["Cache-Control"] == "no-store"
    style = await browser.client.get("/static/style.css")
    assert "immutable" in style.headers["Cache-Control"]
    assert style.content_type == "text/css"


async def test_pages_have_no_scripts_and_no_styles_of_their_own(browse: Open) -> None:
    for message in (FIRST, MAIL, LONG, REVIEW, WAITING):
        html = (await talk(browse, always(message))).page.html
        assert "<script" not in html
        assert "style=" not in html
        assert " on" not in html.replace(" on ", "")


@pytest.mark.parametrize("path", ["/static/..%2Fweb.py", "/static/%2e%2e/web.py", "/static/", "/static/nothing.css"])
async def test_only_our_own_files_are_served(browse: Open, path: str) -> None:
    assert (await (await browse(always(FIRST))).client.get(path)).status == 404


@pytest.mark.parametrize(
    ("base_url", "name", "secure"),
    [("http://127.0.0.1:8080", "innspill", False), ("https://chat.example.no", "__Host-innspill", True)],
)
async def test_the_cookie_is_for_this_server_alone(base_url: str, name: str, secure: bool) -> None:
    async with TestClient(TestServer(chat(always(FIRST), base_url).application())) as client:
        cookie = (await client.get("/")).cookies[name]
    assert (cookie["path"], cookie["samesite"], cookie["domain"]) == ("/", "Lax", "")
    assert bool(cookie["httponly"]) is True
    assert bool(cookie["secure"]) is secure
    assert len(cookie.value) == 43


# --- For those who run it -----------------------------------------------------------------------------------------


async def test_health_and_readiness_are_told_apart(browse: Open) -> None:
    service = always(FIRST)
    client = (await browse(service)).client
    service.alive = False
    assert [(await client.get(path)).status for path in ("/healthz", "/readyz")] == [200, 503]
    service.alive = True
    assert (await client.get("/readyz")).status == 200


async def test_the_privacy_page_is_where_the_texts_say(browse: Open) -> None:
    page = await (await browse(always(FIRST))).open("/personvern")
    assert (page.status, page.heading) == (200, "Personvern")
    assert "Adresse, e-post og telefon" in page.text


async def test_requests_are_logged_nowhere(caplog: pytest.LogCaptureFixture, unused_tcp_port: int) -> None:
    runner = await listen(chat(always(FIRST)).application(), "127.0.0.1", unused_tcp_port)

    async def send(raw: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", unused_tcp_port)
        writer.write(raw)
        answer = await reader.read(65536)
        writer.close()
        await writer.wait_closed()
        return answer

    try:
        with caplog.at_level(logging.DEBUG):
            good = await send(b"GET /?c=MERKE HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            await send(b"GET / HTTP/1.1\r\nCookie\x00MERKE: x\r\n\r\n")
    finally:
        await runner.cleanup()
    assert good.startswith(b"HTTP/1.1 200")
    records: list[Any] = [record for record in caplog.records if record.name.startswith(("aiohttp", "bot"))]
    assert records == []
