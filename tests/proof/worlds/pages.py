"""The pages of a database as they lie in its file, read without SQLite: what is whose, and all that is stored on them.

See https://sqlite.org/fileformat2.html. What stands in no cell (free room, a page that is in no tree) is not stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from storage.database.sqlite import sqlite3

SIZE = 4096

_INNER_INDEX, _INNER_TABLE, _LEAF_INDEX, _LEAF_TABLE = 2, 5, 10, 13
_INNER = (_INNER_INDEX, _INNER_TABLE)
_SMALLEST = (SIZE - 12) * 32 // 255 - 23
_LARGEST_IN_INDEX = (SIZE - 12) * 64 // 255 - 23
_LARGEST_IN_TABLE = SIZE - 35


class Unreadable(Exception):
    """The pages make no sense."""


class Page(Struct, frozen=True):
    """One page: its number, the table or index that it belongs to, and `inner`, `leaf` or `overflow`."""

    number: int
    tree: str
    kind: str

    @property
    def begin(self) -> int:
        """Where it begins in the file."""
        return (self.number - 1) * SIZE


class Cell(Struct, frozen=True):
    """What is stored in one place: the number of the row (0 in an index), and its content; where the latter lies."""

    row: int
    content: bytes
    places: tuple[tuple[int, int], ...]


class Stored(Struct):
    """All pages of all trees, and what each tree holds, in its order."""

    pages: list[Page]
    cells: dict[str, list[Cell]]

    def same(self, other: Stored) -> bool:
        """Whether the same is read from both."""
        return _contents(self) == _contents(other)


def roots(path: Path) -> dict[str, int]:
    """The first page of each table and index, by its name."""
    with closing(sqlite3.connect(path)) as db:
        found = db.execute("SELECT name, rootpage FROM sqlite_schema WHERE rootpage > 0").fetchall()
    return {"sqlite_schema": 1, **dict(found)}


def read(content: bytes, trees: Mapping[str, int]) -> Stored:
    """Everything that is stored. Raises Unreadable."""
    stored = Stored([], {})
    try:
        for name, root in trees.items():
            stored.cells[name] = list(_walk(content, root, name, stored.pages, set()))
    except (IndexError, RecursionError) as error:
        raise Unreadable from error
    return stored


def _contents(stored: Stored) -> dict[str, list[tuple[int, bytes]]]:
    return {name: [(cell.row, cell.content) for cell in cells] for name, cells in stored.cells.items()}


def _walk(content: bytes, number: int, tree: str, pages: list[Page], met: set[int]) -> Iterator[Cell]:
    begin = (number - 1) * SIZE
    if not 0 <= begin < len(content) or number in met:
        raise Unreadable
    met.add(number)
    head = begin + (100 if number == 1 else 0)
    kind = content[head]
    if kind not in (*_INNER, _LEAF_INDEX, _LEAF_TABLE):
        raise Unreadable
    pages.append(Page(number, tree, "inner" if kind in _INNER else "leaf"))
    first = head + (12 if kind in _INNER else 8)
    for index in range(_number(content, head + 3, 2)):
        at = begin + _number(content, first + 2 * index, 2)
        if kind in _INNER:
            yield from _walk(content, _number(content, at, 4), tree, pages, met)
            at += 4
        yield _cell(content, kind, at, tree, pages)
    if kind in _INNER:
        yield from _walk(content, _number(content, head + 8, 4), tree, pages, met)


def _cell(content: bytes, kind: int, at: int, tree: str, pages: list[Page]) -> Cell:
    if kind == _INNER_TABLE:
        row, _ = _varint(content, at)
        return Cell(row, b"", ())
    size, at = _varint(content, at)
    row = 0
    if kind == _LEAF_TABLE:
        row, at = _varint(content, at)
    largest = _LARGEST_IN_TABLE if kind == _LEAF_TABLE else _LARGEST_IN_INDEX
    here = size
    if size > largest:
        here = _SMALLEST + (size - _SMALLEST) % (SIZE - 4)
        here = here if here <= largest else _SMALLEST
    places = [(at, here)]
    left, following = size - here, _number(content, at + here, 4) if size > here else 0
    while left > 0:
        begin = (following - 1) * SIZE
        if not 0 < begin < len(content):
            raise Unreadable
        pages.append(Page(following, tree, "overflow"))
        part = min(left, SIZE - 4)
        places.append((begin + 4, part))
        left, following = left - part, _number(content, begin, 4)
    return Cell(row, b"".join(content[begin : begin + length] for begin, length in places), tuple(places))


def _number(content: bytes, at: int, size: int) -> int:
    if at + size > len(content):
        raise Unreadable
    return int.from_bytes(content[at : at + size], "big")


def _varint(content: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and where it ends."""
    value = 0
    for index in range(9):
        byte = content[at + index]
        if index == 8:
            return value << 8 | byte, at + 9
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at + index + 1
    raise Unreadable
