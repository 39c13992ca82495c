"""Enhetsregisteret over HTTP: the product's own stand-in, and a server that says exactly what a test tells it to."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

from bot.register.client import Answer, EntityRegister
from bot.register.stand_in import ASSOCIATION, RegisterStandIn

__all__ = ["RegisterStandIn", "address", "answer_to", "entity", "server_saying"]


@asynccontextmanager
async def server_saying(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """A server on this machine, at the URL that is given, where `answer` meets every request."""
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def answer_to(body: bytes | dict[str, Any], status: int = 200, number: str = ASSOCIATION) -> Answer:
    """What the client makes of one answer of the register."""

    async def say(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode())

    async with server_saying(say) as url, EntityRegister(url) as client:
        return await client.entity(number)


def entity(**fields: Any) -> dict[str, Any]:
    """A main entity as the register says it, made up, with these fields besides."""
    return {"organisasjonsnummer": ASSOCIATION, "navn": "EKSEMPELVEIEN VELFORENING", **fields}


def address(*lines: str | None, **fields: str | None) -> dict[str, Any]:
    """An address in Asker as the register says it."""
    return {"adresse": list(lines), "postnummer": "1385", "poststed": "ASKER", "landkode": "NO", **fields}
