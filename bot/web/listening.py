"""Where the web server listens, and how many it may serve with the file descriptors that it has."""

from __future__ import annotations

import asyncio
import resource
from contextlib import suppress

from aiohttp import web

from bot.web.connections import Connection, Connections, shortage_said_once
from bot.web.errors import SERVER
from bot.web.proxy import Network

UNREADABLE = web.AppKey("unreadable", str)
"""The page for a request that cannot be parsed, as HTML: nobody knows who asks, or in which language."""

# Connections that are enough for a municipality, and what one address has of them: a town hall may stand behind it.
_MOST = 2_000
_SHARE_OF_ONE = 4

# Descriptors that are kept for the database, exports, the register and Telegram; of few, half.
_KEPT = 256
_ENOUGH_DESCRIPTORS = 65_536

# So many are accepted at once, before any of them can be refused; of few descriptors an eighth of what is kept. Where
# there is none left for one of them, nobody is let in for a second, and then it may be the same again.
_MOST_AT_ONCE = 128
_SHARE_AT_ONCE = 8


def descriptors() -> int:
    """How many this process may have: the soft limit, which is raised as far as the system lets us."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _ENOUGH_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _ENOUGH_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return _ENOUGH_DESCRIPTORS if soft == resource.RLIM_INFINITY else soft


def connections_with(limit: int, proxy: Network | None = None) -> Connections:
    """As many connections as can be served with `limit` descriptors, with room left for all else."""
    most = max(8, min(_MOST, limit - min(_KEPT, limit // 2)))
    at_once = max(4, min(_MOST_AT_ONCE, (limit - most) // _SHARE_AT_ONCE))
    return Connections(most, max(4, most // _SHARE_OF_ONE), proxy, at_once)


class _Site(web.BaseSite):
    """A port on which each connection is a `Connection`."""

    def __init__(self, runner: web.AppRunner, host: str, port: int, connections: Connections, unreadable: str) -> None:
        super().__init__(runner, backlog=connections.at_once)
        self._host, self._port = host, port
        self._connections, self._unreadable = connections, unreadable

    @property
    def name(self) -> str:
        """Where it listens."""
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Listen."""
        await super().start()
        loop, manager = asyncio.get_running_loop(), self._runner.server
        if manager is None:
            raise RuntimeError("the runner was not set up")

        def accepted() -> Connection:
            return Connection(manager, self._connections, loop, self._unreadable)

        self._server = await loop.create_server(accepted, self._host, self._port, backlog=self._backlog)


async def listen(app: web.Application, host: str, port: int, connections: Connections | None = None) -> web.AppRunner:
    """Serve `app` over these connections; `cleanup()` of what is returned ends it within 2 seconds.

    Requests are logged nowhere: neither by an access log, nor by the parser, which quotes what it cannot read.
    """
    connections = connections_with(descriptors()) if connections is None else connections
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    async def stop(_app: web.Application) -> None:
        connections.stop()
        loop.set_exception_handler(before)

    app.middlewares.append(connections.middleware)
    app.on_response_prepare.append(_nameless)
    app.on_cleanup.append(stop)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.5)
    await runner.setup()
    loop.set_exception_handler(shortage_said_once(before))
    await _Site(runner, host, port, connections, app.get(UNREADABLE, "")).start()
    connections.watch()
    return runner


async def _nameless(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = SERVER
