"""`python -m tests.proof [KIND …] [--scale 1.0] [--output PATH]`: the proof, or the named kinds of it."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import pkgutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests import proof
from tests.proof.figures import Figure, Made, commit, document, sections, write

Run = Callable[[float], Awaitable[list[Figure]]]


def kinds() -> dict[str, Run]:
    """The kinds of proof by name: the modules of this package that have a `run`."""
    names = sorted(module.name for module in pkgutil.iter_modules(proof.__path__) if module.name != "__main__")
    modules = {name: importlib.import_module(f"{proof.__name__}.{name}") for name in names}
    return {name: module.run for name, module in modules.items() if hasattr(module, "run")}


def main() -> None:
    """Run the kinds one after the other, print their figures, and write them where that was asked for."""
    known = kinds()
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=f"one of {', '.join(known)}; none: all of them")
    parser.add_argument("--scale", type=float, default=1.0, help="how much is tried, as a part of what is usual")
    parser.add_argument("--output", type=Path, help="the Markdown file to write; with kinds named, only theirs in it")
    given = parser.parse_args()
    if unknown := set(given.kinds) - known.keys():
        parser.error(f"there is no kind named {', '.join(sorted(unknown))}")
    made = Made(commit(given.output), given.scale)  # as it lies there when it begins
    figures: list[Figure] = []
    for name in given.kinds or known:
        sys.stderr.write(f"{name} …\n")
        figures += asyncio.run(_figures(known[name], given.scale))
    sys.stdout.write(document(sections(figures, made)))
    if given.output is not None:
        write(figures, given.output, made, keeps=bool(given.kinds))


async def _figures(run: Run, scale: float) -> list[Figure]:
    return await run(scale)


if __name__ == "__main__":
    main()
