"""Logging in and out: e-mail address, password and code in one form, and one answer to all that is wrong.

Whether an account exists shows neither in the answer nor in its time: a password is checked, delays are counted and the
log is written for those that do not as well.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from math import ceil
from urllib.parse import urlsplit

from aiohttp import web
from msgspec import Struct

from bot import clock
from bot.randomness import token
from bot.staff.access import second_factor
from bot.staff.access.passwords import passwords_of
from bot.staff.access.security import DEMO, hashed, known_hash, remember, set_known_cookie
from bot.staff.pages import ROOT, address_of, desk, form, render, see_other
from bot.staff.record import note
from bot.staff.roles import WHO, Role, Who, needs, open_to_all, who
from bot.web.errors import PageError
from bot.web.proxy import neighbourhood
from storage.database.sqlite import Connection
from storage.staff import audit, browsers, login_delays, people, sessions

_FREE_FOR_AN_ACCOUNT = 5
_FREE_FOR_AN_ADDRESS = 20  # attempts: a whole office may share one
_LONGEST_BROWSER = 200  # characters that are kept of what a browser calls itself

_NOBODYS_SECRET = second_factor.new_secret()


class Count(Struct, frozen=True):
    """By what attempts are counted: `own` begins anew after a login; `shared`, an address, does not.

    In a browser in which its owner has logged in, what others try at an account does not count, from whatever address:
    `shared` is "".
    """

    own: str
    shared: str

    @property
    def free(self) -> dict[str, int]:
        """How many attempts each of them has before it has to wait."""
        return {self.own: _FREE_FOR_AN_ACCOUNT} | ({self.shared: _FREE_FOR_AN_ADDRESS} if self.shared else {})


class Attempt(Struct, frozen=True):
    """Somebody at the door: what they typed, when, from where, with which browser, and as whom it was logged in.

    `known`: the hash of the browser's secret, if somebody has logged in with it; see `security.known_hash`.
    """

    email: str
    code: str
    at: datetime
    address: str
    browser: str
    known: str
    before: Who | None
    count: Count


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/login", show)
    app.router.add_post("/login", take)
    app.router.add_post("/logout", leave)
    app.router.add_get("/demo/{token}", show_demo)
    app.router.add_post("/demo/{token}", take_demo)


@open_to_all
async def show(request: web.Request) -> web.StreamResponse:
    """The form; who is logged in goes on to where they wanted to."""
    to = _inside(request.query.get("to", ""))
    return see_other(to) if WHO in request else _page(request, 200, to)


def _page(
    request: web.Request, status: int, to: str, email: str = "", problem: str = "", wait: int = 0
) -> web.Response:
    return render(request, "access/login.html", status=status, to=to, email=email, problem=problem, seconds=wait)


@open_to_all
async def take(request: web.Request) -> web.StreamResponse:
    """303 to where they wanted to, 422 where something is wrong, 429 where it comes too early."""
    fields = await form(request)
    email = normal_email(fields.get("email", ""))
    attempt = Attempt(
        email=email,
        code=fields.get("code", ""),
        at=clock.now(),
        address=address_of(request),
        browser=browser_of(request),
        known=known_hash(request),
        before=request.get(WHO),
        count=counted(request, email),
    )
    to, shown = _inside(fields.get("to", "")), fields.get("email", "")
    if wait := await begin_attempt(request, email, attempt.count, "login.failed"):
        page = _page(request, 429, to, shown, "staff-wait", wait)
        page.headers["Retry-After"] = str(wait)
        return page
    known = people.credentials(desk(request).reading, email)
    kept = known.password_hash if known else None
    fits = await passwords_of(request).matches(fields.get("password", ""), kept)
    secret, mark = token(), token()
    writer = desk(request).service.writer
    if not await writer.run(lambda db: _log_in(db, attempt, kept if fits else None, hashed(secret), hashed(mark))):
        return _page(request, 422, to, shown, "staff-login-wrong")
    remember(request, secret)
    response = see_other(to)
    set_known_cookie(response, desk(request).config, mark)
    return response


@needs(Role.READER)
async def leave(request: web.Request) -> web.StreamResponse:
    """End the session; the browser gets a secret that opens nothing."""

    def end(db: Connection) -> None:
        sessions.end(db, who(request).session_id, who(request).staff_id)
        note(db, request, "logout")

    await desk(request).service.writer.run(end)
    remember(request, token())
    return see_other(f"{ROOT}login")


@open_to_all
async def show_demo(request: web.Request) -> web.StreamResponse:
    """A button: reading a page changes nothing, and whoever looks at a link before its reader does not use it up."""
    _require_demo(request)
    return render(request, "access/demo.html")


@open_to_all
async def take_demo(request: web.Request) -> web.StreamResponse:
    """Log the first one who comes in, as an admin."""
    _require_demo(request)
    desk(request).demo_token = ""
    secret, at, address = token(), clock.now(), address_of(request)

    def begin(db: Connection) -> None:
        staff_id = people.admit(db, DEMO, Role.ADMIN.key, at)
        sessions.begin(db, staff_id, hashed(secret), at, address=address, browser=browser_of(request))
        audit.record(db, at, DEMO, "login", address=address, detail={"with": "demo link"})

    await desk(request).service.writer.run(begin)
    remember(request, secret)
    return see_other(ROOT)


def counted(request: web.Request, email: str) -> Count:
    """By what an attempt to type the password of an account is counted."""
    browser = known_hash(request)
    if browsers.is_known(desk(request).reading, email, browser, clock.now()):
        return Count(login_delays.browser(email, browser), "")
    return Count(login_delays.account(email), f"address {neighbourhood(address_of(request))}")


async def begin_attempt(request: web.Request, email: str, count: Count, action: str) -> int:
    """Count an attempt; the seconds to wait where it comes too early, else 0.

    The first one that comes too early for a wait is written down as `action`: more would only fill the log.
    """
    at = clock.now()

    def begin(db: Connection) -> timedelta:
        wait = login_delays.begin(db, count.free, at)
        if wait and login_delays.note_wait(db, count.free, at):
            known = people.credentials(db, email)
            who, detail = known.email if known else "", {"reason": "early"}
            audit.record(db, at, who, action, address=address_of(request), detail=detail)
        return wait

    return ceil(await desk(request).service.writer.run(begin) / timedelta(seconds=1))


def succeed(db: Connection, count: Count) -> None:
    """The attempt was a good one: it does not count."""
    login_delays.forgive(db, count.own)
    login_delays.take_back(db, count.shared)


def normal_email(typed: str) -> str:
    """The form in which accounts have their e-mail address."""
    return typed.strip().casefold()


def browser_of(request: web.Request) -> str:
    """What a browser calls itself."""
    return request.headers.get("User-Agent", "").encode("utf-8", "replace").decode()[:_LONGEST_BROWSER]


def _log_in(db: Connection, attempt: Attempt, right_hash: str | None, secret_hash: str, mark_hash: str) -> bool:
    """Begin a session if all is right; either way it is written down.

    `right_hash`: which the password has matched; `mark_hash`: by what the browser is known from then on.
    """
    known = people.credentials(db, attempt.email)
    means = second_factor.step_of(known.code_secret if known else _NOBODYS_SECRET, attempt.code, attempt.at)
    reason = ""
    if known is None:
        reason = "unknown"  # and no more: what was typed may be anything
    elif known.password_hash != right_hash:
        reason = "password"
    elif not _is_used(db, known.staff_id, means, attempt.code):
        reason = "code"
    if known is None or reason:
        email = known.email if known else ""
        audit.record(db, attempt.at, email, "login.failed", address=attempt.address, detail={"reason": reason})
        return False
    succeed(db, attempt.count)
    browsers.know(db, known.staff_id, attempt.known, mark_hash, attempt.at)
    if attempt.before is not None:
        sessions.end(db, attempt.before.session_id, attempt.before.staff_id)
    sessions.begin(db, known.staff_id, secret_hash, attempt.at, address=attempt.address, browser=attempt.browser)
    factor = {"with": "recovery code" if means is None else "app"}
    audit.record(db, attempt.at, known.email, "login", address=attempt.address, detail=factor)
    return True


def _is_used(db: Connection, staff_id: int, step: int | None, typed: str) -> bool:
    """Use up a code, of the app or for recovery; False where it does not count."""
    if step is not None:
        return people.use_code(db, staff_id, step)
    code_hash = second_factor.recovery_hash(typed)
    return code_hash is not None and people.use_recovery_code(db, staff_id, code_hash)


def _require_demo(request: web.Request) -> None:
    """Raises PageError where this is not the link that was printed, or it was used."""
    wanted = desk(request).demo_token
    if not wanted or not hmac.compare_digest(request.match_info["token"].encode(), wanted.encode()):
        raise PageError(404, "staff-demo-over")


def _inside(to: str) -> str:
    """A page of the desk to go on to, whatever the address says."""
    try:
        parts = urlsplit(to)
    except ValueError:
        return ROOT
    is_ours = parts.path.startswith(ROOT) and not parts.scheme and not parts.netloc
    return to if is_ours and to.isascii() and to.isprintable() and "\\" not in to else ROOT
