"""The file of what was proved says of each kind at which commit, and a run of some kinds leaves the others there."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.proof.figures import Figure, Made, commit, write

FIRST, SECOND = Made("commit aaa1111, with nothing changed"), Made("commit bbb2222, with nothing changed", scale=0.5)


def test_a_run_of_some_kinds_leaves_the_tables_and_commits_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "PROOF.md"
    write([Figure("faults", "lost", 0, "answers"), Figure("kills", "lost", 0, "answers")], path, FIRST)
    assert "It was proved at commit aaa1111, with nothing changed.\n" in path.read_text()
    write([Figure("kills", "lost", 3, "answers")], path, SECOND, keeps=True)
    told = path.read_text()
    top, faults, kills = told.partition("## faults")[0], *told.split("## ")[1:]
    assert "commit aaa1111, with nothing changed: faults; commit bbb2222, with nothing changed: kills." in top
    assert "Proved at commit aaa1111, with nothing changed." in faults
    assert "| lost | 0 answers |" in faults
    assert "Proved at commit bbb2222, with nothing changed." in kills
    assert "python -m tests.proof kills --scale 0.5" in kills
    assert "| lost | 3 answers |" in kills


def test_a_run_of_all_kinds_leaves_nothing_of_those_that_are_no_more(tmp_path: Path) -> None:
    path = tmp_path / "PROOF.md"
    write([Figure("faults", "lost", 0, "answers")], path, FIRST)
    write([Figure("kills", "lost", 0, "answers")], path, FIRST)
    assert "## faults" not in path.read_text()


@pytest.mark.git
def test_the_commit_is_told_and_whether_anything_beside_the_file_itself_is_changed(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        who = ("-c", "user.name=Kari Nordmann", "-c", "user.email=kari@example.no", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", *who, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True
        ).stdout.strip()

    git("init", "-q")
    code, output = tmp_path / "code.py", tmp_path / "PROOF.md"
    code.write_text("1")
    git("add", "code.py")
    git("commit", "-qm", "The first one")
    short = git("rev-parse", "--short", "HEAD")
    output.write_text("changed by a run before")
    assert commit(output, tmp_path) == f"commit {short}, with nothing changed"
    code.write_text("2")
    assert commit(output, tmp_path) == f"commit {short}, with changes that are in no commit"


def test_where_there_is_no_repository_nobody_has_noted_the_commit(tmp_path: Path) -> None:
    assert commit(None, tmp_path) == "a commit that nobody noted"
