"""What a proof has counted, as Markdown: a table for each kind, with the commit at which it was proved."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from tests import ROOT

_KIND = re.compile(r"^## (\w+)$", re.MULTILINE)
_PROVED = re.compile(r"^Proved at (.+)\.$", re.MULTILINE)


class Figure(Struct, frozen=True):
    """One line of the table: in the proof of `proof`, `what` came to `number` of `unit`."""

    proof: str
    what: str
    number: float
    unit: str


class Made(Struct, frozen=True):
    """What was proved, as a reader can take it up again: `commit` in words, and how much of the usual was tried."""

    commit: str
    scale: float = 1.0


def commit(output: Path | None = None, root: Path = ROOT) -> str:
    """The commit that lies in `root`, and whether all else there is as it has it, but for the file `output`."""
    short = _git(root, "rev-parse", "--short", "HEAD").strip()
    if not short:
        return "a commit that nobody noted"
    beside = [f":(exclude,top){output.resolve().relative_to(root)}"] if output and _is_in(output, root) else []
    is_clean = not _git(root, "status", "--porcelain", "--", ":/", *beside).strip()
    return f"commit {short}, " + ("with nothing changed" if is_clean else "with changes that are in no commit")


def sections(figures: Sequence[Figure], made: Made) -> dict[str, str]:
    """The table of each kind of proof, with the command that counts it again."""
    found = {}
    scale = "" if made.scale == 1 else f" --scale {made.scale:g}"
    for proof, group in groupby(figures, lambda figure: figure.proof):
        rows = "\n".join(f"| {figure.what} | {figure.number:,.10g} {figure.unit} |" for figure in group)
        head = f"## {proof}\n\n`python -m tests.proof {proof}{scale}`\n\nProved at {made.commit}."
        found[proof] = f"{head}\n\n| | |\n| --- | ---: |\n{rows}"
    return found


def document(kinds: Mapping[str, str]) -> str:
    """All of it as Markdown; at its top which commit was proved, or which was by which kinds."""
    by_commit: dict[str, list[str]] = {}
    for kind in sorted(kinds):
        noted = _PROVED.search(kinds[kind])
        by_commit.setdefault(noted[1] if noted else "a commit that nobody noted", []).append(kind)
    one = len(by_commit) == 1
    proved = "; ".join(each if one else f"{each}: {', '.join(by_commit[each])}" for each in by_commit)
    parts = [
        "# What was proved",
        "`make proof` counts all of this again, and fails where a promise is broken.",
        f"It was proved at {proved}.",
        *(kinds[kind] for kind in sorted(kinds)),
    ]
    return "\n\n".join(parts) + "\n"


def write(figures: Sequence[Figure], path: Path, made: Made, *, keeps: bool = False) -> None:
    """Write the tables to `path`. With `keeps` those of other kinds that stand there stay, with their own commits."""
    kept = _read(path) if keeps and path.exists() else {}
    path.write_text(document({**kept, **sections(figures, made)}), encoding="utf-8")


def _read(path: Path) -> dict[str, str]:
    _, *parts = _KIND.split(path.read_text(encoding="utf-8"))
    return {kind: f"## {kind}\n\n{text.strip()}" for kind, text in zip(parts[::2], parts[1::2], strict=True)}


def _is_in(path: Path, root: Path) -> bool:
    return path.resolve().is_relative_to(root)


def _git(root: Path, *arguments: str) -> str:
    """What git says; nothing where there is no git, or no repository."""
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""
