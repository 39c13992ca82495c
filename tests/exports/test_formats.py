"""Exports: every format over the same responses, whole, in order, the same each time, and safe to open."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database.errors import NoSuchCase
from storage.database.opening import open_for_reading, open_for_writing, transaction
from storage.database.sqlite import Connection
from storage.exports import FORMATS, Export, Row
from storage.exports.output.files import OneFile, Zip
from storage.responses import responses
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection
from tests.storage.examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references

LIST = "Vi mener:\r\n- fortau\n- lys\n\nHilsen \tæøå «Kari» 👍\u200b"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three responses: the second came in first, and the third in another case."""
    path = new_database(tmp_path)
    draw = references()
    with transaction(path) as db:
        first = add_consultation(db, "Første runde", closes_at=AT + DAY)
        second = add_consultation(db, "Andre runde")
        other = add_consultation(db, "Noe annet", case_number="19/7")
        for draft, consultation_id, hours, changes in (
            ("d1", first, 1, {"text": LIST, "extra": {"wants_to_speak": "ja"}}),
            ("d2", second, 0, {"last_name": "", "phone": None, "locale": "en"}),
            ("d3", other, 2, {"extra": {"area": "Heggedal", "wants_to_speak": ""}}),
        ):
            new = new_response(
                open_conversation(db), consultation_id, draft=draft, received_at=AT + hours * DAY, **changes
            )
            responses.insert(db, new, draw)
    return path


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    with closing(open_for_reading(path)) as connection:
        yield connection


def exported(name: str, rows: Iterable[Row], labels: dict[str, str] | None = None) -> bytes:
    """The file of a format that writes one, and else a ZIP of all that it writes."""
    out = io.BytesIO()
    rows_before = list(rows)
    chosen = Export(rows=rows_before, labels=labels or {})
    if FORMATS[name].SEVERAL:
        with Zip(out) as files:
            assert FORMATS[name].write(chosen, files) == len(rows_before)
    else:
        assert FORMATS[name].write(chosen, OneFile(out)) == len(rows_before)
    return out.getvalue()


