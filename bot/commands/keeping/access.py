"""`innspill access`: everything that is kept of one person, for that person."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from bot.app import house
from bot.commands.operator import record
from bot.commands.own_files import refuse_own_files
from bot.commands.parameters import file_name, reference
from bot.commands.whole_file import whole_folder
from bot.config import load
from bot.keeping.access import as_json, as_page, gather, locale_of
from storage.database.opening import open_for_reading, snapshot, transaction


@click.command()
@click.argument("named", metavar="REFERENCE", type=reference)
@click.option("--also", metavar="REFERENCE", type=reference, multiple=True, help="Another one of the same person's.")
@click.option("--output", metavar="PATH", type=file_name, required=True, help="The folder to make, with two files.")
def access(named: str, also: tuple[str, ...], output: str) -> None:
    """Write everything that hangs on the response REFERENCE and its conversation to a new folder, for its sender.

    `access.json` is for programs, `access.html` to be read. Says which other responses may be the same person's, by
    e-mail address or phone number; one is taken in with --also, when you have made sure whose it is.
    """
    config, path = load(), Path(output)
    refuse_own_files(path, config.database)
    with closing(open_for_reading(config.database)) as db, snapshot(db):
        everything = gather(db, {named, *also})
    with whole_folder(path) as folder:
        (folder / "access.json").write_bytes(as_json(everything))
        page = as_page(everything, house(config), locale_of(everything))
        (folder / "access.html").write_text(page, encoding="utf-8")
        for each in folder.iterdir():
            each.chmod(0o600)
        with transaction(config.database) as db:
            record(db, "access.given", named, references=list(everything.references))
    click.echo(f"{path}: {', '.join(everything.references)}")
    for match in everything.matches:
        click.echo(f"perhaps the same person's, by {match.by}: {match.reference}, case {match.case_number}")
