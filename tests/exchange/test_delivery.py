"""What stands in the outbox is said: in order, within the limits, and whatever goes wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.exchange.delivery import Limits
from dialogs.messages import Button, Document, Text, verbatim
from storage.database.sqlite import sqlite3
from tests.exchange.delivery_desk import Desk, desk_at, told
from tests.stand_ins.bot_api import AnswerLost, BotApi, Hang, Refusal, Reset, blocked, broken, too_many

YES = Button("d:type:yes", Text("label-yes"))


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def desk(server: BotApi, tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk_at(tmp_path / "innspill.db", server) as desk:
        yield desk


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is uncertain is tried again almost at once."""
    monkeypatch.setattr("bot.exchange.delivery.AFTER_UNCERTAIN", (0.05, 0.1))


async def test_a_message_is_said_and_marked_with_its_id(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "Stemmer det?", buttons=(YES,))
    assert (await kari.hears()).labels == ["Ja, det stemmer"]
    await desk.all_said()
    assert await desk.read("SELECT sent_id FROM outbox") == [("1",)]


async def test_messages_of_one_conversation_come_in_order(desk: Desk) -> None:
    desk.server.person(7)
    for number in range(20):
        await desk.say(7, str(number), kind="receipt")
    await desk.all_said()
    assert told(desk.server, 7) == [str(number) for number in range(20)]


async def test_only_the_newest_of_what_was_not_tried_is_said_and_receipts_are_never_left_out(desk: Desk) -> None:
    desk.server.person(7)
    desk.server.fail(too_many(1))
    await desk.say(7, "først")
    await asyncio.sleep(0.1)
    for text, kind in [
        ("en del", "question"),
        ("kvittering", "receipt"),
        ("to deler", "question"),
        ("tre", "question"),
    ]:
        await desk.say(7, text, kind=kind)
    await desk.all_said()
    assert told(desk.server, 7) == ["kvittering", "tre"]


@pytest.mark.slow
async def test_a_ban_is_waited_for_to_its_end_and_only_where_it_holds(desk: Desk) -> None:
    kari, ola = desk.server.person(7), desk.server.person(8)
    desk.server.fail(too_many(1), chat_id=7)
    await desk.say(7, "til Kari")
    await asyncio.sleep(0.1)
    await desk.say(8, "til Ola")
    await ola.hears(timeout=0.5)
    await kari.hears(timeout=3)
    first, second = [call.at for call in desk.server.called("sendMessage") if call.parameters["chat_id"] == "7"]
    assert second - first >= 1


async def test_one_person_who_hangs_holds_up_no_other(desk: Desk) -> None:
    ola = desk.server.person(8)
    desk.server.person(7)
    desk.server.fail(Hang(2), chat_id=7)
    await desk.say(7, "til Kari")
    await desk.say(8, "til Ola")
    await ola.hears(timeout=0.5)


async def test_somebody_who_has_blocked_us_is_left_alone_until_they_write_again(desk: Desk) -> None:
    kari = desk.server.person(7)
    kari.has_blocked = True
    await desk.say(7, "hei")
    await desk.all_said()
    assert await desk.read("SELECT unreachable_at IS NOT NULL FROM conversations") == [(1,)]
    kari.has_blocked = False
    await desk.say(7, "velkommen tilbake")
    assert (await kari.hears()).text == "velkommen tilbake"


