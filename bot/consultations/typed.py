"""What staff type about a consultation, in a command or in a form: a day, a case number, a title, a URL.

Each reader raises ValueError, in an operator's English, for what will not do.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from storage.consultations.consultations import parse_case_number

_FIRST_YEAR = 1900
_LONGEST_TITLE = 300  # characters: people read it on a telephone, in a list and on a button


def day(text: str) -> date:
    """A day of this century, written as 2026-12-31."""
    with suppress(ValueError):
        if re.fullmatch(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    raise ValueError(f"{text!r} is not a day of this century such as 2026-12-31.")


def case(text: str) -> str:
    """A case number as the municipality writes it, such as 18/101."""
    year, sequence = parse_case_number(text)
    if year < _FIRST_YEAR or sequence == 0:
        raise ValueError(f"{text!r} is the number of no case: the first one of a year is such as 18/1.")
    return text.strip()


def title(text: str) -> str:
    """A title: one line that says something."""
    if not text.strip() or not text.isprintable():
        raise ValueError("A title is one line, and not empty.")
    if len(text.strip()) > _LONGEST_TITLE:
        raise ValueError(f"A title has at most {_LONGEST_TITLE} characters; this has {len(text.strip())}.")
    return text.strip()


def url(text: str) -> str:
    """A URL that a browser can open."""
    if not re.fullmatch(r"https?://[^\s/?#]+\S*", text):
        raise ValueError(f"{text!r} is not a URL such as https://example.no/case.")
    return text
