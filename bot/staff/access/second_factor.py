"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for who has lost it."""

from __future__ import annotations

import hashlib
import re
from base64 import b32encode
from datetime import datetime

import pyotp
import segno
from markupsafe import Markup

from bot.randomness import token
from dialogs.fields.cleaning import with_plain_digits

RECOVERY_CODES = 10

_STEP = 30  # seconds
_CODE = re.compile(r"[0-9]{6}", re.ASCII)
_RECOVERY_CODE = re.compile(r"[a-z2-7]{24}", re.ASCII)


def new_secret() -> str:
    """A secret for an app: 160 bits, in base 32."""
    return _letters()


def address(secret: str, email: str, issuer: str) -> str:
    """What the app reads from the picture: an `otpauth:` URL."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def picture(address: str, title: str) -> Markup:
    """A QR code as an SVG element without style: dark on light, in whatever colours the page is."""
    svg: str = segno.make(address, error="m").svg_inline(scale=4, border=4, light="#fff", title=title, omitsize=False)
    return Markup(svg)  # noqa: S704 - segno writes it, and escapes the title


def spaced(secret: str) -> str:
    """A secret as one types it: in groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step of the app's time that this code belongs to: now, the one before or the one after. None for no such."""
    code = with_plain_digits(re.sub(r"\s", "", code))
    if not _CODE.fullmatch(code):
        return None
    app = pyotp.TOTP(secret, interval=_STEP)
    now = int(at.timestamp()) // _STEP
    fitting = [step for step in (now - 1, now, now + 1) if pyotp.utils.strings_equal(app.generate_otp(step), code)]
    return max(fitting, default=None)


def new_recovery_codes() -> list[str]:
    """Ten codes of 120 bits, such as `abcd-efgh-ijkl-mnop-qrst-uvwx`: they need no slow hash."""
    codes = [_letters().lower()[:24] for _ in range(RECOVERY_CODES)]
    return ["-".join(code[start : start + 4] for start in range(0, 24, 4)) for code in codes]


def recovery_hash(typed: str) -> str | None:
    """What the store knows a recovery code by, however it was typed; None for what is none."""
    code = re.sub(r"[\s-]", "", typed).lower()
    return hashlib.sha256(code.encode()).hexdigest() if _RECOVERY_CODE.fullmatch(code) else None


def _letters() -> str:
    """160 random bits as 32 characters A-Z and 2-7."""
    return b32encode(hashlib.sha256(token().encode()).digest()[:20]).decode()