async def test_a_receipt_for_somebody_who_has_blocked_us_is_kept(desk: Desk) -> None:
    desk.server.person(7)
    desk.server.fail(blocked())
    await desk.say(7, "kvittering", kind="receipt")
    async with asyncio.timeout(5):
        while await desk.read("SELECT 1 FROM conversations WHERE unreachable_at IS NULL"):
            pass
    assert await desk.read("SELECT sent_at FROM outbox") == [(None,)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", [broken(), broken(502)], ids=["500", "502"])
async def test_a_failure_of_telegram_is_waited_out(desk: Desk, fault: Refusal) -> None:
    desk.server.fail(fault, times=2)
    kari = desk.server.person(7)
    await desk.say(7, "hei")
    await kari.hears()
    await kari.hears_no_more()


@pytest.mark.usefixtures("quickly")
async def test_a_lost_answer_makes_us_say_it_once_more_and_once_again_and_then_no_more(desk: Desk) -> None:
    kari = desk.server.person(7)
    desk.server.fail(AnswerLost(), times=5)
    await desk.say(7, "hei")
    await desk.all_said()
    await kari.hears(3)
    await kari.hears_no_more()
    assert await desk.read("SELECT may_repeat FROM conversations") == [(3,)]


async def test_what_is_broken_off_twice_is_said_when_the_network_has_had_some_seconds(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.exchange.delivery.AFTER_UNCERTAIN", (0.2, 1.2))
    kari, ola = desk.server.person(7), desk.server.person(8)
    desk.server.fail(Reset(), chat_id=7, times=2)
    await desk.say(7, "til Kari")
    await desk.say(8, "til Ola")
    assert (await kari.hears()).text == "til Kari"
    await kari.hears_no_more()
    await ola.hears()
    first, second, third = [call.at for call in desk.server.called("sendMessage") if call.parameters["chat_id"] == "7"]
    assert second - first >= 0.1
    assert third - second >= 0.6


async def test_what_is_newer_does_not_wait_for_what_is_tried_again(desk: Desk) -> None:
    kari = desk.server.person(7)
    desk.server.fail(Reset())
    await desk.say(7, "gammelt")
    while not desk.server.called("sendMessage"):  # noqa: ASYNC110 - the stand-in has no event for a call
        await asyncio.sleep(0.01)
    await desk.say(7, "nytt")
    assert (await kari.hears(timeout=0.5)).text == "nytt"


async def test_a_connection_that_breaks_before_anything_was_said_loses_nothing(desk: Desk) -> None:
    desk.server.fail(Reset())
    kari = desk.server.person(7)
    await desk.say(7, "hei")
    await kari.hears()
    await kari.hears_no_more()


async def test_what_telegram_refuses_is_said_once_without_its_buttons(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "hei", buttons=(Button("d" * 65, Text("label-yes")),))
    assert (await kari.hears()).labels == []
    await desk.all_said()
    assert await desk.aside() == []


async def test_what_telegram_refuses_twice_is_set_aside_and_stops_nobody(desk: Desk) -> None:
    kari = desk.server.person(7)
    desk.server.fail(Refusal(400, "Bad Request: strange"), times=2)
    await desk.say(7, "hei", buttons=(YES,))
    await desk.all_said()
    assert [(aside.channel, aside.reason) for aside in await desk.aside()] == [("telegram", "Strange")]
    await desk.say(7, "videre")
    assert (await kari.hears()).text == "videre"


async def test_a_message_that_cannot_be_rendered_is_set_aside_and_stops_nobody(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "hei", example=Text("no-such-text"))
    await desk.all_said()
    assert [aside.reason for aside in await desk.aside()] == ["not rendered: KeyError"]
    await desk.say(7, "videre")
    assert (await kari.hears()).text == "videre"


async def test_an_edit_takes_the_place_of_the_message(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "side 1")
    await kari.hears()
    await desk.say(7, "side 2", edits=True)
    assert (await kari.hears()).edited
    assert [heard.text for heard in kari.messages.values()] == ["side 2"]


async def test_of_a_long_text_only_the_first_piece_is_an_edit(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "side 1")
    await kari.hears()
    await desk.say(7, "a" * 4096 + "b", edits=True)
    await kari.hears(2)
    assert [heard.text for heard in kari.messages.values()] == ["a" * 4096, "b"]


async def test_an_edit_that_changes_nothing_is_done(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "side 1")
    await kari.hears()
    await desk.say(7, "side 1", edits=True)
    await desk.all_said()
    assert told(desk.server, 7) == ["side 1"]
    assert await desk.read("SELECT sent_id FROM outbox") == [("1",), ("1",)]


async def test_a_message_that_cannot_be_edited_is_sent_anew(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "side 2", edits=True)
    assert not (await kari.hears()).edited


async def test_while_a_look_up_is_out_only_typing_is_shown(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "Vi slår opp", kind="waiting")
    await desk.all_said()
    assert (kari.typing, kari.heard) == (1, [])


async def test_a_long_text_comes_in_pieces_with_the_buttons_under_the_last(desk: Desk) -> None:
    kari = desk.server.person(7)
    text = "\n".join(f"{number}. Vi vil ha fortau langs skoleveien." for number in range(250))
    await desk.say(7, text, buttons=(YES,))
    await kari.hears(3)
    assert "\n".join(told(desk.server, 7)) == text
    assert [heard.labels for heard in kari.heard] == [[], [], ["Ja, det stemmer"]]


async def test_a_piece_that_failed_is_said_again_and_not_those_before_it(desk: Desk) -> None:
    kari = desk.server.person(7)
    text = "a" * 4096 + "b" * 4096 + "c"
    await desk.say(7, "x")
    await kari.hears()
    desk.server.fail(Hang(0.1), chat_id=7, times=1)
    await desk.say(7, text)
    await kari.hears(3)
    await kari.hears_no_more()
    assert told(desk.server, 7) == ["x", "a" * 4096, "b" * 4096, "c"]


async def test_a_receipt_holds_the_text_where_there_is_room(desk: Desk) -> None:
    kari = desk.server.person(7)
    await desk.say(7, "Takk.", kind="receipt", document=Document("x.txt", "  • fortau\n", verbatim("Dette fikk vi:")))
    assert (await kari.hears()).text == "Takk.\n\nDette fikk vi:\n  • fortau"


async def test_a_receipt_brings_a_long_text_as_a_file_to_the_letter(desk: Desk) -> None:
    kari = desk.server.person(7)
    text = "  Blåbær 😀\n\n• fortau\n" * 500
    document = Document("horingssvar-KT7RB4XM.txt", text)
    await desk.say(7, "Takk.", kind="receipt", document=document, buttons=(YES,))
    file = await kari.hears(2)
    assert told(desk.server, 7) == ["Takk.", ""]
    assert (file.document_name, file.document, file.labels) == (document.name, text, ["Ja, det stemmer"])


async def test_each_chat_gets_one_message_a_second_after_a_short_burst(server: BotApi, tmp_path: Path) -> None:
    server.person(7)
    async with desk_at(tmp_path / "innspill.db", server, Limits(per_chat=10, burst=3)) as desk:
        for number in range(6):
            await desk.say(7, str(number), kind="receipt")
        await desk.all_said()
    at = [call.at for call in server.called("sendMessage")]
    assert at[5] - at[0] >= 0.25
    assert at[2] - at[0] < (at[5] - at[0]) / 2  # the burst did not wait


async def test_all_chats_together_stay_under_the_limit_over_all(server: BotApi, tmp_path: Path) -> None:
    async with desk_at(tmp_path / "innspill.db", server, Limits(overall=50, burst=1)) as desk:
        for chat in range(20):
            server.person(chat)
            await desk.say(chat, "hei")
        await desk.all_said()
    at = [call.at for call in server.called("sendMessage")]
    assert at[-1] - at[0] >= 0.3


async def test_nothing_is_said_while_it_cannot_be_written_down_that_we_try(desk: Desk) -> None:
    kari = desk.server.person(7)
    row = await desk.say(7, "hei", hand_over=False)
    await desk.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(str(desk.path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    desk.delivery.put(row)
    await kari.hears_no_more(0.3)
    other.execute("ROLLBACK")
    other.close()
    await kari.hears()
    await desk.all_said()


@pytest.mark.usefixtures("quickly")
async def test_before_something_is_said_again_the_conversation_knows_that_it_may_come_twice(desk: Desk) -> None:
    kari = desk.server.person(7)
    desk.server.fail(AnswerLost())
    desk.server.fail(Hang(1))
    await desk.say(7, "hei")
    await kari.hears()
    async with asyncio.timeout(0.8):
        while len(desk.server.called("sendMessage")) < 2:  # noqa: ASYNC110 - the stand-in has no event for a call
            await asyncio.sleep(0.01)
    assert await desk.read("SELECT may_repeat, (SELECT count(sent_at) FROM outbox) FROM conversations") == [(2, 0)]


@pytest.mark.slow
@pytest.mark.parametrize("fault", [too_many(1), broken(), Refusal(400, "Bad Request: strange")])
async def test_what_was_certainly_not_said_is_no_repeat(desk: Desk, fault: Refusal) -> None:
    desk.server.fail(fault)
    await desk.say(7, "hei", buttons=(YES,))
    await desk.server.person(7).hears()
    await desk.all_said()
    assert await desk.read("SELECT may_repeat FROM conversations") == [(0,)]


async def test_what_something_newer_took_the_place_of_in_the_same_moment_is_not_said(desk: Desk) -> None:
    kari = desk.server.person(7)
    older = await desk.say(7, "gammelt", hand_over=False)
    newer = await desk.say(7, "nytt", hand_over=False)
    desk.delivery.put(older)
    await kari.hears_no_more()
    desk.delivery.put(newer)
    assert (await kari.hears()).text == "nytt"
