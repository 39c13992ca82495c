"""What became of a response since it was received, as its readers are told: what belongs together is told once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from bot.staff.words import Words
from storage.responses.lists import FALLEN, STANDS
from storage.responses.versions import Change, Version

_SUPERSEDED = FALLEN[0]


class Happening(Struct, frozen=True):
    """What somebody did at one moment. `changed`: what it is called, what stood there and what stands; "" is empty."""

    at: datetime
    who: str
    note: str
    changed: tuple[tuple[str, str, str], ...]


def happenings(changes: Sequence[Change], words: Words) -> list[Happening]:
    """What was changed together is one of them, in the words of who reads."""
    groups = groupby(changes, key=lambda each: (each.at, each.who, each.note))
    return [Happening(*moment, _changed(list(group), words)) for moment, group in groups]


def _changed(group: Sequence[Change], words: Words) -> tuple[tuple[str, str, str], ...]:
    """That a response is superseded, and by which one, is one thing. Nothing where it is a note alone."""
    successor = next((each for each in group if each.key == "replaced_by"), None)
    told = []
    for each in group:
        if each.before == each.after:
            continue
        if each.key == "status" and successor is not None:
            before, after = _status(each.before, successor.before, words), _status(each.after, successor.after, words)
        elif each is successor and any(other.key == "status" for other in group):
            continue
        else:
            before, after = words.shown(each.key, each.before), words.shown(each.key, each.after)
        told.append((words.label(each.key), before, after))
    return tuple(told)


def _status(status: str | None, successor: str | None, words: Words) -> str:
    if status == _SUPERSEDED and successor is not None:
        return f"{words.label('replaced_by')} {successor}"
    return words.shown("status", status)


def standing(chain: Sequence[Version], reference: str) -> Version | None:
    """The response that stands in the place of this one, if there is another; None where the last was withdrawn."""
    found = {each.reference: each for each in chain}
    version = found[reference]
    while version.replaced_by is not None:
        version = found[version.replaced_by]
    return version if version.reference != reference and version.status == STANDS else None
