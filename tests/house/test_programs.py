"""What tests need and may not find: it is installed, or told and skipped; and how far they have come is told."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import ROOT
from tests.programs import PROGRAMS

# One test or more for each mark.
WITH_A_PROGRAM = (
    "tests/commands/test_readers.py",
    "tests/channels/web/browser/test_embed.py",
    "tests/exports/test_libreoffice.py",
    "tests/exports/test_pdf.py",
    "tests/proof/bounded/test_power.py",
    "tests/proof/bounded/test_faults.py",
    "tests/proof/bounded/test_figures.py",
)
WITH_PROGRESS = ("--progress", "-o", "console_output_style=classic")
APT = """#!/bin/sh
echo "$@" >> "{folder}/asked"
case "$*" in *" qpdf") ln -s /bin/true "{folder}/qpdf";; esac
"""


def run(*command: str, path: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    """A command of the tests where no program is found but those in the folder `path`."""
    environment = {"PATH": str(path), "HOME": str(path)}
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=environment, text=True, capture_output=True, check=False, **more
    )


@pytest.mark.slow
def test_where_a_program_is_missing_what_needs_it_is_skipped_with_a_reason_and_nothing_fails(tmp_path: Path) -> None:
    marked = " or ".join(PROGRAMS)
    done = run("pytest", "-q", "-p", "no:cacheprovider", "-m", marked, *WITH_A_PROGRAM, path=tmp_path)
    assert done.returncode == 0, done.stdout
    assert " passed" not in done.stdout
    for program in PROGRAMS.values():
        assert program.reason in done.stdout


def test_where_nothing_can_be_installed_a_line_says_what_is_missing_and_how_it_is_installed(tmp_path: Path) -> None:
    done = run("tests.programs", path=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines() == [program.complaint for program in PROGRAMS.values()]


def test_whoever_may_install_gets_what_is_missing_and_is_told_what_could_not_be_had(tmp_path: Path) -> None:
    apt = tmp_path / "apt-get"
    apt.write_text(APT.format(folder=tmp_path))
    apt.chmod(0o755)
    (tmp_path / "ln").symlink_to("/bin/ln")
    done = run("tests.programs", path=tmp_path)
    asked = (tmp_path / "asked").read_text().splitlines() if (tmp_path / "asked").exists() else []
    told = [program.complaint for program in PROGRAMS.values() if program.name != "qpdf" or not asked]
    assert done.returncode == 0
    assert [line for line in done.stderr.splitlines() if not line.startswith("Installing ")] == told
    installs = [f"-qq install --no-install-recommends {program.packages}" for program in PROGRAMS.values()]
    assert asked == (["-qq update", *installs] if os.geteuid() == 0 else [])


def test_only_one_place_skips_and_each_mark_of_it_is_listed() -> None:
    elsewhere = re.compile(r"pytest\.skip\(|mark\.skip(?:if)?\(|importorskip")
    files = [path for path in (ROOT / "tests").rglob("*.py") if path.name not in ("programs.py", Path(__file__).name)]
    assert not [str(path) for path in files if elsewhere.search(path.read_text(encoding="utf-8"))]
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert all(f'    "{mark}: ' in settings for mark in PROGRAMS)


@pytest.mark.slow
@pytest.mark.parametrize("processes", ["0", "2"])
def test_one_line_says_how_far_the_tests_have_come_and_a_failure_is_told_at_once(
    tmp_path: Path, processes: str
) -> None:
    (tmp_path / "test_it.py").write_text(
        "import pytest\n@pytest.mark.parametrize('n', range(4))\ndef test_it(n): assert n != 2\n"
    )
    rooted = (f"--rootdir={tmp_path}", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest")
    done = run("pytest", "-q", *WITH_PROGRESS, "-n", processes, *rooted, str(tmp_path), path=tmp_path)
    assert "failed: test_it.py::test_it[2]\n" in done.stdout
    assert re.search(r"^100 %  4 of 4 tests in 0:\d\d, 1 failed$", done.stdout, re.MULTILINE), done.stdout
    assert not re.search(r"^[.F]+(?: |$)", done.stdout, re.MULTILINE)
    assert "1 failed, 3 passed" in done.stdout, done.stdout + done.stderr
