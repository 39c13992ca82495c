"""Word: the table that case officers write their assessment into, one for each consultation, in reading order.

A row has the number of the response in its consultation, when it came in and from whom, what it says, and empty cells
for a summary and an assessment. The pages are A4, lying down; a table's header stands on each of them. What XML cannot
hold is written as `[U+001B]`. The library makes all but the rows: it would have every one of them in memory.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable
from datetime import UTC, datetime
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Pages
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table
from lxml.etree import ProcessingInstruction, SubElement, _Element
from msgspec import Struct, field

from storage.consultations.consultations import parse_case_number
from storage.database.times import moment
from storage.exports import Export, Files, Kind, Row
from storage.exports.output.characters import visible
from storage.responses.respondents import respondent_of

SUFFIX = ".docx"
SEVERAL = False
KIND: Kind = "table"

_COLUMNS = (
    ("number", Mm(12)),
    ("date", Mm(31)),
    ("respondent", Mm(41)),
    ("response", Mm(95)),
    ("summary", Mm(44)),
    ("assessment", Mm(44)),
)
"""The label of each column and its width: together the page between its margins."""

_EMPTY = 2
"""How many of the columns are left for the case officer."""

_MARGIN = Mm(15)
_TAGS = {"nb": "nb-NO", "nn": "nn-NO", "se": "se-NO", "en": "en-GB"}
"""Languages as Word knows them, for its spelling."""

# A file without a response in it has to say some moment, and this is the first that the format knows.
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)
_ALWAYS = (1980, 1, 1, 0, 0, 0)

_TEXT = "word/document.xml"

_CHUNK = 1 << 20

# Stands in a table where its rows belong; no text can look like it.
_ROWS = "rows"


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The rows are gathered in a file without a name, so few of them are in memory."""
    with TemporaryFile() as rows, TemporaryFile() as packed:
        contents = _gathered(export, rows)
        pages = _pages(export, contents.latest)
        for consultation in sorted(contents.consultations.values(), key=lambda each: each.order):
            pages.add_heading(visible(consultation.title), 1)
            _table(pages, export)._tbl.append(ProcessingInstruction(_ROWS, str(consultation.order[-1])))
        if not contents.count:
            pages.add_paragraph(export.label("no_responses"))
        _pack(pages, contents, rows, packed)
        packed.seek(0)
        with files.new(f"responses{SUFFIX}") as out:
            shutil.copyfileobj(packed, out)
    return contents.count


class _Consultation(Struct):
    """A table to come.

    `order`: by case, and the rounds of a case in the order in which they were added. `spans`: where its rows lie among
    those of all, each from here to there.
    """

    title: str
    order: tuple[int, int, int]
    count: int = 0
    spans: list[tuple[int, int]] = field(default_factory=list)


class _Contents(Struct):
    """What the document has: consultations by their number, the latest moment, and how many responses."""

    consultations: dict[int, _Consultation] = field(default_factory=dict)
    latest: datetime = _NEVER
    count: int = 0


def _gathered(export: Export, out: IO[bytes]) -> _Contents:
    """Write the rows of all tables to `out`, as they come in."""
    contents = _Contents()
    end = 0
    for contents.count, row in enumerate(export.rows, start=1):
        number = int(str(row["consultation_id"]))
        if (consultation := contents.consultations.get(number)) is None:
            order = (*parse_case_number(str(row["case_number"])), number)
            consultation = _Consultation(f"{row['case_number']} {row['consultation']}", order)
            contents.consultations[number] = consultation
        consultation.count += 1
        begin, end = end, end + out.write(_line(consultation.count, row, export))
        if consultation.spans and consultation.spans[-1][1] == begin:
            begin, _ = consultation.spans.pop()
        consultation.spans.append((begin, end))
        contents.latest = max(contents.latest, moment(str(row["received_at"])))
    return contents


