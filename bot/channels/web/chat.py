"""The web chat: pages drawn on the server from what is stored, which work without scripts.

POST → exchange → 303 → GET, and a GET writes nothing. One conversation a cookie; the store knows it by a hash.
"""

from __future__ import annotations

import errno
import socket
from datetime import datetime
from functools import partial
from typing import Protocol

from aiohttp import web
from msgspec import Struct

from bot.channels.web.events import tell_when_settled
from bot.channels.web.form import DONE, WIPE, WIPED, Posted, question_id, read_form
from bot.channels.web.page import Pages, Paper, button_named
from bot.clock import now, ticks
from bot.exchange.channel import Exchanged, FatalChannelError, ReadableService, View
from bot.web.errors import PageError, page, plain_pages
from bot.web.forms import posted_fields
from bot.web.languages import reader_locale
from bot.web.limits import Budget, Limit
from bot.web.listening import UNREADABLE
from bot.web.proxy import Network, client_address, neighbourhood
from bot.web.visit import FORM_AGE, Door, Visitor, comes_from_elsewhere, front_door, new_visitor, side_door
from dialogs.events import AnyEvent, AskedReview, Left, Picked
from dialogs.facts import Consultation
from dialogs.fields.consultation import described, linked_id
from dialogs.messages import Message, Text
from storage.database.errors import NotSaved

CHANNEL = "web"
LARGEST_FORM = 2 * 1024 * 1024
"""Bytes: 100,000 characters of any script, each byte written as %xx, and room to say that a text is too long."""

_PATIENCE = 5.0  # seconds that a form waits for its look-up before the page says that it is out
_PATIENCE_OF_SCRIPTS = 0.2  # they are told when the answer is there

# A minute's forms and new conversations from one address: a whole town hall may stand behind it.
_MOST_FORMS = 12_000
_MOST_BEGUN = 1_200

# What drafts may grow by in a day, in bytes of text; on the disk it is up to seven times as much. A new one counts as
# so many, a short answer as nothing: what is begun can be finished.
_MOST_BYTES_OF_ONE = 20_000_000
_MOST_BYTES = 500_000_000
_BYTES_OF_A_DRAFT = 4_000
_SHORT = 2_000


class WebService(ReadableService, Protocol):
    """What the pages need from the service."""

    async def hindrance(self) -> str:
        """Why nobody can be served now; empty: they can."""
        ...

    def linked(self, link: str) -> Consultation | None:
        """The consultation that a link (such as `c12`) names."""
        ...


class _Turn(Struct, frozen=True):
    """One form on its way: who posted what and when, through which door, and what they saw."""

    door: Door
    visitor: Visitor
    posted: Posted
    at: datetime
    locale: str
    seen: View
    patience: float

    @property
    def paper(self) -> Paper:
        """For a page that answers this form."""
        locale = self.seen.message.locale if self.seen.message else self.locale
        return Paper(self.door, locale, self.visitor.nonce(self.at))


