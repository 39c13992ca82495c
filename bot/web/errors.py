"""What every answer of the web server carries, and plain pages for what goes wrong.

A page repeats what was typed to the one who posted it, where it could not be taken; nothing else does."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

logger = logging.getLogger(__name__)

SERVER = "Innspill"
"""What every answer says of what serves it: no version, and nothing of what it stands on."""

HEADERS = {
    "Server": SERVER,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors "
)

_KEYS = {404: "web-not-found", 405: "web-not-found", 413: "web-too-large"}


class PageError(Exception):
    """Ends a request with a plain page: a status and the key of what it tells.

    `seconds`: when to try again. `unsaved`: what was typed, and could not be taken.
    """

    def __init__(self, status: int, key: str, *, seconds: int = 0, unsaved: str = "") -> None:
        super().__init__(f"{status} {key}")
        self.status = status
        self.key = key
        self.seconds = seconds
        self.unsaved = unsaved


Draw = Callable[[web.Request, PageError], str]
"""Draws the page that tells what went wrong."""


def plain_pages(draw: Draw, frames: Callable[[web.Request], tuple[str, ...]]) -> Middleware:
    """The middleware that draws error pages and adds the headers that protect readers.

    `frames` gives the origins on whose pages the page of this request may stand in a frame.
    """

    @web.middleware
    async def protect(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except PageError as error:
            response = page(draw(request, error), error.status)
            if error.seconds:
                response.headers["Retry-After"] = str(error.seconds)
        except web.HTTPException as error:
            if error.status < 400:
                raise
            plain = PageError(error.status, _KEYS.get(error.status, "web-unreadable"))
            response = page(draw(request, plain), plain.status)
        except ConnectionError:  # they are gone: nobody is left to be told anything, and nothing of ours went wrong
            raise
        except Exception as error:
            if _is_cut_off(request, error):
                raise ConnectionResetError from None
            _log(request, error)
            response = page(draw(request, PageError(500, "our-error")), 500)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Content-Security-Policy", POLICY + (" ".join(frames(request)) or "'none'"))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return protect


def _is_cut_off(request: web.Request, error: Exception) -> bool:
    """Whether the connection was closed while there was more of a body to be read: these are aiohttp's words for it."""
    return isinstance(error, RuntimeError) and str(error) == "Connection closed." and request.transport is None


def page(html: str, status: int = 200) -> web.Response:
    """A page as a response."""
    return web.Response(text=html, status=status, content_type="text/html")


def _log(request: web.Request, error: Exception) -> None:
    """Where it went wrong, without the error's own words: they may quote an answer."""
    route = request.match_info.route.resource
    where = "".join(traceback.format_tb(error.__traceback__))
    name = type(error).__qualname__
    logger.error("%s %s failed with %s\n%s", request.method, route.canonical if route else "?", name, where)
