"""What an operator sees at `/metrics`: only with the token, what happens, and nothing that people send."""

from __future__ import annotations

import asyncio
import math
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot import clock
from bot.channels.telegram.messages import CHANNEL
from bot.channels.telegram.serving import running
from bot.exchange import watching
from bot.exchange.channel import DeliveryError
from bot.exchange.delivery import Limits
from bot.exchange.metrics import Metrics
from bot.exchange.watching import NOBODY
from bot.jobs.kinds.sweep import sweep_once
from bot.register import stand_in
from bot.serving import Serving
from dialogs.facts import Result
from storage.database.errors import NotSaved
from storage.database.opening import transaction
from storage.database.sqlite import sqlite3
from tests.channels.web.plain_browser import PlainBrowser
from tests.conversations.chat import HOUSE
from tests.exchange.metrics.desk import (
    AT,
    BEARER,
    METRICS_TOKEN,
    Operator,
    fill_in,
    respond,
    said_of,
    samples,
    say,
    serving,
    settings_for,
)
from tests.running.running_program import RunningProgram
from tests.stand_ins.bot_api import TOKEN, BotApi, blocked, too_many

# --- Who may see it -------------------------------------------------------------------------------------------------


async def test_without_a_token_in_the_settings_there_is_no_such_page_and_nobody_counts(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        operator = await serving(settings_for(tmp_path), stack)
        assert operator.service.watch is NOBODY
        for headers in ({}, BEARER, {"Authorization": "Bearer "}):
            assert (await operator.client.get("/metrics", headers=headers)).status == 404


@pytest.mark.parametrize(
    "given",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {METRICS_TOKEN[:-1]}",
        f"Bearer {METRICS_TOKEN}x",
        f"Basic {METRICS_TOKEN}",
        METRICS_TOKEN,
        "Bearer \N{LATIN SMALL LETTER AE}",
    ],
)
async def test_who_does_not_have_the_token_is_told_how_to_show_it_and_nothing_else(
    operator: Operator, given: str | None
) -> None:
    headers = {} if given is None else {"Authorization": given}
    async with operator.client.get("/metrics", headers=headers) as response:
        assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")
        assert response.headers["Cache-Control"] == "no-store"
        assert await response.text() == ""


async def test_a_token_of_bytes_that_are_no_text_is_a_wrong_one(operator: Operator) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", operator.client.port)
    writer.write(
        b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \xe6\xff\r\nConnection: close\r\n\r\n"
    )
    assert (await reader.readline()).split()[1] == b"401"
    writer.close()
    await writer.wait_closed()


async def test_who_has_the_token_gets_the_text_format_and_nobody_keeps_it(operator: Operator) -> None:
    for scheme in ("Bearer", "bearer"):
        headers = {"Authorization": f"{scheme} {METRICS_TOKEN}"}
        async with operator.client.get("/metrics", headers=headers) as response:
            assert response.status == 200
            assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
            assert response.headers["Cache-Control"] == "no-store"
            assert samples(await response.text())


# --- What is counted ------------------------------------------------------------------------------------------------


async def test_a_conversation_moves_what_it_should(operator: Operator) -> None:
    await operator.note()
    await respond(PlainBrowser(operator.client), "Vi er enige.")
    assert await operator.rise("innspill_responses_total", channel="web") == 1
    assert await operator.rise("innspill_lookup_duration_seconds_count", outcome="found") == 1
    kept = await operator.rise("innspill_exchanges_total", channel="web", outcome="kept")
    assert kept >= 13
    assert await operator.rise("innspill_commit_writes_sum") >= kept
    assert await operator.rise("innspill_commit_duration_seconds_count") >= kept
    assert await operator.rise("innspill_http_requests_total", method="POST", route="/", status="303") == 12
    assert await operator.rise("innspill_http_request_duration_seconds_count", method="GET", route="/") == 13
    assert await operator.value("innspill_exchanges_total", channel="web", outcome="not_saved") == 0


async def test_a_form_that_comes_again_is_counted_as_repeated(operator: Operator) -> None:
    browser = PlainBrowser(operator.client)
    form = await respond(browser, "Vi er enige.")
    await browser.post(form)
    await browser.post(form)
    assert await operator.value("innspill_exchanges_total", channel="web", outcome="repeated") == 2
    assert await operator.value("innspill_responses_total", channel="web") == 1


