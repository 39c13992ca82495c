"""What every answer of the web server carries, and plain pages for what goes wrong; never a word that was typed."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

logger = logging.getLogger(__name__)

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

_KEYS = {404: "web-not-found", 405: "web-not-found", 413: "web-too-large"}

Draw = Callable[[web.Request, str], str]
"""Draws the page that tells the text of a key."""


class PageError(Exception):
    """Ends a request with a plain page: an HTTP status and the key of what it tells."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key


def plain_pages(draw: Draw) -> Middleware:
    """The middleware that draws error pages and adds the headers that protect readers."""

    @web.middleware
    async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except PageError as error:
            response = page(draw(request, error.key), error.status)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            response = page(draw(request, _KEYS.get(error.status, "web-unreadable")), error.status)
        except Exception as error:
            _log(request, error)
            response = page(draw(request, "our-error"), 500)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return protect


def page(html: str, status: int = 200) -> web.Response:
    """A page as a response."""
    return web.Response(text=html, status=status, content_type="text/html")


def _log(request: web.Request, error: Exception) -> None:
    """Where it went wrong, without the error's own words: they may quote an answer."""
    route = request.match_info.route.resource
    where = "".join(traceback.format_tb(error.__traceback__))
    name = type(error).__qualname__
    logger.error("%s %s failed with %s\n%s", request.method, route.canonical if route else "?", name, where)
