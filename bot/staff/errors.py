"""Plain pages of the desk for what goes wrong; never a word that was typed."""

from __future__ import annotations

import logging

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.exchange import mishaps
from bot.staff.pages import render
from bot.web.errors import PageError
from storage.database.errors import NotSaved, ResponsesDamaged

log = logging.getLogger(__name__)

_KEYS = {404: "staff-not-found", 405: "staff-not-found", 413: "web-too-large"}


@web.middleware
async def plain_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Draws the page that tells what went wrong, and logs a mistake of ours without what was typed."""
    try:
        return await handler(request)
    except PageError as error:
        told = error
    except NotSaved:
        told = PageError(503, "staff-not-saved", seconds=60)
    except ResponsesDamaged as damaged:
        log.error("%s", damaged)
        told = PageError(500, "staff-damaged")
    except web.HTTPException as error:
        if error.status < 400:
            raise
        told = PageError(error.status, _KEYS.get(error.status, "web-unreadable"))
    except Exception as error:
        log.error("A page of the desk failed: %s.", mishaps.place(error))
        told = PageError(500, "staff-our-error")
    response = render(request, "error.html", status=told.status, told=told.key)
    if told.seconds:
        response.headers["Retry-After"] = str(told.seconds)
    return response
