"""Passwords of staff: length over rules, none that is common, and argon2; all of it beside the event loop."""

from __future__ import annotations

import asyncio
import re
import unicodedata

from aiohttp import web
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.staff.access.common import is_common

SHORTEST = 12
LONGEST = 128
"""Characters: nobody types more, and argon2 reads all of it."""

_LEFT = 8  # characters that have to be left of a password without what anybody would guess first
_DIFFERENT = 5  # characters
_SHORTEST_WORD = 10  # characters of a single one

# Twice what OWASP asks for at least (argon2id, 46 MiB, one pass), on one core.
_hasher = PasswordHasher(time_cost=2, memory_cost=46 * 1024, parallelism=1)

# A hash of no password, which takes as long to check as another: salt and digest are zeros.
_NOBODYS = f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p=1${'A' * 22}${'A' * 43}"

_AT_ONCE = 2  # conversations keep their processor, and the memory stays under 100 MB

_COMMON_FROM = 10
"""Characters: the shortest that the list of common passwords has."""

# Norwegian, and about us: the list of common passwords knows what the world likes.
_GUESSED_FIRST = (
    *("passord", "hemmelig", "velkommen", "admin", "sommer", "vinter", "høst", "vår", "norge", "fotball"),
    *("sikkerhet", "innspill", "høring", "kommune"),
)
_YEAR = re.compile(r"(19|20)[0-9]{2}")
_NO_LETTER_OR_DIGIT = re.compile(r"[\W_]")

_RUN = 4
"""Characters: words have shorter ones too, such as the "ert" of "hjerte"."""

_ROWS = (
    *("0123456789012", "qwertyuiopå", "asdfghjkløæ", "zxcvbnm", "abcdefghijklmnopqrstuvwxyzæøå"),
    *("1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0pø", "qazwsxedcrfvtgbyhnujmikolpø"),  # down the keyboard
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0"),  # and to and fro
)
_RUNS = {row[at : at + _RUN] for each in _ROWS for row in (each, each[::-1]) for at in range(len(row) - _RUN + 1)}
_AROUND = re.compile(r"\A[\W\d_]+|[\W\d_]+\Z")


def problem(password: str, *guessable: str) -> str:
    """The key of what is wrong with a password, or "". Reads files.

    `guessable`: what anybody who knows the person would try, such as their e-mail address and where they work. What is
    left without it, and without years and runs such as "1234" and "qwerty", has to be a password still, and more than a
    short word with some figures around it. Neither may be among the commonest passwords that have leaked anywhere, in
    capitals or small letters: 1.4 million of those have 12 and more characters.
    """
    normal = _normal(password)
    folded = normal.casefold()
    if len(folded) < SHORTEST:
        return "staff-password-short"
    if len(password) > LONGEST:
        return "staff-password-long"
    words = {word for text in guessable for word in re.findall(r"[^\W_]{3,}", text.casefold())}
    unworded = folded
    for word in sorted(words.union(_GUESSED_FIRST), key=len, reverse=True):
        unworded = unworded.replace(word, "")
    unworded = _YEAR.sub("", unworded)
    unspaced = "".join(unworded.split())
    bare = _NO_LETTER_OR_DIGIT.sub("", unworded)
    left = _without_runs(bare)
    if (unworded, left) == (folded, bare):
        left = unspaced  # nothing to guess: what stands between letters counts, as in what a program has drawn
    core = _AROUND.sub("", left)
    is_one_word = core.isalpha() and len(left) / 2 < len(core) < _SHORTEST_WORD
    is_short = len(left) < _LEFT or len(set(left)) < _DIFFERENT or is_one_word
    return "staff-password-guessable" if is_short or _is_common(folded, unspaced, left, core) else ""


def _without_runs(text: str) -> str:
    """The rest, where characters follow each other on the keyboard or in the alphabet."""
    starts = [at for at in range(len(text)) if text[at : at + _RUN] in _RUNS]
    gone = {at + more for at in starts for more in range(_RUN)}
    return "".join(each for at, each in enumerate(text) if at not in gone)


def _is_common(*passwords: str) -> bool:
    return any(is_common(each) for each in {*passwords} if len(each) >= _COMMON_FROM)


class Passwords:
    """Hashes and checks passwords, a few at a time, in threads."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def problem(self, password: str, *guessable: str) -> str:
        """See the function of this name."""
        return await asyncio.to_thread(problem, password, *guessable)

    async def hashed(self, password: str) -> str:
        """The form in which a password is kept."""
        async with self._turn:
            return await asyncio.to_thread(_hasher.hash, _normal(password))

    async def matches(self, password: str, kept: str | None) -> bool:
        """Whether it is the password that is kept; takes as long where none is."""
        async with self._turn:
            return await asyncio.to_thread(_matches, _normal(password[: LONGEST + 1]), kept)


PASSWORDS: web.AppKey[Passwords] = web.AppKey("passwords", Passwords)
"""Under this key the desk's application has them."""


def passwords_of(request: web.Request) -> Passwords:
    """Those of the desk that is asked."""
    found: Passwords = request.config_dict[PASSWORDS]
    return found


def _matches(password: str, kept: str | None) -> bool:
    try:
        _hasher.verify(kept or _NOBODYS, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def _normal(password: str) -> str:
    """The same letters typed on another machine are the same password."""
    return unicodedata.normalize("NFC", password.encode("utf-8", "replace").decode())
