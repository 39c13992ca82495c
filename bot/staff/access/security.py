"""What stands in front of every page of the desk: who asks, whether the form is ours, and what browsers may do with it.

A browser has one secret, in a cookie. Before a login it only ties forms to their browser; at a login the browser gets a
new one, which nobody can have planted. The store knows a session by the hash of its secret.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from contextlib import suppress
from datetime import datetime
from urllib.parse import quote

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import clock
from bot.config import Config
from bot.randomness import token
from bot.staff.pages import CSRF, ROOT, Desk, desk, see_other
from bot.staff.roles import WHO, Role, Who, is_open
from bot.web.errors import PageError
from bot.web.forms import posted_fields
from bot.web.visit import comes_from_elsewhere
from storage.database.errors import NotSaved
from storage.staff import browsers, sessions

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

SECRET: web.RequestKey[str] = web.RequestKey("secret", str)
"""Under this key a request has the secret of its browser."""

DEMO = "demo"
"""The name of the account for trying it out. It is no e-mail address: nobody can invite it, or give it a password."""

_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_READING = ("GET", "HEAD")


async def dress(request: web.Request, response: web.StreamResponse) -> None:
    """Puts the headers that protect staff onto an answer before it begins, whatever it is and whatever went wrong."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    if desk(request).config.base_url.startswith("https:"):
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")  # a proxy may say it otherwise


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Lets nobody through without a session but to pages that are open to all, and no form that is not ours."""
    config = desk(request).config
    known = request.cookies.get(cookie_name(config), "")
    secret = known if _SECRET.fullmatch(known) else token()
    remember(request, secret)
    if (session := await _session(desk(request), secret, clock.now())) is not None:
        request[WHO] = _who(session, request[CSRF])
    elif not is_open(request.match_info.handler):
        if request.method not in _READING:
            raise PageError(403, "staff-logged-out")
        return see_other(f"{ROOT}login?to={quote(request.path_qs)}")
    if request.method not in _READING:
        await _refuse_forged(request, config)
    response = await handler(request)
    if request[SECRET] != known and not response.prepared:
        set_cookie(response, config, request[SECRET])
    return response


def remember(request: web.Request, secret: str) -> None:
    """From here on the browser has this secret; the answer tells it where that is new."""
    request[SECRET] = secret
    request[CSRF] = hmac.new(secret.encode(), b"staff form", hashlib.sha256).hexdigest()


def cookie_name(config: Config) -> str:
    """With https the prefix makes browsers refuse the cookie from anybody but this very host."""
    return "__Host-innspill-staff" if config.base_url.startswith("https:") else "innspill-staff"


def set_cookie(response: web.StreamResponse, config: Config, secret: str) -> None:
    """Gives the browser its secret, until it is closed.

    Lax, not Strict: a link to the desk in an e-mail or a case system has to find its reader logged in. What changes
    anything is posted, and Lax sends no cookie with what another site posts.
    """
    response.set_cookie(
        cookie_name(config),
        secret,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=config.base_url.startswith("https:"),
    )


def known_hash(request: web.Request) -> str:
    """What the store knows a browser by in which somebody has logged in; "" for one that does not say."""
    secret = request.cookies.get(_known_name(desk(request).config), "")
    return hashed(secret) if _SECRET.fullmatch(secret) else ""


def set_known_cookie(response: web.StreamResponse, config: Config, secret: str) -> None:
    """Lets the browser remember that somebody has logged in with it; see `storage.staff.browsers`."""
    response.set_cookie(
        _known_name(config),
        secret,
        max_age=int(browsers.HOLDS.total_seconds()),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=config.base_url.startswith("https:"),
    )


def _known_name(config: Config) -> str:
    return f"{cookie_name(config)}-known"


def hashed(secret: str) -> str:
    """What the store knows a secret of 256 bits by; one cannot be told from the other."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def _session(desk: Desk, secret: str, at: datetime) -> sessions.Session | None:
    """The session with this secret, if it holds; that it is in use is written down once a minute."""
    session = sessions.find(desk.reading, hashed(secret), at)
    if session is not None and session.email == DEMO and not desk.is_demo:
        return None
    if session is not None and sessions.is_to_be_noted(session, at):
        with suppress(NotSaved):  # who only reads may do so on a full disk
            await desk.service.writer.run(lambda db: sessions.note_activity(db, session.id, at))
    return session


def _who(session: sessions.Session, csrf: str) -> Who:
    return Who(
        staff_id=session.staff_id,
        email=session.email,
        role=Role.of(session.role),
        session_id=session.id,
        csrf=csrf,
        locale=session.locale,
    )


async def _refuse_forged(request: web.Request, config: Config) -> None:
    """Raises PageError for a form that another site sent, or that is not from a page of this browser."""
    if comes_from_elsewhere(request.headers, config.base_url):
        raise PageError(403, "web-elsewhere")
    brought = (await posted_fields(request)).get("csrf", "")
    if not isinstance(brought, str) or not hmac.compare_digest(brought.encode(), request[CSRF].encode()):
        raise PageError(403, "staff-old-form")
