"""The archive: every format in one ZIP, each file listed with its checksum, and the same bytes from the same store."""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

import pytest

from storage import exports
from storage.exports import FORMATS, Export, Files, Kind
from storage.exports.archive import _Members
from tests.exports.paper_examples import one_file, organisation, person, several_files, unpacked

ROWS = (person(), organisation(form_version=2), organisation(reference="R3", case_number="19/7", consultation_id=2))


@pytest.fixture(scope="module")
def archive() -> bytes:
    return one_file("archive", *ROWS)


@pytest.fixture
def manifest(archive: bytes) -> Any:
    return json.loads(unpacked(archive)["manifest.json"])


def test_it_has_what_every_other_format_writes(archive: bytes) -> None:
    files = unpacked(archive)
    for name in FORMATS.keys() - {"archive"}:
        if FORMATS[name].SEVERAL:
            for file, content in several_files(name, *ROWS).items():
                assert files.pop(f"{name}/{file}") == content
        else:
            assert files.pop(f"responses{FORMATS[name].SUFFIX}") == one_file(name, *ROWS)
    assert list(files) == ["datapackage.json", "manifest.json"]


def test_what_each_column_of_the_csv_is_stands_beside_it(archive: bytes) -> None:
    files = unpacked(archive)
    (resource,) = json.loads(files["datapackage.json"])["resources"]
    rows = csv.reader(io.StringIO(files[resource["path"]].decode("utf-8-sig"), newline=""), delimiter=";")
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    assert next(rows) == list(fields)
    others = {name: field["type"] for name, field in fields.items() if field["type"] != "string"}
    assert others == {
        "consultation_id": "integer",
        "received_at": "datetime",
        "late": "boolean",
        "form_version": "integer",
    }
    assert {row[list(fields).index("late")] for row in rows} <= {
        *fields["late"]["trueValues"],
        *fields["late"]["falseValues"],
    }
    assert fields["postal_code"]["title"] == "Postnummer"
    assert (resource["dialect"]["delimiter"], resource["schema"]["primaryKey"]) == (";", ["reference"])


def test_the_manifest_lists_each_file_with_its_size_and_checksum(archive: bytes, manifest: Any) -> None:
    assert manifest["files"] == [
        {"name": name, "size": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in unpacked(archive).items()
        if name != "manifest.json"
    ]


def test_the_manifest_says_what_was_chosen_and_how_much_it_is(manifest: Any) -> None:
    del manifest["files"]
    assert manifest == {
        "program": f"Innspill {version('innspill')}",
        "filter": {"case_number": "18/101"},
        "responses": 3,
        "latest_received_at": "2026-11-24T23:30:00.123456Z",
        "form_versions": {"1": 2, "2": 1},
        "consultations": [
            {"consultation_id": 1, "case_number": "18/101", "consultation": ROWS[0]["consultation"], "responses": 2},
            {"consultation_id": 2, "case_number": "19/7", "consultation": ROWS[0]["consultation"], "responses": 1},
        ],
        "formats": dict.fromkeys(sorted(FORMATS.keys() - {"archive"}), 3),
    }


def test_the_same_responses_give_the_same_bytes(archive: bytes) -> None:
    assert one_file("archive", *ROWS) == archive


def test_an_archive_of_nothing_is_whole_too() -> None:
    manifest = json.loads(unpacked(one_file("archive"))["manifest.json"])
    assert (manifest["responses"], manifest["latest_received_at"], manifest["consultations"]) == (0, None, [])


def test_a_new_format_is_in_it_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Haiku:
        SUFFIX = ".txt"
        SEVERAL = True
        KIND: Kind = "data"

        def write(self, export: Export, files: Files, /) -> int:
            with files.new("one.txt") as out:
                out.write(b"autumn")
            return 1

    monkeypatch.setitem(exports.FORMATS, "haiku", Haiku())
    files = unpacked(one_file("archive", *ROWS))
    assert files["haiku/one.txt"] == b"autumn"
    assert json.loads(files["manifest.json"])["formats"]["haiku"] == 1


def test_neither_a_big_file_nor_the_list_of_many_is_whole_in_memory() -> None:
    class Nowhere(io.RawIOBase):
        def write(self, data: Any, /) -> int:
            return len(data)

    class Away:
        @contextmanager
        def new(self, name: str, /) -> Iterator[BinaryIO]:
            yield cast("BinaryIO", Nowhere())

    with TemporaryFile() as listed:
        members, piece = _Members(Away(), listed), b"x" * 1000
        tracemalloc.start()
        with members.under("pdf/").new("big.pdf") as out:
            for _ in range(20_000):
                out.write(piece)
        for number in range(10_000):
            with members.under("pdf-public/").new(f"{number}.pdf"):
                pass
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        listed.seek(0)
        files = json.loads(b"[" + listed.read() + b"]")
    assert (len(files), files[0]["size"], files[-1]["size"]) == (10_001, 20_000_000, 0)
    assert peak < 1_000_000