def sheet(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


# --- Rows ---------------------------------------------------------------------------------------------------


def test_rows_have_the_keys_that_scripts_know_and_then_the_extra_ones(db: Connection) -> None:
    for row in responses.Rows(db):
        assert tuple(row) == (*EXPORT_KEYS, "area", "wants_to_speak")


def test_the_keys_are_those_of_the_plan() -> None:
    assert ", ".join(EXPORT_KEYS) == (
        "reference, status, case_number, consultation, consultation_id, received_at, late, respondent_type, "
        "organisation_number, main_organisation_number, organisation_name, organisation_form, register_status, "
        "first_name, last_name, email, phone, address, postal_code, postal_town, country, text, attachments, "
        "channel, locale, form_version"
    )


def test_rows_come_in_the_order_received(db: Connection) -> None:
    assert [row["reference"] for row in responses.Rows(db)] == ["R2", "R1", "R3"]


def test_a_row_has_each_answer_in_its_own_place(path: Path) -> None:
    with transaction(path) as db:
        columns = [key for key in EXPORT_KEYS[7:] if key not in ("attachments", "form_version")]
        answers = {column: f"the {column}" for column in columns}
        new = new_response(open_conversation(db, "2"), 3, received_at=AT + 9 * DAY, form_version=4, **answers)
        responses.insert(db, new, lambda: "R4")
        *_, row = responses.Rows(db)
    assert {column: row[column] for column in columns} == answers
    assert (row["reference"], row["status"], row["case_number"]) == ("R4", "received", "19/7")
    assert (row["consultation"], row["consultation_id"], row["form_version"]) == ("Noe annet", 3, 4)
    assert (row["late"], row["attachments"], row["received_at"]) == (True, [], "2026-12-03T08:30:00.123456Z")


def test_what_is_empty_is_none(db: Connection) -> None:
    second, first, third = responses.Rows(db)
    assert (second["last_name"], second["phone"], second["organisation_number"], second["area"]) == (None,) * 4
    assert (third["area"], third["wants_to_speak"], first["wants_to_speak"]) == ("Heggedal", None, "ja")


@pytest.mark.parametrize("case_number", ["18/101", "2018/101", "18/00101"])
def test_one_case_has_all_its_rounds_and_no_other(db: Connection, case_number: str) -> None:
    rows = list(responses.Rows(db, Selection(case_number=case_number)))
    assert [row["reference"] for row in rows] == ["R2", "R1"]
    assert "area" not in rows[0]


def test_an_unknown_case_is_refused_before_anything_is_written(db: Connection) -> None:
    with pytest.raises(NoSuchCase, match="18/102"):
        responses.Rows(db, Selection(case_number="18/102"))
    with pytest.raises(ValueError, match="not a case number"):
        responses.Rows(db, Selection(case_number="handlingsprogram"))


def test_an_export_is_of_one_moment(path: Path, db: Connection) -> None:
    rows = iter(responses.Rows(db))
    next(rows)
    with transaction(path) as writing:
        new = new_response(open_conversation(writing, "2"), 1, received_at=AT + 9 * DAY, extra={"late_key": "x"})
        responses.insert(writing, new, lambda: "R4")
    assert [row["reference"] for row in rows] == ["R1", "R3"]
    assert len(list(responses.Rows(db))) == 4


def test_no_response_comes_in_between_the_keys_and_the_rows(path: Path, db: Connection) -> None:
    def add_one(statement: str) -> None:
        if "INDEXED BY" in statement:
            with transaction(path) as writing:
                responses.insert(writing, new_response(open_conversation(writing, "2"), 1), lambda: "R4")

    db.set_trace_callback(add_one)
    assert len(list(responses.Rows(db))) == 3
    db.set_trace_callback(None)
    assert len(list(responses.Rows(db))) == 4


def test_nothing_is_gathered_or_sorted_before_the_first_row(path: Path) -> None:
    with closing(open_for_writing(path)) as db:
        plan = db.execute("EXPLAIN QUERY PLAN " + responses._EXPORT.format(where="TRUE", sealed="TRUE")).fetchall()
    assert not [step for *_, step in plan if "TEMP B-TREE" in step]


# --- Every format -------------------------------------------------------------------------------------------


def test_the_formats_are_known_by_the_names_of_their_files() -> None:
    assert {"csv", "json", "ndjson"} <= set(FORMATS)


every_format = pytest.mark.parametrize("name", FORMATS)


@every_format
def test_the_same_export_twice_gives_the_same_bytes(db: Connection, name: str) -> None:
    assert exported(name, responses.Rows(db)) == exported(name, responses.Rows(db))


@every_format
def test_no_response_is_no_mistake(db: Connection, name: str) -> None:
    exported(name, iter(()))


@pytest.mark.parametrize("name", [name for name in FORMATS if not FORMATS[name].SEVERAL])
def test_the_file_is_left_open_for_its_owner(db: Connection, name: str) -> None:
    out = io.BytesIO()
    FORMATS[name].write(Export(rows=responses.Rows(db)), OneFile(out))
    out.write(b"more")


@pytest.mark.parametrize("name", ["csv", "json", "ndjson"])
def test_rows_are_written_as_they_come(db: Connection, name: str) -> None:
    out = io.BytesIO()
    row = next(iter(responses.Rows(db))) | {"text": "x" * 100_000}

    def rows() -> Iterator[dict[str, object]]:
        for _ in range(5):
            before = out.tell()
            yield row
            yield row
            assert out.tell() > before

    FORMATS[name].write(Export(rows=rows()), OneFile(out))


# --- JSON ---------------------------------------------------------------------------------------------------


def test_json_is_one_array_and_faithful(db: Connection) -> None:
    rows = list(responses.Rows(db))
    assert json.loads(exported("json", iter(rows))) == rows
    assert rows[1]["text"] == LIST
    assert json.loads(exported("json", iter(()))) == []


def test_json_says_true_null_and_a_list(db: Connection) -> None:
    content = exported("json", responses.Rows(db)).decode()
    for part in ('"late":true', '"late":false', '"phone":null', '"attachments":[]', 'Z","late"', "«Kari» 👍"):
        assert part in content


def test_newline_delimited_json_has_the_same_objects(db: Connection) -> None:
    lines = exported("ndjson", responses.Rows(db)).splitlines()
    assert [json.loads(line) for line in lines] == json.loads(exported("json", responses.Rows(db)))


# --- CSV ----------------------------------------------------------------------------------------------------


def test_csv_is_what_a_norwegian_spreadsheet_opens(db: Connection) -> None:
    content = exported("csv", responses.Rows(db))
    assert content.startswith(b"\xef\xbb\xbfreference;status;case_number;")
    assert content.endswith(b"\r\n")
    assert content.count(b"\xef\xbb\xbf") == 1


def test_csv_has_every_answer(db: Connection) -> None:
    rows = list(responses.Rows(db))
    cells = sheet(exported("csv", iter(rows)))
    assert [tuple(row) for row in cells] == [tuple(row) for row in rows]
    assert [row["reference"] for row in cells] == ["R2", "R1", "R3"]
    assert cells[1]["text"] == LIST
    assert (cells[0]["last_name"], cells[0]["late"], cells[2]["late"], cells[0]["attachments"]) == (
        "",
        "false",
        "false",
        "",
    )


def test_csv_names_countries_so_that_no_reader_takes_a_column_of_norway_for_no() -> None:
    out = io.BytesIO()
    rows = [{"country": code} for code in ("NO", None, "SE", "NO", "Atlantis")]
    told = {"NO": "Norge", "SE": "Sverige"}
    asked = list[object]()

    def shown(key: str, value: object) -> str:
        asked.append((key, value))
        return told.get(str(value), str(value))

    assert FORMATS["csv"].write(Export(rows=rows, shown=shown), OneFile(out)) == 5
    assert [row["country"] for row in sheet(out.getvalue())] == ["Norge", "", "Sverige", "Norge", "Atlantis"]
    assert asked == [("country", "NO"), ("country", "SE"), ("country", "Atlantis")]


def test_csv_names_its_columns_also_when_it_is_empty() -> None:
    assert exported("csv", iter(())).decode("utf-8-sig") == ";".join(EXPORT_KEYS) + "\r\n"


def test_csv_names_its_columns_by_the_keys_whatever_readers_call_them(db: Connection) -> None:
    content = exported("csv", responses.Rows(db), {"late": "etter fristen"})
    assert content.decode("utf-8-sig").startswith(";".join(EXPORT_KEYS) + ";area;")


INVISIBLE = ["", " ", "\u00a0", "\t", "\r", "\n", "\0", "\x1b", "\u200b", "\u202e", "\ufeff", "\u00ad", " \u200b\0 "]


@pytest.mark.parametrize("before", INVISIBLE, ids=ascii)
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
def test_a_formula_is_not_run(db: Connection, before: str, sign: str) -> None:
    row = next(iter(responses.Rows(db))) | {"text": f"{before}{sign}HYPERLINK(1)"}
    (cells,) = sheet(exported("csv", iter([row])))
    assert cells["text"] == f"'{before}{sign}HYPERLINK(1)".replace("\0", "")


@pytest.mark.parametrize("text", ["\tfirst", "\rfirst"])
def test_a_cell_that_starts_with_a_tab_or_a_return_is_guarded(db: Connection, text: str) -> None:
    row = next(iter(responses.Rows(db))) | {"text": text}
    assert sheet(exported("csv", iter([row])))[0]["text"] == f"'{text}"


def test_a_phone_number_as_we_write_it_runs_nothing_and_stays_as_it_is(db: Connection) -> None:
    assert sheet(exported("csv", responses.Rows(db)))[1]["phone"] == "+4722000000"


@pytest.mark.parametrize(
    "text", ["+4722000000+1", "+47 22000000", "+4722000000\n=1+1", "+1", "-4722000000", "+" + "1" * 16]
)
def test_what_is_only_nearly_a_phone_number_is_guarded(db: Connection, text: str) -> None:
    row = next(iter(responses.Rows(db))) | {"text": text}
    assert sheet(exported("csv", iter([row])))[0]["text"] == f"'{text}"


@pytest.mark.parametrize(
    "text", ["Kari", "1 + 1 = 2", "a@example.no", "«-»", " Ja", "x" * 40_000, 'a;"b";\r\nc', "'sitat"]
)
def test_other_texts_stay_as_they_are(db: Connection, text: str) -> None:
    row = next(iter(responses.Rows(db))) | {"text": text}
    assert sheet(exported("csv", iter([row])))[0]["text"] == text


@given(st.text(alphabet=st.one_of(st.sampled_from("=+-@ \t\r\n\0\u200b;\"'"), st.characters(codec="utf-8"))))
def test_no_cell_begins_like_a_formula_and_no_text_is_lost(text: str) -> None:
    (cells,) = sheet(exported("csv", iter([{"text": text, "end": "end"}])))
    assert cells["end"] == "end"
    assert cells["text"].removeprefix("'") in (text.replace("\0", ""), text.replace("\0", "").removeprefix("'"))
    is_phone = re.fullmatch(r"\+[0-9]{4,15}", cells["text"])
    assert is_phone or not cells["text"].lstrip().startswith(("=", "+", "-", "@"))
