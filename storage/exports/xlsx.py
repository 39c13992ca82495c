"""Excel: one row a response below a frozen header, and a sheet that says what was chosen; in the words of its readers.

Times are typed, in Norwegian time, and shown as the reader's Excel shows dates. Whole numbers are numbers; everything
else is text and stays text: nothing that a stranger typed runs as a formula, leads to a link or becomes a date.
Organisation numbers and telephone numbers are as they are kept, to be looked up elsewhere. A text that is longer than
a cell goes on in columns of its own, "… (2)", right after; what XML cannot hold is written as `[U+001B]`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from math import ceil

from msgspec import Struct
from msgspec.json import encode
from xlsxwriter import Workbook  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.format import Format  # type: ignore[import-untyped]  # it ships no types
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]  # it ships no types

from storage.database.times import OSLO, comes_twice, moment
from storage.exports import Export, Files, Kind, Row
from storage.exports.output.characters import visible
from storage.exports.output.files import scratch_folder
from storage.responses.responses import EXPORT_KEYS

SUFFIX = ".xlsx"
SEVERAL = False
KIND: Kind = "table"

CELL = 32_767
"""What a cell holds, in UTF-16 units: most emoji are two."""

ROWS = 1_048_575
"""What a sheet holds below its header; what is more goes on in a further sheet."""

# Excel's own form for a date with a time: everybody sees it as the settings of their Windows say.
_DATE_AND_TIME = 22

# Read by other systems, or looked up in them.
_AS_KEPT = frozenset({"organisation_number", "main_organisation_number", "phone"})

_WIDTH = 16
_WIDTHS = {
    "consultation": 40,
    "received_at": 17,
    "late": 12,
    "respondent_type": 28,
    "organisation_name": 30,
    "email": 30,
    "address": 30,
    "text": 90,
}
"""In characters, as Excel counts."""

# A file without a response in it has to say some moment, and this is the first that the format knows.
_NEVER = datetime(1980, 1, 1, tzinfo=UTC)


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. Goes through the rows twice: how far texts go on is told in the header."""
    contents = _Contents.of(export)
    # The library gathers its parts in files.
    with scratch_folder() as folder:
        path = folder / "workbook"
        # Never as guesses: neither formulas, nor links, nor numbers.
        options = {"constant_memory": True, "tmpdir": str(folder), "remove_timezone": True}
        try:
            with Workbook(str(path), options) as book:
                book.set_properties({"title": export.label("sheet_responses"), "created": contents.latest or _NEVER})
                _write_responses(book, export, contents)
                _write_about(book, export, contents)
        except FileCreateError as error:
            (cause,) = error.args  # a full disk, say, which callers know as what it is
            raise cause from None
        with files.new(f"responses{SUFFIX}") as out, path.open("rb") as whole:
            shutil.copyfileobj(whole, out)
    return contents.count


