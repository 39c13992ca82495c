"""Who is connected: for how long without saying what they want, and how many at once, in all and from one address.

A server that waits for as long as it takes can be held up by anybody who opens connections and says half of something.
Here each part of a request has its time. Where there are too many, who has said the least gives way to who comes new:
so whoever means it gets through, also from an address from which somebody else holds connections open.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from enum import IntEnum
from logging import Logger

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.errors import HEADERS, POLICY, PageError
from bot.web.proxy import Network, client_address, is_in, neighbourhood, plain

_log = logging.getLogger(__name__)

SECONDS_OF_A_HEADER = 10.0
SECONDS_OF_A_BODY = 60.0
# A long body has longer, as long as it comes no more slowly than over the worst of lines: bytes a second.
SLOWEST_BODY = 2_000

# Seconds between requests of one connection. A proxy keeps its own open, and decides itself.
SECONDS_IDLE = 75.0

_SECONDS_BETWEEN_LOOKS = 1.0
_SECONDS_BETWEEN_WORDS = 600.0


class State(IntEnum):
    """What a connection is at; the lower, the sooner it gives way."""

    IDLE = 0
    HEADER = 1
    BODY = 2
    ANSWERING = 3


class Connections:
    """Those that are open: at most `most`, and `most_of_one` from one address; a proxy in `proxy` may have them all.

    From whom a proxy asks, no more than `most_of_one` are answered at once. So many as `at_once` may be accepted before
    it is asked whether there is room for them.
    """

    def __init__(self, most: int, most_of_one: int, proxy: Network | None = None, at_once: int = 64) -> None:
        self.most = most
        self.most_of_one = most_of_one
        self.at_once = at_once
        self._proxy = proxy
        self._open: dict[str, dict[Connection, None]] = {}
        self._count = 0
        self._behind: dict[str, int] = {}
        self._next_look: asyncio.TimerHandle | None = None
        self._word_at: float | None = None

    def __len__(self) -> int:
        return self._count

    def watch(self) -> None:
        """Look after them from now on."""
        for connection in [each for group in self._open.values() for each in group]:
            connection.look()
        self._next_look = asyncio.get_running_loop().call_later(_SECONDS_BETWEEN_LOOKS, self.watch)

    def stop(self) -> None:
        """Look after them no longer."""
        if self._next_look is not None:
            self._next_look.cancel()

    def is_proxy(self, address: str) -> bool:
        """Whether this is a proxy that the operator trusts, and not the client itself."""
        return is_in(address, self._proxy)

    def admit(self, connection: Connection) -> bool:
        """Count a new one; False where there is no room, and nobody who could give way."""
        group = self._open.setdefault(connection.whose, {})
        if connection.whose and len(group) >= self.most_of_one and not self._make_room(group):
            return False
        if self._count >= self.most:
            self._say_so()
            if not self._make_room(max(self._open.values(), key=len)):
                return False
        self._open.setdefault(connection.whose, {})[connection] = None
        self._count += 1
        return True

    def leave(self, connection: Connection) -> None:
        """It is closed."""
        group = self._open.get(connection.whose, {})
        if connection in group:
            del group[connection]
            self._count -= 1
        if not group:
            self._open.pop(connection.whose, None)

    def _make_room(self, group: dict[Connection, None]) -> bool:
        waiting = [each for each in group if each.state is not State.ANSWERING]
        if not waiting:
            return False
        least = min(waiting, key=lambda each: (each.state, each.since))
        self.leave(least)
        least.cut()
        return True

    def _say_so(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._word_at is None or now - self._word_at > _SECONDS_BETWEEN_WORDS:
            self._word_at = now
            _log.warning(
                "There are %s connections, and no more are let in: those that ask nothing give way.", self.most
            )

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Tells a connection that its request has come; of those behind a proxy only so many at once."""
        connection = request.protocol
        if isinstance(connection, Connection):
            connection.begun(request)
        if not self.is_proxy(plain(request.remote or "")):
            return await handler(request)
        whose = neighbourhood(client_address(request, self._proxy))
        if self._behind.get(whose, 0) >= self.most_of_one:
            raise PageError(429, "web-busy", seconds=1)
        self._behind[whose] = self._behind.get(whose, 0) + 1
        try:
            return await handler(request)
        finally:
            self._behind[whose] -= 1
            if not self._behind[whose]:
                del self._behind[whose]


