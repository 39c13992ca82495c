"""The files that commands make and write over: never the database, for nobody else to read, and none left behind."""

from __future__ import annotations

import asyncio
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.register.stand_in import RegisterStandIn
from storage.database.errors import NotADatabase
from storage.database.opening import Lease, empty_the_log, open_for_reading, open_for_writing, refuse_what_is_not_ours
from storage.exports import FORMATS
from tests import ROOT
from tests.commands.command_line import CommandLine
from tests.running.running_program import INNSPILL, RunningProgram

ENDINGS = ("", "-wal", "-shm", "-journal", ".lease")


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With one response, in a folder of its own."""
    (tmp_path / "data").mkdir()
    command_line = CommandLine(tmp_path / "data")
    command_line.store_response(command_line.add_consultation(), "KT7RB4XM")
    return command_line


@pytest.fixture
def umask() -> Iterator[None]:
    """Everybody may read and write what is made from here on, if the program does not say otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def writing_to(path: Path) -> list[tuple[str | Path, ...]]:
    return [("export", "--format", "csv", "--output", path), ("backup", path), ("restore", path)]


def what_is_in(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


def is_for_its_owner_alone(path: Path) -> bool:
    return path.stat().st_mode & 0o777 == 0o600


def run(folder: Path, *arguments: str, umask: int = -1, **settings: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own."""
    return subprocess.run(
        [INNSPILL, *arguments],
        cwd=folder,
        env=settings,
        umask=umask,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


# --- What is never written over -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
def test_nothing_is_written_over_a_file_of_the_database(innspill: CommandLine, ending: str) -> None:
    own = Path(f"{innspill.database}{ending}")
    with closing(open_for_writing(innspill.database)) as db, Lease(innspill.database):
        db.execute("UPDATE responses SET first_name = 'Ola'")
        before = what_is_in(innspill.database.parent)
        for arguments in writing_to(own):
            assert "the database" in innspill.is_refused(*arguments)
        assert what_is_in(innspill.database.parent) == before
    assert '"Ola"' in innspill.says("export", "--format", "json")


@pytest.mark.parametrize("link", [os.link, os.symlink])
@pytest.mark.parametrize("ending", ["", "-wal", ".lease"])
def test_a_file_of_the_database_is_known_by_any_other_name(
    innspill: CommandLine, tmp_path: Path, link: object, ending: str
) -> None:
    assert callable(link)
    with closing(open_for_writing(innspill.database)) as db, Lease(innspill.database):
        db.execute("UPDATE responses SET first_name = 'Ola'")
        link(f"{innspill.database}{ending}", tmp_path / "other.csv")
        for arguments in writing_to(tmp_path / "other.csv"):
            assert "the database" in innspill.is_refused(*arguments)


def test_the_files_of_a_database_behind_a_link_are_known_by_both_names(innspill: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "innspill.db").symlink_to(innspill.database)
    behind_a_link = CommandLine(tmp_path)

    for folder in (tmp_path, innspill.database.parent):
        for ending in ENDINGS:
            if ending == "" or folder != tmp_path:  # what is kept beside it is only where the database is
                assert "the database" in behind_a_link.is_refused("backup", folder / f"innspill.db{ending}")


def test_a_path_that_only_leads_around_is_the_same_file(innspill: CommandLine) -> None:
    around = innspill.database.parent / ".." / innspill.database.parent.name / "innspill.db-wal"

    assert "the database" in innspill.is_refused("backup", around)


# --- Words for what cannot be a file ------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("export", "--format", "csv", "--output", ""), ("backup", ""), ("restore", "")])
def test_an_empty_name_is_told_to_be_empty(innspill: CommandLine, arguments: tuple[str, ...]) -> None:
    assert "is empty" in innspill.is_refused(*arguments)


def test_a_folder_is_told_to_be_a_folder(innspill: CommandLine, tmp_path: Path) -> None:
    for arguments in writing_to(tmp_path):
        assert "it is a folder" in innspill.is_refused(*arguments)


@pytest.mark.parametrize("command", [("serve",), ("chat",), ("consultation", "list"), ("restore", "backup.db")])
def test_a_folder_as_database_is_told_and_nothing_is_made_beside_it(
    innspill: CommandLine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    innspill.says("backup", tmp_path / "backup.db")
    (tmp_path / "folder").mkdir()
    done = run(tmp_path, *command, INNSPILL_DATABASE="folder")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "innspill: folder is not an Innspill database: it is a folder.\n"
    assert not (tmp_path / "folder.lease").exists()


def test_a_database_in_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", INNSPILL_DATABASE="missing/innspill.db")

    assert done.returncode == 2
    assert done.stderr == "innspill: missing/innspill.db is not an Innspill database: there is no such folder.\n"


# --- What is left behind ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [("serve",), ("chat",)])
def test_a_file_that_is_refused_gets_nothing_beside_it(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "README.md").write_text("# A text of ours\n" * 100)
    done = run(tmp_path, *command, INNSPILL_DATABASE="README.md")

    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]


def test_a_backup_that_is_refused_leaves_nothing_where_the_database_would_be(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("A letter to the municipality.")
    CommandLine(tmp_path).is_refused("restore", tmp_path / "letter.txt")

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_what_is_not_there_yet_may_become_the_database(tmp_path: Path) -> None:
    refuse_what_is_not_ours(tmp_path / "innspill.db")
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "letter.txt").write_text("A letter to the municipality.")
    with pytest.raises(NotADatabase):
        refuse_what_is_not_ours(tmp_path / "letter.txt")


def log_of(database: Path) -> int:
    """The size of the write-ahead log, in bytes."""
    log = Path(f"{database}-wal")
    return log.stat().st_size if log.exists() else 0


def test_the_log_is_emptied_while_others_are_connected_and_stays_where_one_is_reading(innspill: CommandLine) -> None:
    with closing(open_for_writing(innspill.database)) as db, closing(open_for_reading(innspill.database)) as reader:
        db.execute("UPDATE responses SET first_name = 'Ola'")
        reader.execute("BEGIN")
        reader.execute("SELECT first_name FROM responses").fetchall()
        db.execute("UPDATE responses SET first_name = 'Per'")
        empty_the_log(innspill.database)
        assert log_of(innspill.database) > 0
        reader.execute("ROLLBACK")
        empty_the_log(innspill.database)
        assert log_of(innspill.database) == 0
        assert reader.execute("SELECT first_name FROM responses").fetchall() == [("Per",)]


async def test_a_clean_stop_leaves_no_log_also_while_a_terminal_is_open(innspill: CommandLine) -> None:
    async with RegisterStandIn() as register:
        settings = {"INNSPILL_DATABASE": str(innspill.database), "INNSPILL_ENTITY_REGISTER": register.url}
        async with RunningProgram(settings) as program:
            with closing(open_for_writing(innspill.database)) as chat:
                chat.execute("UPDATE responses SET text = ?", ("Jeg er for forslaget. " * 10_000,))
                assert log_of(innspill.database) > 200_000
                assert await program.stop() == 0
                assert log_of(innspill.database) == 0


# --- Who may read it ----------------------------------------------------------------------------------------


@pytest.mark.usefixtures("umask")
def test_the_database_and_all_beside_it_are_for_their_owner_alone(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path)
    innspill.add_consultation()
    with closing(open_for_writing(innspill.database)) as db, Lease(innspill.database):
        db.execute("UPDATE consultations SET title = 'Skolevei'")
        alone = {path.name: is_for_its_owner_alone(path) for path in tmp_path.iterdir()}

    assert alone == {f"innspill.db{ending}": True for ending in ("", "-shm", "-wal", ".lease")}


def test_a_umask_that_takes_everything_away_makes_no_database_that_cannot_be_opened(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        *("consultation", "add", "--case", "18/101", "--title", "Skolevei", "--closes", "2099-12-31"),
        umask=0o777,
        INNSPILL_DATABASE="innspill.db",
    )

    assert done.stdout == "1\n"
    assert is_for_its_owner_alone(tmp_path / "innspill.db")


@pytest.mark.usefixtures("umask")
def test_exports_and_backups_are_for_their_owner_alone_whatever_they_replace(
    innspill: CommandLine, tmp_path: Path
) -> None:
    innspill.database.chmod(0o644)
    (tmp_path / "old.csv").write_text("the last export")
    for name in ("new.csv", "old.csv"):
        innspill.says("export", "--format", "csv", "--output", tmp_path / name)
    innspill.says("backup", tmp_path / "backup.db")
    innspill.says("restore", tmp_path / "backup.db")
    (kept,) = innspill.database.parent.glob("innspill.db.before-restore-*")

    for path in (tmp_path / "new.csv", tmp_path / "old.csv", tmp_path / "backup.db", kept):
        assert is_for_its_owner_alone(path), path


@pytest.mark.usefixtures("umask")
def test_what_is_restored_where_there_was_nothing_is_for_its_owner_alone(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("backup", tmp_path / "backup.db")
    (tmp_path / "backup.db").chmod(0o644)
    (tmp_path / "new").mkdir()
    elsewhere = CommandLine(tmp_path / "new")
    elsewhere.says("restore", tmp_path / "backup.db", "--no-tombstones")

    assert is_for_its_owner_alone(elsewhere.database)


def test_a_copy_is_for_its_owner_alone_while_it_is_being_made(innspill: CommandLine, tmp_path: Path) -> None:
    watching = (
        "import os, sys, stat\n"
        "from bot.cli import main\n"
        "modes = set()\n"
        "def look(event, arguments):\n"
        "    if event.startswith(('open', 'os.')) and event != 'os.scandir':\n"
        "        modes.update(stat.S_IMODE(os.stat(e).st_mode) for e in os.scandir('.') if 'backup' in e.name)\n"
        "sys.addaudithook(look)\n"
        "os.umask(0)\n"
        "try: main(['backup', 'backup.db'], prog_name='innspill')\n"
        "finally: print([oct(mode) for mode in sorted(modes)])\n"
    )
    environment = {"INNSPILL_DATABASE": str(innspill.database), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", watching], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "['0o600']"


# --- An output that is full ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "much"),
    [
        (("export", "--format", "json"), True),
        (("export", "--format", "csv"), True),
        (("export", "--format", "ndjson"), False),
        (("consultation", "list"), False),
    ],
)
def test_an_output_without_room_is_told_in_one_line(
    innspill: CommandLine, arguments: tuple[str, ...], much: bool
) -> None:
    if much:  # more than waits in memory for a write, so that it fails while responses are being read
        for number in range(5):
            innspill.store_response(1, f"AB2CD3E{number}", "Jeg er for forslaget. " * 1000)
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [INNSPILL, *arguments],
            env={"INNSPILL_DATABASE": str(innspill.database)},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "innspill: No space left on device.\n")


def test_a_format_that_was_not_named_is_told_in_one_line(innspill: CommandLine) -> None:
    line = innspill.is_refused("export")

    assert "'--format'" in line
    assert ", ".join(sorted(FORMATS)) in line
    assert "\t" not in line


# --- What serve prints to be pasted -------------------------------------------------------------------------


def paste(line: str) -> subprocess.CompletedProcess[str]:
    """What a shell makes of it in the folder where `serve` was started, with nothing of its own in the environment."""
    return subprocess.run(
        ["/bin/sh", "-c", line],
        env={"PATH": "/usr/bin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.slow
async def test_what_serve_prints_works_as_it_is_pasted(tmp_path: Path) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "my responses.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program:
        printed = dict(line.split(maxsplit=1) for line in program.output.splitlines()[1:])
        talk = await asyncio.to_thread(paste, printed["Terminal"])
        file = shlex.quote(str(tmp_path / "responses.csv"))
        export = await asyncio.to_thread(paste, printed["Export"].replace("responses.csv", file))

    assert (talk.returncode, export.returncode) == (0, 0), talk.stderr + export.stderr
    assert f"{program.url}/personvern" in talk.stdout
    assert (tmp_path / "responses.csv").exists()
