"""What operators type in commands, as click takes it: what will not do is told as a mistake of theirs."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import click

from bot.consultations import typed

T = TypeVar("T")


def consultation_id(text: str) -> int:
    """The id of a consultation: it fits into the 64 bits of SQLite."""
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise click.BadParameter(f"{text!r} is no id: `innspill consultation list` shows them.")
    return int(text)


def reference(text: str) -> str:
    """The reference of a response, as receipts show it, or in groups as people write it down."""
    plain = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"[0-9A-Za-z]{1,16}", plain):
        raise click.BadParameter(f"{text!r} is no reference: it looks like KT7RB4XM.")
    return plain.upper()


def file_name(text: str) -> str:
    """The name of a file, which is not empty."""
    if not text:
        raise click.BadParameter("the name of the file is empty.")
    return text


def _parameter(read: Callable[[str], T]) -> Callable[[str], T]:
    """A reader that refuses with the reason, which click leaves out of a ValueError."""

    @wraps(read)
    def told(text: str) -> T:
        try:
            return read(text)
        except ValueError as error:
            raise click.BadParameter(str(error)) from None

    return told


case, title, url = _parameter(typed.case), _parameter(typed.title), _parameter(typed.url)
day = _parameter(typed.day)
