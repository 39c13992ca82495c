"""Updates are confirmed to Telegram when they are on disk, and never before; over HTTP, with the real library."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.channels.telegram.api import Api
from bot.channels.telegram.incoming import Telegram
from bot.exchange.channel import Exchanged, FatalChannelError
from dialogs.events import AnyEvent, Attached, Edited, Picked, Said, Started
from dialogs.texts import LOCALES
from storage.database.errors import NotSaved
from tests.stand_ins.bot_api import TOKEN, BotApi, Fault, Hang, Reset, broken, too_many


@dataclass
class Listener:
    """An exchange that only listens. It keeps each event once, as the real one does, and can be told to fail."""

    events: list[tuple[str, AnyEvent, str | None]] = field(default_factory=list)
    aside: list[tuple[str, str, str]] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    failures: dict[str, int] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    sent: list[datetime | None] = field(default_factory=list)

    async def exchange(
        self,
        channel: str,
        address: str,
        event_id: str,
        event: AnyEvent,
        *,
        edit_target: str | None = None,
        sent_at: datetime | None = None,
    ) -> Exchanged:
        await asyncio.sleep(self.slow.get(address, 0))
        self.may_fail(address)
        if event_id not in self.claimed:
            self.claimed.add(event_id)
            self.events.append((address, event, edit_target))
            self.sent.append(sent_at)
        return Exchanged(None, None, 1)

    async def set_aside(self, channel: str, event_id: str, raw: str, reason: str, address: str = "") -> None:
        self.may_fail("aside")
        if event_id not in self.claimed:
            self.claimed.add(event_id)
            self.aside.append((event_id, raw, reason))

    def may_fail(self, address: str) -> None:
        if self.failures.get(address):
            self.failures[address] -= 1
            raise NotSaved("the disk is full")

    def texts(self) -> list[str]:
        return [event.text for _, event, _ in self.events if isinstance(event, Said | Edited)]


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


async def nothing() -> None:
    """Nobody waits for us to have caught up."""


@asynccontextmanager
async def polling(
    server: BotApi, exchange: Listener, caught_up: Callable[[], None] = lambda: None
) -> AsyncIterator[Telegram]:
    async def on_caught_up() -> None:
        caught_up()

    api = Api(TOKEN, server.root)
    telegram = Telegram(api, exchange, locale="nb", on_caught_up=on_caught_up, poll_seconds=1)
    running = asyncio.get_running_loop().create_task(telegram.run())
    try:
        yield telegram
    finally:
        await telegram.stop()
        await api.close()
        await running


async def test_what_people_do_arrives_as_what_they_did(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    async with polling(server, listener):
        await kari.send("/start c1")
        await kari.send("Kari")
        await kari.edit(2, "Kari Anne")
        await kari.attach("sticker")
        kari.press_data("d:type:person", 9)
        await server.idle()
    assert [type(event) for _, event, _ in listener.events] == [Started, Said, Edited, Attached, Picked]
    assert {address for address, _, _ in listener.events} == {"7"}
    edited = listener.events[2][1]
    assert isinstance(edited, Edited)
    assert edited.message_id == str(kari.own[1])
    assert listener.events[-1][2] == "9"


async def test_what_waited_for_us_carries_when_it_was_sent(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    await kari.send("i går", date=1793000000)
    kari.press_data("d:type:person", 9)
    async with polling(server, listener):
        await server.idle()
    assert listener.sent == [datetime.fromtimestamp(1793000000, UTC), None]


@pytest.mark.slow
async def test_what_is_not_on_disk_comes_again_in_order_and_nothing_comes_twice(server: BotApi) -> None:
    listener, kari, ola = Listener(failures={"7": 2}), server.person(7), server.person(8)
    await kari.send("en")
    await kari.send("to")
    await ola.send("tre")
    async with polling(server, listener):
        await asyncio.sleep(0.2)
        assert server.waiting() == [1001, 1002, 1003]
        assert listener.texts() == ["tre"]
        await server.idle()
    assert listener.texts() == ["tre", "en", "to"]


async def test_the_time_at_which_it_first_reached_us_counts(server: BotApi) -> None:
    listener, kari = Listener(failures={"7": 1}), server.person(7)
    ola = server.person(8)
    await kari.send("i siste liten")
    await ola.send("samtidig")
    async with polling(server, listener):
        await server.idle()
    at = {address: event.at for address, event, _ in listener.events}
    assert at["7"] == at["8"]


async def test_one_slow_chat_holds_up_no_other(server: BotApi) -> None:
    listener, kari, ola = Listener(slow={"7": 0.1}), server.person(7), server.person(8)
    for number in range(3):
        await kari.send(f"Kari {number}")
        await ola.send(f"Ola {number}")
    async with polling(server, listener):
        await server.idle()
    assert listener.texts() == ["Ola 0", "Ola 1", "Ola 2", "Kari 0", "Kari 1", "Kari 2"]


async def test_one_bad_update_is_set_aside_and_stops_nobody(server: BotApi) -> None:
    listener, kari = Listener(failures={"aside": 1}), server.person(7)
    await kari.send("før")
    server.push({"message": {"chat": {"type": "private", "id": 7}, "text": 5}})
    server.push({"callback_query": {"\ud800": 1}})
    await kari.send("etter \ud800")
    async with polling(server, listener):
        await server.idle()
    assert listener.texts() == ["før", "etter \ufffd"]
    assert [event_id for event_id, _, _ in listener.aside] == ["1002", "1003"]
    assert json.loads(listener.aside[0][1])["message"]["text"] == 5


async def test_every_press_is_answered_even_when_it_cannot_be_kept_yet(server: BotApi) -> None:
    listener, kari = Listener(failures={"7": 1}), server.person(7)
    server.fail(broken(), "answerCallbackQuery")
    async with polling(server, listener):
        kari.press_data("d:a:b", 1)
        await server.idle()
        kari.press_data("d:a:c", 1)
        await server.idle()
        await asyncio.sleep(0.05)
    assert server.answered == ["7-1", "7-2"]
    assert [event.data for _, event, _ in listener.events if isinstance(event, Picked)] == ["d:a:b", "d:a:c"]


@pytest.mark.slow
async def test_ids_that_start_again_lower_are_taken_in(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    async with polling(server, listener):
        await kari.send("før")
        await server.idle()
        while len(server.called("getUpdates")) < 4:  # noqa: ASYNC110 - the stand-in has no event for an empty poll
            await asyncio.sleep(0.02)
        server.next_update_id = 5
        await kari.send("etter")
        await server.idle()
    assert listener.texts() == ["før", "etter"]


async def test_more_than_one_batch_is_handled_before_anything_left_over_is_said(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    for number in range(150):
        await kari.send(str(number))
    seen: list[int] = []
    async with polling(server, listener, lambda: seen.append(len(listener.events))):
        await server.idle()
        await asyncio.sleep(0.05)
    assert seen == [150]
    assert listener.texts() == [str(number) for number in range(150)]


TROUBLE: dict[str, Fault] = {
    "broken": broken(),
    "bad gateway": broken(502),
    "reset": Reset(),
    "hang": Hang(0.1),
    "flood": too_many(1),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", TROUBLE)
async def test_trouble_at_telegram_passes_by_itself(server: BotApi, name: str) -> None:
    listener, kari = Listener(), server.person(7)
    server.fail(TROUBLE[name], "getMe")
    server.fail(TROUBLE[name], "getUpdates", times=2)
    await kari.send("hei")
    async with polling(server, listener):
        await server.idle()
    assert listener.texts() == ["hei"]


@pytest.mark.parametrize("method", ["getMe", "getUpdates"])
async def test_a_wrong_token_ends_it_with_one_plain_line(server: BotApi, method: str) -> None:
    if method == "getMe":
        server.token = "another"
    api = Api(TOKEN, server.root)
    telegram = Telegram(api, Listener(), locale="nb", on_caught_up=nothing, poll_seconds=1)
    running = asyncio.get_running_loop().create_task(telegram.run())
    if method == "getUpdates":
        await asyncio.sleep(0.2)
        server.token = "another"
    with pytest.raises(FatalChannelError, match=r"^Telegram does not know this bot: .*\.$"):
        await asyncio.wait_for(running, 5)
    await api.close()


async def test_another_program_that_polls_is_told_of_once_and_waited_out(
    server: BotApi, caplog: pytest.LogCaptureFixture
) -> None:
    listener, kari, second = Listener(), server.person(7), Api(TOKEN, server.root)
    async with polling(server, listener):
        await second.open()
        for _ in range(3):
            await asyncio.sleep(0.7)
            await second.get_updates(0, 0)
        await kari.send("hei")
        await server.idle()
    await second.close()
    assert listener.texts() == ["hei"]
    (record,) = caplog.records
    assert record.message.startswith("Another program takes in this bot's messages")


async def test_a_webhook_of_before_is_taken_away_and_what_waits_stays(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    server.webhook = {"url": "https://example.no/telegram/webhook"}
    await kari.send("hei")
    async with polling(server, listener):
        await server.idle()
    assert listener.texts() == ["hei"]


async def test_commands_are_shown_in_every_language_and_to_everybody_else(server: BotApi) -> None:
    async with polling(server, Listener()):
        await server.person(7).send("hei")
        await server.idle()
    assert server.commands.keys() == {"", *LOCALES}
    assert server.commands[""] == server.commands["nb"]
    assert [command["command"] for command in server.commands["nb"]] == [
        "start",
        "hjelp",
        "tilbake",
        "avbryt",
        "sprak",
        "mine",
    ]
    assert [command["command"] for command in server.commands["en"]] == [
        "start",
        "help",
        "back",
        "cancel",
        "language",
        "responses",
    ]


async def test_stopping_finishes_what_was_taken_in(server: BotApi) -> None:
    listener, kari = Listener(slow={"7": 0.2}), server.person(7)
    await kari.send("hei")
    async with polling(server, listener) as telegram:
        while not server.called("getUpdates"):  # noqa: ASYNC110 - the stand-in has no event for a call
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.05)
        await telegram.stop()
        assert listener.texts() == ["hei"]


@pytest.mark.slow
async def test_neither_the_token_nor_an_answer_is_ever_logged(server: BotApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    listener, kari = Listener(failures={"7": 1}), server.person(7)
    for fault in (broken(), Reset(), Hang(0.05)):
        server.fail(fault, "getUpdates")
    server.fail(broken(), "answerCallbackQuery")
    await kari.send("en hemmelighet")
    kari.press_data("en hemmelighet", 1)
    server.push({"message": {"chat": {"type": "private", "id": 7}, "text": ["en hemmelighet"]}})
    async with polling(server, listener):
        await server.idle()
    assert "asking again" in caplog.text
    assert TOKEN.partition(":")[2] not in caplog.text
    assert "hemmelighet" not in caplog.text
