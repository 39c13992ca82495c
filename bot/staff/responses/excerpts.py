"""The part of a text in which the words stand that were searched for, and where in it they are."""

from __future__ import annotations

import re

from storage.responses.selection import wanted

Piece = tuple[str, bool]
"""Some of a text, and whether it is what was searched for."""

_LENGTH = 220
_BEFORE = 60
"""Characters: of the excerpt, and of them before the first hit where that stands further on than the beginning goes."""

_MOST_MARKS = 1_000
"""Nobody reads more of them, and a page of many takes long to draw."""

_UNFINISHED = re.compile(r"\S*\Z")


def marked(text: str, words: str) -> tuple[Piece, ...]:
    """All of `text` in pieces. The first thousand hits are told from the rest."""
    pattern = _pattern(words)
    pieces = pattern.split(text, _MOST_MARKS) if pattern else [text]
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


def excerpt(text: str, words: str) -> tuple[Piece, ...]:
    """The beginning of a text, or the surroundings of the first hit in it; on one line.

    However long the text is, nothing but the search for the first hit looks at all of it.
    """
    pattern = _pattern(words)
    first = pattern.search(text) if pattern else None
    start = _start(text, first.start()) if first else 0
    line = " ".join(text[start : start + 2 * _LENGTH].split())
    end = _LENGTH
    if end < len(line):
        hit = pattern.search(line) if pattern else None
        end = max(line.rfind(" ", 0, end), min(hit.end(), end) if hit else 0, end // 2)
    goes_on = end < len(line) or start + 2 * _LENGTH < len(text)
    return ((("… ", False),) if start else ()) + marked(line[:end], words) + ((("…", False),) if goes_on else ())


def _start(text: str, hit: int) -> int:
    """Where an excerpt with this hit begins: at the text's beginning, at a word before the hit, or at the hit."""
    if hit <= _LENGTH - _BEFORE:
        return 0
    whole = _UNFINISHED.search(text, hit - 2 * _BEFORE, hit - _BEFORE)
    begin = whole.start() if whole else hit
    return begin if text[begin - 1].isspace() else hit


def _pattern(words: str) -> re.Pattern[str] | None:
    """What finds the words in a text; None where there are none.

    It looks at the first letter before anything else, which takes a third of the time in a long text.
    """
    hits = dict.fromkeys(_phrase(phrase, is_phrase) for phrase, is_phrase in wanted(words))
    letters = "".join(dict.fromkeys(hit[0] for hit in hits))
    return re.compile(rf"((?=[{letters}])(?<![^\W_])(?:{'|'.join(hits)}))", re.IGNORECASE) if hits else None


def _phrase(phrase: str, is_phrase: bool) -> str:
    """Words in their order; the last one may go on, unless they stood between quotation marks."""
    parts = (re.escape(part) for part in re.findall(r"[^\W_]+", phrase))
    return r"[\W_]+".join(parts) + (r"(?![^\W_])" if is_phrase else r"[^\W_]*")