def _pages(export: Export, latest: datetime) -> Pages:
    """The document with its title and what was chosen."""
    pages = Document()
    title = export.label("sheet_responses")
    about = pages.core_properties
    about.title, about.language = title, _TAGS.get(export.locale, export.locale)
    about.author = about.comments = ""
    about.created = about.modified = latest.replace(microsecond=0, tzinfo=None)  # the library takes it for UTC
    (language,) = pages.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    language.set(qn("w:val"), about.language)
    paper = pages.sections[0]
    paper.orientation = WD_ORIENT.LANDSCAPE
    paper.page_width, paper.page_height = Mm(297), Mm(210)
    paper.left_margin = paper.right_margin = paper.top_margin = paper.bottom_margin = _MARGIN
    pages.styles["Normal"].font.size = Pt(9)
    pages.styles["Normal"].paragraph_format.space_after = Pt(0)
    _field(paper.footer.paragraphs[0]._p, "PAGE")
    pages.add_heading(title, 0)
    for name, value in export.about:
        pages.add_paragraph(visible(f"{name}: {value}"))
    return pages


def _table(pages: Pages, export: Export) -> Table:
    """One without rows, but with its header on every page."""
    table: Table = pages.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    header = table.rows[0]
    SubElement(header._tr.get_or_add_trPr(), qn("w:tblHeader"))
    for column, cell, (label, width) in zip(table.columns, header.cells, _COLUMNS, strict=True):
        column.width = cell.width = width
        cell.paragraphs[0].add_run(export.label(label)).bold = True
    return table


def _line(number: int, row: Row, export: Export) -> bytes:
    """A row of a table, a response, as XML."""
    respondent = [*_lines(respondent_of(row)), str(row["reference"])]
    cells = ([str(number)], _date(row, export), respondent, _lines(row["text"]), *[[""]] * _EMPTY)
    told = (_cell(width.twips, texts) for texts, (_, width) in zip(cells, _COLUMNS, strict=True))
    return f"<w:tr>{''.join(told)}</w:tr>".encode()


def _date(row: Row, export: Export) -> list[str]:
    """When it came in, and what else the case officer has to know about that."""
    late = [export.label("late")] if row["late"] else []
    status = [] if row["status"] == "received" else [export.shown("status", row["status"])]
    beside = [f"{export.label(key)} {row[key]}" for key in ("replaced_by", "replaces") if row.get(key)]
    return [export.shown("received_at", row["received_at"]), *late, *status, *beside]


def _lines(text: object) -> list[str]:
    return ("" if text is None else str(text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cell(width: int, paragraphs: Iterable[str]) -> str:
    """A cell as XML; `width` in twentieths of a point."""
    told = "".join(f"<w:p><w:r>{_tabbed(text)}</w:r></w:p>" for text in paragraphs)
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{told}</w:tc>'


def _tabbed(text: str) -> str:
    pieces = escape(visible(text)).split("\t")
    return "<w:tab/>".join(f'<w:t xml:space="preserve">{piece}</w:t>' for piece in pieces)


def _field(paragraph: _Element, code: str) -> None:
    """What the word processor fills in."""
    SubElement(paragraph, qn("w:fldSimple")).set(qn("w:instr"), code)


def _pack(pages: Pages, contents: _Contents, rows: IO[bytes], out: IO[bytes]) -> None:
    """Write the file, with the same bytes each time: the library would put the present moment on each of its parts."""
    saved = io.BytesIO()
    pages.save(saved)
    with ZipFile(saved) as parts, ZipFile(out, "w") as packed:
        for part in parts.infolist():
            entry = ZipInfo(part.filename, _ALWAYS)
            entry.compress_type = ZIP_DEFLATED
            if part.filename == _TEXT:
                # Its size, which decides on the form of the ZIP, has to be known before.
                entry.file_size = part.file_size + rows.tell()
            with packed.open(entry, "w") as file:
                if part.filename == _TEXT:
                    _put_in(parts.read(part), contents, rows, file)
                else:
                    file.write(parts.read(part))


def _put_in(text: bytes, contents: _Contents, rows: IO[bytes], out: IO[bytes]) -> None:
    """Write the document's XML, with the rows of each table in their place."""
    for part in re.split(rb"(<\?%s \d+\?>)" % _ROWS.encode(), text):
        if not part.startswith(b"<?%s " % _ROWS.encode()):
            out.write(part)
            continue
        (number,) = re.findall(rb"\d+", part)
        for begin, end in contents.consultations[int(number)].spans:
            rows.seek(begin)
            for at in range(begin, end, _CHUNK):
                out.write(rows.read(min(_CHUNK, end - at)))
