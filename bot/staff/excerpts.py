"""The part of a text in which the words stand that were searched for, and where in it they are."""

from __future__ import annotations

import re

from storage.selection import wanted

Piece = tuple[str, bool]
"""Some of a text, and whether it is what was searched for."""

_LENGTH = 220
_BEFORE = 60
"""Characters: of the excerpt, and of them before the first hit."""


def marked(text: str, words: str) -> tuple[Piece, ...]:
    """All of `text` in pieces."""
    pieces = _split(text, words)
    return tuple((piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece)


def excerpt(text: str, words: str) -> tuple[Piece, ...]:
    """The beginning of a text, or the surroundings of the first hit in it; on one line."""
    line = " ".join(text.split())
    before = _split(line, words)[0]
    start = 0
    if len(before) < len(line) and len(before) > _LENGTH - _BEFORE:
        start = before.rfind(" ", 0, len(before) - _BEFORE) + 1
    end = start + _LENGTH
    if end < len(line):
        end = max(line.rfind(" ", start, end), start + _LENGTH // 2)
    shown = marked(line[start:end], words)
    return ((("… ", False),) if start else ()) + shown + ((("…", False),) if end < len(line) else ())


def _split(text: str, words: str) -> list[str]:
    """What is between hits and the hits, in turn."""
    hits = [_pattern(phrase, is_phrase) for phrase, is_phrase in wanted(words)]
    return re.split(f"({'|'.join(hits)})", text, flags=re.IGNORECASE) if hits else [text]


def _pattern(phrase: str, is_phrase: bool) -> str:
    """Words in their order; the last one may go on, unless they stood between quotation marks."""
    parts = (re.escape(part) for part in re.findall(r"[^\W_]+", phrase))
    return r"(?<![^\W_])" + r"[\W_]+".join(parts) + (r"(?![^\W_])" if is_phrase else r"[^\W_]*")
