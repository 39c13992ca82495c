"""`python -m tests.bench [NAME …] [--rounds 5] [--full] [--output PATH]`: the benchmark, or the named parts of it."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.bench.measuring import Effort, table
from tests.bench.parts import conversation, desk, exchanges, export, growth, rush, shares, web_chat

PARTS = {
    "conversation": conversation,
    "rush": rush,
    "exchanges": exchanges,
    "shares": shares,
    "growth": growth,
    "export": export,
    "web_chat": web_chat,
    "desk": desk,
}


def main() -> None:
    """Run the parts in their order, print the table, and write it where that was asked for and nothing is left out."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(PARTS)}; none: all of them")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0, help="how many people, as a part of what is usual")
    parser.add_argument("--full", action="store_true", help="with a million stored responses: some minutes more")
    parser.add_argument("--output", type=Path, help="the Markdown file to write, where all parts run")
    given = parser.parse_args()
    if unknown := set(given.names) - PARTS.keys():
        parser.error(f"there is no part named {', '.join(sorted(unknown))}")
    effort = Effort(given.rounds, given.scale, given.full)
    load, sections = os.getloadavg()[0], []
    for name, part in PARTS.items():
        if not given.names or name in given.names:
            sys.stderr.write(f"{part.TITLE} …\n")
            sections.append((part.TITLE, part.run(effort)))
    written = table(sections, effort.rounds, load)
    sys.stdout.write(written)
    if given.output is not None and not given.names:
        given.output.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
