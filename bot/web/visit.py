"""Whose browser this is, and whether a form comes from one of our own pages: the cookie and the nonces of forms."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aiohttp.web import Response
from msgspec import Struct

from bot.randomness import token

COOKIE_AGE = timedelta(days=30)
"""As long as a draft is kept; every visit begins it anew."""

FORM_AGE = timedelta(hours=24)
"""Well under the 48 hours for which the store remembers that it has handled a form."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_NONCE = re.compile(r"([0-9]{1,12})\.([A-Za-z0-9_-]{1,64})\.([0-9a-f]{64})")


class Visitor(Struct, frozen=True):
    """A browser, known by the secret in its cookie. The secret itself goes nowhere else."""

    secret: str

    @property
    def address(self) -> str:
        """What the store knows the browser by: the cookie cannot be told from it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def nonce(self, at: datetime) -> str:
        """A number for one form, used once, that only this browser can have been given."""
        number = f"{int(at.timestamp())}.{token()}"
        return f"{number}.{self._seal(number)}"

    def issued(self, nonce: str) -> datetime | None:
        """When we gave this browser the form with this nonce; None: we never did."""
        parts = _NONCE.fullmatch(nonce)
        if parts is None or not hmac.compare_digest(parts[3], self._seal(f"{parts[1]}.{parts[2]}")):
            return None
        return datetime.fromtimestamp(int(parts[1]), UTC)

    def _seal(self, number: str) -> str:
        return hmac.new(self.secret.encode(), b"form:" + number.encode(), hashlib.sha256).hexdigest()


def new_visitor() -> Visitor:
    """A browser that we have not seen before."""
    return Visitor(token())


class Door(Struct, frozen=True):
    """One address of the chat, with a cookie and so conversations of its own.

    `home` is the path of its page, with a slash at the end. `frames`: the origins on whose pages it may stand in a
    frame; a browser keeps its cookie apart for each of these, and only over https (or on the machine itself).
    """

    home: str
    cookie: str
    secure: bool
    frames: tuple[str, ...] = ()

    def visitor(self, cookies: Mapping[str, str]) -> Visitor | None:
        """Who sends these cookies, if we know them."""
        value = cookies.get(self.cookie, "")
        return Visitor(value) if _TOKEN.fullmatch(value) else None

    def remember(self, visitor: Visitor, response: Response) -> None:
        """Give the browser its cookie, or keep it for another while."""
        self._set(response, visitor.secret, int(COOKIE_AGE.total_seconds()))

    def forget(self, response: Response) -> None:
        """Take the cookie away."""
        self._set(response, "", 0)

    def _set(self, response: Response, value: str, age: int) -> None:
        # Written here: before Python 3.14 `http.cookies` does not know "Partitioned".
        secure = "; Secure" if self.secure else ""
        where = "SameSite=None; Partitioned" if self.frames else "SameSite=Lax"
        response.headers.add("Set-Cookie", f"{self.cookie}={value}; Max-Age={age}; Path=/; HttpOnly{secure}; {where}")


def front_door(base_url: str) -> Door:
    """Our own address. With https the prefix makes browsers refuse the cookie from anybody but this very host."""
    secure = base_url.startswith("https:")
    return Door("/", "__Host-innspill" if secure else "innspill", secure)


def side_door(origins: tuple[str, ...]) -> Door:
    """What stands in a frame on pages of these origins."""
    return Door("/embed/", "__Host-innspill-embedded", secure=True, frames=origins)


def comes_from_elsewhere(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether the browser says that another site sent the form.

    Our own pages ask for no referrer, and browsers then call their origin "null": the nonce decides about those.
    """
    if site := headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = headers.get("Origin", "null")
    try:
        return origin != "null" and urlsplit(origin).netloc not in (headers.get("Host"), urlsplit(base_url).netloc)
    except ValueError:  # what no browser sends
        return True
