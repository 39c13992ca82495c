"""The one owner of randomness: tokens, references and jitter."""

from __future__ import annotations

import math
import random
import secrets

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXY"
_DIGITS = "23456789"
_SIGNS = (_LETTERS, _LETTERS, _DIGITS) * 2 + (_LETTERS, _LETTERS)
_REFERENCES = math.prod(map(len, _SIGNS))


def token() -> str:
    """A secret of 256 bits, URL-safe, 43 characters."""
    return secrets.token_urlsafe(32)


def reference() -> str:
    """A draw for the reference of a response: two letters and a digit, twice, then two letters, such as `KT7RB4XM`.

    Without the letters I, O, Q and Z and the digits 0 and 1, which people misread. It identifies and opens nothing.
    """
    return reference_of(secrets.randbelow(_REFERENCES))


def reference_of(number: int) -> str:
    """The reference of a number: each below ten thousand million has its own."""
    drawn = []
    for signs in _SIGNS:
        number, place = divmod(number, len(signs))
        drawn.append(signs[place])
    return "".join(drawn)


def jitter(seconds: float) -> float:
    """Between half of `seconds` and all of it, so that those who failed together do not come back together."""
    return random.uniform(seconds / 2, seconds)
