"""The installed program and Telegram: one plain line where it cannot go on, and an end within five seconds."""

from __future__ import annotations

import asyncio
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.running.running_program import INNSPILL, RunningProgram
from tests.running.test_program import exported
from tests.stand_ins.bot_api import TOKEN, BotApi, Hang, Refusal

pytestmark = pytest.mark.slow

SECRET = "made-up_webhook_secret"


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


def settings(folder: Path, server: BotApi, *, webhook: bool = False) -> dict[str, str]:
    given = {
        "INNSPILL_DATABASE": str(folder / "innspill.db"),
        "INNSPILL_ENTITY_REGISTER": "stand-in",
        "INNSPILL_TELEGRAM_TOKEN": TOKEN,
        "INNSPILL_TELEGRAM_API": server.root,
    }
    return {**given, "INNSPILL_TELEGRAM_WEBHOOK_SECRET": SECRET} if webhook else given


async def test_a_token_that_telegram_does_not_know_ends_it_with_one_line(tmp_path: Path, server: BotApi) -> None:
    server.token = "another"
    async with RunningProgram(settings(tmp_path, server)) as program:
        code, errors = await program.ends()
    assert code == 2
    line = "innspill: Telegram does not know this bot: check INNSPILL_TELEGRAM_TOKEN and INNSPILL_TELEGRAM_API.\n"
    assert errors == line


async def test_another_program_that_asks_for_updates_is_told_once_and_waited_out(
    tmp_path: Path, server: BotApi
) -> None:
    async with RunningProgram(settings(tmp_path, server)) as program:
        while not server.called("getUpdates"):  # noqa: ASYNC110 - the stand-in has no event for a call
            await asyncio.sleep(0.05)
        async with aiohttp.ClientSession() as http:

            async def ask_again_and_again() -> None:
                while True:
                    (await http.get(f"{server.root}/bot{TOKEN}/getUpdates?timeout=1")).close()

            asking = asyncio.get_running_loop().create_task(ask_again_and_again())
            await asyncio.sleep(3)
            async with http.get(f"{program.url}/") as page, http.get(f"{program.url}/staff/login") as desk:
                assert (page.status, desk.status) == (200, 200)
            asking.cancel()
        kari = server.person(7)
        await kari.send("/start")
        await kari.hears(timeout=15)
        assert await program.stop() == 0
    assert program.errors.count("Another program takes in this bot's messages") == 1
    assert program.errors.count("\n") == 1


async def test_a_webhook_that_telegram_refuses_ends_it_with_one_line(tmp_path: Path, server: BotApi) -> None:
    server.fail(Refusal(400, "Bad Request: bad webhook: Failed to resolve host"), "setWebhook")
    async with RunningProgram(settings(tmp_path, server, webhook=True)) as program:
        code, errors = await program.ends()
    assert code == 2
    assert errors.startswith("innspill: Telegram refuses the webhook http://127.0.0.1:")
    assert errors.count("\n") == 1
    assert SECRET not in errors


async def test_a_webhook_without_https_is_refused_with_one_line(tmp_path: Path, server: BotApi) -> None:
    given = {**settings(tmp_path, server, webhook=True), "INNSPILL_BASE_URL": "http://example.no"}
    refused = await asyncio.create_subprocess_exec(INNSPILL, "serve", env=given, stdout=PIPE, stderr=PIPE)
    out, errors = await refused.communicate()
    assert (refused.returncode, out) == (2, b"")
    assert errors.startswith(b"innspill: INNSPILL_TELEGRAM_WEBHOOK_SECRET is set, and INNSPILL_BASE_URL")
    assert errors.count(b"\n") == 1


@pytest.mark.parametrize("webhook", [False, True], ids=["polling", "webhook"])
@pytest.mark.parametrize(
    "hanging",
    [
        ("getMe",),
        ("setWebhook", "deleteWebhook"),
        ("getUpdates", "getWebhookInfo"),
        ("sendMessage", "editMessageText", "sendChatAction", "answerCallbackQuery"),
    ],
    ids=lambda methods: methods[0],
)
async def test_sigterm_ends_it_within_five_seconds_though_telegram_hangs(
    tmp_path: Path, server: BotApi, hanging: tuple[str, ...], webhook: bool
) -> None:
    for method in hanging:
        server.fail(Hang(60), method, times=1000)
    people = [server.person(number) for number in range(5)]
    for person in people:
        await person.send("/start")
    async with RunningProgram(settings(tmp_path, server, webhook=webhook)) as program:
        async with asyncio.timeout(10):
            while not {call.method for call in server.calls} & set(hanging):  # noqa: ASYNC110 - no event for a call
                await asyncio.sleep(0.05)
        begun = time.monotonic()
        assert await program.stop() == 0
        assert time.monotonic() - begun < 5


async def test_sigterm_ends_it_within_five_seconds_though_a_web_visitor_hangs(tmp_path: Path, server: BotApi) -> None:
    server.fail(Hang(60), times=1000)
    await server.person(7).send("/start")
    async with RunningProgram(settings(tmp_path, server)) as program:
        _, writer = await asyncio.open_connection("127.0.0.1", program.port)
        writer.write(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nnonce="
        )
        await writer.drain()
        while not server.called("sendMessage"):  # noqa: ASYNC110 - the stand-in has no event for a call
            await asyncio.sleep(0.05)
        begun = time.monotonic()
        assert await program.stop() == 0
        assert time.monotonic() - begun < 5
        writer.close()


async def test_switching_between_polling_and_webhook_in_the_middle_of_a_conversation_loses_nothing(
    tmp_path: Path, server: BotApi
) -> None:
    kari = server.person(7)
    turns = (
        ("/start", "Privatperson", "Hopp over"),
        ("kari@example.no", "22 00 00 00", "Kari"),
        ("Nordmann", "18/101", "Ja, det stemmer"),
        ("Flere benker", "Ferdig", "Send inn"),
    )
    for number, texts in enumerate(turns):
        await kari.send(texts[0])
        async with RunningProgram(settings(tmp_path, server, webhook=number % 2 == 0)) as program:
            heard = await kari.hears(timeout=15)
            for text in texts[1:]:
                await kari.send(text)
                heard = await kari.hears(timeout=15)
            assert await program.stop() == 0
    assert "Kvitteringsnummer" in heard.text
    (row,) = exported(tmp_path / "innspill.db")
    assert (row["first_name"], row["last_name"], row["text"]) == ("Kari", "Nordmann", "Flere benker")
    assert server.called("getUpdates")
    assert set(server.webhook_posts.statuses) == {200}
