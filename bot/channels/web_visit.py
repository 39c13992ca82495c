"""Whose browser this is, and whether a form comes from one of our own pages: the cookie and the nonces of forms."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

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


def cookie_name(base_url: str) -> str:
    """With https the prefix makes browsers refuse the cookie from anybody but this very host."""
    return "__Host-innspill" if base_url.startswith("https:") else "innspill"


def known_visitor(cookies: Mapping[str, str], base_url: str) -> Visitor | None:
    """Who sends these cookies, if we know them."""
    value = cookies.get(cookie_name(base_url), "")
    return Visitor(value) if _TOKEN.fullmatch(value) else None


def comes_from_elsewhere(headers: Mapping[str, str], base_url: str) -> bool:
    """Whether the browser says that another site sent the form.

    Our own pages ask for no referrer, and browsers then call their origin "null": the nonce decides about those.
    """
    if site := headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    origin = headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc not in (headers.get("Host"), urlsplit(base_url).netloc)
