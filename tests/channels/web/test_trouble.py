"""The web chat when something goes wrong: nothing that was typed gets lost, and nothing of it leaks."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from aiohttp import FormData

from bot.channels.web.chat import LARGEST_FORM
from bot.clock import now
from bot.web.visit import FORM_AGE, Visitor
from dialogs.events import AnyEvent, AskedReview, Said, Started
from dialogs.messages import Message
from tests.channels.web.examples import FIRST, LONG, MAIL, REVIEW, WAITING, Open, always, talk, writing
from tests.stand_ins.scripted_service import ScriptedService


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
    assert page.alert == "Siden var gammel, så vi endret ingenting. Her er du nå:"
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
    assert '<a class="button primary" href="/">Se om registeret har svart</a>' in page.html


async def test_a_page_that_is_not_there_is_told_in_plain_words(browse: Open) -> None:
    page = await (await browse(always(FIRST))).open("/finnes-ikke")
    assert (page.status, page.heading) == (404, "Dette gikk ikke")
    assert "Vi finner ikke denne siden." in page.text


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
        (b"text=a", "application/x-www-form-urlencoded; charset=klingon", 415),
        (b"text=+2AA-", "application/x-www-form-urlencoded; charset=utf-7", 415),
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
