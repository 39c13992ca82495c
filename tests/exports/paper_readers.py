"""PDFs as their readers find them: what stands on the pages, where the bookmarks lead, and what the archive asks."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination

from storage.exports import Row
from tests.exports.paper_examples import organisation, several_files


def opened(content: bytes) -> PdfReader:
    """As a strict reader opens it."""
    return PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """What a reader can copy from it, page after page; no-break spaces as spaces."""
    return "\n".join(page.extract_text() for page in opened(content).pages).replace("\u00a0", " ")


def catalogue(content: bytes) -> Any:
    """Where a program that reads the file begins."""
    return opened(content).trailer["/Root"]


def bookmarks(content: bytes) -> list[tuple[int, str]]:
    """How deep each stands, and what it says."""

    def told(entries: list[Any], depth: int) -> list[tuple[int, str]]:
        return [
            each
            for entry in entries
            for each in ([(depth, str(entry.title))] if isinstance(entry, Destination) else told(entry, depth + 1))
        ]

    return told(opened(content).outline, 0)


def one_pdf(name: str = "pdf", locale: str = "nb", **changes: Any) -> bytes:
    """What is written of one response."""
    (content,) = several_files(name, organisation(**changes), locale=locale).values()
    return content


def one_paper(*rows: Row) -> bytes:
    """All responses to one consultation, in one volume."""
    (content,) = several_files("pdf-all", *rows).values()
    return content


def assert_for_the_archive(content: bytes) -> None:
    """PDF/A-2a and PDF/UA-1, as far as it can be seen."""
    root = catalogue(content)
    metadata = root["/Metadata"].get_data().decode()
    for part in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<", "<rdf:li>nb</rdf:li>"):
        assert part in metadata
    assert root["/Lang"] == "nb"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert root["/OutputIntents"]
    pages: Any = opened(content).pages
    fonts = [font.get_object() for page in pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        assert {"/FontFile3", "/FontFile2"} & set(font["/DescendantFonts"][0].get_object()["/FontDescriptor"])


def assert_without_fault(path: Path) -> None:
    """What qpdf, another reader, has to say."""
    done = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
