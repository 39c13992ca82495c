"""Who only opens connections holds up nobody: each part of a request has its time, and there is always room."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from ipaddress import ip_network

import pytest
from aiohttp import web

from bot.web import connections as rules
from bot.web.connections import Connections, shortage_said_once
from bot.web.errors import plain_pages
from bot.web.forms import posted_fields
from bot.web.listening import UNREADABLE, connections_with, listen
from bot.web.proxy import Network

GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
HALF_A_HEADER = b"GET / HTTP/1.1\r\nHost: x\r\n"
HALF_A_BODY = (
    b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9\r\n\r\ntext"
)

Peer = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[..., Awaitable[Peer]]


def application() -> web.Application:
    """A page at `/`, which a form can be posted to, and one that takes its time."""

    async def show(_: web.Request) -> web.Response:
        return web.Response(text="here")

    async def take(request: web.Request) -> web.Response:
        return web.Response(text=str((await posted_fields(request))["text"]))

    async def lost(request: web.Request) -> web.Response:
        assert isinstance(request.protocol, rules.Connection)
        request.protocol.cut()  # it gives way, and nobody has been told yet
        return await take(request)

    async def slow(_: web.Request) -> web.Response:
        await asyncio.sleep(1.5)
        return web.Response(text="at last")

    app = web.Application(middlewares=[plain_pages(lambda _, error: error.key, lambda _: ())])
    app.router.add_get("/", show)
    app.router.add_post("/", take)
    app.router.add_get("/slow", slow)
    app.router.add_post("/lost", lost)
    app[UNREADABLE] = "<p>We could not read it.</p>"
    return app


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a minute takes half a second."""
    monkeypatch.setattr(rules, "SECONDS_OF_A_HEADER", 0.4)
    monkeypatch.setattr(rules, "SECONDS_OF_A_BODY", 0.6)
    monkeypatch.setattr(rules, "SECONDS_IDLE", 0.8)
    monkeypatch.setattr(rules, "_SECONDS_BETWEEN_LOOKS", 0.05)


@asynccontextmanager
async def listening_at(
    port: int, most: int = 100, of_one: int = 100, proxy: Network | None = None
) -> AsyncIterator[Connect]:
    """The application at a port of loopback; who connects may do so from any address of it."""
    async with AsyncExitStack() as stack:
        runner = await listen(application(), "127.0.0.1", port, Connections(most, of_one, proxy))
        stack.push_async_callback(runner.cleanup)

        async def connect(says: bytes = b"", address: str = "127.0.0.1") -> Peer:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(address, 0))
            stack.push_async_callback(leave, writer)
            writer.write(says)
            return reader, writer

        yield connect


async def leave(writer: asyncio.StreamWriter) -> None:
    """Close a connection, if the other side has not."""
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


async def said(peer: Peer, seconds: float = 5) -> bytes:
    """What comes until the connection is closed, or the whole of one answer."""
    answer, ends = b"", (b"here", b"text", b"at last", b"hele", b"web-busy")
    with suppress(ConnectionError):
        async with asyncio.timeout(seconds):
            while not answer.endswith(ends) and (more := await peer[0].read(65536)):
                answer += more
    return answer


@pytest.mark.usefixtures("quickly")
@pytest.mark.parametrize("half", [b"", b"GET", HALF_A_HEADER, HALF_A_BODY, GET + HALF_A_HEADER, GET])
async def test_who_does_not_finish_is_not_waited_for(unused_tcp_port: int, half: bytes) -> None:
    async with listening_at(unused_tcp_port) as connect:
        peer = await connect(half)
        if half.startswith(GET):
            assert (await said(peer)).endswith(b"here")
        assert await said(peer) == b""


@pytest.mark.usefixtures("quickly")
async def test_who_is_answered_slowly_or_goes_on_in_time_is_not_cut_off(unused_tcp_port: int) -> None:
    async with listening_at(unused_tcp_port) as connect:
        slow = await connect(GET.replace(b"/ ", b"/slow ", 1))
        peer = await connect(HALF_A_BODY)
        await asyncio.sleep(0.4)
        peer[1].write(b"=hele")
        assert (await said(peer)).endswith(b"hele")
        for _ in range(3):
            await asyncio.sleep(0.3)
            peer[1].write(GET)
            assert (await said(peer)).endswith(b"here")
        assert (await said(slow)).endswith(b"at last")


