"""`innspill export`: every response of the moment, to a file that is whole or to standard output."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.commands.whole_file import whole_file, whole_folder
from bot.config import user_name
from storage.database.opening import open_for_reading, transaction
from storage.exports import FORMATS
from storage.responses.responses import EXPORT_KEYS
from storage.staff import audit
from tests.commands.command_line import CommandLine
from tests.exports.spreadsheets import Workbook
from tests.running.running_program import INNSPILL

ONE_FILE = sorted(name for name in FORMATS if not FORMATS[name].SEVERAL)
SEVERAL = sorted(name for name in FORMATS if FORMATS[name].SEVERAL)
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


@pytest.mark.parametrize("name", ONE_FILE)
def test_a_file_holds_the_same_bytes_as_standard_output(innspill: CommandLine, tmp_path: Path, name: str) -> None:
    innspill.says("export", "--format", name, "--output", tmp_path / "responses")
    printed = innspill("export", "--format", name, "--output", "-").stdout_bytes

    assert printed
    assert (tmp_path / "responses").read_bytes() == printed


@pytest.mark.slow
@pytest.mark.parametrize("name", ONE_FILE)
def test_a_pipe_gets_the_same_bytes_as_a_file(innspill: CommandLine, tmp_path: Path, name: str) -> None:
    innspill.says("export", "--format", name, "--output", tmp_path / "responses")
    command = (INNSPILL, "export", "--format", name)
    done = subprocess.run(
        command, env={"INNSPILL_DATABASE": str(innspill.database)}, check=True, stdout=subprocess.PIPE
    )

    assert done.stdout == (tmp_path / "responses").read_bytes()


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


# --- What is chosen -----------------------------------------------------------------------------------------


def references(innspill: CommandLine, *options: str) -> list[str]:
    return [row["reference"] for row in json.loads(innspill.says("export", "--format", "json", *options))]


def test_one_round_can_be_exported(innspill: CommandLine) -> None:
    assert references(innspill, "--consultation", "2") == ["AB2CD3EF"]
    assert references(innspill, "--consultation", "2", "--case", "18/101") == []
    assert "9" in innspill.is_refused("export", "--consultation", "9", "--format", "json")


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (("--from", "2026-11-24"), 2),
        (("--from", "2026-11-25"), 0),
        (("--to", "2026-11-24"), 2),
        (("--to", "2026-11-23"), 0),
        (("--from", "2026-11-24", "--to", "2026-11-24"), 2),
    ],
)
def test_both_days_of_a_period_are_in_it(innspill: CommandLine, options: tuple[str, ...], count: int) -> None:
    assert len(references(innspill, *options)) == count


def test_only_what_is_new_since_the_last_export_of_the_same_choice_in_the_same_format(innspill: CommandLine) -> None:
    assert references(innspill, "--since-last") == ["KT7RB4XM", "AB2CD3EF"]
    assert references(innspill, "--since-last") == []
    innspill.store_response(1, "GH4JK5LM")
    assert references(innspill, "--since-last", "--case", "18/101") == ["KT7RB4XM", "GH4JK5LM"]
    assert innspill.says("export", "--since-last", "--format", "ndjson").count("\n") == 3
    assert references(innspill, "--since-last") == ["GH4JK5LM"]
    assert references(innspill, "--since-last") == []


def test_an_export_of_everything_counts_as_the_last_one(innspill: CommandLine) -> None:
    assert len(references(innspill)) == 2
    assert references(innspill, "--since-last") == []


def test_an_export_that_failed_does_not_count(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.is_refused("export", "--format", "json", "--output", tmp_path / "missing" / "responses.json")
    assert len(references(innspill, "--since-last")) == 2


def test_an_export_is_on_record_with_its_choice_and_its_count(innspill: CommandLine) -> None:
    innspill.says("export", "--format", "csv", "--case", "18/101", "--to", "2026-11-24")
    with closing(open_for_reading(innspill.database)) as db:
        entry, *_ = audit.entries(db, limit=1)
    assert (entry.who, entry.action, entry.address) == (f"operator:{user_name()}", "responses.exported", "")
    chosen = {"case_number": "18/101", "received_before": "2026-11-24T23:00:00.000000Z"}
    assert entry.detail == {"format": "csv", "filter": chosen, "count": 1}


@pytest.mark.parametrize("output", ["responses", "responses.zip"])
def test_nothing_is_there_to_be_read_that_could_not_be_put_on_record(
    innspill: CommandLine, tmp_path: Path, output: str
) -> None:
    with transaction(innspill.database) as db:
        db.execute("CREATE TRIGGER full BEFORE INSERT ON audit_log BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
    folder = tmp_path / "exports"
    folder.mkdir()
    for name in ("csv", "pdf"):
        assert "audit log" in innspill.is_refused("export", "--format", name, "--output", folder / output)
    assert innspill("export", "--format", "csv").stdout == ""
    assert list(folder.iterdir()) == []


def test_an_archive_has_the_csv_that_the_command_writes(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("export", "--format", "archive", "--output", tmp_path / "all.zip")
    with ZipFile(tmp_path / "all.zip") as files:
        assert files.read("responses.csv") == innspill("export", "--format", "csv").stdout_bytes


# --- Several files, and the words of readers ----------------------------------------------------------------


@pytest.mark.parametrize("name", SEVERAL)
def test_several_files_go_to_a_new_folder_or_a_zip_and_not_to_standard_output(
    innspill: CommandLine, tmp_path: Path, name: str
) -> None:
    assert "--output" in innspill.is_refused("export", "--format", name)
    folder, packed = tmp_path / "responses", tmp_path / "responses.zip"
    innspill.says("export", "--format", name, "--output", folder)
    innspill.says("export", "--format", name, "--output", packed)

    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with ZipFile(packed) as parts:
        assert {part: parts.read(part) for part in parts.namelist()} == files
    assert len(files) >= 2
    assert [found for found in files if "18-101" in found]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert packed.stat().st_mode & 0o777 == 0o600


def test_a_folder_that_is_there_is_left_as_it_is(innspill: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "responses").mkdir()
    assert "there already" in innspill.is_refused("export", "--format", "pdf", "--output", tmp_path / "responses")
    assert list((tmp_path / "responses").iterdir()) == []


def test_a_folder_that_could_not_be_finished_leaves_nothing(tmp_path: Path) -> None:
    def break_off() -> None:
        with whole_folder(tmp_path / "responses") as temporary:
            (temporary / "one").write_text("half of")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        break_off()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("locale", "sheet"), [("nb", "Høringssvar"), ("en", "Responses")])
def test_readers_get_headings_in_their_language(innspill: CommandLine, locale: str, sheet: str) -> None:
    content = innspill("export", "--format", "xlsx", "--locale", locale).stdout_bytes
    assert next(iter(Workbook(content).sheets)) == sheet
    text = innspill("export", "--format", "csv", "--locale", locale).stdout
    assert next(csv.reader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";")) == list(EXPORT_KEYS)


# --- On a terminal, and interrupted -------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("format_name", ["xlsx", "pdf-all"])
def test_a_terminal_shows_how_far_it_has_come(innspill: CommandLine, tmp_path: Path, format_name: str) -> None:
    output = tmp_path / "responses.zip"
    ours, theirs = pty.openpty()
    environment = {"INNSPILL_DATABASE": str(innspill.database), "TERM": "xterm"}
    command = [str(INNSPILL), "export", "--format", format_name, "--output", str(output)]
    subprocess.run(command, env=environment, stderr=theirs, check=True)
    os.close(theirs)
    shown = b"".join(everything(ours)).decode()
    os.close(ours)
    assert output.read_bytes().startswith(b"PK")
    assert "2/2" in shown[: shown.index("reading 2")]
    assert re.search(r"reading 2 .*2/2", shown)
    assert shown.endswith("2 responses\r\n")


def everything(terminal: int) -> Iterator[bytes]:
    with suppress(OSError):  # that is how a terminal ends
        while part := os.read(terminal, 4096):
            yield part


@pytest.mark.slow
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_standard_output_that_is_full_is_told(innspill: CommandLine, tmp_path: Path, unbuffered: str) -> None:
    innspill.store_response(1, "R1", TEXT * 3000)
    whole = len(innspill("export", "--format", "csv").stdout_bytes)
    environment = {"INNSPILL_DATABASE": str(innspill.database), "PYTHONUNBUFFERED": unbuffered}
    with (tmp_path / "responses.csv").open("wb") as out:
        done = subprocess.run(
            [INNSPILL, "export", "--format", "csv"],
            env=environment,
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (whole - 10, whole - 10)),
        )
    assert (done.returncode, done.stderr) == (2, b"innspill: File too large.\n")


@pytest.mark.slow
@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("output", ["responses", "responses.zip"])
def test_an_export_that_is_ended_leaves_nothing(
    innspill: CommandLine, tmp_path: Path, told: signal.Signals, output: str
) -> None:
    for number in range(120):  # enough to be told in the middle of it
        innspill.store_response(1, f"R{number}", TEXT * 200)
    folder = tmp_path / "exports"
    folder.mkdir()
    command = [str(INNSPILL), "export", "--format", "pdf", "--output", str(folder / output)]
    environment = {"INNSPILL_DATABASE": str(innspill.database), "TMPDIR": str(folder)}
    with subprocess.Popen(
        command,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        # What a shell starts in the background takes no notice of an interrupt, and neither do its children.
        preexec_fn=lambda: signal.signal(told, signal.SIG_DFL),
    ) as running:
        while running.poll() is None and not any(folder.glob(".responses*")):
            time.sleep(0.01)
        running.send_signal(told)
        _, complaint = running.communicate(timeout=20)
    assert (running.returncode, complaint.strip()) == (1, "Aborted!")
    assert list(folder.iterdir()) == []
    assert len(references(innspill, "--since-last")) == 122


@pytest.mark.slow
def test_what_a_killed_export_has_left_goes_with_the_next_one(innspill: CommandLine, tmp_path: Path) -> None:
    for number in range(300):
        innspill.store_response(1, f"R{number}", TEXT * 200)
    folder = tmp_path / "exports"
    folder.mkdir()
    environment = {"INNSPILL_DATABASE": str(innspill.database), "TMPDIR": str(folder)}
    command = [str(INNSPILL), "export", "--format", "xlsx", "--output", str(folder / "responses.xlsx")]
    with subprocess.Popen(command, env=environment) as running:
        while running.poll() is None and not any(folder.glob("innspill-*/*")):
            time.sleep(0.001)
        running.kill()
    assert running.returncode == -signal.SIGKILL
    assert any(folder.glob("innspill-*/*"))
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
    assert not any(folder.glob("innspill-*"))
    assert (folder / "responses.xlsx").is_file()


def test_days_the_wrong_way_round_are_told(innspill: CommandLine) -> None:
    line = innspill.is_refused("export", "--format", "json", "--from", "2026-12-01", "--to", "2026-01-01")
    assert "2026-12-01 is after 2026-01-01" in line