class _Contents(Struct):
    """What has to be known before the first row is written.

    `cells`: by key, how many cells the longest text needs. `latest`: when the latest response was received.
    """

    cells: dict[str, int]
    latest: datetime | None = None
    count: int = 0

    @classmethod
    def of(cls, export: Export) -> _Contents:
        """Goes through all rows."""
        contents = cls(dict.fromkeys(EXPORT_KEYS, 1))
        for contents.count, row in enumerate(export.rows, start=1):
            if contents.count == 1:
                contents.cells = dict.fromkeys(row, 1)
            for key, value in row.items():
                # A character has one unit or two, and one that is made visible has eight.
                if isinstance(value, list) or (isinstance(value, str) and len(value) > CELL // 8):
                    contents.cells[key] = max(contents.cells[key], len(_cells(export, key, value)))
            received_at = row.get("received_at")
            if isinstance(received_at, str):
                contents.latest = max(contents.latest or _NEVER, moment(received_at))
        return contents

    def columns(self) -> Iterator[tuple[str, int]]:
        """The key of each column, and which part of its text stands there, from 1."""
        for key, count in self.cells.items():
            for part in range(1, count + 1):
                yield key, part


def _write_responses(book: Workbook, export: Export, contents: _Contents) -> None:
    style = _Style(book)
    rows = iter(export.rows)
    for number in range(1, 1 + max(1, ceil(contents.count / ROWS))):
        name = export.label("sheet_responses")
        sheet = book.add_worksheet(name if number == 1 else f"{name} ({number})")
        _prepare(sheet, export, contents, style)
        last = 0
        for last, row in enumerate(islice(rows, ROWS), start=1):
            _write_row(sheet, last, row, export, contents, style)
        sheet.autofilter(0, 0, last, sum(contents.cells.values()) - 1)


class _Style:
    """The looks that a workbook has."""

    def __init__(self, book: Workbook) -> None:
        self.header: Format = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self._book = book
        self._moments: dict[str, Format] = {}
        self.number: Format = book.add_format({"valign": "top", "align": "left"})

    def moment(self, local: datetime, export: Export) -> Format:
        """That of a date with a time; in the hour that comes twice, when clocks are put back, with which of the two."""
        which = ("summer_time" if local.dst() else "winter_time") if comes_twice(local) else ""
        if which not in self._moments:
            shown = f'dd.mm.yyyy hh:mm "({export.label(which)})"' if which else _DATE_AND_TIME
            self._moments[which] = self._book.add_format({"num_format": shown, "valign": "top", "align": "left"})
        return self._moments[which]


def _prepare(sheet: Worksheet, export: Export, contents: _Contents, style: _Style) -> None:
    """Everything but the rows; the library wants the widths first."""
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.repeat_rows(0)
    # No green corners: "0150" is text on purpose.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576", "two_digit_text_year": "A1:XFD1048576"})
    for column, (key, part) in enumerate(contents.columns()):
        sheet.set_column(column, column, _WIDTHS.get(key, _WIDTH))
        label = export.label(key)
        _write_text(sheet, 0, column, label if part == 1 else f"{label} ({part})", style.header)


def _write_row(sheet: Worksheet, at: int, row: Row, export: Export, contents: _Contents, style: _Style) -> None:
    column = 0
    for (key, value), width in zip(row.items(), contents.cells.values(), strict=True):
        if key == "received_at" and isinstance(value, str):
            received_at = _in_oslo(moment(value))
            sheet.write_datetime(at, column, received_at, style.moment(received_at, export))
        elif isinstance(value, int) and not isinstance(value, bool):
            sheet.write_number(at, column, value, style.number)
        elif value is not None:
            for part, piece in enumerate(_cells(export, key, value)):
                _write_text(sheet, at, column + part, piece, style.text)
        column += width


def _write_about(book: Workbook, export: Export, contents: _Contents) -> None:
    style = _Style(book)
    sheet = book.add_worksheet(export.label("sheet_about"))
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 80)
    write_text = partial(_write_text, sheet)
    lines = list(export.about)
    if max(contents.cells.values()) > 1:
        lines.append((export.label("goes_on"), export.label("goes_on_right")))
    lines += [(export.label("filter"), encode(export.filter).decode()), (export.label("program"), export.program)]
    for at, (name, value) in enumerate(lines):
        write_text(at, 0, visible(name), style.header)
        write_text(at, 1, _pieces(visible(value))[0], style.text)
    write_text(len(lines), 0, export.label("count"), style.header)
    sheet.write_number(len(lines), 1, contents.count, style.number)
    if contents.latest:
        write_text(len(lines) + 1, 0, export.label("latest"), style.header)
        latest = _in_oslo(contents.latest)
        sheet.write_datetime(len(lines) + 1, 1, latest, style.moment(latest, export))


def _write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format) -> None:
    """Text, whatever it looks like."""
    # The library would take this for XML of its own and put it into the file as it is.
    if text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(row, column, text[:1], style, text[1:], style)
    elif text:
        sheet.write_string(row, column, text, style)


def _cells(export: Export, key: str, value: object) -> list[str]:
    """The value as readers see it, in as many cells as it needs."""
    return _pieces(visible(str(value) if key in _AS_KEPT else export.shown(key, value)))


def _pieces(text: str) -> list[str]:
    """`text` in as many cells as it needs, never cut inside a character."""
    if len(text) <= CELL // 2:
        return [text]
    units = text.encode("utf-16-le")
    pieces, begin = [], 0
    while begin < len(units):
        end = begin + 2 * CELL
        if end < len(units) and 0xD8 <= units[end - 1] <= 0xDB:  # half of a pair: both go into the next cell
            end -= 2
        pieces.append(units[begin:end].decode("utf-16-le"))
        begin = end
    return pieces


def _in_oslo(at: datetime) -> datetime:
    return at.astimezone(OSLO)
