"""The table for case officers in Word: every response in its consultation, to the letter, with room to write."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile

import pytest
from docx import Document
from docx.document import Document as Pages
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.exporting.export import described
from storage.exports import Export, Row, docx
from storage.exports.output.characters import visible
from storage.exports.output.files import OneFile
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection

pytestmark = pytest.mark.slow  # all in all several seconds

TEXT = "Vi mener:\n\n- fortau\n\tmed «lys» 👍\n漢字 čđŋšŧž"
RESPONSE: Row = {
    **dict.fromkeys(EXPORT_KEYS),
    "reference": "KT7RB4XM",
    "status": "received",
    "case_number": "18/101",
    "consultation": "Handlingsprogram",
    "consultation_id": 3,
    "received_at": "2026-11-24T08:30:00.000000Z",
    "late": False,
    "respondent_type": "private_person",
    "first_name": "Kari",
    "last_name": "Nordmann",
    "text": TEXT,
    "attachments": [],
}


def written(rows: Iterable[Row], locale: str = "nb") -> bytes:
    out = io.BytesIO()
    docx.write(described(list(rows), Selection(), locale, load({})), OneFile(out))
    return out.getvalue()


def opened(*changes: dict[str, object], locale: str = "nb") -> Pages:
    """The document of responses that differ from the example in these answers."""
    return Document(io.BytesIO(written(({**RESPONSE, **change} for change in changes), locale)))


def tables(pages: Pages) -> list[list[list[str]]]:
    return [[[cell.text for cell in row.cells] for row in table.rows] for table in pages.tables]


def headings(pages: Pages) -> list[str]:
    return [
        paragraph.text for paragraph in pages.paragraphs if paragraph.style and "Heading" in str(paragraph.style.name)
    ]


def test_a_row_has_the_response_to_the_letter_and_two_empty_cells() -> None:
    (table,) = tables(opened({}))
    assert table == [
        ["Nr.", "Mottatt", "Innsender", "Høringssvar", "Sammendrag", "Kommunens vurdering"],
        ["1", "tirsdag 24. november 2026 kl.\u00a009.30", "Kari Nordmann\nKT7RB4XM", TEXT, "", ""],
    ]


def test_the_words_are_the_readers() -> None:
    ((header, row),) = tables(opened({}, locale="en"))
    assert header == ["No.", "Received", "Respondent", "Response", "Summary", "The municipality’s assessment"]
    assert row[1] == "Tuesday 24 November 2026 at 09:30"


def test_an_organisation_stands_under_its_own_name_and_what_is_late_or_withdrawn_is_told() -> None:
    ((_, row),) = tables(opened({"organisation_name": "ASKER NÆRINGSRÅD", "late": True, "status": "withdrawn"}))
    assert row[1].split("\n")[1:] == ["Etter fristen", "Trukket"]
    assert row[2] == "ASKER NÆRINGSRÅD\nKT7RB4XM"


def test_each_consultation_has_a_table_of_its_own_in_the_order_of_the_cases() -> None:
    later, round_two = {"case_number": "26/9", "consultation_id": 1}, {"consultation_id": 4, "consultation": "Runde 2"}
    pages = opened(later, round_two, {}, {"reference": "AB2CD3EF"})
    assert headings(pages) == ["18/101 Handlingsprogram", "18/101 Runde 2", "26/9 Handlingsprogram"]
    first, *_ = tables(pages)
    assert [row[0] for row in first] == ["Nr.", "1", "2"]
    assert [row[2].split("\n")[1] for row in first[1:]] == ["KT7RB4XM", "AB2CD3EF"]


def test_the_page_lies_down_and_the_header_stands_on_each_one() -> None:
    pages = opened({})
    page = pages.sections[0]
    assert page.orientation == WD_ORIENT.LANDSCAPE
    assert [round(side.mm) for side in (page.page_width, page.page_height) if side] == [297, 210]
    first, second = pages.tables[0].rows
    assert first._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert second._tr.find(f".//{qn('w:tblHeader')}") is None
    assert "cantSplit" not in pages.element.xml
    assert sum(width for _, width in docx._COLUMNS) == Mm(297 - 2 * 15)


@pytest.mark.parametrize(("locale", "tag"), [("nb", "nb-NO"), ("en", "en-GB")])
def test_the_document_has_a_title_and_its_language(locale: str, tag: str) -> None:
    pages = opened({}, locale=locale)
    assert pages.core_properties.language == tag
    assert pages.styles.element.xpath("//w:rPrDefault//w:lang/@w:val") == [tag]
    assert pages.core_properties.title == pages.paragraphs[0].text == {"nb": "Høringssvar", "en": "Responses"}[locale]
    assert pages.core_properties.author == ""


def test_the_file_has_no_moment_of_its_own() -> None:
    content = written([RESPONSE])
    assert content == written([RESPONSE])
    with ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert parts.read("docProps/core.xml").count(b"2026-11-24T08:30:00Z") == 2


def test_what_was_chosen_stands_above_the_tables() -> None:
    assert [paragraph.text for paragraph in opened({}).paragraphs[:3]] == [
        "Høringssvar",
        "Utvalg: Alle høringssvar",
        "18/101 Handlingsprogram",
    ]


def test_the_rows_are_never_all_in_memory() -> None:
    export = Export(rows=[{**RESPONSE, "text": "Vi mener. " * 1000}] * 2000)
    with TemporaryFile() as out:
        tracemalloc.start()
        docx.write(export, OneFile(cast("BinaryIO", out)))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        with ZipFile(out) as parts:
            assert parts.getinfo("word/document.xml").file_size > 20_000_000
    assert peak < 8_000_000


def test_no_response_is_told() -> None:
    pages = opened()
    assert pages.paragraphs[-1].text == "Ingen høringssvar"
    assert pages.tables == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1bb", "a[U+001B]b"),
        ("\0\x0b\x0c", "[U+0000][U+000B][U+000C]"),
        ("\ud83d", "[U+D83D]"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("<w:p/>&amp;", "<w:p/>&amp;"),
        (" a  b ", " a  b "),
    ],
)
def test_a_strange_text_breaks_nothing(text: str, shown: str) -> None:
    ((_, row),) = tables(opened({"text": text, "consultation": text}))
    assert row[3] == shown


@given(st.text(alphabet=st.one_of(st.sampled_from("<>&\t\n \x00\x1b"), st.characters(codec="utf-8"))))
def test_every_text_comes_back(text: str) -> None:
    ((_, row),) = tables(opened({"text": text}))
    assert row[3] == visible(text.replace("\r\n", "\n").replace("\r", "\n"))
