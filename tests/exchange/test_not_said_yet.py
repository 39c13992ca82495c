"""What a person sends before our question was said is never taken for an answer to it, be it a repeat or not."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from bot import app, config
from bot.channels.telegram import serving
from bot.exchange import hearing
from bot.exchange.service import Service
from bot.serving import Serving
from dialogs.events import AnyEvent, Edited, Picked, Said
from storage.conversations.conversations import LastMessage
from storage.database.opening import ensure_schema
from storage.database.sqlite import Connection
from tests.conversations import stages
from tests.conversations.channel_stage import NO_LIMITS
from tests.conversations.chat import HOUSE
from tests.stand_ins.bot_api import TOKEN, BotApi, Fault, Hang, broken, too_many
from tests.stand_ins.people import Heard, Person

AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)

TO_THE_FIRST_NAME = ("/start c2", "Privatperson", "Hopp over", "kari@example.no", "Hopp over")
TO_THE_TEXT = (*TO_THE_FIRST_NAME, "Kari", "Nordmann")

# How Telegram fails while it brings what people send: for about a second and a half.
outages = pytest.mark.parametrize(
    ("fault", "times"), [(broken(502), 2), (too_many(1), 1), (Hang(1.5), 1)], ids=["502", "429", "no answer"]
)


@dataclass
class Outage:
    """A conversation through Telegram whose messages to us come, and ours to it do not."""

    server: BotApi
    service: Service
    kari: Person

    async def comes_to(self, *way: str) -> None:
        for text in way:
            await self.kari.send(text)
            await self.kari.hears()

    async def sends_unheard(self, *texts: str) -> None:
        """Send them one after the other; each is handled, and a reply has failed, before the next one is sent."""
        for text in texts:
            await self.kari.send(text)
            await self.server.idle()
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    while not await self.service.writer.run(_nothing_is_on_its_way):
                        pass

    async def hears_one_thing(self) -> Heard:
        heard = await self.kari.hears(timeout=10)
        await self.kari.hears_no_more(1)
        return heard

    def answer(self, step: str) -> Any:
        session = self.service.view("telegram", "7").session
        assert session is not None
        slots = json.loads(session)["answers"].get(step, {}).values()
        return next((slot.get("value") for slot in slots), None)

    def parts(self) -> list[str]:
        return [part["text"] for part in self.answer("text")]


@pytest.fixture
async def outage(tmp_path: Path) -> AsyncIterator[Outage]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    stages.add_rounds(path)
    async with BotApi() as server, _talking(server, path) as service:
        yield Outage(server, service, server.person(7))


@asynccontextmanager
async def _talking(server: BotApi, path: Path) -> AsyncIterator[Service]:
    names = {"DATABASE": str(path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": server.root}
    settings = config.load({f"INNSPILL_{name}": value for name, value in names.items()})
    async with (
        app.running_service(settings) as service,
        serving.running(Serving(settings, service, HOUSE, web.Application(), _fail, NO_LIMITS)),
    ):
        yield service


def _nothing_is_on_its_way(db: Connection) -> bool:
    return db.execute("SELECT 1 FROM outbox WHERE sent_at IS NULL AND tried_at IS NOT NULL").fetchone() is None


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


@pytest.mark.slow
@outages
async def test_who_repeats_a_first_name_because_no_reply_came_has_not_given_a_last_name(
    outage: Outage, fault: Fault, times: int
) -> None:
    await outage.comes_to(*TO_THE_FIRST_NAME)
    outage.server.fail(fault, times=times)
    await outage.sends_unheard("Kari", "Kari")
    asked = await outage.kari.hears(timeout=10)
    assert "Hva er etternavnet?" in asked.text
    assert (outage.answer("first_name"), outage.answer("last_name")) == ("Kari", None)
    await outage.kari.hears_no_more(1)
    await outage.comes_to("Nordmann")
    assert outage.answer("last_name") == "Nordmann"


@pytest.mark.slow
@outages
async def test_a_part_of_the_response_that_is_repeated_because_no_reply_came_stands_in_it_once(
    outage: Outage, fault: Fault, times: int
) -> None:
    await outage.comes_to(*TO_THE_TEXT)
    outage.server.fail(fault, times=times)
    await outage.sends_unheard("Vi vil ha fortau.", "Og lys.", "Vi vil ha fortau.", "Og lys.")
    heard = await outage.kari.hears(timeout=10)
    assert outage.parts() == ["Vi vil ha fortau.", "Og lys."]
    assert "Lagret: 2 deler, 26 tegn." in heard.text


@pytest.mark.slow
async def test_who_edits_what_they_have_repeated_edits_what_stands_there(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_FIRST_NAME)
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Kari", "Kari")
    await outage.kari.hears(timeout=10)
    await outage.kari.edit(len(outage.kari.own), "Kari Anne")
    await outage.kari.hears()
    assert (outage.answer("first_name"), outage.answer("last_name")) == ("Kari Anne", None)
    await outage.comes_to("Nordmann")
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Vi vil ha fortau.", "Vi vil ha fortau.")
    await outage.kari.hears(timeout=10)
    await outage.kari.edit(len(outage.kari.own), "Vi vil ha lys.")
    await outage.kari.hears()
    assert outage.parts() == ["Vi vil ha lys."]


@pytest.mark.slow
async def test_another_answer_to_a_question_that_nobody_has_seen_is_not_taken_and_its_sender_is_told(
    outage: Outage,
) -> None:
    await outage.comes_to(*TO_THE_FIRST_NAME)
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Kari", "Er det noen der?", "Kari", "Hallo")
    heard = await outage.hears_one_thing()
    assert heard.text.startswith("Meldingen kom før dette spørsmålet, så vi har ikke lagret den.\n")
    assert "Hva er etternavnet?" in heard.text
    assert (outage.answer("first_name"), outage.answer("last_name")) == ("Kari", None)


@pytest.mark.slow
async def test_a_label_typed_twice_because_no_reply_came_skips_one_question(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_FIRST_NAME[:2])
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Hopp over", "Hopp over")
    assert "Hvilken e-postadresse" in (await outage.hears_one_thing()).text


@pytest.mark.slow
async def test_a_label_that_steps_back_typed_twice_goes_one_step_back(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_TEXT[:-1])
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Tilbake", "Tilbake")
    assert "Hva er fornavnet ditt?" in (await outage.hears_one_thing()).text


@pytest.mark.slow
async def test_send_typed_twice_because_no_receipt_came_gives_the_same_receipt_number(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_TEXT, "Vi vil ha fortau.", "Ferdig")
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Send inn", "Send inn")
    receipt = (await outage.kari.hears(timeout=10)).text
    (number,) = re.findall("(?<=Kvitteringsnummer: )[A-Z0-9]{8}", receipt)
    assert f"allerede sendt inn. Kvitteringsnummer: {number}" in (await outage.kari.hears()).text


@pytest.mark.slow
async def test_a_draft_that_was_deleted_twice_because_no_reply_came_is_gone_and_no_other_is_begun(
    outage: Outage,
) -> None:
    await outage.comes_to(*TO_THE_TEXT, "Avbryt")
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Ja, slett utkastet", "Ja, slett utkastet")
    assert "Du har ikke noe utkast nå." in (await outage.hears_one_thing()).text


@pytest.mark.slow
async def test_a_text_that_crosses_the_receipt_is_told_that_it_is_not_in_the_response(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_TEXT, "Vi vil ha fortau.", "Ferdig")
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Send inn", "Og lys.")
    await outage.kari.hears(timeout=10)
    assert "så denne meldingen kom ikke med" in (await outage.kari.hears()).text


@pytest.mark.slow
async def test_a_text_that_crosses_the_review_is_asked_about_and_added(outage: Outage) -> None:
    await outage.comes_to(*TO_THE_TEXT, "Vi vil ha fortau.")
    outage.server.fail(broken(502), times=2)
    await outage.sends_unheard("Ferdig", "Og lys.", "Ferdig")
    heard = await outage.hears_one_thing()
    assert heard.text.startswith("Dette kom etter «Ferdig» og er ikke med i svaret ennå:\nOg lys.\n")
    await outage.comes_to("Ja, legg det til")
    assert outage.parts() == ["Vi vil ha fortau.", "Og lys."]


@pytest.mark.slow
async def test_what_was_sent_twice_while_nobody_took_it_in_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    stages.add_rounds(path)
    async with BotApi() as server:
        kari = server.person(7)
        async with _talking(server, path) as service:
            await Outage(server, service, kari).comes_to(*TO_THE_FIRST_NAME)
        await kari.send("Kari")
        await kari.send("Kari")
        async with _talking(server, path) as service:
            talk = Outage(server, service, kari)
            assert "Hva er etternavnet?" in (await talk.hears_one_thing()).text
            assert (talk.answer("first_name"), talk.answer("last_name")) == ("Kari", None)


# --- What is known of when something was sent, and when our words were said ------------------------------------------

UNTRIED = LastMessage(None, None, None)


def on_its_way(seconds: float) -> LastMessage:
    return LastMessage(AT + timedelta(seconds=seconds), None, None)


def said(seconds: float, sent_id: str | None = "20") -> LastMessage:
    return LastMessage(AT + timedelta(seconds=seconds - 1), AT + timedelta(seconds=seconds), sent_id)


def text(message_id: str = "10") -> Said:
    return Said(at=AT, text="Kari", message_id=message_id)


@pytest.mark.parametrize(
    ("last", "event", "unheard", "may_repeat"),
    [
        (None, text(), False, False),
        (UNTRIED, text(), True, False),
        (on_its_way(2), text(), True, False),
        (on_its_way(0.5), text(), False, True),
        (on_its_way(-4), text(), False, True),
        (on_its_way(-6), text(), True, False),
        (said(2), text(), True, False),
        (said(0.5), text(), False, True),
        (said(-1), text(), False, False),
        # Ids say that it came after our words, whatever the clocks say.
        (said(3600), text("21"), False, False),
        # Where they say that it came before, the clocks have to say so too: not each channel counts both sides as one.
        (said(-3600), text("19"), False, False),
        # Said perhaps, when it was tried, and never again: then it is the try that counts.
        (said(4, sent_id=None), text(), True, False),
        (said(1.5, sent_id=None), text(), False, True),
    ],
)
def test_what_was_sent_before_our_words_were_said_is_known(
    last: LastMessage | None, event: Said, unheard: bool, may_repeat: bool
) -> None:
    marked = hearing.marked(event, last, AT)
    assert isinstance(marked, Said)
    assert (marked.unheard, marked.after_repeat) == (unheard, may_repeat)


@pytest.mark.parametrize("event", [text(), Edited(at=AT, message_id="10", text="Kari")])
def test_where_nobody_knows_when_it_was_sent_it_has_been_heard(event: AnyEvent) -> None:
    assert hearing.marked(event, UNTRIED, None) is event


def test_a_changed_message_is_marked_as_a_new_one_and_a_press_never_is() -> None:
    changed = hearing.marked(Edited(at=AT, message_id="10", text="Kari"), UNTRIED, AT)
    assert isinstance(changed, Edited)
    assert changed.unheard
    press = Picked(at=AT, data="d:email:skip")
    assert hearing.marked(press, UNTRIED, AT) is press
