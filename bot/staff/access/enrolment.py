"""The one-time link: its reader chooses a password, then sets up an authenticator app, and is logged in.

Until the app has given its first code nothing counts, and who closes the page can begin again with the same link.
"""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot import clock
from bot.randomness import token
from bot.staff.access import passwords, second_factor
from bot.staff.access.login import browser_of
from bot.staff.access.passwords import passwords_of
from bot.staff.access.security import SECRET, hashed, known_hash, remember, set_known_cookie
from bot.staff.pages import address_of, desk, form, render, say, see_other
from bot.staff.roles import open_to_all
from bot.web.errors import PageError
from storage.database.sqlite import Connection
from storage.staff import audit, browsers, people, sessions


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/link/{token}", show)
    app.router.add_post("/link/{token}", take)


@open_to_all
async def show(request: web.Request) -> web.StreamResponse:
    """Where its reader has come to: choosing a password, or setting up the app."""
    link = _link(request)
    return _app_page(request, link) if _has_chosen(request, link) else _password_page(request, link)


@open_to_all
async def take(request: web.Request) -> web.StreamResponse:
    """One of the two forms: 422 where something is wrong with it."""
    link, fields = _link(request), await form(request)
    if "code" in fields and _has_chosen(request, link):
        return await _enrol(request, link, fields["code"])
    password = fields.get("password", "")
    wrong = await passwords_of(request).problem(password, link.email, desk(request).config.municipality)
    if not wrong and password != fields.get("again"):
        wrong = "staff-password-again-wrong"
    if wrong:
        return _password_page(request, link, wrong)
    kept = await passwords_of(request).hashed(password)
    secret, browser = second_factor.new_secret(), hashed(request[SECRET])
    await desk(request).service.writer.run(
        lambda db: people.choose_password(db, _link_hash(request), kept, secret, browser)
    )
    return see_other(request.path)


async def _enrol(request: web.Request, link: people.Link, code: str) -> web.StreamResponse:
    """The first code shows that the app is set up: the link is used, and the recovery codes are shown this once."""
    at, address, writer = clock.now(), address_of(request), desk(request).service.writer
    step = second_factor.step_of(link.code_secret or "", code, at)
    if step is None:
        await writer.run(lambda db: _note_failure(db, at, link.email, address))
        return _app_page(request, link, "staff-code-wrong")
    codes = second_factor.new_recovery_codes()
    secret, mark, before = token(), token(), known_hash(request)

    def enrol(db: Connection) -> bool:
        if people.find_link(db, _link_hash(request), at) != link:
            return False  # another form has been quicker
        people.enrol(db, link, step, filter(None, map(second_factor.recovery_hash, codes)))
        sessions.begin(db, link.staff_id, hashed(secret), at, address=address, browser=browser_of(request))
        browsers.know(db, link.staff_id, before, hashed(mark), at)
        audit.record(db, at, link.email, "staff.enrolled", link.email, address=address)
        return True

    if not await writer.run(enrol):
        raise PageError(410, "staff-link-over")
    remember(request, secret)
    response = render(request, "access/codes.html", codes=codes)
    set_known_cookie(response, desk(request).config, mark)
    return response


def _note_failure(db: Connection, at: datetime, email: str, address: str) -> None:
    audit.record(db, at, email, "staff.enrolment_failed", email, address=address, detail={"reason": "code"})


def _password_page(request: web.Request, link: people.Link, wrong: str = "") -> web.Response:
    return render(
        request,
        "access/password.html",
        status=422 if wrong else 200,
        link=link,
        wrong=wrong,
        shortest=passwords.SHORTEST,
    )


def _app_page(request: web.Request, link: people.Link, wrong: str = "") -> web.Response:
    secret = link.code_secret or ""
    address = second_factor.address(secret, link.email, f"Innspill {desk(request).config.municipality}")
    return render(
        request,
        "access/enrol.html",
        status=422 if wrong else 200,
        wrong=wrong,
        picture=second_factor.picture(address, say(request, "staff-picture")),
        secret=second_factor.spaced(secret),
    )


def _has_chosen(request: web.Request, link: people.Link) -> bool:
    """Whether this browser has chosen the password: the app's secret is shown to no other."""
    return link.password_hash is not None and link.browser_hash == hashed(request[SECRET])


def _link(request: web.Request) -> people.Link:
    """The link, if it holds. Raises PageError."""
    link = people.find_link(desk(request).reading, _link_hash(request), clock.now())
    if link is None:
        raise PageError(410, "staff-link-over")
    return link


def _link_hash(request: web.Request) -> str:
    return hashed(request.match_info["token"])