@pytest.mark.parametrize("half", [b"", HALF_A_HEADER, HALF_A_BODY])
async def test_who_means_it_gets_through_beside_any_number_of_half_requests(unused_tcp_port: int, half: bytes) -> None:
    async with listening_at(unused_tcp_port, most=20, of_one=10) as connect:
        for number in range(60):
            await connect(half, f"127.0.0.{number % 3 + 1}")
        for address in ("127.0.0.1", "127.0.0.9"):
            assert (await said(await connect(GET, address))).endswith(b"here")


async def test_one_address_has_no_more_than_its_share(unused_tcp_port: int) -> None:
    slow = GET.replace(b"/ ", b"/slow ", 1)
    async with listening_at(unused_tcp_port, most=20, of_one=3) as connect:
        peers = [await connect(slow) for _ in range(5)]
        other = await connect(GET, "127.0.0.2")
        assert (await said(other)).endswith(b"here")
        answers = [await said(peer) for peer in peers]
    assert [answer.endswith(b"at last") for answer in answers] == [True, True, True, False, False]


async def test_behind_a_proxy_each_client_has_its_share_and_the_proxy_all(unused_tcp_port: int) -> None:
    def slow(client: str) -> bytes:
        return GET.replace(b"/ ", b"/slow ", 1)[:-2] + f"X-Forwarded-For: {client}\r\n\r\n".encode()

    async with listening_at(unused_tcp_port, most=20, of_one=2, proxy=ip_network("127.0.0.0/8")) as connect:
        clients = ("2001:db8::1", "[2001:db8::2]:5000", "2001:db8::3", "198.51.100.7:80", "198.51.100.7:81", "10.0.0.1")
        peers = [await connect(slow(client)) for client in clients]
        answers = [await said(peer, 2.5) for peer in peers]
    assert [answer.endswith(b"at last") for answer in answers] == [True, True, False, True, True, True]
    assert answers[2].startswith(b"HTTP/1.1 429 ")


async def test_a_request_that_cannot_be_parsed_gets_a_page_of_ours(unused_tcp_port: int) -> None:
    async with listening_at(unused_tcp_port) as connect:
        answer = await said(await connect(b"GET / HTTP/1.1\r\nCookie\x00MERKE: x\r\n\r\n"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 400 " in head.partition(b"\r\n")[0]
    assert body == b"<p>We could not read it.</p>"
    for header in (b"Content-Security-Policy: default-src 'none'", b"X-Content-Type-Options: nosniff"):
        assert header in head
    assert b"MERKE" not in answer


@pytest.mark.parametrize("request_line", [b"GET / ", b"GET /nowhere ", b"DELETE / ", b"GARBAGE"])
async def test_no_answer_says_what_it_is_made_with(unused_tcp_port: int, request_line: bytes) -> None:
    async with listening_at(unused_tcp_port) as connect:
        answer = await said(await connect(request_line + b"HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
    assert b"\r\nServer: Innspill\r\n" in answer
    assert b"aiohttp" not in answer
    assert b"Python" not in answer


async def test_nothing_is_logged_of_who_gives_way_before_all_of_the_body_is_read(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with listening_at(unused_tcp_port) as connect:
        assert await said(await connect(HALF_A_BODY.replace(b"/ ", b"/lost ", 1))) == b""
        assert (await said(await connect(GET))).endswith(b"here")
    assert caplog.records == []


@pytest.mark.usefixtures("quickly")
async def test_nothing_is_logged_of_those_who_leave_or_are_cut_off(
    unused_tcp_port: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        async with listening_at(unused_tcp_port) as connect:
            for half in (HALF_A_HEADER, HALF_A_BODY):
                assert await said(await connect(half)) == b""
                (await connect(half))[1].transport.abort()
    assert caplog.records == []


async def test_a_shortage_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    handle = shortage_said_once(None)
    shortage = {"message": "socket.accept() out of system resource", "exception": OSError(24, "Too many open files")}
    for _ in range(100):
        handle(asyncio.get_running_loop(), shortage)
    (record,) = caplog.records
    assert "no file descriptor left" in record.message
    assert record.exc_info is None


@pytest.mark.parametrize(("limit", "most"), [(65_536, 2_000), (1_024, 768), (256, 128), (128, 64)])
def test_of_the_descriptors_enough_are_kept_for_all_else(limit: int, most: int) -> None:
    connections = connections_with(limit)
    assert (connections.most, connections.most_of_one) == (most, most // 4)
    # Several times as many are accepted in a row before those that gave way are closed.
    assert most + 4 * connections.at_once <= limit - 32
