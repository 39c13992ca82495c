"""Typesetting: data in, PDF out, for the archive (PDF/A-2a) and for screen readers (PDF/UA-1) in one file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import typst

from storage.exports.paper.letters import Letters

_TEMPLATE = Path(__file__).with_name("document.typ").read_bytes()
_NOTHING = b"#set page(width: 1pt, height: 1pt)"
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

# What typst worked out for a paper is kept until so many others have come, and for a long one that is much.
_KEPT_FOR = 10
_LONG = 20_000


class Typesetter:
    """Makes PDFs with the fonts that typst brings along and no others: the same everywhere, byte by byte."""

    def __init__(self) -> None:
        self._compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
        self._letters = Letters(self._sets)

    def pdf(self, paper: dict[str, Any], *, is_piece: bool = False) -> bytes:
        """The PDF of a paper as `storage.exports.paper.document` describes it, whatever characters are in it.

        A piece of another paper is held to the rules of the archive alone: only the whole has to begin with a heading
        of the first level.
        """
        inputs = {"paper": json.dumps(self._drawable(paper))}
        content = self._compile(_TEMPLATE, inputs, _STANDARDS[:1] if is_piece else _STANDARDS)
        if len(inputs["paper"]) > _LONG:
            self._forget()
        return content

    def _forget(self) -> None:
        for _ in range(_KEPT_FOR):
            self._compile(_NOTHING, {}, [])

    def _drawable(self, value: Any) -> Any:
        match value:
            case str():
                return self._letters.shown(value)
            case list() | tuple():
                return [self._drawable(each) for each in value]
            case dict():
                return {key: self._drawable(each) for key, each in value.items()}
            case _:
                return value

    def _sets(self, source: bytes, inputs: dict[str, str]) -> bool:
        try:
            self._compile(source, inputs, _STANDARDS)
        except typst.TypstError:
            return False
        return True

    def _compile(self, source: bytes, inputs: dict[str, str], standards: list[typst.PDFStandard]) -> bytes:
        return cast("bytes", self._compiler.compile(source, format="pdf", sys_inputs=inputs, pdf_standards=standards))