async def test_a_draft_that_is_sent_in_by_a_second_event_counts_once(operator: Operator) -> None:
    browser = PlainBrowser(operator.client)
    form = await fill_in(browser, "Vi er enige.")
    with transaction(operator.settings.database) as db:
        review = db.execute("SELECT session FROM conversations").fetchone()
    await browser.post(form)
    receipt = browser.page.text
    with transaction(operator.settings.database) as db:
        db.execute("UPDATE conversations SET session = ?", review)
        db.execute("UPDATE responses SET status = 'withdrawn'")  # or the person would be asked if it is replaced
    (nonce,) = {fields["nonce"] for fields in browser.page.hidden.values()}
    assert nonce != form["nonce"]
    await operator.note()
    await browser.post(form | {"nonce": nonce})
    assert browser.page.text == receipt
    assert await operator.rise("innspill_exchanges_total", channel="web", outcome="kept") == 1
    assert await operator.value("innspill_responses_total", channel="web") == 1


@pytest.mark.parametrize(
    ("method", "path", "route", "status"),
    [
        ("GET", "/healthz", "/healthz", 200),
        ("GET", "/oversikt", "/oversikt", 303),
        ("POST", "/", "/", 403),
        ("GET", "/look/other", "/look/{name}", 404),
    ],
)
async def test_a_request_counts_with_the_status_that_it_got(
    operator: Operator, method: str, path: str, route: str, status: int
) -> None:
    answer = await operator.client.request(method, path, data={"text": "hei"}, allow_redirects=False)
    assert answer.status == status
    assert await operator.value("innspill_http_requests_total", method=method, route=route, status=str(status)) == 1
    assert await operator.value("innspill_http_request_duration_seconds_count", method=method, route=route) == 1


