"""The desk's pages: where each of them is, and the first one, with every consultation."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot import clock
from bot.staff import history, reading, set_aside
from bot.staff.access import people
from bot.staff.consultations import pages as consultations
from bot.staff.consultations.pages import Line
from bot.staff.downloads import pages as downloads
from bot.staff.reading import read
from bot.staff.responses import pages as responses
from bot.staff.responses import versions
from bot.staff.roles import Role, needs
from bot.staff.words import draw
from storage.consultations import consultations as kept
from storage.conversations import set_aside as put_aside
from storage.database.sqlite import Connection
from storage.responses import counts as consultation_counts

_NEW = timedelta(days=1)
_STATES = ("open", "late", "planned", "closed")


def routes(app: web.Application) -> None:
    """Adds every page to the desk's application, and what they need while it runs."""
    app.cleanup_ctx.append(reading.keep_readers)
    app.router.add_get("/", front)
    for pages in (consultations, responses, versions, downloads, set_aside, history, people):
        pages.routes(app)


@needs(Role.READER)
async def front(request: web.Request) -> web.StreamResponse:
    """Every consultation: those that take responses in first, the nearest deadline on top."""
    at = clock.now()

    def lines(db: Connection) -> tuple[list[Line], int]:
        counts = consultation_counts.by_consultation(db, at - _NEW)
        found = [Line.of(each, counts.get(each.id), at) for each in kept.all(db)]
        return found, put_aside.count_unseen(db)

    found, unseen = await read(request, lines)
    found.sort(key=lambda line: (_STATES.index(line.state), abs(line.consultation.closes_at - at)))
    return draw(request, "desk.html", lines=found, unseen=unseen)
