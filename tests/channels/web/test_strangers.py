"""The web chat among strangers: other sites, other browsers, scripts, curious eyes, and those who run it."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.channels.web import chat as web
from bot.clock import now
from bot.web.listening import listen
from bot.web.visit import Visitor
from dialogs.messages import (
    AnswerBox,
    Button,
    Document,
    Message,
    Row,
    verbatim,
)
from tests.channels.web.examples import FIRST, LONG, MAIL, REVIEW, WAITING, Open, always, chat, talk


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
        # Shown to the one who posted it, to be copied: a cookie that has run out loses nobody's text.
        assert "Dette skrev du. Det er ikke lagret." in page.text
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


STATIC = Path(web.__file__).parent / "static"
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
DIGEST = hashlib.sha256((STATIC / "chat.js").read_bytes()).hexdigest()[:16]
OUR_SCRIPT = f'<script src="/static/chat.js?v={DIGEST}" defer'


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
        assert re.findall("<script[^>]*", page.html) == [OUR_SCRIPT]
        assert "<img" not in page.html


async def test_every_answer_protects_its_reader(browse: Open) -> None:
    browser = await talk(browse, always(MAIL))
    for path in ("/", "/personvern", "/finnes-ikke", "/healthz", "/static/style.css"):
        headers = (await browser.client.get(path)).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; ")
        assert "form-action 'self'; base-uri 'none'" in policy
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


async def test_pages_have_no_script_but_a_file_of_ours_and_no_styles_of_their_own(browse: Open) -> None:
    for message in (FIRST, MAIL, LONG, REVIEW, WAITING):
        html = (await talk(browse, always(message))).page.html
        assert re.findall("<script[^>]*>[^<]*", html) == [f"{OUR_SCRIPT}>"]
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
