"""The house keeps its own rules: who imports whom, how long things grow, and that every exception says why."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

MODULES = sorted(path for room in ("bot", "dialogs", "storage", "tests") for path in (ROOT / room).rglob("*.py"))

# The words by which a module's first line, or a function's, says why it may be longer than the rest.
LONG_BECAUSE = "long because"
MODULE_LINES = 400
FUNCTION_LINES = 40

# All transitions stand in one file, and a history only grows: nothing else is cut in two for its length alone.
MAY_BE_LONG = {"dialogs/engine.py", "storage/database/migrations.py"}

FOLDERS = sorted({path.parent for path in MODULES})
FOLDER_FILES = 14

# What switches a rule off, and what must follow it: a dash or a hash, and a reason of at least two words.
SWITCHED_OFF = re.compile(r"#.*\b(?:noqa|type:\s*ignore|fmt:\s*(?:off|skip)|mypy:)")
WITH_REASON = re.compile(r"(?:noqa: [A-Z0-9, ]*[0-9]|type: ignore\[[a-z, -]+\]|fmt: (?:off|skip))\s+[#-] \w+\W+\w+")
SETTING_WITH_REASON = re.compile(r"# \w+\W+\w+")


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


every_folder = pytest.mark.parametrize("path", FOLDERS, ids=relative)
every_module = pytest.mark.parametrize("path", MODULES, ids=relative)


def test_each_room_imports_only_what_it_may() -> None:
    # In a process of its own: it switches off every logger that exists.
    program = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@every_module
def test_a_module_stays_under_400_lines_or_says_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert len(lines) < MODULE_LINES or (relative(path) in MAY_BE_LONG and LONG_BECAUSE in lines[0].lower())


@every_folder
def test_a_folder_has_at_most_14_files_of_code_and_says_what_it_is(path: Path) -> None:
    files = [file for file in path.iterdir() if file.suffix in (".py", ".js", ".css", ".typ")]
    assert len(files) <= FOLDER_FILES
    assert ast.get_docstring(ast.parse((path / "__init__.py").read_text(encoding="utf-8")))


@every_folder
def test_no_prefix_stands_for_a_folder_that_is_missing(path: Path) -> None:
    names = [file.stem.removeprefix("test_") for file in path.glob("*.py") if not file.stem.startswith("_")]
    prefixes = Counter(name.partition("_")[0] for name in names if "_" in name)
    assert not [prefix for prefix, times in prefixes.items() if times > 3]


@every_module
def test_a_function_stays_under_40_lines_or_says_why(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    assert not [
        f"{node.name} has {length} lines"
        for node in ast.walk(ast.parse("\n".join(lines)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) >= FUNCTION_LINES
        and LONG_BECAUSE not in lines[node.lineno - 1].lower()
    ]


@every_module
def test_what_switches_a_rule_off_says_why_on_the_same_line(path: Path) -> None:
    with path.open("rb") as source:
        comments = [token for token in tokenize.tokenize(source.readline) if token.type == tokenize.COMMENT]
    assert not [
        f"line {comment.start[0]}: {comment.string}"
        for comment in comments
        if SWITCHED_OFF.search(comment.string) and not WITH_REASON.search(comment.string)
    ]


def exceptions_in_settings() -> Iterator[str]:
    """The lines of pyproject.toml that switch something off: each is written on a line of its own."""
    section = ignoring = ""
    for line in (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif line.endswith("ignore = ["):
            ignoring = line
        elif line == "]":
            ignoring = ""
        elif ignoring or (line and "per-file-ignores" in section) or re.search(r'"ignore:|ignore_\w+ = |= false', line):
            yield line


def test_each_exception_in_the_settings_says_why_on_the_same_line() -> None:
    exceptions = list(exceptions_in_settings())
    assert exceptions
    assert not [line for line in exceptions if not SETTING_WITH_REASON.search(line)]
