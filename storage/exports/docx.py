"""Word: the table that case officers write their assessment into, one for each consultation, in reading order.

A row has the number of the response in its consultation, when it came in and from whom, what it says, and empty cells
for a summary and an assessment. The pages are A4, lying down; a table's header stands on each of them. What XML cannot
hold is written as `[U+001B]`.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.document import Document as Pages
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt
from docx.table import Table
from lxml.etree import SubElement, _Element

from storage.consultations import parse_case_number
from storage.exports import Export, Files, Row
from storage.exports._characters import visible
from storage.times import moment

SUFFIX = ".docx"
SEVERAL = False

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


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The document is made in memory: 2,000 responses are some tens of megabytes."""
    consultations: dict[object, list[Row]] = {}
    latest = _NEVER
    for row in export.rows:
        consultations.setdefault(row["consultation_id"], []).append(row)
        latest = max(latest, moment(str(row["received_at"])))
    pages = _pages(export, latest)
    for rows in sorted(consultations.values(), key=_order):
        pages.add_heading(visible(f"{rows[0]['case_number']} {rows[0]['consultation']}"), 1)
        _fill(_table(pages, export), rows, export)
    if not consultations:
        pages.add_paragraph(export.label("no_responses"))
    with files.new(f"responses{SUFFIX}") as out:
        out.write(_packed(pages))
    return sum(map(len, consultations.values()))


def _order(rows: Sequence[Row]) -> tuple[int, int, int]:
    """By case, and the rounds of a case in the order in which they were added."""
    consultation_id = rows[0]["consultation_id"]
    return *parse_case_number(str(rows[0]["case_number"])), consultation_id if isinstance(consultation_id, int) else 0


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
    """An empty one, with its header on every page."""
    table: Table = pages.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    header = table.rows[0]
    SubElement(header._tr.get_or_add_trPr(), qn("w:tblHeader"))
    for column, cell, (label, width) in zip(table.columns, header.cells, _COLUMNS, strict=True):
        column.width = cell.width = width
        cell.paragraphs[0].add_run(export.label(label)).bold = True
    return table


def _fill(table: Table, rows: Iterable[Row], export: Export) -> None:
    """A row a response. Written element by element: the library looks through the whole table for each cell."""
    for number, row in enumerate(rows, start=1):
        line = SubElement(table._tbl, qn("w:tr"))
        cells = ([str(number)], _date(row, export), _respondent(row), _lines(row["text"]), *[[""]] * _EMPTY)
        for paragraphs, (_, width) in zip(cells, _COLUMNS, strict=True):
            _cell(line, width, paragraphs)


def _date(row: Row, export: Export) -> list[str]:
    """When it came in, and what else the case officer has to know about that."""
    late = [export.label("late")] if row["late"] else []
    status = [] if row["status"] == "received" else [export.shown("status", row["status"])]
    return [export.shown("received_at", row["received_at"]), *late, *status]


def _respondent(row: Row) -> list[str]:
    """The organisation, or the person; and the reference, by which the response is found elsewhere."""
    person = " ".join(str(row[key]) for key in ("first_name", "last_name") if row[key])
    return [*_lines(row["organisation_name"] or person), str(row["reference"])]


def _lines(text: object) -> list[str]:
    return ("" if text is None else str(text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cell(line: _Element, width: Length, paragraphs: Iterable[str]) -> None:
    cell = SubElement(line, qn("w:tc"))
    size = SubElement(SubElement(cell, qn("w:tcPr")), qn("w:tcW"))
    size.set(qn("w:w"), str(width.twips))
    size.set(qn("w:type"), "dxa")
    for text in paragraphs:
        run = SubElement(SubElement(cell, qn("w:p")), qn("w:r"))
        for part, piece in enumerate(visible(text).split("\t")):
            if part:
                SubElement(run, qn("w:tab"))
            said = SubElement(run, qn("w:t"))
            said.set(qn("xml:space"), "preserve")
            said.text = piece


def _field(paragraph: _Element, code: str) -> None:
    """What the word processor fills in."""
    SubElement(paragraph, qn("w:fldSimple")).set(qn("w:instr"), code)


def _packed(pages: Pages) -> bytes:
    """The file, with the same bytes each time: the library would put the present moment on each of its parts."""
    saved, packed = io.BytesIO(), io.BytesIO()
    pages.save(saved)
    with ZipFile(saved) as parts, ZipFile(packed, "w") as out:
        for part in parts.infolist():
            out.writestr(ZipInfo(part.filename, _ALWAYS), parts.read(part), ZIP_DEFLATED)
    return packed.getvalue()