class Connection(web.RequestHandler):
    """One connection, with its times. What cannot be parsed gets `unreadable`, a page of ours."""

    def __init__(
        self, manager: web.Server, connections: Connections, loop: asyncio.AbstractEventLoop, unreadable: str
    ) -> None:
        super().__init__(manager, loop=loop, access_log=None, logger=_silent())  # type: ignore[arg-type]  # None: no log
        self._connections = connections
        self._unreadable = unreadable
        self._received = 0
        self._is_in = False
        self._time = loop.time
        self.whose = ""
        self.state, self.since = State.HEADER, self._time()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio.Protocol`."""
        peer = transport.get_extra_info("peername")
        address = plain(str(peer[0])) if isinstance(peer, tuple) else ""
        self.whose = "" if self._connections.is_proxy(address) else neighbourhood(address)
        self._is_in = self._connections.admit(self)
        if self._is_in:
            super().connection_made(transport)
        elif isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """See `asyncio.Protocol`."""
        self._connections.leave(self)
        if self._is_in:
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """See `asyncio.Protocol`."""
        if not self._is_in:
            return
        self._received += len(data)
        if self.state is State.IDLE:
            self._is_at(State.HEADER)
        super().data_received(data)

    def begun(self, request: web.Request) -> None:
        """The header is there, and perhaps all of it."""
        if request.content.is_eof():
            self._is_at(State.ANSWERING)
        else:
            self._is_at(State.BODY)
            request.content.on_eof(self._all_there)

    def _all_there(self) -> None:
        if self.state is State.BODY:
            self._is_at(State.ANSWERING)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """See `web.RequestHandler`: here the answer has been handed to the network, or nobody takes it any more."""
        try:
            return await super().finish_response(request, resp, start_time)
        finally:
            self._is_at(State.IDLE)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """See `web.RequestHandler`: a page of ours that quotes nothing, with the headers that protect readers."""
        if request.writer.output_size > 0:
            raise ConnectionError("part of an answer has been sent")
        headers = {**HEADERS, "Content-Security-Policy": f"{POLICY}'none'", "Cache-Control": "no-store"}
        response = web.Response(text=self._unreadable, status=status, content_type="text/html", headers=headers)
        response.force_close()
        return response

    def look(self) -> None:
        """Close what has had its time."""
        if self._time() < self.since + self._seconds():
            return
        if self.state is State.IDLE:
            self.force_close()
        else:
            self.cut()

    def cut(self) -> None:
        """Close it at once, whether or not the other end takes what is still to be said."""
        transport = self.transport
        self.force_close()
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()

    def _seconds(self) -> float:
        match self.state:
            case State.HEADER:
                return SECONDS_OF_A_HEADER
            case State.BODY:
                return SECONDS_OF_A_BODY + self._received / SLOWEST_BODY
            case State.IDLE if self.whose:
                return SECONDS_IDLE
            case _:
                return float("inf")

    def _is_at(self, state: State) -> None:
        self.state, self.since, self._received = state, self._time(), 0


def _silent() -> Logger:
    """The parser quotes what it cannot read."""
    logger = logging.getLogger(f"{__name__}.parser")
    logger.disabled = True
    return logger


def shortage_said_once(
    before: Callable[[asyncio.AbstractEventLoop, dict[str, object]], object] | None,
) -> Callable[[asyncio.AbstractEventLoop, dict[str, object]], None]:
    """A handler for what goes wrong in the event loop: no descriptor left for a connection is one line, not many.

    The loop tries again each second by itself. All else goes to `before`.
    """
    said_at: float | None = None

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
        nonlocal said_at
        if "out of system resource" in str(context.get("message")):
            if said_at is None or loop.time() - said_at > _SECONDS_BETWEEN_WORDS:
                said_at = loop.time()
                _log.error("There is no file descriptor left for a new connection: it waits. Raise LimitNOFILE.")
        elif before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    return handle
