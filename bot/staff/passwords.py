"""Passwords of staff: length over rules, and argon2, which is slow on purpose and so runs beside the event loop."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 128
"""Characters: nobody types more, and argon2 reads all of it."""

_LEFT = 8  # characters that have to be left of a password without what anybody would guess first
_DIFFERENT = 5  # characters

# Twice what OWASP asks for at least (argon2id, 46 MiB, one pass), on one core.
_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)

# A hash of no password, which takes as long to check as another: salt and digest are zeros.
_NOBODYS = f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p=1${'A' * 22}${'A' * 43}"

_AT_ONCE = 2  # conversations keep their processor, and the memory stays under 100 MB

# What the commonest passwords of 12 and more characters are made of.
_COMMON = re.compile(
    r"passor[dt]|password|passw0rd|qwerty(uiop)?(å)?|asdfghjkl|zxcvbnm|1q2w3e4r|abcdefg?h?i?j?k?l?m?|letmein|welcome"
    r"|velkommen|iloveyou|sunshine|princess|football|fotball|liverpool|dragon|monkey|superman|administrator|admin"
    r"|sommer|vinter|høst|vår|summer|winter|spring|autumn|hemmelig|secret|sikkerhet|innspill|høring|kommune|norge"
    r"|0?1234567890?|123456789|12345678|1234567|123456|12345|1234|0987654321|987654321|(19|20)[0-9]{2}"
)


def problem(password: str, *guessable: str) -> str:
    """The key of what is wrong with a password, or "".

    `guessable`: what anybody who knows the person would try, such as their e-mail address and where they work.
    """
    folded = _normal(password).casefold()
    if len(folded) < SHORTEST:
        return "staff-password-short"
    if len(password) > LONGEST:
        return "staff-password-long"
    words = {word for text in guessable for word in re.findall(r"\w{3,}", text.casefold())}
    left = folded
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    left = re.sub(r"[\W_]", "", _COMMON.sub("", left))
    if len(left) < _LEFT or len(set(left)) < _DIFFERENT:
        return "staff-password-guessable"
    return ""


class Passwords:
    """Hashes and checks passwords, a few at a time, in threads."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def hashed(self, password: str) -> str:
        """The form in which a password is kept."""
        async with self._turn:
            return await asyncio.to_thread(_hasher.hash, _normal(password))

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that is kept; takes as long where none is."""
        async with self._turn:
            return await asyncio.to_thread(_matches, _normal(password[: LONGEST + 1]), kept)


def _matches(password: str, kept: str | None) -> bool:
    try:
        _hasher.verify(kept or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def _normal(password: str) -> str:
    """The same letters typed on another machine are the same password."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
