"""Who may do what on the desk: roles, the person behind a request, and the mark that every handler carries.

Nothing is open by default: a route whose handler has neither `needs` nor `open_to_all` stops the program at its start.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from enum import IntEnum
from functools import wraps

from aiohttp import web
from msgspec import Struct

from bot.web.errors import PageError

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_MARK = "__needs__"


class Role(IntEnum):
    """What somebody may do; each may do all that the ones before may.

    A reader reads, searches and exports; an editor also changes consultations; an admin also invites staff and reads
    the audit log.
    """

    READER = 1
    EDITOR = 2
    ADMIN = 3

    @property
    def key(self) -> str:
        """As it is stored and typed: `reader`, `editor` or `admin`."""
        return self.name.lower()

    @classmethod
    def of(cls, key: str) -> Role:
        """The role with this key; KeyError for another."""
        return cls[key.upper()]


class Who(Struct, frozen=True, kw_only=True):
    """A member of staff who is logged in. `csrf` is the token of their forms, `locale` the language they read."""

    staff_id: int
    email: str
    role: Role
    session_id: int
    csrf: str
    locale: str


WHO: web.RequestKey[Who] = web.RequestKey("who", Who)
"""Under this key a request has who sent it; without a session it has not."""


def who(request: web.Request) -> Who:
    """The member of staff who sent the request. KeyError where `open_to_all` lets strangers in, and one has come."""
    return request[WHO]


def needs(role: Role) -> Callable[[Handler], Handler]:
    """Marks a handler: it answers only those who are logged in and have at least this role; 403 for others."""

    def mark(handler: Handler) -> Handler:
        @wraps(handler)
        async def guarded(request: web.Request) -> web.StreamResponse:
            if who(request).role < role:
                raise PageError(403, "staff-not-for-you")
            return await handler(request)

        setattr(guarded, _MARK, role)
        return guarded

    return mark


def open_to_all(handler: Handler) -> Handler:
    """Marks a handler that also answers strangers: it may show nothing that is stored."""
    setattr(handler, _MARK, None)
    return handler


def is_open(handler: object) -> bool:
    """Whether strangers are let through to this handler."""
    return getattr(handler, _MARK, Role.ADMIN) is None


def refuse_unmarked(routes: Iterable[web.AbstractRoute]) -> None:
    """Raises TypeError for a route that does not say who may use it."""
    for route in routes:
        if not hasattr(route.handler, _MARK):
            raise TypeError(f"{route.method} {route.resource and route.resource.canonical} says not who may use it")
