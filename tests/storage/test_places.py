"""What the program writes, and where: each file and folder is named, with what becomes of the words in it."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from storage.database.opening import migrate, transaction
from storage.database.sqlite import sqlite3
from storage.exports import FORMATS
from storage.keeping.places import PLACES
from storage.responses import responses
from tests import ROOT
from tests.running.running_program import RunningProgram
from tests.storage.examples import add_consultation, new_response, open_conversation, references

DATABASE = "innspill.db"

# What makes a file or a folder, by the last part of the name that is called; and what is written to by its flags.
_MAKES = {
    *("mkdir", "makedirs", "mkdtemp", "mkstemp", "TemporaryDirectory", "TemporaryFile", "NamedTemporaryFile"),
    *("write_bytes", "write_text", "touch", "copyfile", "copytree", "create_private", "whole_file", "whole_folder"),
    *("scratch_folder", "backup"),
}
# A file of four letters by which Python finds out whether it may write there, and which is gone at once.
_PROBE = re.compile(r"[a-z0-9_]{8}")
_NO_FILES = {"bot/exporting/process.py"}
"""Writes to standard output, and to the kernel's own settings of its process."""


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def opens_to_write(call: ast.Call) -> bool:
    if name_of(call) != "open":
        return False
    said = ast.unparse(call)
    return bool(re.search(r"O_CREAT|O_RDWR|O_WRONLY|'[wax]b?\+?'", said))


def writing_modules() -> Iterator[str]:
    for path in sorted([*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        if any(name_of(call) in _MAKES or opens_to_write(call) for call in calls):
            yield str(path.relative_to(ROOT))


def patterns(folder: str, *, lasting: bool | None = None, output: str = "out.*") -> list[str]:
    return [
        place.name.format(database=DATABASE, output=output)
        for place in PLACES
        if place.folder == folder and (lasting is None or place.lasting == lasting)
    ]


def unnamed(names: set[str], known: list[str]) -> set[str]:
    return {name for name in names if not any(fnmatchcase(name, each) for each in known)}


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_each_module_that_writes_files_is_named_with_what_it_writes() -> None:
    written_by = {module for place in PLACES for module in place.written_by}
    assert set(writing_modules()) - _NO_FILES == written_by & {*writing_modules()}
    assert not [module for module in written_by if not (ROOT / module).exists()]


def test_a_place_says_what_becomes_of_it() -> None:
    assert len({place.name for place in PLACES}) == len(PLACES)
    for place in PLACES:
        assert place.holds
        assert place.erased
        assert place.written_by


class Scene:
    """Three folders: of the database, of what an operator has written, and the temporary one."""

    def __init__(self, folder: Path) -> None:
        self.home, self.out, self.temporary = (folder / name for name in ("home", "out", "tmp"))
        for each in (self.home, self.out, self.temporary):
            each.mkdir()
        self.log = folder / "written"
        self.settings = {
            "INNSPILL_DATABASE": str(self.home / DATABASE),
            "INNSPILL_ENTITY_REGISTER": "stand-in",
            "TMPDIR": str(self.temporary),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        migrate(self.home / DATABASE)
        with transaction(self.home / DATABASE) as db:
            responses.insert(db, new_response(open_conversation(db), add_consultation(db)), references())

    def innspill(self, *command: str) -> None:
        program = [sys.executable, "-m", "tests.storage.written_paths", str(self.log), *command]
        done = subprocess.run(program, cwd=ROOT, env={**self.settings, "PATH": os.environ["PATH"]}, check=False)  # noqa: TID251 - the child's environment
        assert done.returncode == 0, command

    def written(self) -> dict[Path, set[str]]:
        """By folder, the names that a command opened to write, or made."""
        found: dict[Path, set[str]] = {self.home: set(), self.out: set(), self.temporary: set()}
        for line in self.log.read_text(encoding="utf-8").splitlines():
            path = Path(line)
            if path == self.temporary:  # a file without a name in it
                continue
            if path.parent == self.temporary and _PROBE.fullmatch(path.name):
                continue
            for folder, names in found.items():
                if folder in path.parents:
                    names.add(path.relative_to(folder).parts[0])
                    break
            else:
                assert line == "/dev/null", line
        return found


@pytest.mark.slow
async def test_whatever_serve_exports_backups_and_restores_write_is_named(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    async with RunningProgram(scene.settings) as program:
        for number, name in enumerate(FORMATS):
            scene.innspill("export", "--format", name, "--output", str(scene.out / f"out.{number}"))
        scene.innspill("backup", str(scene.out / "out.db"))
        scene.innspill("consultation", "link", "1", "--qr", str(scene.out / "out.svg"))
        assert unnamed(names_in(scene.home), patterns("beside")) == set()
        assert await program.stop() == 0
    scene.innspill("restore", str(scene.out / "out.db"))
    (scene.home / DATABASE).unlink()
    scene.innspill("restore", str(scene.out / "out.db"), "--no-tombstones")
    written = scene.written()
    assert unnamed(written[scene.home], patterns("beside")) == set()
    assert unnamed(written[scene.out], patterns("operator")) == set()
    assert unnamed(written[scene.temporary], patterns("temporary")) == set()
    assert any(name.startswith(f".{DATABASE}.") for name in written[scene.home])
    assert any(name.startswith(".restore-") for name in written[scene.home])
    assert any(name.startswith("innspill-export-") for name in written[scene.temporary])
    # What nobody is at any more leaves nothing but what lasts.
    assert unnamed(names_in(scene.home), patterns("beside", lasting=True)) == set()
    assert any("before-restore" in name for name in names_in(scene.home))
    assert unnamed(names_in(scene.out), patterns("operator", lasting=True)) == set()
    assert names_in(scene.temporary) == set()


def test_a_database_that_is_too_broken_to_be_copied_is_kept_under_the_name_that_is_said(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.innspill("backup", str(scene.out / "out.db"))
    database = scene.home / DATABASE
    with closing(sqlite3.connect(database)) as db:
        pages = db.execute("PRAGMA page_count").fetchone()[0]
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096 * (pages - 1))
    scene.innspill("restore", str(scene.out / "out.db"), "--no-tombstones")
    assert unnamed(names_in(scene.home), patterns("beside", lasting=True)) == set()
