"""Who did what: the audit log, newest first."""

from __future__ import annotations

import hashlib

from aiohttp import web

from bot.staff.pages import ROOT
from bot.staff.reading import read
from bot.staff.roles import Role, needs
from bot.staff.set_aside import number_in
from bot.staff.words import draw
from storage.database.sqlite import Connection
from storage.staff import audit
from storage.staff.audit import Entry

_SIZE = 100


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/history", show)


@needs(Role.ADMIN)
async def show(request: web.Request) -> web.StreamResponse:
    """All of it, or what one person did, or all of one kind."""
    before = number_in(request, "before")
    asked = {name: request.query.get(name, "") for name in ("who", "action")}

    def work(db: Connection) -> tuple[dict[str, str], list[str], list[Entry]]:
        people, actions = {_mark(person): person for person in audit.people(db)}, audit.actions(db)
        person = people.get(asked["who"])
        action = asked["action"] if asked["action"] in actions else None
        found = audit.entries(db, limit=_SIZE + 1, before_id=before, who=person, action=action)
        return people, actions, found

    people, actions, found = await read(request, work)
    return draw(
        request,
        "history.html",
        people=people,
        actions=actions,
        asked=asked,
        entries=found[:_SIZE],
        first=before is None,
        more=len(found) > _SIZE,
        page=f"{ROOT}history",
    )


def _mark(person: str) -> str:
    """What stands for a person in an address, where their e-mail address does not belong."""
    return hashlib.sha256(person.encode()).hexdigest()[:12]
