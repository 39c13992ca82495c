"""The programs that tests drive and that only the system's package manager has; what tests need and may not find.

`python -m tests.programs` installs what is missing where it may: as root, with Debian's `apt-get`. Elsewhere, and where
that fails, one line each says what is missing, how it is installed and what is left out; what needs it is skipped (see
conftest.py). With names (`sqlite3`, `fuse`), it does so for these alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from shutil import which

import pytest

from tests import REFERENCE_DATA


@dataclass(frozen=True)
class Program:
    """What some tests cannot do without: its name, Debian's packages, what is left out, and how it is found."""

    name: str
    packages: str
    left_out: str
    is_here: Callable[[], bool]

    @property
    def reason(self) -> str:
        """Why a test is skipped."""
        return f"needs {self.name} (Debian's {self.packages})"

    @property
    def complaint(self) -> str:
        """What is told before the tests."""
        return f"{self.name} is missing, so {self.left_out}: apt-get install {self.packages}"


def _can_mount() -> bool:
    """Whether files of our own can be mounted: a library, a program and a device."""
    return bool(find_library("fuse") and which("fusermount3") and os.access("/dev/fuse", os.R_OK | os.W_OK))


PROGRAMS = {
    "browser": Program(
        *("chromium", "chromium fonts-dejavu-core libatomic1", "no page is seen in a browser"),
        lambda: bool(which("chromium") and find_library("atomic")),  # the library is for what Playwright drives it with
    ),
    "fuse": Program("FUSE", "fuse3 libfuse2", "no power is cut and no disk fails", _can_mount),
    "git": Program("git", "git", "nothing is proved of a commit", lambda: bool(which("git"))),
    "office": Program(
        *("LibreOffice", "libreoffice-calc libreoffice-writer", "no office opens what is exported"),
        lambda: bool(which("soffice")),
    ),
    "qpdf": Program("qpdf", "qpdf", "no second reader looks at the PDFs", lambda: bool(which("qpdf"))),
    "sqlite3": Program("sqlite3", "sqlite3", "no other SQLite reads a backup", lambda: bool(which("sqlite3"))),
}
"""By the mark that a test has which needs it; pyproject.toml lists the marks."""


def skip_what_cannot_run(items: list[pytest.Item]) -> None:
    """Skip the tests whose program, or whose part of the reference data (mark `shared`), is not here."""
    missing = {mark: program.reason for mark, program in PROGRAMS.items() if not program.is_here()}
    for item in items:
        for mark in item.iter_markers():
            if mark.name in missing:
                item.add_marker(pytest.mark.skip(reason=missing[mark.name]))
            elif mark.name == "shared" and not (REFERENCE_DATA / mark.args[0]).exists():
                item.add_marker(pytest.mark.skip(reason=f"needs ../shared/data/{mark.args[0]}"))


def _installed(missing: list[Program]) -> None:
    """Install them, each for itself: one that cannot be had keeps none of the others away."""
    apt = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}  # noqa: TID251 - the child's environment
    quiet = {"env": apt, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": False}
    sys.stderr.write(f"Installing {', '.join(each.name for each in missing)} (once)\n")
    subprocess.run(["apt-get", "-qq", "update"], **quiet)  # type: ignore[call-overload]  # the options are of many types
    for each in missing:
        command = ["apt-get", "-qq", "install", "--no-install-recommends", *each.packages.split()]
        subprocess.run(command, **quiet)  # type: ignore[call-overload]  # the options are of many types


def main(*names: str) -> None:
    """See the module."""
    wanted = [PROGRAMS[name] for name in names] or list(PROGRAMS.values())
    missing = [each for each in wanted if not each.is_here()]
    if missing and os.geteuid() == 0 and which("apt-get"):
        _installed(missing)
    for each in missing:
        if not each.is_here():
            sys.stderr.write(f"{each.complaint}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
