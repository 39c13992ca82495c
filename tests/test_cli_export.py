"""`innspill export`: every response of the moment, to a file that is whole or to standard output."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest

from bot.commands.whole_file import whole_file
from storage.exports import FORMATS
from storage.responses import EXPORT_KEYS
from tests.command_line import CommandLine

TEXT = "Jeg er for.\n\n- fortau\n- «gatelys»\n=SUM(A1)"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With a response in each of two cases."""
    command_line = CommandLine(tmp_path)
    command_line.store_response(command_line.add_consultation("18/101"), "KT7RB4XM", TEXT)
    command_line.store_response(command_line.add_consultation("19/7"), "AB2CD3EF")
    return command_line


def test_json_holds_every_response_with_the_keys_that_scripts_know(innspill: CommandLine) -> None:
    first, second = json.loads(innspill.says("export", "--format", "json"))

    assert list(first) == list(EXPORT_KEYS)
    assert (first["reference"], first["case_number"], first["text"]) == ("KT7RB4XM", "18/101", TEXT)
    assert (first["late"], first["attachments"], first["phone"]) == (False, [], None)
    assert second["reference"] == "AB2CD3EF"


@pytest.mark.parametrize("case", ["19/7", "2019/7"])
def test_one_case_can_be_exported_however_its_number_is_written(innspill: CommandLine, case: str) -> None:
    exported = json.loads(innspill.says("export", "--case", case, "--format", "json"))

    assert [response["reference"] for response in exported] == ["AB2CD3EF"]


def test_csv_begins_with_the_keys_and_runs_no_formula(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("export", "--format", "csv", "--output", tmp_path / "responses.csv")
    with (tmp_path / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = csv.reader(file, delimiter=";")

    assert header == list(EXPORT_KEYS)
    assert [row[0] for row in rows] == ["KT7RB4XM", "AB2CD3EF"]


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_a_file_holds_the_same_bytes_as_standard_output(innspill: CommandLine, tmp_path: Path, name: str) -> None:
    innspill.says("export", "--format", name, "--output", tmp_path / "responses")
    printed = innspill("export", "--format", name, "--output", "-").stdout_bytes

    assert (tmp_path / "responses").read_bytes() == printed
    assert b"KT7RB4XM" in printed


def test_the_count_is_told_beside_the_data_and_not_in_it(innspill: CommandLine) -> None:
    everything = innspill("export", "--format", "ndjson")
    one = innspill("export", "--format", "ndjson", "--case", "18/101")

    assert everything.stderr == "2 responses\n"
    assert one.stderr == "1 response\n"
    assert len(one.stdout.splitlines()) == 1


def test_an_unknown_case_is_told_and_the_file_that_was_there_stays(innspill: CommandLine, tmp_path: Path) -> None:
    target = tmp_path / "responses.csv"
    target.write_text("the last export")

    assert "20/1" in innspill.is_refused("export", "--case", "20/1", "--format", "csv", "--output", target)
    assert target.read_text() == "the last export"


@pytest.mark.parametrize("output", ["missing/responses.csv", "", "pipe"])
def test_a_place_that_cannot_hold_a_file_is_refused_and_left_as_it_is(
    innspill: CommandLine, tmp_path: Path, output: str
) -> None:
    os.mkfifo(tmp_path / "pipe")

    innspill.is_refused("export", "--format", "csv", "--output", tmp_path / output)
    assert (tmp_path / "pipe").is_fifo()


def test_a_file_that_could_not_be_finished_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "responses.csv"
    target.write_text("the last export")

    def break_off() -> None:
        with whole_file(target) as temporary:
            temporary.write_text("half of")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        break_off()
    assert target.read_text() == "the last export"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_behind_a_link_is_replaced_and_the_link_stays(tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    with whole_file(tmp_path / "link.csv") as temporary:
        temporary.write_text("responses")

    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "responses"
