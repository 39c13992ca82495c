"""The two locks: what runs alone, and what development needs on top; and the wheel, which has every file that runs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions, requires
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
RUN, DEVELOPMENT = ROOT / "requirements.lock", ROOT / "requirements-dev.lock"
both = pytest.mark.parametrize("lock", [RUN, DEVELOPMENT], ids=lambda lock: lock.name)


def locked(path: Path) -> dict[str, str]:
    """The packages of a lock with their versions."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE))


def needed(wanted: Iterable[str]) -> Iterator[str]:
    """The names of these requirements on this machine, and of all that they need in turn."""
    seen, waiting = set[str](), [Requirement(each) for each in wanted]
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        extras = one.extras or {""}
        if name in seen or (one.marker and not one.marker.evaluate()):
            continue
        seen.add(name)
        yield name
        for line in requires(name) or ():
            further = Requirement(line)
            if not further.marker or any(further.marker.evaluate({"extra": extra}) for extra in extras):
                further.marker = None
                waiting.append(further)


@both
def test_each_line_of_a_lock_is_a_version_and_its_hashes_and_tells_of_no_server(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    package = r"[a-z0-9-]+==[0-9][0-9a-z.]*(?: ; [^\\\n]+)? \\\n(?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+"
    assert re.fullmatch(rf"(?:{package})+", text)
    assert "//" not in text
    assert not (ROOT / "uv.lock").exists()


def test_what_runs_has_all_that_it_needs_in_the_first_lock_and_nothing_more() -> None:
    """But for what only another system or an older Python needs, which says so in its line."""
    here = set(needed([*SETTINGS["project"]["dependencies"], *SETTINGS["dependency-groups"]["install"]]))
    named = locked(RUN)
    assert here <= named.keys()
    elsewhere = re.findall(r"^([a-z0-9-]+)==\S+ ;", RUN.read_text(encoding="utf-8"), re.MULTILINE)
    assert not named.keys() - here - {*elsewhere}


def test_what_development_needs_is_in_the_second_lock_and_no_package_is_in_both() -> None:
    here = set(needed(SETTINGS["dependency-groups"]["dev"]))
    assert here <= {*locked(RUN), *locked(DEVELOPMENT)}
    assert not locked(RUN).keys() & locked(DEVELOPMENT).keys()


def test_what_is_installed_is_what_is_locked() -> None:
    installed = {canonicalize_name(each.name): each.version for each in distributions()}
    named = {**locked(RUN), **locked(DEVELOPMENT)}
    assert not {name: named[name] for name in installed.keys() & named if installed[name] != named[name]}


@pytest.mark.slow
def test_a_wheel_has_every_file_of_the_three_rooms_and_no_other(tmp_path: Path) -> None:
    build = ("wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(tmp_path), str(ROOT))
    subprocess.run([sys.executable, "-m", "pip", *build], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in ZipFile(wheel).namelist() if ".dist-info/" not in name}
    rooms = [path for room in ("bot", "dialogs", "storage") for path in (ROOT / room).rglob("*") if path.is_file()]
    assert packed == {str(path.relative_to(ROOT)) for path in rooms if path.parent.name != "__pycache__"}
    assert "bot/staff/access/common.bin" in packed
