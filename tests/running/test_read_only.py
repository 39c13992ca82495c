"""A database on a file system that has become read-only: it can be copied, and every command says what is so."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.command_line import CommandLine
from tests.running.running_program import INNSPILL, free_port

pytestmark = pytest.mark.slow
_OF_OUR_OWN = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")


def on_read_only(source: Path, place: Path, *command: str | Path) -> subprocess.CompletedProcess[str] | None:
    """The command beside a file system at `place` with all that is in `source`; None where nobody may mount one."""
    mount = f"mount -t tmpfs tmpfs {place} && cp {source}/* {place} && mount -o remount,ro {place}"
    if subprocess.run([*_OF_OUR_OWN, mount], check=False, capture_output=True).returncode != 0:
        return None
    line = f"{mount} && exec {shlex.join(map(str, (INNSPILL, *command)))}"
    environment = {
        "INNSPILL_DATABASE": str(place / "innspill.db"),
        "INNSPILL_PORT": str(free_port()),
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
    }
    return subprocess.run([*_OF_OUR_OWN, line], env=environment, check=False, capture_output=True, text=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """With a database that was left in peace, and one response."""
    folder = tmp_path / "source"
    folder.mkdir()
    innspill = CommandLine(folder)
    innspill.store_response(innspill.add_consultation(), "KT7RB4XM")
    return folder


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "place").mkdir()
    return tmp_path / "place"


def test_a_backup_is_made_of_it_and_can_be_used(source: Path, place: Path, tmp_path: Path) -> None:
    if (done := on_read_only(source, place, "backup", tmp_path / "backup.db")) is None:
        return

    assert done.returncode == 0, done.stderr
    assert "checked" in done.stdout
    assert done.stderr.startswith("The audit log has no entry of this backup. Not saved: ")
    copy = CommandLine(tmp_path, INNSPILL_DATABASE=str(tmp_path / "backup.db"))
    assert [each["reference"] for each in json.loads(copy.says("export", "--format", "json"))] == ["KT7RB4XM"]


@pytest.mark.parametrize(
    "command",
    [
        ("export", "--format", "json"),
        ("export", "--format", "xlsx", "--output", "{out}"),
        ("consultation", "close", "1"),
        ("chat",),
        ("serve",),
    ],
)
def test_what_would_write_says_that_it_cannot_and_what_to_do(
    source: Path, place: Path, tmp_path: Path, command: tuple[str, ...]
) -> None:
    words = [word.format(out=tmp_path / "out.xlsx") for word in command]
    if (done := on_read_only(source, place, *words)) is None:
        return

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"innspill: Not saved: {place}/innspill.db lies on a read-only file system. Make a copy elsewhere, with"
        " `innspill backup PATH` or of the file with its innspill.db-wal, and name that in INNSPILL_DATABASE\n"
    )
    assert not (tmp_path / "out.xlsx").exists()


def test_what_only_reads_works(source: Path, place: Path) -> None:
    if (done := on_read_only(source, place, "consultation", "list")) is None:
        return

    assert "18/101" in done.stdout


def test_the_last_answers_in_a_log_are_not_left_out_in_silence(source: Path, place: Path, tmp_path: Path) -> None:
    """A copy of a database in use, with its log: what stands in that alone would be missing."""
    live = tmp_path / "live"
    shutil.copytree(source, live)
    program = (
        "from pathlib import Path; import os, sys; from tests.commands.command_line import CommandLine;"
        "from storage.database.opening import open_for_writing;"
        "folder = Path(sys.argv[1]); held = open_for_writing(folder / 'innspill.db');"
        "CommandLine(folder).store_response(1, 'AB2CD3EF'); os._exit(0)"
    )
    subprocess.run([INNSPILL.with_name("python"), "-c", program, str(live)], check=True)
    (live / "innspill.db-shm").unlink()
    assert (live / "innspill.db-wal").stat().st_size > 0
    if (done := on_read_only(live, place, "backup", tmp_path / "backup.db")) is None:
        return

    assert done.returncode == 2
    assert "read-only file system" in done.stderr
    assert "innspill.db-wal" in done.stderr
