"""`innspill audit`: whether the log of who did what is as it was written."""

from __future__ import annotations

import re
from contextlib import closing

import click

from bot.config import load
from storage.database.opening import open_for_reading, snapshot
from storage.staff import audit as log


def _line(text: str) -> log.Chain:
    """A line as `verify` prints it: of an empty log it is `0`."""
    found = re.fullmatch(r"\s*(?:0|([1-9][0-9]{0,17})\s+([0-9a-f]{64}))\s*", text)
    if found is None:
        raise click.BadParameter(f"{text!r} is no line that `innspill audit verify` has printed.")
    return log.Chain(int(found[1] or 0), found[2] or "")


@click.group()
def audit() -> None:
    """The log of who did what, which only grows: each entry seals the one before it."""


@audit.command()
@click.option(
    "--kept", type=_line, metavar="LINE", help="What this printed another time: the log has to hold it still."
)
@click.pass_context
def verify(context: click.Context, kept: log.Chain | None) -> None:
    """Read the whole log, and print how many entries it has and the hash of the last: keep that line elsewhere.

    Exits 1, and says where, when the log is not as it was written.
    """
    with closing(open_for_reading(load().database)) as db, snapshot(db):
        try:
            chain = log.verify(db)
            if kept is not None and kept.count and log.hash_of(db, kept.count) != kept.hash:
                raise log.BrokenChain(kept.count, "it is another one than was there when the line was kept")
        except log.BrokenChain as broken:
            click.echo(f"innspill: {broken}", err=True)
            context.exit(1)
    click.echo(f"{chain.count} {chain.hash}".rstrip())
