"""The fields of a form that was posted: browsers send ours in one kind, and in UTF-8."""

from __future__ import annotations

from collections.abc import Mapping

from aiohttp import web

from bot.web.errors import PageError


async def posted_fields(request: web.Request) -> Mapping[str, object]:
    """The fields, as texts that can be written as UTF-8.

    Raises PageError: 415 for another kind or encoding (some of which hold what no text can), 400 where it cannot be
    read. aiohttp's own errors, such as 413, are HTTPException.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise PageError(415, "web-unreadable")
    if (request.charset or "utf-8").lower() != "utf-8":
        raise PageError(415, "web-unreadable")
    try:
        return await request.post()
    except ValueError:  # not UTF-8
        raise PageError(400, "web-unreadable") from None
