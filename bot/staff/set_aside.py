"""What came in and could not be read or handled: shown as it came, until somebody has looked at it."""

from __future__ import annotations

from aiohttp import web

from bot import clock
from bot.staff.pages import ROOT, desk, see_other
from bot.staff.reading import read
from bot.staff.record import note, record
from bot.staff.roles import Role, needs, who
from bot.staff.words import draw
from storage.conversations import set_aside
from storage.database.sqlite import Connection

_SIZE = 50


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/set-aside", show)
    app.router.add_post("/set-aside/{id:[0-9]{1,18}}/seen", mark_seen)


@needs(Role.READER)
async def show(request: web.Request) -> web.StreamResponse:
    """The newest first. What came in is text of a stranger, so the view is written down."""
    before = number_in(request, "before")
    found = await read(request, lambda db: set_aside.page(db, before_id=before, limit=_SIZE + 1))
    await record(request, "set-aside.viewed")
    return draw(request, "set_aside.html", rows=found[:_SIZE], more=len(found) > _SIZE, first=before is None)


@needs(Role.EDITOR)
async def mark_seen(request: web.Request) -> web.StreamResponse:
    """Notes that somebody has looked at it."""
    number, person, at = int(request.match_info["id"]), who(request).email, clock.now()

    def work(db: Connection) -> bool:
        is_there = set_aside.mark_seen(db, number, person, at)
        if is_there:
            note(db, request, "set-aside.seen", str(number))
        return is_there

    if not await desk(request).service.writer.run(work):
        raise web.HTTPNotFound
    return see_other(f"{ROOT}set-aside")


def number_in(request: web.Request, name: str) -> int | None:
    """A number of the address that SQLite can hold; None for nonsense."""
    given = request.query.get(name, "")
    return int(given) if given.isascii() and given.isdigit() and len(given) <= 18 else None
