"""Telegram brings updates to the webhook: only it may, and 200 means that what it brought is on disk."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from io import BytesIO

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.channels.telegram import webhook as telegram_webhook
from bot.channels.telegram.api import Api
from bot.channels.telegram.incoming import Telegram, Webhook
from bot.channels.telegram.webhook import LARGEST_UPDATE, PATH, SECRET_HEADER
from bot.exchange.channel import FatalChannelError
from tests.channels.telegram.test_polling import Listener, polling
from tests.stand_ins.bot_api import TOKEN, AnswerLost, BotApi, Hang, Refusal, broken

SECRET = "made-up_webhook_secret"
NAME = "https://innspill.example.no"


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@dataclass
class Brought:
    """Where updates are brought to, and what came of them."""

    telegram: Telegram
    url: str
    begun: asyncio.Event
    caught_up: asyncio.Event

    async def post(self, body: bytes, secret: str | None = SECRET) -> tuple[int, str | None]:
        """The status of the answer, and its Retry-After."""
        headers = {} if secret is None else {SECRET_HEADER: secret}
        async with ClientSession() as http, http.post(self.url + PATH, data=BytesIO(body), headers=headers) as answer:
            return answer.status, answer.headers.get("Retry-After")


@asynccontextmanager
async def webhook(server: BotApi, listener: Listener) -> AsyncIterator[Brought]:
    begun, caught_up = asyncio.Event(), asyncio.Event()

    async def on_begun() -> None:
        begun.set()

    async def on_caught_up() -> None:
        caught_up.set()

    api = Api(TOKEN, server.root)
    hook = Webhook(NAME + PATH, SECRET)
    telegram = Telegram(api, listener, locale="nb", on_begun=on_begun, on_caught_up=on_caught_up, webhook=hook)
    routes = web.Application()
    telegram_webhook.add_route(routes, SECRET, telegram.take)
    async with AsyncExitStack() as up:
        place = await up.enter_async_context(TestServer(routes))
        server.hosts[NAME] = url = str(place.make_url("")).rstrip("/")
        running = asyncio.get_running_loop().create_task(telegram.run())
        try:
            yield Brought(telegram, url, begun, caught_up)
        finally:
            await telegram.stop()
            await api.close()
            await running


def said(text: str, number: int = 1) -> bytes:
    chat = {"id": 7, "type": "private"}
    update = {"update_id": number, "message": {"message_id": number, "date": 1, "chat": chat, "text": text}}
    return json.dumps(update).encode()


async def test_what_people_send_is_brought_and_confirmed_with_200(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    await kari.send("før")
    async with webhook(server, listener) as brought:
        await server.idle()
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        await kari.send("etter")
        await server.idle()
    assert listener.texts() == ["før", "etter"]
    assert server.webhook_posts.statuses == [200, 200]
    assert server.called("getUpdates") == []


async def test_it_is_set_with_its_secret_and_keeps_what_waits(server: BotApi) -> None:
    async with webhook(server, Listener()) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
    (call,) = server.called("setWebhook")
    assert call.parameters["url"] == NAME + PATH
    assert call.parameters["secret_token"] == SECRET
    assert json.loads(call.parameters["allowed_updates"]) == ["message", "edited_message", "callback_query"]
    assert call.parameters.get("drop_pending_updates", "false") == "false"


@pytest.mark.parametrize("secret", [None, "", "made-up", SECRET + "x", SECRET.upper(), "æ\udcff"])
async def test_who_does_not_know_the_secret_is_turned_away_unread(
    server: BotApi, secret: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    listener = Listener()
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        assert await brought.post(said("forfalsket"), secret) == (403, None)
        assert await brought.post(b"x" * (LARGEST_UPDATE + 1), secret) == (403, None)
    assert (listener.texts(), listener.aside) == ([], [])
    assert not secret or secret not in caplog.text


async def test_what_is_not_saved_is_asked_for_again_and_nothing_comes_twice(server: BotApi) -> None:
    listener, kari = Listener(failures={"7": 1}), server.person(7)
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        await kari.send("hei")
        await server.idle()
        listener.failures["7"] = 1
        assert await brought.post(said("en gang til", 5000)) == (503, "5")
    assert listener.texts() == ["hei"]
    assert server.webhook_posts.statuses == [503, 200]


async def test_an_answer_that_was_lost_changes_nothing_twice(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    server.fail(AnswerLost(), "webhook", times=2)
    async with webhook(server, listener):
        await kari.send("hei")
        await server.idle()
    assert listener.texts() == ["hei"]
    assert server.webhook_posts.statuses == [200, 200, 200]


async def test_the_time_at_which_it_first_came_counts(server: BotApi) -> None:
    listener, kari, ola = Listener(failures={"7": 1}), server.person(7), server.person(8)
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        await kari.send("i siste liten")
        await asyncio.sleep(0.05)
        await ola.send("senere")
        await server.idle()
    at = {address: event.at for address, event, _ in listener.events}
    assert at["7"] < at["8"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'"hei"',
        b"[" * 100_000,
        b'{"update_id": 1, "message": {"text": 5}}',
        b'{"a":1e999}',
    ],
)
async def test_an_update_that_cannot_be_read_is_set_aside_once_and_taken(server: BotApi, body: bytes) -> None:
    listener = Listener()
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        assert await brought.post(body) == (200, None)
        assert await brought.post(body) == (200, None)
        assert await brought.post(said("etter \ud800", 2)) == (200, None)
    assert len(listener.aside) == 1
    assert listener.texts() == ["etter \ufffd"]


async def test_a_body_larger_than_any_update_is_refused(server: BotApi) -> None:
    listener = Listener()
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        assert await brought.post(b" " * LARGEST_UPDATE + b"1") == (413, None)
    assert listener.aside == []


async def test_before_we_know_who_we_are_and_after_the_end_updates_have_to_come_again(server: BotApi) -> None:
    listener = Listener()
    server.fail(Hang(0.3), "getMe")
    async with webhook(server, listener) as brought:
        await asyncio.sleep(0.1)
        assert await brought.post(said("for tidlig")) == (503, "5")
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        await brought.telegram.stop()
        assert await brought.post(said("for sent")) == (503, "5")
    assert listener.texts() == []


async def test_what_is_left_over_is_said_after_what_waited_has_come(server: BotApi) -> None:
    listener = Listener(slow={"7": 0.3})
    await server.person(7).send("hei")
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.caught_up.wait(), 5)
        assert listener.texts() == ["hei"]


async def test_what_has_waited_for_long_is_not_held_up_by_what_waits_at_telegram(server: BotApi) -> None:
    listener = Listener(failures={"7": 1000})
    await server.person(7).send("hei")
    async with webhook(server, listener) as brought:
        await asyncio.wait_for(brought.begun.wait(), 1)
        assert not brought.caught_up.is_set()


async def test_between_polling_and_webhook_nothing_is_lost_and_nothing_comes_twice(server: BotApi) -> None:
    listener, kari = Listener(), server.person(7)
    for number in range(0, 12, 4):
        await kari.send(str(number))
        async with polling(server, listener):
            await server.idle()
            await kari.send(str(number + 1))
        await kari.send(str(number + 2))
        async with webhook(server, listener):
            await server.idle()
            await kari.send(str(number + 3))
    async with polling(server, listener):
        await server.idle()
    assert sorted(listener.texts(), key=int) == [str(number) for number in range(12)]


async def test_trouble_at_telegram_while_it_is_set_passes_by_itself(server: BotApi) -> None:
    listener = Listener()
    for method in ("getMe", "setWebhook", "getWebhookInfo"):
        server.fail(broken(), method)
    await server.person(7).send("hei")
    async with webhook(server, listener):
        await server.idle()
    assert listener.texts() == ["hei"]


async def test_an_address_that_telegram_refuses_ends_it_with_one_plain_line(server: BotApi) -> None:
    server.fail(Refusal(400, "Bad Request: bad webhook: Failed to resolve host"), "setWebhook")
    api = Api(TOKEN, server.root)
    await api.open()
    with pytest.raises(FatalChannelError, match=r"^Telegram refuses the webhook https://\S+: .*resolve host\.$"):
        await api.set_webhook(NAME + PATH, SECRET)
    await api.close()
