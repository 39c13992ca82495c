"""The response itself in the web chat: one field that holds all of it."""

from __future__ import annotations

import pytest

from bot.channels.web.form import read_form
from bot.clock import now
from dialogs.events import AskedHelp, AskedMine, Picked, Said, Started
from dialogs.messages import AnswerBox, Message, Text
from tests.channels.web.examples import DONE, LONG, Open, always, talk, writing
from tests.stand_ins.scripted_service import ScriptedService


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
    assert first_id != second_id
    assert first_id.startswith(form["nonce"])
    assert second_id.startswith(form["nonce"])
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
    posted = read_form({**form, "text": "Vi er enige."})
    await service.exchange("web", address, posted.first_id, Said(at=now(), text="Vi er enige.", whole=True))
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
