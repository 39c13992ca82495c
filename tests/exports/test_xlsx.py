"""Workbooks for Excel: typed dates, text that stays text, nothing cut, and a sheet that says what was chosen."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load
from bot.exporting.export import described
from storage.exports import Export, Row, xlsx
from storage.exports.output.characters import visible
from storage.exports.output.files import OneFile
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection
from tests.exports.spreadsheets import Workbook

RECEIVED = "2026-11-24T23:30:00.123456Z"
RESPONSE: Row = {
    **dict.fromkeys(EXPORT_KEYS),
    "reference": "KT7RB4XM",
    "status": "received",
    "case_number": "18/10",
    "consultation": "Handlingsprogram",
    "consultation_id": 3,
    "received_at": RECEIVED,
    "late": False,
    "respondent_type": "private_person",
    "organisation_number": "974540193",
    "first_name": "Kari",
    "phone": "+4722000000",
    "postal_code": "0150",
    "country": "NO",
    "text": "Jeg er for.\n\n- fortau\n- «gatelys» 👍",
    "attachments": [],
    "channel": "web",
    "locale": "nb",
    "form_version": 4,
}
FORMULAS = ("=1+1", "+47", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "=HYPERLINK(1)", "{=1}", "18/10", "0150", "1e5", "TRUE")
LINKS = ("https://example.no", "mailto:kari@example.no", "internal:Sheet1!A1", "<r><t>x</t></r>", "<r>&</r>", "<b>")


def written(rows: Iterable[Row], **words: object) -> bytes:
    out = io.BytesIO()
    xlsx.write(Export(rows=list(rows), **words), OneFile(out))  # type: ignore[arg-type]  # the words are of their types
    return out.getvalue()


def read(*changes: dict[str, object]) -> list[dict[str, str | float]]:
    """The rows of responses that differ from the example in these answers."""
    return Workbook(written({**RESPONSE, **change} for change in changes)).rows("sheet_responses")


def moment(serial: str | float) -> datetime:
    """What Excel means by a date: days since the end of 1899."""
    return datetime(1899, 12, 30) + timedelta(days=float(serial))  # noqa: DTZ001 - Excel knows no time zones


def test_each_answer_has_its_cell_under_its_name() -> None:
    (row,) = read({})
    for key in ("reference", "case_number", "organisation_number", "phone", "postal_code", "text"):
        assert row[key] == RESPONSE[key]
    assert (row["consultation_id"], row["form_version"]) == (3, 4)
    assert "last_name" not in row


def test_a_date_is_a_date_and_in_norwegian_time() -> None:
    (row,) = read({})
    assert abs(moment(row["received_at"]) - datetime(2026, 11, 25, 0, 30)) < timedelta(seconds=1)  # noqa: DTZ001 - as above
    (summer,) = read({"received_at": "2026-06-30T22:00:00.000000Z"})
    assert moment(summer["received_at"]) == datetime(2026, 7, 1)  # noqa: DTZ001 - as above


def test_two_moments_of_the_hour_that_comes_twice_are_told_apart() -> None:
    moments = ("2026-10-25T00:30:00.000000Z", "2026-10-25T01:30:00.000000Z", "2026-10-25T02:30:00.000000Z")
    book = Workbook(written_in("nb", Selection(), [{**RESPONSE, "received_at": at} for at in moments]))
    styles = book.parts["xl/styles.xml"].decode()
    assert 'formatCode="dd.mm.yyyy hh:mm &quot;(sommertid)&quot;"' in styles
    assert 'formatCode="dd.mm.yyyy hh:mm &quot;(normaltid)&quot;"' in styles
    assert 'numFmtId="22"' in styles


def test_a_date_looks_as_the_readers_own_settings_say() -> None:
    assert b'numFmtId="22"' in Workbook(written([RESPONSE])).parts["xl/styles.xml"]


@pytest.mark.parametrize("payload", [*FORMULAS, *LINKS])
def test_what_a_stranger_typed_stays_text(payload: str) -> None:
    book = Workbook(written([{**RESPONSE, "text": payload, "first_name": payload}]))
    (row,) = book.rows("sheet_responses")
    assert (row["text"], row["first_name"]) == (payload, payload)
    assert not [name for name in book.parts if "sheet1.xml.rels" in name], "a link"


@given(
    st.sampled_from([*FORMULAS, *LINKS, "", "<r>", "_x000D_"]),
    st.text(alphabet=st.one_of(st.sampled_from("=+-@<>&_x0041 \t\r\n\"'"), st.characters(codec="utf-8"))),
    st.sampled_from(["", "</r>", "_", " "]),
)
def test_every_text_comes_back_as_it_was_or_shows_what_xml_cannot_hold(begin: str, middle: str, end: str) -> None:
    text = begin + middle + end
    (row,) = read({"text": text})
    assert row.get("text", "") == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1bb", "a[U+001B]b"),
        ("\0", "[U+0000]"),
        ("\ud83d", "[U+D83D]"),
        ("\uffff", "[U+FFFF]"),
        ("a\tb\r\nc\x85\u200b\xad", "a\tb\r\nc\x85\u200b\xad"),
    ],
)
def test_a_character_that_xml_cannot_hold_is_shown_by_its_number(text: str, shown: str) -> None:
    (row,) = read({"text": text})
    assert row["text"] == shown


@pytest.mark.parametrize("text", ["å" * 32_768, "x" * 100_000, "👍" * 20_000, "x" + "👍" * 33_000, "\x1b" * 5_000])
def test_a_long_text_goes_on_to_the_right_and_nothing_is_lost(text: str) -> None:
    book = Workbook(written([{**RESPONSE, "text": text}, RESPONSE]))
    long, short = book.rows("sheet_responses")
    names = ["text", *(f"text ({number})" for number in range(2, 20))]
    parts = [str(long[name]) for name in names if name in long]
    assert "".join(parts) == visible(text)
    assert len(parts) > 1
    assert max(len(part.encode("utf-16-le")) // 2 for part in parts) <= 32_767
    assert short["text"] == RESPONSE["text"]
    assert (long["channel"], short["channel"]) == ("web", "web")
    assert "goes_on_right" in book.sheets["sheet_about"].values()


def test_a_text_that_just_fits_stays_in_one_cell_and_nothing_is_said() -> None:
    book = Workbook(written([{**RESPONSE, "text": "x" * 32_767}]))
    assert "text (2)" not in book.sheets["sheet_responses"].values()
    assert "goes_on_right" not in book.sheets["sheet_about"].values()


def test_the_header_stays_in_sight_and_every_column_can_be_filtered() -> None:
    book = Workbook(written([RESPONSE, RESPONSE]))
    sheet = book.parts["xl/worksheets/sheet1.xml"].decode()
    assert '<pane xSplit="1" ySplit="1" topLeftCell="B2"' in sheet
    assert '<autoFilter ref="A1:Z3"/>' in sheet
    assert [book.sheets["sheet_responses"][f"{column}1"] for column in "ABZ"] == ["reference", "status", "form_version"]


def test_a_workbook_without_responses_has_its_header_and_says_so() -> None:
    book = Workbook(written([]))
    assert list(book.sheets["sheet_responses"].values()) == list(EXPORT_KEYS)
    assert list(book.sheets["sheet_about"].values())[-2:] == ["count", 0]


def test_the_second_sheet_says_what_was_chosen_and_how_many() -> None:
    chosen = Selection(case_number="18/10", received_from=datetime(2026, 11, 1, tzinfo=UTC))
    book = Workbook(written_in("nb", chosen, [RESPONSE, {**RESPONSE, "received_at": "2026-11-20T08:00:00.000000Z"}]))
    *lines, (_, latest) = pairs(book.sheets["Om utvalget"])
    assert lines == [
        ("Saksnummer", "18/10"),
        ("Mottatt fra og med", "søndag 1. november 2026 kl.\u00a001.00"),
        ("Utvalget for maskiner", '{"case_number":"18/10","received_from":"2026-11-01T00:00:00.000000Z"}'),
        ("Program", described([], Selection(), "nb", load({})).program),
        ("Antall høringssvar", 2),
    ]
    assert abs(moment(latest) - datetime(2026, 11, 25, 0, 30)) < timedelta(seconds=1)  # noqa: DTZ001 - as above


def test_readers_get_their_own_words_and_identifiers_as_they_are_kept() -> None:
    (row,) = Workbook(written_in("nb", Selection(), [RESPONSE])).rows("Høringssvar")
    assert (row["Hvem svarer"], row["Etter fristen"], row["Land"]) == ("Privatperson", "Nei", "Norge")
    assert (row["Organisasjonsnummer"], row["Telefon"]) == ("974540193", "+4722000000")
    (row,) = Workbook(written_in("en", Selection(), [RESPONSE])).rows("Responses")
    assert (row["Respondent"], row["After the deadline"], row["Country"]) == ("Private person", "No", "Norway")


def test_the_file_has_no_moment_of_its_own() -> None:
    content = written([RESPONSE])
    with ZipFile(io.BytesIO(content)) as parts:
        assert {part.date_time[0] for part in parts.infolist()} == {1980}
        properties = parts.read("docProps/core.xml").decode()
    assert properties.count("2026-11-24T23:30:00Z") == 2


def test_more_responses_than_a_sheet_holds_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 2)
    book = Workbook(written({**RESPONSE, "reference": f"R{number}"} for number in range(5)))
    assert list(book.sheets) == ["sheet_responses", "sheet_responses (2)", "sheet_responses (3)", "sheet_about"]
    found = [row["reference"] for name in list(book.sheets)[:3] for row in book.rows(name)]
    assert found == ["R0", "R1", "R2", "R3", "R4"]


def test_nothing_is_left_in_the_temporary_folder_whatever_happens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    written([RESPONSE])
    assert list(tmp_path.iterdir()) == []

    def broken() -> Iterator[Row]:
        yield RESPONSE
        assert [path.stat().st_mode & 0o77 for path in tmp_path.iterdir()] in ([], [0])
        if list(tmp_path.iterdir()):
            raise OSError("the disk is full")

    class Broken:
        __iter__ = staticmethod(broken)

    with pytest.raises(OSError, match="the disk is full"):
        xlsx.write(Export(rows=Broken()), OneFile(io.BytesIO()))
    assert list(tmp_path.iterdir()) == []


def written_in(locale: str, selection: Selection, rows: list[Row]) -> bytes:
    out = io.BytesIO()
    xlsx.write(described(rows, selection, locale, load({})), OneFile(out))
    return out.getvalue()


def pairs(cells: dict[str, str | float]) -> list[tuple[str, str | float]]:
    """The lines of a sheet of two columns."""
    return [(str(cells[f"A{number}"]), cells[f"B{number}"]) for number in range(1, 1 + len(cells) // 2)]
