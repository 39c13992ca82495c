"""The web chat over HTTP: coming back, answering, and the languages of readers."""

from __future__ import annotations

import asyncio
import hashlib

import pytest

from dialogs.events import AnyEvent, AskedHelp, AskedLanguage, AskedMine, Picked, Said, Started
from tests.channels.web.examples import FIRST, LONG, MAIL, REVIEW, WAITING, WRONG, Open, always, talk
from tests.stand_ins.scripted_service import ScriptedService


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


@pytest.mark.parametrize("link", ["12.", "12)", "12?utm_source=x", "12%20", "(12", "12,", "12/", "%EF%BC%91%EF%BC%92"])
async def test_a_link_leads_to_its_case_whatever_was_written_right_behind_it(browse: Open, link: str) -> None:
    service = always(FIRST)
    browser = await browse(service)
    await browser.open(f"/?c={link}")
    await browser.press("Svar på saken")
    assert [event.link for event in service.said if isinstance(event, Started)] == ["c12"]


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


async def test_the_same_page_with_another_text_is_another_event(browse: Open) -> None:
    """As when somebody goes back in the browser, writes on, and sends again."""
    service = always(MAIL)
    browser = await talk(browse, service)
    await browser.post(browser.page.form("Neste", "kari.nordmann@example.no"))
    form = browser.page.form("Neste", "kari@example.no")
    await browser.post(form)
    await browser.post(form)
    assert [event.text for event in service.said[1:] if isinstance(event, Said)] == [
        "kari.nordmann@example.no",
        "kari@example.no",
    ]


async def test_the_same_form_twice_is_one_event_with_an_id_of_its_nonce(browse: Open) -> None:
    service = always(MAIL)
    browser = await talk(browse, service)
    form = browser.page.form("Neste", "kari.nordmann@example.no")
    await browser.post(form)
    await browser.post(form)
    [(_, _, event_id, _)] = service.events[1:]
    assert event_id.startswith(form["nonce"])
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
