"""Who works at the desk: inviting them, giving them another role, a new link, and sending them away."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web
from email_validator import EmailNotValidError, validate_email

from bot import clock
from bot.randomness import token
from bot.staff.access.login import normal_email
from bot.staff.access.security import hashed
from bot.staff.pages import ROOT, desk, form, see_other
from bot.staff.reading import read
from bot.staff.record import note
from bot.staff.roles import Role, needs, who
from bot.staff.words import draw
from bot.web.errors import PageError
from storage.database.sqlite import Connection
from storage.staff import people

_PAGE = f"{ROOT}people"
_ROLES = tuple(role.key for role in Role)


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/people", show)
    app.router.add_post("/people", invite)
    app.router.add_post("/people/{id:[0-9]{1,18}}/{act:reset|disable|role}", change)


@needs(Role.ADMIN)
async def show(request: web.Request) -> web.StreamResponse:
    """Everybody, and the form that invites."""
    return await _page(request)


async def _page(
    request: web.Request, *, link: str = "", whose: str = "", wrong: str = "", typed: str = ""
) -> web.Response:
    """The page; with a `link`, which is shown this once."""
    at = clock.now()
    members = await read(request, lambda db: people.all(db, at))
    status = 422 if wrong else 200
    values = {"link": link, "whose": whose, "wrong": wrong, "typed": typed}
    return draw(request, "access/people.html", status=status, members=members, roles=_ROLES, **values)


@needs(Role.ADMIN)
async def invite(request: web.Request) -> web.StreamResponse:
    """Invites somebody and shows the link, for the admin to hand on."""
    fields = await form(request)
    email, role = normal_email(fields.get("email", "")), fields.get("role", "")
    if role not in _ROLES:
        raise PageError(400, "web-unreadable")
    try:
        validate_email(email, check_deliverability=False)
    except EmailNotValidError:
        return await _page(request, wrong="desk-wrong-email", typed=email)

    def work(db: Connection, link_hash: str) -> None:
        people.invite(db, email, role, link_hash, clock.now())
        note(db, request, "staff.invited", email, role=role)

    try:
        return await _with_link(request, email, work)
    except people.StaffExists:
        return await _page(request, wrong="desk-already-invited", typed=email)


@needs(Role.ADMIN)
async def change(request: web.Request) -> web.StreamResponse:
    """A new link, no way in, or another role for somebody; nobody locks themselves out."""
    number, act, at = int(request.match_info["id"]), request.match_info["act"], clock.now()
    members = await read(request, lambda db: people.all(db, at))
    member = next((each for each in members if each.id == number), None)
    if member is None or (act == "reset" and member.state in ("disabled", "demo")):
        raise web.HTTPNotFound
    if number == who(request).staff_id:
        raise PageError(403, "desk-not-yourself")
    email, role = member.email, (await form(request)).get("role", "")
    if act == "reset":
        return await _with_link(request, email, lambda db, link_hash: _reset(db, request, email, link_hash))
    if act == "role" and role not in _ROLES:
        raise PageError(400, "web-unreadable")

    def work(db: Connection) -> None:
        if act == "disable":
            people.disable(db, email, at)
            note(db, request, "staff.disabled", email)
        else:
            before = people.change_role(db, email, role)
            note(db, request, "staff.role_changed", email, before=before, role=role)

    await desk(request).service.writer.run(work)
    return see_other(_PAGE)


def _reset(db: Connection, request: web.Request, email: str, link_hash: str) -> None:
    people.reset(db, email, link_hash, clock.now())
    note(db, request, "staff.reset", email)


async def _with_link(request: web.Request, email: str, work: Callable[[Connection, str], None]) -> web.Response:
    """Do what makes a link, and show it."""
    secret = token()
    await desk(request).service.writer.run(lambda db: work(db, hashed(secret)))
    return await _page(request, link=f"{desk(request).config.base_url}{ROOT}link/{secret}", whose=email)
