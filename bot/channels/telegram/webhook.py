"""Telegram's updates in, by webhook: `POST /telegram/webhook`, answered with 200 when what it changed is on disk."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.channels.telegram.updates import decode
from storage.database.errors import NotSaved

PATH = "/telegram/webhook"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the header's name, not the secret

# Bytes. The longest message with all its entities, and the one that it replies to, is a fraction of it.
LARGEST_UPDATE = 1024 * 1024

_RETRY_AFTER = "5"  # seconds


class NotReady(Exception):
    """Updates cannot be taken in yet, or no longer: they have to come again."""


def add_route(application: web.Application, secret: str, take: Callable[[object], Awaitable[None]]) -> None:
    """Let `application` hand each update to `take`, as raw JSON (what is no JSON as a text), which commits it.

    Answers 403 to who does not know the secret, without reading what they sent; 503 where `take` raises NotSaved or
    NotReady: Telegram then brings the update again.
    """
    expected = secret.encode()

    async def post(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, expected):
            return web.Response(status=403)
        payload = await request.clone(client_max_size=LARGEST_UPDATE).read()
        try:
            update = decode(payload)
        except ValueError:
            update = payload.decode("utf-8", "replace")
        try:
            await take(update)
        except (NotSaved, NotReady):
            return web.Response(status=503, headers={"Retry-After": _RETRY_AFTER})
        return web.Response()

    application.router.add_post(PATH, post)