class WebChat:
    """The pages of the chat. `locale` is for readers whose browser asks for no language of ours.

    `frames`: the origins on whose pages the chat may stand in a frame. `proxy`: who may say for whom it asks.
    """

    def __init__(
        self,
        service: WebService,
        pages: Pages,
        *,
        base_url: str,
        locale: str,
        frames: tuple[str, ...] = (),
        proxy: Network | None = None,
    ) -> None:
        self._service = service
        self._pages = pages
        self._base_url = base_url
        self._locale = locale
        self._front, self._side = front_door(base_url), side_door(frames)
        self._proxy = proxy
        self._forms, self._begun = Limit(_MOST_FORMS), Limit(_MOST_BEGUN)
        self._budget = Budget(_MOST_BYTES_OF_ONE, _MOST_BYTES)

    def application(self) -> web.Application:
        """The server's routes. Other channels may add theirs."""
        middleware = plain_pages(self._error, lambda request: self._door(request).frames)
        app = web.Application(client_max_size=LARGEST_FORM, middlewares=[middleware])
        app[UNREADABLE] = self._pages.error(self._locale, "web-unreadable", self._front)
        for door in (self._front, self._side):
            app.router.add_get(door.home, self.show)
            app.router.add_post(door.home, self.take)
            app.router.add_get(f"{door.home}oversikt", self.overview)
            app.router.add_get(f"{door.home}events", self.events)
        app.router.add_get("/embed.js", self.embedding)
        app.router.add_get("/personvern", self.privacy)
        app.router.add_get("/tilgjengelighet", self.accessibility)
        app.router.add_get("/static/{name}", self._pages.assets.serve)
        app.router.add_get("/look/{name}", self._pages.look.serve)
        app.router.add_get("/healthz", alive)
        app.router.add_get("/readyz", self.ready)
        return app

    def _door(self, request: web.Request) -> Door:
        """The side door where it is open at all."""
        return self._side if self._side.frames and request.path.startswith(self._side.home) else self._front

    def _visited(self, request: web.Request) -> tuple[Door, Visitor | None]:
        """The door and who comes through it. Nobody comes through one that is closed."""
        door = self._door(request)
        if not request.path.startswith(door.home) or (door is self._front and request.path.startswith(self._side.home)):
            raise web.HTTPNotFound
        return door, door.visitor(request.cookies)

    async def show(self, request: web.Request) -> web.Response:
        """The page as it is stored; a start page for who has no conversation yet, or comes by a link to a case."""
        door, known = self._visited(request)
        visitor = known or new_visitor()
        if known is None and (seconds := self._begun.seconds_to_wait(self._peer(request), ticks())):
            raise PageError(429, "web-busy", seconds=seconds)
        seen = self._service.view(CHANNEL, visitor.address)
        link = linked_id(request.query.get("c", ""))
        paper = Paper(door, self._reads(request), visitor.nonce(now()))
        if seen.message is None or link:
            locale = seen.message.locale if seen.message else paper.locale
            html = self._start(paper.in_locale(locale), link, returning=seen.message is not None)
        else:
            html = self._pages.chat(paper, seen.message, seen.session)
        return _remembered(page(html), door, visitor)

    async def overview(self, request: web.Request) -> web.Response:
        """Every answer so far on one page; each can be changed from there."""
        door, visitor = self._visited(request)
        seen = self._service.view(CHANNEL, visitor.address) if visitor else None
        if visitor is None or seen is None or seen.message is None or seen.session is None:
            raise web.HTTPSeeOther(door.home)
        paper = Paper(door, seen.message.locale, visitor.nonce(now()))
        return page(self._pages.overview(paper, seen.session))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Tells the script of a page that waits for the register that there is an answer."""
        _, visitor = self._visited(request)
        if visitor is None:
            raise web.HTTPNotFound
        settled = partial(self._service.settled, CHANNEL, visitor.address)

        def is_waiting() -> bool:
            message = self._service.view(CHANNEL, visitor.address).message
            return message is not None and message.kind == "waiting"

        return await tell_when_settled(request, settled, is_waiting)

    async def take(self, request: web.Request) -> web.Response:
        """One form: 303 where it was taken, 422 where an answer was not, 409 where the page was old, 503 not saved."""
        door, visitor = self._visited(request)
        if comes_from_elsewhere(request.headers, self._base_url):
            raise PageError(403, "web-elsewhere")
        posted = await _read(request)
        if seconds := self._forms.seconds_to_wait(self._peer(request), ticks()):
            raise PageError(429, "web-busy", seconds=seconds, unsaved=posted.text or "")
        if visitor is None:
            raise PageError(403, "web-cookies", unsaved=posted.text or "")
        issued = visitor.issued(posted.nonce)
        if issued is None:
            raise PageError(403, "page-expired", unsaved=posted.text or "")
        seen = self._service.view(CHANNEL, visitor.address)
        if seen.message is None and (seconds := self._begun.seconds_to_wait(self._peer(request), ticks())):
            raise PageError(429, "web-busy", seconds=seconds)
        if (size := _growth(posted, seen)) and not self._budget.has_room(self._peer(request), size, ticks()):
            raise PageError(429, "web-full", unsaved=posted.text or "")
        patience = _PATIENCE_OF_SCRIPTS if "X-Chat" in request.headers else _PATIENCE
        turn = _Turn(door, visitor, posted, now(), self._reads(request), seen, patience)
        try:
            if posted.command == WIPED:
                return await self._wipe(turn)
            response = self._old(turn, seen) if turn.at - issued > FORM_AGE else await self._handle(turn)
        except NotSaved:
            response = self._not_saved(turn)
        return _remembered(response, door, visitor)

    async def _wipe(self, turn: _Turn) -> web.Response:
        """Delete what is begun, and let this browser forget it all; what was sent in stays with the municipality.

        The old cookie, from a copy of it, opens nothing any more.
        """
        if turn.seen.message is not None:
            await self._exchange(turn, turn.posted.first_id, Left(at=turn.at, locale=turn.locale))
        response = page(self._pages.wiped(turn.paper))
        turn.door.forget(response)
        return response

    async def _handle(self, turn: _Turn) -> web.Response:
        posted = turn.posted
        if posted.is_a_trap:
            return page(self._draw(turn, turn.seen, problem=Text("web-trap"), typed=posted.text), 422)
        if posted.answers and self._is_of_the_past(turn):
            again = await self._exchange(turn, posted.first_id, AskedReview(at=turn.at, locale=turn.locale))
            return self._old(turn, again) if again.message else _back_to_the_page(turn.door)
        if posted.command == WIPE and not posted.saves:
            return page(self._pages.wipe(turn.paper))
        pressed = posted.pressed(turn.at, turn.locale)
        saves = posted.saves and not self._is_as_it_was(turn)
        if saves or pressed is None:
            said = await self._exchange(turn, posted.first_id, posted.said(turn.at, turn.locale))
            if said.message and said.message.error:
                return page(self._draw(turn, said, typed=posted.text), 422)
            if posted.command == WIPE:  # it is only asked: what was typed is kept first, as with every button
                return page(self._pages.wipe(turn.paper))
            pressed = pressed if saves else None
            if posted.command == DONE:
                pressed = self._done(turn, said.message)
        if pressed is not None:
            await self._exchange(turn, posted.second_id if posted.saves else posted.first_id, pressed)
            if posted.text and not posted.whole:  # asked for help beside the field: what stands in it stays
                return page(self._draw(turn, self._service.view(CHANNEL, turn.visitor.address), typed=posted.text))
        return _back_to_the_page(turn.door)

    def _is_of_the_past(self, turn: _Turn) -> bool:
        """Whether another question stands there now, or another text in the field than this form can have known."""
        shown, now_shown = turn.posted.shown, question_id(turn.seen.message)
        if not shown or shown == now_shown:
            return False
        is_sent_again = shown.rpartition(":")[0] == now_shown.rpartition(":")[0] and self._is_as_it_was(turn)
        return not is_sent_again

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
            await self._service.settled(CHANNEL, turn.visitor.address, turn.patience)
        return exchanged

    def _old(self, turn: _Turn, current: View) -> web.Response:
        """The form is too old, or of a question that has passed: nothing of it is kept, and what was typed is shown."""
        is_asked_still = turn.posted.shown == question_id(current.message)
        typed, unsaved = (turn.posted.text, None) if is_asked_still else (None, turn.posted.text)
        html = self._draw(turn, current, problem=Text("web-old-form"), typed=typed, unsaved=unsaved)
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
        if current.message is None:
            return self._start(turn.paper, turn.posted.link, problem=problem)
        return self._pages.chat(
            turn.paper, current.message, current.session, problem=problem, typed=typed, unsaved=unsaved
        )

    def _start(self, paper: Paper, link: str, *, returning: bool = False, problem: Text | None = None) -> str:
        case = self._service.linked(f"c{link}") if link else None
        about = described(case, now()) if case else None
        return self._pages.start(paper, link=link, about=about, returning=returning, problem=problem)

    async def privacy(self, request: web.Request) -> web.Response:
        """What we do with what people tell us, for municipalities that have no page of their own about it."""
        return page(self._pages.privacy(self._speaks(request)))

    async def accessibility(self, request: web.Request) -> web.Response:
        """How accessible the chat is, for municipalities that have no statement of their own about it."""
        return page(self._pages.accessibility(self._speaks(request)))

    async def embedding(self, _request: web.Request) -> web.Response:
        """The script that puts the chat on other pages; there where these are allowed."""
        if not self._side.frames:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "public, max-age=300", "Cross-Origin-Resource-Policy": "cross-origin"}
        return web.Response(text=self._pages.embedding(), content_type="text/javascript", headers=headers)

    async def ready(self, _request: web.Request) -> web.Response:
        """200 where people can be served, else 503 and why not."""
        hindrance = await self._service.hindrance()
        if hindrance:
            return web.Response(text=f"not ready: {hindrance}\n", status=503)
        return web.Response(text="ready\n")

    def _error(self, request: web.Request, error: PageError) -> str:
        seconds, unsaved = error.seconds, error.unsaved
        return self._pages.error(self._reads(request), error.key, self._door(request), seconds=seconds, unsaved=unsaved)

    def _reads(self, request: web.Request) -> str:
        return reader_locale(request.headers.get("Accept-Language", ""), self._locale)

    def _speaks(self, request: web.Request) -> str:
        """The language of the conversation, where there is one, else that of the browser."""
        visitor = self._door(request).visitor(request.cookies)
        message = self._service.view(CHANNEL, visitor.address).message if visitor else None
        return message.locale if message else self._reads(request)

    def _peer(self, request: web.Request) -> str:
        return neighbourhood(client_address(request, self._proxy))


def _growth(posted: Posted, seen: View) -> int:
    """By how many bytes of text a form may make what is kept larger."""
    box = seen.message.box if seen.message else None
    before = len(box.value.encode()) if box is not None and box.kind == "long" and box.value else 0
    size = len((posted.text or "").encode()) - before
    return (size if size > _SHORT else 0) + (0 if seen.message else _BYTES_OF_A_DRAFT)


def _remembered(response: web.Response, door: Door, visitor: Visitor) -> web.Response:
    door.remember(visitor, response)
    return response


async def _read(request: web.Request) -> Posted:
    return read_form(await posted_fields(request))


def _back_to_the_page(door: Door) -> web.Response:
    return web.Response(status=303, headers={"Location": door.home})


async def alive(_request: web.Request) -> web.Response:
    """That the process answers."""
    return web.Response(text="alive\n")


def refuse_a_taken_port(host: str, port: int) -> None:
    """Raises FatalChannelError where somebody else listens there, before anything is begun."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            line = f"INNSPILL_PORT {port} is taken on {host}: stop what listens there, or choose another."
            raise FatalChannelError(line) from error
        raise
