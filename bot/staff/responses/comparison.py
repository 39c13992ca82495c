"""What is different between two texts: paragraph by paragraph, and word by word where a paragraph was changed.

A line is a paragraph, as people type them. Spaces and empty lines count for nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import Match, SequenceMatcher
from itertools import groupby
from typing import Literal

from msgspec import Struct

Change = Literal["kept", "added", "removed"]
Piece = tuple[str, Change]


class Block(Struct, frozen=True):
    """Some paragraphs to which the same happened, or one that was changed in places: then in several pieces."""

    pieces: tuple[Piece, ...]

    @property
    def change(self) -> str:
        """`kept`, `added`, `removed` or `changed`."""
        return self.pieces[0][1] if len(self.pieces) == 1 else "changed"


class Comparison(Struct, frozen=True):
    """Both texts in one. `is_coarse`: so much is different that not all of it was told apart word by word."""

    blocks: tuple[Block, ...]
    is_coarse: bool

    @property
    def is_equal(self) -> bool:
        """Whether nothing is different but spaces and empty lines."""
        return all(block.change == "kept" for block in self.blocks)


def compare(before: str, after: str) -> Comparison:
    """What was kept of `before`, what was taken away from it and what was added, in the order in which one reads it.

    However long and different they are, it takes a second at most.
    """
    old, new = _units(_PARAGRAPH, before), _units(_PARAGRAPH, after)
    work = _Work()
    found: list[tuple[Piece, ...]] = []
    for is_kept, one, other in _aligned(old, new, work):
        if is_kept:
            found.append((("".join(new[other]), "kept"),))
        else:
            found += _changed(old[one], new[other], work)
    return Comparison(tuple(_blocks(found)), work.is_refused)


# Each unit has the space in front of it, so that put together they are the text again.
_PARAGRAPH = re.compile(r"\s*\S[^\n]*")
_SENTENCE = re.compile(r"\s*\S.*?(?:[.!?:;](?=\s)|\Z)", re.DOTALL)
_WORD = re.compile(r"\s*(?:\w+|[^\w\s])")

_ENOUGH = 0.5
"""A paragraph is another one where less than this share of both is the same."""

_AHEAD = 5
"""Paragraphs: so far it is looked for where a changed one has gone to."""

_MOST_STEPS = 1_500_000
_MOST_PIECES = 3_000
"""What is told apart, at most: steps of what it takes, some ten million a second, and pieces for people to read."""


class _Work:
    """What may still be done for one comparison."""

    def __init__(self) -> None:
        self._steps = _MOST_STEPS
        self._pieces = _MOST_PIECES
        self.is_refused = False

    def may(self, *, steps: int = 0, pieces: int = 0) -> bool:
        """Whether there is room for this; if so, it is taken."""
        if steps > self._steps or pieces > self._pieces:
            self.is_refused = True
            return False
        self._steps -= steps
        self._pieces -= pieces
        return True


def _units(pattern: re.Pattern[str], text: str) -> list[str]:
    # Without the space at its end: a search that looks for more behind it would begin at each one of it.
    return pattern.findall(text.rstrip())


def _keys(units: Sequence[str]) -> list[str]:
    """What units are told apart by: spaces count for nothing."""
    return [" ".join(unit.split()) for unit in units]


def _aligned(old: Sequence[str], new: Sequence[str], work: _Work) -> Iterator[tuple[bool, slice, slice]]:
    """Stretches of both in their order, and whether they are the same.

    What is the same at the beginning and at the end costs nothing: it is most of a text that somebody has corrected.
    """
    one, other = _keys(old), _keys(new)
    begin = _alike(one, other)
    end = _alike(one[begin:][::-1], other[begin:][::-1])
    one_end, other_end = len(one) - end, len(other) - end
    if begin:
        yield True, slice(0, begin), slice(0, begin)
    middle = _Matcher(one[begin:one_end], other[begin:other_end], work)
    for kind, i1, i2, j1, j2 in middle.get_opcodes():
        yield kind == "equal", slice(begin + i1, begin + i2), slice(begin + j1, begin + j2)
    if end:
        yield True, slice(one_end, len(one)), slice(other_end, len(other))


class _Matcher(SequenceMatcher[str]):
    """One that pays for each search, and finds nothing more when that is too much.

    It searches again on both sides of what it has found, so how long it takes is not known beforehand.
    """

    def __init__(self, one: Sequence[str], other: Sequence[str], work: _Work) -> None:
        super().__init__(None, one, other, autojunk=False)
        self._one = one
        self._places = Counter(other)
        self._work = work

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """See `difflib`. Each unit of the one is held against each place where the other has it."""
        steps = sum(1 + self._places[unit] for unit in self._one[alo:ahi])
        if not self._work.may(steps=steps):
            return Match(alo, blo, 0)
        return super().find_longest_match(alo, ahi, blo, bhi)


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """How many are the same from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (first, second) in pairs if first != second), min(len(one), len(other)))


def _changed(old: Sequence[str], new: Sequence[str], work: _Work) -> Iterator[tuple[Piece, ...]]:
    """Paragraphs that gave way to others: two that have most in common are one that was changed."""
    done = 0
    for paragraph in old:
        for place in range(done, min(done + _AHEAD, len(new))):
            if pieces := _word_by_word(paragraph, new[place], work):
                yield from (((added, "added"),) for added in new[done:place])
                yield pieces
                done = place + 1
                break
        else:
            yield ((paragraph, "removed"),)
    yield from (((added, "added"),) for added in new[done:])


def _word_by_word(before: str, after: str, work: _Work) -> tuple[Piece, ...]:
    """The pieces of a paragraph that was changed; none where it is another one, or where that is too much work."""
    before, after = before.lstrip(), after.lstrip()
    if not work.may(steps=50 + len(before) + len(after)):
        return ()
    words = [_keys(_units(_WORD, text)) for text in (before, after)]
    common = Counter(words[0]) & Counter(words[1])
    if 2 * common.total() < _ENOUGH * sum(map(len, words)):
        return ()
    old, new = _units(_SENTENCE, before), _units(_SENTENCE, after)
    found: list[Piece] = []
    for is_kept, one, other in _aligned(old, new, work):
        gone, come = "".join(old[one]), "".join(new[other])
        found += [(come, "kept")] if is_kept else _words(gone, come, work)
    pieces = _joined(found)
    kept = sum(len(text) for text, change in pieces if change == "kept")
    is_same = 2 * kept >= _ENOUGH * (len(before) + len(after))
    return pieces if is_same and work.may(pieces=len(pieces)) else ()


def _words(before: str, after: str, work: _Work) -> Iterator[Piece]:
    old, new = _units(_WORD, before), _units(_WORD, after)
    for is_kept, one, other in _aligned(old, new, work):
        if is_kept:
            yield "".join(new[other]), "kept"
        else:
            yield "".join(old[one]), "removed"
            yield "".join(new[other]), "added"


def _joined(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The same in as few pieces as can be."""
    groups = groupby((piece for piece in pieces if piece[0]), key=lambda piece: piece[1])
    return tuple(("".join(text for text, _ in group), change) for change, group in groups)


def _blocks(found: Iterable[tuple[Piece, ...]]) -> Iterator[Block]:
    """What happened to paragraphs, those beside one another together."""
    for is_changed, group in groupby(found, key=lambda pieces: len(pieces) > 1):
        if is_changed:
            yield from map(Block, group)
        else:
            joined = _joined(piece for pieces in group for piece in pieces)
            yield from (Block(((text.strip(), change),)) for text, change in joined)