async def test_what_becomes_of_an_event_is_told_apart(operator: Operator, caplog: pytest.LogCaptureFixture) -> None:
    service = operator.service
    await operator.note()
    await say(service, "1")
    await say(service, "1")
    await service.writer.run(lambda db: db.execute("UPDATE conversations SET active_at = 'i går'").fetchall())
    await say(service, "2")
    await service.set_aside("web", "3", "{", "not an event")
    await service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(str(operator.settings.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved):
        await say(service, "4")
    with pytest.raises(NotSaved):
        await service.set_aside("web", "5", "{", "not an event")
    other.close()
    rises = {
        outcome: await operator.rise("innspill_exchanges_total", channel="web", outcome=outcome)
        for outcome in watching.FATES
    }
    assert rises == {"kept": 1, "repeated": 1, "set_aside": 2, "not_saved": 2}


@pytest.mark.parametrize("channel", ["web", CHANNEL])
async def test_who_sends_too_much_is_counted_as_set_aside(operator: Operator, channel: str) -> None:
    operator.service.senders[CHANNEL] = lambda *_: None
    for number in (*range(63), 62):
        await say(operator.service, str(number), channel)
    assert await operator.value("innspill_exchanges_total", channel=channel, outcome="kept") == 60
    assert await operator.value("innspill_exchanges_total", channel=channel, outcome="set_aside") == 3
    assert await operator.value("innspill_exchanges_total", channel=channel, outcome="repeated") == 1


async def test_what_telegram_does_with_a_message_is_counted_by_what_it_was(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(BotApi())
        telegram = {"INNSPILL_TELEGRAM_TOKEN": TOKEN, "INNSPILL_TELEGRAM_API": server.root}
        operator = await serving(settings_for(tmp_path, INNSPILL_METRICS_TOKEN=METRICS_TOKEN, **telegram), stack)
        limits, routes = Limits(per_chat=math.inf, overall=math.inf), web.Application()
        failures: list[BaseException] = []
        settings, service = operator.settings, operator.service
        await stack.enter_async_context(running(Serving(settings, service, HOUSE, routes, failures.append, limits)))
        kari = server.person(7)
        server.fail(too_many(0), chat_id=7)
        await kari.send("/start")
        await kari.hears(timeout=10)
        server.fail(blocked(), chat_id=7)
        await kari.send("Privatperson")
        async with asyncio.timeout(10):
            while not await operator.value("innspill_sends_total", channel=CHANNEL, outcome="unreachable"):
                pass
        assert await operator.value("innspill_sends_total", channel=CHANNEL, outcome="told_to_wait") == 1
        assert await operator.value("innspill_sends_total", channel=CHANNEL, outcome="sent") == 1
        assert await operator.value("innspill_exchanges_total", channel=CHANNEL, outcome="kept") == 2
        assert failures == []


def test_each_way_in_which_sending_can_fail_has_a_name() -> None:
    assert set(watching._SENDINGS) == set(DeliveryError.__subclasses__())
    assert {"sent", *watching._SENDINGS.values()} == set(watching.SENDINGS)


@pytest.mark.parametrize(
    ("number", "outcome"),
    [
        (stand_in.REFERENCE, "found"),
        (stand_in.DELETED, "deleted"),
        (stand_in.REMOVED, "removed"),
        (stand_in.UNKNOWN, "unknown"),
        (stand_in.FAILING, "no_answer"),
    ],
)
async def test_what_the_register_answers_is_counted(operator: Operator, number: str, outcome: str) -> None:
    answer: Result = await operator.service.register.entity(number)
    assert answer is not None
    assert await operator.value("innspill_lookup_duration_seconds_count", outcome=outcome) == 1


async def test_a_search_of_the_register_is_counted(operator: Operator) -> None:
    await operator.service.register.search("nabolaget", 0)
    assert await operator.value("innspill_lookup_duration_seconds_count", outcome="hits") == 1


async def test_the_last_sweep_that_came_to_its_end_is_dated(operator: Operator) -> None:
    assert await operator.value("innspill_last_sweep_timestamp_seconds") == 0
    clock.run_by(lambda: AT)
    try:
        await sweep_once(operator.service)
    finally:
        clock.run_by(None)
    assert await operator.value("innspill_last_sweep_timestamp_seconds") == AT.timestamp()


async def test_a_sweep_that_was_not_saved_is_not_dated(operator: Operator) -> None:
    await operator.service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(str(operator.settings.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(NotSaved):
        await sweep_once(operator.service)
    other.close()
    assert await operator.value("innspill_last_sweep_timestamp_seconds") == 0


# --- What never stands there ----------------------------------------------------------------------------------------


async def test_nothing_that_people_send_and_no_token_is_ever_in_it(operator: Operator) -> None:
    marker = "Markørtekst"
    browser = PlainBrowser(operator.client)
    await respond(browser, f"{marker} i svaret", marker, "merkelapp@example.no")
    await browser.open(f"/?c={marker}")
    await browser.open(f"/{marker}?{marker}={marker}", **{"X-Forwarded-For": "203.0.113.9", "User-Agent": "merkelapp"})
    await browser.open(f"/staff/responses/{marker}")
    for path in ("/staff/login", f"/look/{marker}", f"/static/{marker}"):
        await browser.open(path)
    await operator.client.post("/staff/login", data={"email": "merkelapp@example.no", "password": marker})
    await operator.client.get("/metrics", headers={"Authorization": f"Bearer {marker.encode().hex()}"})
    written = (await operator.text()).casefold()
    query = "SELECT reference FROM responses"
    ((reference,),) = await operator.service.writer.run(lambda db: db.execute(query).fetchall())
    sent = (marker, "merkelapp", "example.no", "nordmann", "203.0.113.9", marker.encode().hex(), reference)
    for secret in (*sent, stand_in.REFERENCE, METRICS_TOKEN):
        assert secret.casefold() not in written, secret


async def test_what_strangers_make_up_makes_no_labels(operator: Operator) -> None:
    for path in ("/finnes-ikke", "/wp-login.php", "/a/b/c", "/staff/finnes-ikke", "/embed.php", "/%C3%A6"):
        await operator.client.get(path, allow_redirects=False)
    for method in ("PROPFIND", "MKCOL", "PURGE"):
        await operator.client.request(method, "/finnes-ikke")
    await operator.client.post("/healthz")
    found = samples(await operator.text())
    assert said_of(found, "method") == {"GET", "POST", "other"}
    assert said_of(found, "route") == {"unmatched"}
    assert said_of(found, "status") == {"303", "404", "405"}


async def test_a_page_is_named_by_its_template_at_the_desk_too(operator: Operator) -> None:
    await operator.client.get("/staff/responses/KT7RB4XM", allow_redirects=False)
    assert said_of(samples(await operator.text()), "route") == {"/staff/responses/{reference}"}


async def test_two_services_in_one_process_do_not_count_together(tmp_path: Path) -> None:
    one, other = Metrics(tmp_path / "one.db"), Metrics(tmp_path / "other.db")
    one.stored("web")
    counted = ("innspill_responses_total", frozenset({("channel", "web")}))
    assert [samples(each.written().decode())[counted] for each in (one, other)] == [1, 0]


# --- The program ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_serve_shows_them_and_says_nothing_of_the_token(tmp_path: Path) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram({**settings, "INNSPILL_METRICS_TOKEN": METRICS_TOKEN}) as program:
        assert METRICS_TOKEN not in program.output
        async with aiohttp.ClientSession() as http, asyncio.timeout(10):
            assert (await http.get(f"{program.url}/metrics")).status == 401
            swept = 0.0
            while not swept:
                async with http.get(f"{program.url}/metrics", headers=BEARER) as response:
                    figures = samples(await response.text())
                swept = figures["innspill_last_sweep_timestamp_seconds", frozenset()]
    assert figures["process_resident_memory_bytes", frozenset()] > 0
