"""Telling a page that is open that the register has answered: server-sent events, for the script of the chat."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aiohttp import web

_LONGEST = 60.0  # seconds; a browser then asks again by itself
_BEAT = 15.0  # seconds between signs of life: something on the way may end what is silent

Settled = Callable[[float], Awaitable[None]]
"""Returns once no look-up of the conversation is out, or after so many seconds."""


async def tell_when_settled(
    request: web.Request, settled: Settled, is_waiting: Callable[[], bool]
) -> web.StreamResponse:
    """A stream with one event, `settled`, that says nothing but that there is something new to see."""
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    stream.headers["Cache-Control"] = "no-store"
    await stream.prepare(request)
    with suppress(ConnectionResetError):  # the page was closed meanwhile
        end = asyncio.get_running_loop().time() + _LONGEST
        await stream.write(b": here\n\n")
        while is_waiting() and asyncio.get_running_loop().time() < end:
            await settled(_BEAT)
            await stream.write(b": still here\n\n")
        if not is_waiting():
            await stream.write(b"event: settled\ndata:\n\n")
    return stream
