"""What stands in a workbook, read from its XML without the library that wrote it."""

from __future__ import annotations

import io
import re
from zipfile import ZipFile

from lxml import etree

_MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


class Workbook:
    """The files in it, and its sheets by name, in order: each cell by where it is (`B2`), a number as a float.

    Raises AssertionError for a formula.
    """

    def __init__(self, content: bytes) -> None:
        with ZipFile(io.BytesIO(content)) as parts:
            self.parts = {name: parts.read(name) for name in parts.namelist()}
        names = [str(sheet.get("name")) for sheet in self._xml("workbook").iterfind("m:sheets/m:sheet", _MAIN)]
        self.sheets = {
            name: {
                str(cell.get("r")): _value(cell)
                for cell in self._xml(f"worksheets/sheet{at}").iterfind(".//m:c", _MAIN)
            }
            for at, name in enumerate(names, start=1)
        }

    def _xml(self, name: str) -> etree._Element:
        return etree.fromstring(self.parts[f"xl/{name}.xml"])

    def rows(self, name: str) -> list[dict[str, str | float]]:
        """The rows of a sheet below its header, by their headings; an empty cell is left out."""
        headings: dict[str, str] = {}
        rows: dict[str, dict[str, str | float]] = {}
        for at, value in self.sheets[name].items():
            column, number = re.findall("[A-Z]+|[0-9]+", at)
            if number == "1":
                headings[column] = str(value)
            else:
                rows.setdefault(number, {})[headings[column]] = value
        return list(rows.values())


def _value(cell: etree._Element) -> str | float:
    assert cell.find("m:f", _MAIN) is None, "a formula"
    text = "".join(map(str, cell.itertext()))
    return _decoded(text) if cell.get("t") == "inlineStr" else float(text)


def _decoded(text: str) -> str:
    """ISO/IEC 29500-1, 22.9.2.19: `_x000D_` is a carriage return, and what only looks so is written `_x005F_x000D_`."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
