"""One's own account: where one is logged in, another password, the language."""

from __future__ import annotations

from aiohttp import web

from bot import clock
from bot.staff.access import passwords
from bot.staff.access.login import begin_attempt, counted, succeed
from bot.staff.access.passwords import passwords_of
from bot.staff.pages import ROOT, desk, form, render, see_other
from bot.staff.record import note, record
from bot.staff.roles import Role, needs, who
from bot.web.errors import PageError
from dialogs.texts import LOCALES, is_offered
from storage.database.sqlite import Connection
from storage.staff import people, sessions

_PAGE = f"{ROOT}account"
_REFUSED = "staff.password_change_failed"


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/account", show)
    app.router.add_post("/account/language", change_language)
    app.router.add_post("/account/password", change_password)
    app.router.add_post("/account/sessions/{id:[0-9]{1,18}}/end", end_session)


@needs(Role.READER)
async def show(request: web.Request) -> web.StreamResponse:
    """The page."""
    return _page(request)


@needs(Role.READER)
async def change_language(request: web.Request) -> web.StreamResponse:
    """Read the desk in another language from now on."""
    locale = (await form(request)).get("locale", "")
    if not is_offered(locale):
        raise PageError(400, "web-unreadable")
    staff_id = who(request).staff_id
    await desk(request).service.writer.run(lambda db: people.change_locale(db, staff_id, locale))
    return see_other(_PAGE)


@needs(Role.READER)
async def change_password(request: web.Request) -> web.StreamResponse:
    """Another password, for who knows the old one; all other sessions end."""
    fields, me = await form(request), who(request)
    count = counted(request, me.email)
    if wait := await begin_attempt(request, me.email, count, _REFUSED):
        return _page(request, status=429, wrong={"current": "staff-wait"}, seconds=wait)
    known = people.credentials(desk(request).reading, me.email)
    kept = known.password_hash if known else None
    if not await passwords_of(request).matches(fields.get("current", ""), kept):
        await record(request, _REFUSED, me.email, reason="password")
        return _page(request, status=422, wrong={"current": "staff-current-wrong"})
    new = fields.get("password", "")
    if problem := await passwords_of(request).problem(new, me.email, desk(request).config.municipality):
        return _page(request, status=422, wrong={"password": problem})
    if new != fields.get("again"):
        return _page(request, status=422, wrong={"again": "staff-password-again-wrong"})
    password_hash = await passwords_of(request).hashed(new)

    def change(db: Connection) -> None:
        if not people.change_password(db, me.staff_id, kept, password_hash):
            raise PageError(403, "staff-logged-out")  # the account was reset in these moments
        sessions.end_others(db, me.staff_id, me.session_id)
        succeed(db, count)
        note(db, request, "staff.password_changed", me.email)

    await desk(request).service.writer.run(change)
    return see_other(_PAGE)


@needs(Role.READER)
async def end_session(request: web.Request) -> web.StreamResponse:
    """End one of one's own sessions; 404 for those of others, and for what is none."""
    session_id, me = int(request.match_info["id"]), who(request)

    def end(db: Connection) -> bool:
        ended = sessions.end(db, session_id, me.staff_id)
        if ended:
            note(db, request, "session.ended", str(session_id))
        return ended

    if not await desk(request).service.writer.run(end):
        raise PageError(404, "web-not-found")
    return see_other(_PAGE)


def _page(
    request: web.Request, *, status: int = 200, wrong: dict[str, str] | None = None, seconds: int = 0
) -> web.Response:
    reading, me = desk(request).reading, who(request)
    return render(
        request,
        "access/account.html",
        status=status,
        sessions=sessions.of(reading, me.staff_id, clock.now()),
        codes_left=people.recovery_codes_left(reading, me.staff_id),
        has_password=people.credentials(reading, me.email) is not None,
        locales=LOCALES,
        wrong=wrong or {},
        seconds=seconds,
        shortest=passwords.SHORTEST,
    )
