"""CSV to be opened in a spreadsheet: UTF-8 with a byte order mark, `;` between cells, CRLF after rows.

The country stands in the words of the reader: a column that has nothing but `NO` is read as "no" by programs that guess
types. The code is in the formats of data alone.

A spreadsheet would run a cell that looks like a formula, so such a cell gets an apostrophe in front. That goes for
texts that begin with a list (`'- first`), too, but not for a phone number as we write it (`+4722000000`), which is a
number to every spreadsheet and runs nothing. NUL is left out.

What this does not do: a spreadsheet that guesses types still turns `0150` into 150 and `18/10` into a date, and shows
no more than the first 32,767 characters of a cell, though the file has all of them. Import the columns as text, or
use `json`, which is faithful.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import string
from itertools import chain

from storage.exports import Export, Files, Kind
from storage.responses.responses import EXPORT_KEYS

SUFFIX = ".csv"
SEVERAL = False
KIND: Kind = "data"

# What a spreadsheet may skip before it looks for a formula: spaces of every kind, control characters, and those that
# are not seen (soft hyphen, zero-width and direction marks, byte order mark).
_SKIPPED = r"[\s\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]*"

# A phone number as we write it, and nothing else.
_PHONE = r"\+[0-9]{4,15}\Z"

# = + - @ and their full-width and small forms. A tab or a carriage return in front is enough, whatever follows.
_FORMULA = re.compile(rf"(?!{_PHONE})(?:[\t\r]|{_SKIPPED}[=+\-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b])")

# Most cells begin with one of these, and are no formula.
_PLAIN = frozenset(string.ascii_letters + string.digits)


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The first line has the keys, also where there are no rows."""
    with files.new(f"responses{SUFFIX}") as out:
        out.write(codecs.BOM_UTF8)
        text = io.TextIOWrapper(out, encoding="utf-8", newline="")
        try:
            return _write(export, text)
        finally:
            text.detach()  # flushes, and leaves `out` to its owner


def _write(export: Export, text: io.TextIOWrapper) -> int:
    sheet = csv.writer(text, delimiter=";", lineterminator="\r\n")
    rows = iter(export.rows)
    first = next(rows, None)
    keys = EXPORT_KEYS if first is None else tuple(first)
    sheet.writerow([_cell(key) for key in keys])
    count, names = 0, dict[object, str]()
    for row in chain([] if first is None else [first], rows):
        if code := row.get("country"):
            if code not in names:
                names[code] = export.shown("country", code)
            row = {**row, "country": names[code]}
        sheet.writerow([_cell(value) for value in row.values()])
        count += 1
    return count


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str) and value[:1] in _PLAIN and "\0" not in value:
        return value
    match value:
        case str():
            return (f"'{value}" if _FORMULA.match(value) else value).replace("\0", "")
        case bool():
            return "true" if value else "false"
        case list():
            return _cell(", ".join(map(str, value)))
        case _:
            return str(value)
