"""What a proof has counted, and the Markdown table of it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct


class Figure(Struct, frozen=True):
    """One line of the table: in the proof of `proof`, `what` came to `number` of `unit`."""

    proof: str
    what: str
    number: float
    unit: str


def table(figures: Sequence[Figure]) -> str:
    """The figures as Markdown, a table for each kind of proof, with the command that counts them again."""
    parts = ["# What was proved", "`make proof` counts all of this again, and fails where a promise is broken."]
    for proof, group in groupby(figures, lambda figure: figure.proof):
        rows = [f"| {figure.what} | {figure.number:,.10g} {figure.unit} |" for figure in group]
        parts.append(f"## {proof}\n\n`python -m tests.proof {proof}`\n\n| | |\n| --- | ---: |\n" + "\n".join(rows))
    return "\n\n".join(parts) + "\n"


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write the table to `path`, in place of what stands there."""
    path.write_text(table(figures), encoding="utf-8")
