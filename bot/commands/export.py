"""`innspill export`: the responses, in the formats of `storage.exports`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

import click

from bot.commands.own_files import refuse_own_files
from bot.commands.parameters import case, file_name
from bot.commands.whole_file import whole_file
from bot.config import load
from storage.database import open_for_reading, snapshot
from storage.export_files import OneFile
from storage.exports import FORMATS, Export
from storage.responses import Rows
from storage.selection import Selection


@click.command()
@click.option("--case", "case_number", type=case, help="Only the responses of this case, such as 18/101.")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True, help="What to write.")
@click.option(
    "--output",
    type=file_name,
    default="-",
    metavar="PATH",
    help="The file to write; without it, or with -, standard output.",
)
def export(case_number: str | None, format_name: str, output: str) -> None:
    """Write the responses as they are at this moment, oldest first.

    The file appears whole or not at all, and only you can read it. How many responses it holds is told on standard
    error.
    """
    database = load().database
    if output != "-":
        refuse_own_files(Path(output), database)
    with closing(open_for_reading(database)) as db, snapshot(db):
        chosen = Export(rows=Rows(db, Selection(case_number=case_number)))
        if output == "-":
            count = FORMATS[format_name].write(chosen, OneFile(sys.stdout.buffer))
            sys.stdout.buffer.flush()
        else:
            with whole_file(Path(output)) as temporary, temporary.open("wb") as file:
                count = FORMATS[format_name].write(chosen, OneFile(file))
    click.echo(f"{count} {'response' if count == 1 else 'responses'}", err=True)
