"""The web chat: pages drawn on the server from what is stored, which work without scripts.

POST → exchange → 303 → GET, and a GET writes nothing. One conversation a cookie; the store knows it by a hash.
"""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path
from typing import Protocol

from aiohttp import web
from msgspec import Struct

from bot.channel import Exchanged
from bot.channels.reading import ReadableService, View
from bot.channels.web_errors import PageError, page, plain_pages
from bot.channels.web_form import DONE, Posted, question_id, read_form
from bot.channels.web_page import Pages, button_named, reader_locale
from bot.channels.web_visit import (
    COOKIE_AGE,
    FORM_AGE,
    Visitor,
    comes_from_elsewhere,
    cookie_name,
    known_visitor,
    new_visitor,
)
from bot.clock import now
from dialogs.messages import AnyEvent, AskedReview, Message, Picked, Text
from storage.records import NotSaved

CHANNEL = "web"
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes: 100,000 characters of any script, each byte written as %xx, and room to say that a text is too long."""

_PATIENCE = 5.0  # seconds that a form waits for its look-up before the page says that it is out
_STATIC = Path(__file__).parent / "static"


class WebService(ReadableService, Protocol):
    """What the pages need from the service."""

    async def ready(self) -> bool:
        """Whether the database can be read and the writer is alive."""
        ...


class _Turn(Struct, frozen=True):
    """One form on its way: who posted what and when, and what they saw."""

    visitor: Visitor
    posted: Posted
    at: datetime
    locale: str
    seen: View


class WebChat:
    """The pages of the chat. `locale` is for readers whose browser asks for no language of ours."""

    def __init__(self, service: WebService, pages: Pages, *, base_url: str, locale: str, patience: float = 5.0) -> None:
        self._service = service
        self._pages = pages
        self._base_url = base_url
        self._locale = locale

    def application(self) -> web.Application:
        """The server's routes. Other channels may add theirs."""
        app = web.Application(client_max_size=LARGEST_FORM, middlewares=[plain_pages(self._error)])
        app.router.add_get("/", self.show)
        app.router.add_post("/", self.take)
        app.router.add_get("/personvern", self.privacy)
        app.router.add_get("/static/{name}", static)
        app.router.add_get("/healthz", alive)
        app.router.add_get("/readyz", self.ready)
        return app

    async def show(self, request: web.Request) -> web.Response:
        """The page as it is stored; a start page for who has no conversation yet, or comes by a link to a case."""
        visitor = known_visitor(request.cookies, self._base_url) or new_visitor()
        seen = self._service.view(CHANNEL, visitor.address)
        nonce = visitor.nonce(now())
        link = request.query.get("c", "")
        if seen.message is None or link:
            locale = seen.message.locale if seen.message else self._reads(request)
            html = self._pages.start(locale, nonce, link=link, returning=seen.message is not None)
        else:
            html = self._pages.chat(seen.message, seen.session, nonce)
        return self._with_cookie(page(html), visitor)

    async def take(self, request: web.Request) -> web.Response:
        """One form: 303 where it was taken, 422 where an answer was not, 409 where the page was old, 503 not saved."""
        if comes_from_elsewhere(request.headers, self._base_url):
            raise PageError(403, "web-elsewhere")
        posted = await _read(request)
        visitor = known_visitor(request.cookies, self._base_url)
        if visitor is None:
            raise PageError(403, "web-cookies")
        issued = visitor.issued(posted.nonce)
        if issued is None:
            raise PageError(403, "page-expired")
        seen = self._service.view(CHANNEL, visitor.address)
        turn = _Turn(visitor, posted, now(), self._reads(request), seen)
        try:
            response = self._old(turn, seen) if turn.at - issued > FORM_AGE else await self._handle(turn)
        except NotSaved:
            response = self._not_saved(turn)
        return self._with_cookie(response, visitor)

    async def _handle(self, turn: _Turn) -> web.Response:
        posted = turn.posted
        if posted.answers and posted.shown and posted.shown != question_id(turn.seen.message):
            again = await self._exchange(turn, posted.first_id, AskedReview(at=turn.at, locale=turn.locale))
            return self._old(turn, again) if again.message else _back_to_the_page()
        pressed = posted.pressed(turn.at, turn.locale)
        saves = posted.saves and not self._is_as_it_was(turn)
        if saves or pressed is None:
            said = await self._exchange(turn, posted.first_id, posted.said(turn.at, turn.locale))
            if said.message and said.message.error:
                return page(self._draw(turn, said, typed=posted.text), 422)
            pressed = pressed if saves else None
            if posted.command == DONE:
                pressed = self._done(turn, said.message)
        if pressed is not None:
            await self._exchange(turn, posted.second_id if posted.saves else posted.first_id, pressed)
        return _back_to_the_page()

    def _is_as_it_was(self, turn: _Turn) -> bool:
        """Whether the field holds what is stored: then a button does nothing but what it says."""
        box = turn.seen.message.box if turn.seen.message else None
        return box is not None and box.kind == "long" and box.value == turn.posted.text

    def _done(self, turn: _Turn, message: Message | None) -> Picked | None:
        """ "Ferdig" as the message offers it that came of the text; without one the form has been handled before."""
        message = message or self._service.view(CHANNEL, turn.visitor.address).message
        done = button_named(message, "label-done")
        return Picked(at=turn.at, locale=turn.locale, data=done.data) if done else None

    async def _exchange(self, turn: _Turn, event_id: str, event: AnyEvent) -> Exchanged:
        exchanged = await self._service.exchange(CHANNEL, turn.visitor.address, event_id, event)
        if exchanged.message and exchanged.message.kind == "waiting":
            await self._service.settled(CHANNEL, turn.visitor.address, _PATIENCE)
        return exchanged

    def _old(self, turn: _Turn, current: View) -> web.Response:
        """The form belongs to a question that has passed: nothing of it was kept, and what was typed is shown."""
        html = self._draw(turn, current, problem=Text("web-old-form"), unsaved=turn.posted.text)
        return page(html, 409)

    def _not_saved(self, turn: _Turn) -> web.Response:
        send = button_named(turn.seen.message, "label-send")
        sending = send is not None and send.data == turn.posted.button
        problem = Text("not-sent" if sending else "not-saved")
        response = page(self._draw(turn, turn.seen, problem=problem, typed=turn.posted.text), 503)
        response.headers["Retry-After"] = "60"
        return response

    def _draw(
        self,
        turn: _Turn,
        current: View,
        *,
        problem: Text | None = None,
        typed: str | None = None,
        unsaved: str | None = None,
    ) -> str:
        nonce = turn.visitor.nonce(turn.at)
        if current.message is None:
            return self._pages.start(turn.locale, nonce, link=turn.posted.link, problem=problem)
        return self._pages.chat(current.message, current.session, nonce, problem=problem, typed=typed, unsaved=unsaved)

    async def privacy(self, request: web.Request) -> web.Response:
        """What we do with what people tell us, for municipalities that have no page of their own about it."""
        return page(self._pages.privacy(self._reads(request)))

    async def ready(self, _request: web.Request) -> web.Response:
        """200 where people can be served, else 503."""
        ready = await self._service.ready()
        return web.Response(text="ready\n" if ready else "not ready\n", status=200 if ready else 503)

    def _error(self, request: web.Request, key: str) -> str:
        return self._pages.error(self._reads(request), key)

    def _reads(self, request: web.Request) -> str:
        return reader_locale(request.headers.get("Accept-Language", ""), self._locale)

    def _with_cookie(self, response: web.Response, visitor: Visitor) -> web.Response:
        response.set_cookie(
            cookie_name(self._base_url),
            visitor.secret,
            max_age=int(COOKIE_AGE.total_seconds()),
            path="/",
            httponly=True,
            samesite="Lax",
            secure=self._base_url.startswith("https:"),
        )
        return response


async def _read(request: web.Request) -> Posted:
    if request.content_type != "application/x-www-form-urlencoded":
        raise PageError(415, "web-unreadable")
    try:
        return read_form(await request.post())
    except (ValueError, LookupError):  # not UTF-8, or in an encoding that there is not
        raise PageError(400, "web-unreadable") from None


def _back_to_the_page() -> web.Response:
    return web.Response(status=303, headers={"Location": "/"})


async def alive(_request: web.Request) -> web.Response:
    """That the process answers."""
    return web.Response(text="alive\n")


async def static(request: web.Request) -> web.StreamResponse:
    """A file that never changes under its address: pages name it with its digest."""
    path = _STATIC / request.match_info["name"]
    if path.parent != _STATIC or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "public, max-age=31536000, immutable"})


async def listen(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Serve `app`; `cleanup()` of what is returned ends it within 2 seconds.

    Requests are logged nowhere: neither by an access log, nor by the parser, which quotes what it cannot read.
    """
    silent = logging.getLogger(f"{__name__}.parser")
    silent.disabled = True
    runner = web.AppRunner(app, access_log=None, logger=silent, shutdown_timeout=1.5)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    return runner
