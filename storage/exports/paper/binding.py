"""Binding: a paper with hundreds of pages, typeset in pieces, because one page takes most of a megabyte.

The contents and bookmarks are made by typst like those of a small paper, over pages that only stand for others: one for
each response, with its title in the same place. Then the pages of the pieces take their places, with their part of what
a screen reader is told (the structure tree).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from storage.exports.output.files import scratch_folder
from storage.exports.paper.typesetting import Typesetter

AT_ONCE = 100
"""A paper of about so many pages needs no binding."""

_PIECE = 25


def bind(paper: dict[str, Any], typesetter: Typesetter, out: BinaryIO) -> None:
    """Write the PDF of a paper with contents. Its pages are numbered, and not counted."""
    with scratch_folder() as folder:
        standing = len(paper["responses"])
        with Pdf.open(BytesIO(typesetter.pdf(_contents(paper, [1] * standing)))) as draft:
            next_page = len(draft.pages) - standing + 1
        pieces, starts = list[Path](), list[int]()
        for number, piece in enumerate(_pieces(paper)):
            pieces.append(folder / f"{number}.pdf")
            pieces[-1].write_bytes(typesetter.pdf(piece | {"first_page": next_page}, is_piece=True))
            with Pdf.open(pieces[-1]) as typeset:
                starts += [next_page + page for page in _beginnings(typeset)]
                next_page += len(typeset.pages)
        with Pdf.open(BytesIO(typesetter.pdf(_contents(paper, starts)))) as whole:
            _put_in(whole, pieces, starts, paper["page"])
            bound = folder / "bound.pdf"
            whole.save(bound, deterministic_id=True)
        with bound.open("rb") as file:
            shutil.copyfileobj(file, out)


def _contents(paper: dict[str, Any], starts: list[int]) -> dict[str, Any]:
    """The paper with a page for each response that stands for its first one, which has this number."""
    numbers = iter(starts)

    def standing(response: dict[str, Any]) -> dict[str, str]:
        return {"title": response["title"], "stands_for_page": str(next(numbers))}

    return paper | {"first_page": 1, "responses": list(map(standing, paper["responses"]))}


def _pieces(paper: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The paper in papers of about `_PIECE` pages; a longer response is one by itself."""
    piece, pages, goes_on = list[dict[str, Any]](), 0, False
    for response in paper["responses"]:
        if piece and pages + response["pages"] > _PIECE:
            yield paper | {"contents": None, "goes_on": goes_on, "responses": piece}
            piece, pages, goes_on = [], 0, True
        piece.append(response)
        pages += response["pages"]
    yield paper | {"contents": None, "goes_on": goes_on, "responses": piece}


def _beginnings(piece: Pdf) -> Iterator[int]:
    """On which pages the responses of a piece begin, from 0."""
    index = {str(page.objgen): number for number, page in enumerate(piece.pages)}
    for entry in _bookmarks(piece.Root.Outlines):
        if Name.First not in entry:
            yield index[str(entry.Dest[0].objgen)]


def _bookmarks(parent: Object) -> Iterator[Object]:
    entry = parent.get(Name.First)
    while entry is not None:
        yield entry
        yield from _bookmarks(entry)
        entry = entry.get(Name.Next)


def _put_in(whole: Pdf, pieces: list[Path], starts: list[int], page_label: str) -> None:
    """Give the places of the pages that only stand for others to the pages of the pieces."""
    contents = len(whole.pages) - len(starts)
    number = {str(page.objgen): start for page, start in zip(whole.pages[contents:], starts, strict=True)}
    told = whole.Root.StructTreeRoot
    document = told.K[0]
    document.K = Array(_until_contents(document))
    gone = {int(page.obj.StructParents) for page in whole.pages[contents:]}
    parents = [(key, element) for key, element in _pairs(told.ParentTree) if key not in gone]
    for piece in pieces:
        # Not closed, for the streams are read when all is saved; but not held, so that its objects are let go of.
        _append(whole, Pdf.open(piece), document, parents)
    del whole.pages[contents : contents + len(starts)]
    told.ParentTree = whole.make_indirect(Dictionary(Nums=Array([each for pair in parents for each in pair])))
    told.ParentTreeNextKey = parents[-1][0] + 1
    _lead_on(whole, contents, number, page_label)
    metadata = whole.Root.Metadata
    count = f"<xmpTPg:NPages>{len(whole.pages)}<".encode()
    metadata.write(re.sub(rb"<xmpTPg:NPages>\d+<", count, metadata.read_bytes()))


def _lead_on(whole: Pdf, contents: int, number: dict[str, int], page_label: str) -> None:
    """Let bookmarks and contents lead to the page with the number of the one that they lead to."""
    entries = list(_bookmarks(whole.Root.Outlines))
    title = {_where(entry): str(entry.Title) for entry in entries}
    for link in [link for page in whole.pages[:contents] for link in page.obj.get(Name.Annots, Array())]:
        # What a screen reader says of it: typst knows only the page that stands for the other.
        link.Contents = String(f"{title[_where(link)]}, {page_label} {number[str(link.Dest[0].objgen)]}")
        entries.append(link)
    for entry in entries:
        page, *where = entry.Dest
        entry.Dest = Array([whole.pages[number[str(page.objgen)] - 1].obj, *where])


def _where(entry: Object) -> tuple[str, ...]:
    """The page and the place on it to which a link or a bookmark leads."""
    page, *where = entry.Dest
    return str(page.objgen), *map(str, where)


def _until_contents(document: Object) -> Iterator[Object]:
    """What a screen reader is told before the pages that stand for others."""
    for element in document.K:
        yield element
        if element.S == Name.TOC:
            return


def _append(whole: Pdf, piece: Pdf, document: Object, parents: list[tuple[int, Object]]) -> None:
    """The pages of a piece, and what a screen reader is told about them; `parents` in the order of their keys."""
    begin = len(whole.pages)
    whole.pages.extend(piece.pages)
    told = whole.copy_foreign(piece.Root.StructTreeRoot)
    shift = parents[-1][0] + 1
    for page in whole.pages[begin:]:
        page.obj.StructParents = int(page.obj.StructParents) + shift
    parents += [(key + shift, element) for key, element in _pairs(told.ParentTree)]
    for element in told.K[0].K:
        element.P = document
        document.K.append(element)


def _pairs(tree: Object) -> list[tuple[int, Object]]:
    """What is kept under each number of a number tree without branches, as typst writes it."""
    return [(int(tree.Nums[at]), tree.Nums[at + 1]) for at in range(0, len(tree.Nums), 2)]
