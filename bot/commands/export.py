"""`innspill export`: the responses, in the formats of `storage.exports`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from bot.commands.parameters import case
from bot.commands.whole_file import whole_file
from bot.config import load
from storage.database import open_for_reading
from storage.exports import FORMATS
from storage.responses import export_rows


@click.command()
@click.option("--case", "case_number", type=case, help="Only the responses of this case, such as 18/101.")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True, help="What to write.")
@click.option("--output", default="-", metavar="PATH", help="The file to write; - or nothing is standard output.")
def export(case_number: str | None, format_name: str, output: str) -> None:
    """Write the responses as they are at this moment, oldest first.

    The file appears whole or not at all. How many responses it holds is told on standard error.
    """
    with closing(open_for_reading(load().database)) as db:
        rows = export_rows(db, case_number)
        if output == "-":
            count = FORMATS[format_name].write(rows, sys.stdout.buffer, {})
        else:
            with whole_file(Path(output)) as temporary, temporary.open("xb") as file:
                count = FORMATS[format_name].write(rows, file, {})
    click.echo(f"{count} {'response' if count == 1 else 'responses'}", err=True)
