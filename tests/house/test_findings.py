"""Each finding says at its top what was seen and why it surprises, and stands in the list. None is run here."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests import ROOT

FOLDER = ROOT / "findings"
RUNNER = "run-all.sh"
FINDINGS = sorted(path for path in FOLDER.glob("*.sh") if path.name != RUNNER)

every_finding = pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.name)


def test_the_list_has_every_finding_and_no_other() -> None:
    listed = re.findall(r"^\| `([a-z_]+\.sh)` \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert listed == [path.name for path in FINDINGS]


@every_finding
def test_a_finding_says_which_version_does_what_and_why_it_surprises(path: Path) -> None:
    top = path.read_text(encoding="utf-8").partition("set -euo pipefail")[0]
    said = re.findall(r"^# ([A-Z][a-z]+): \S", top, re.MULTILINE)
    assert said[:3] == ["Version", "Does", "Surprises"]
    assert re.search(r"^# Version: .*\d+\.\d+", top, re.MULTILINE)


@every_finding
def test_a_finding_stands_alone_and_fails_when_something_changes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    installed = re.search(r"pip\" install -qq --disable-pip-version-check (.+)$", text, re.MULTILINE)
    assert installed is not None
    assert all("==" in package for package in installed[1].split())
    assert "diff \"$folder/seen\" - <<'SEEN'" in text
    assert "://" not in text
    assert not re.search(r"\b(?:bot|dialogs|storage|innspill)\b", text)
    assert len(text.splitlines()) < 60


@pytest.mark.parametrize("path", [*FINDINGS, FOLDER / RUNNER], ids=lambda path: path.name)
def test_a_finding_can_be_run(path: Path) -> None:
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], check=False).returncode == 0
