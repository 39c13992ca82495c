"""What LibreOffice makes of csv, xlsx and docx: every cell as it was written, and no formula run."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest
from docx import Document

from bot.config import load
from bot.exporting.export import described
from storage.exports import FORMATS, Row
from storage.exports.output.files import OneFile
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection
from tests.exports.test_xlsx import FORMULAS, LINKS, RESPONSE

pytestmark = [pytest.mark.slow, pytest.mark.office]

# Filter options (https://help.libreoffice.org/latest/en-US/text/shared/guide/csv_params.html): `;`, `"`, UTF-8, from
# line 1, and each column as text; going out: cells as they are shown, all sheets.
_AS_TEXT = "59,34,76,1," + "/".join(f"{column}/2" for column in range(1, 40))
_ALL_SHEETS = "59,34,76,1,,0,false,true,false,false,false,-1"

TEXTS = (
    *FORMULAS,
    *LINKS,
    "  to  mellomrom",
    'Jeg er for.\n\n- fortau\n- «gatelys»; "æøå" čđŋšŧž 漢字 👍',
    "x" * 32_767,
)
LONG = "å" * 70_000


def written(name: str, texts: Sequence[str], folder: Path) -> Path:
    """Responses with these texts in a format."""
    rows: list[Row] = [{**RESPONSE, "reference": f"R{number}", "text": text} for number, text in enumerate(texts)]
    path = folder / f"responses{FORMATS[name].SUFFIX}"
    with path.open("wb") as file:
        FORMATS[name].write(described(rows, Selection(), "nb", load({})), OneFile(file))
    return path


def converted(path: Path, to: str, *options: str) -> list[Path]:
    """What LibreOffice makes of a file: with a profile of its own, so that no other one is in the way."""
    out = path.parent / "out"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", *options, "--convert-to", to, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=100)
    return sorted(out.iterdir())


def cells(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV that LibreOffice wrote, by their headings."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), delimiter=";"))


def lines(texts: Sequence[str]) -> list[str]:
    """LibreOffice knows one kind of line end."""
    return [re.sub(r"\r\n?", "\n", text) for text in texts]


def test_libreoffice_gives_back_the_cells_of_a_workbook(tmp_path: Path) -> None:
    texts = (*TEXTS, LONG)
    responses, about = converted(written("xlsx", texts, tmp_path), f"csv:Text - txt - csv (StarCalc):{_ALL_SHEETS}")
    assert f"Antall høringssvar;{len(texts)}\n" in about.read_text(encoding="utf-8")
    rows = cells(responses)
    heading = "Høringssvar"
    whole = [row[heading] + row[f"{heading} (2)"] + row[f"{heading} (3)"] for row in rows]
    assert lines(whole) == lines(texts)
    assert [row["Kvitteringsnummer"] for row in rows] == [f"R{number}" for number in range(len(texts))]
    kept = {"Saksnummer": "18/10", "Postnummer": "0150", "Telefon": "+4722000000", "Organisasjonsnummer": "974540193"}
    assert [{key: row[key] for key in kept} for row in rows] == [kept] * len(texts)
    assert re.fullmatch(r"(11/25/2026|25\.11\.2026|11/25/26|25\.11\.26) 0?0:30(:00)?", rows[0]["Mottatt"].strip())


def test_libreoffice_gives_back_the_cells_of_a_csv_whose_columns_are_text(tmp_path: Path) -> None:
    # It reads no more than a cell of Excel from a CSV, whatever the file has.
    path = written("csv", TEXTS, tmp_path)
    (back,) = converted(path, f"csv:Text - txt - csv (StarCalc):{_ALL_SHEETS}", f"--infilter=CSV:{_AS_TEXT}")
    before = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""), delimiter=";"))
    after = cells(back)
    for key in EXPORT_KEYS:
        assert lines([row[key] for row in after]) == lines([row[key] for row in before]), key


def test_libreoffice_gives_back_the_cells_of_a_word_table(tmp_path: Path) -> None:
    path = written("docx", (*TEXTS, LONG), tmp_path)
    (back,) = converted(path, "docx")
    before, after = (
        [[cell.text for cell in row.cells] for row in Document(str(each)).tables[0].rows] for each in (path, back)
    )
    assert after == before
    assert len(after) == len(TEXTS) + 2
