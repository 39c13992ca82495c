"""Which language a page is read in: what the reader's browser asks for, as far as we speak it."""

from __future__ import annotations

import re

from dialogs.texts import match_locale


def reader_locale(accept_language: str, default: str) -> str:
    """The language of ours that a browser likes best (an Accept-Language header)."""
    wishes: list[tuple[float, str]] = []
    for wish in accept_language.split(","):
        tag, _, weight = wish.partition(";q=")
        if re.fullmatch(r"\s*[01](\.\d{0,3})?\s*", weight or "1") and (locale := match_locale(tag.strip())):
            wishes.append((float(weight or 1), locale))
    return max(wishes, key=lambda wish: wish[0], default=(0.0, default))[1]
