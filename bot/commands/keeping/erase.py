"""`innspill erase`: a response goes, to the last byte, and stays gone."""

from __future__ import annotations

from contextlib import closing

import click

from bot.clock import now
from bot.commands.parameters import reference
from bot.config import load, user_name
from bot.keeping.erasing import Erased, note_beside
from bot.keeping.erasing import erase as erase_in
from storage.database.opening import empty_the_log, open_for_reading, transaction
from storage.database.times import OSLO
from storage.keeping.erasure import Tombstone, tombstone

_LONGEST_REASON = 500
_TRIES = 10  # seconds


def _reason(text: str) -> str:
    """What is kept for good: a line that is not empty."""
    line = " ".join(text.split())
    if not line or len(line) > _LONGEST_REASON:
        raise click.BadParameter(f"say in 1 to {_LONGEST_REASON} characters why, and name nobody: it is kept.")
    return line


@click.command()
@click.argument("named", metavar="REFERENCE", type=reference)
@click.option("--reason", metavar="TEXT", required=True, type=_reason, help="Why; it is kept, so name nobody in it.")
def erase(named: str, reason: str) -> None:
    """Erase the response REFERENCE: its versions, changes, receipt, session, and what was set aside of its sender.

    What is left is its reference, case, day and reason. Says which backups and exports still hold it.
    """
    database = load().database
    with closing(open_for_reading(database)) as db:
        if gone := tombstone(db, named):
            click.echo(_said(gone))
            return
    with transaction(database) as db:
        done = erase_in(db, named, reason, f"operator:{user_name()}", now())
    if not empty_the_log(database, _TRIES):
        click.echo("Somebody reads the database for long: until they end, what was erased is in its log.", err=True)
    for each in done.tombstones:
        click.echo(_said(each))
    _tell_what_is_left(done)


def _said(gone: Tombstone) -> str:
    day = gone.erased_at.astimezone(OSLO).date()
    return f"{gone.reference}, case {gone.case_number}, was erased on {day}: {gone.reason}"


def _tell_what_is_left(done: Erased) -> None:
    if done.what.ends and done.what.has_draft:
        click.echo("An open draft of the same sender went with it.")
    for path in done.backups:
        click.echo(f"still in the backup {path}")
    for entry in done.exports:
        when = entry.at.astimezone(OSLO)
        click.echo(
            f"perhaps in an export of {when:%Y-%m-%d %H:%M} by {entry.who}, as {entry.detail.get('format', '?')}"
        )
    try:
        files = note_beside(done.backups, done.tombstones)
    except OSError as error:
        click.echo(f"{error.filename}: {error.strerror}. A restore without this database would not know.", err=True)
        return
    for path in files:
        click.echo(f"{path} tells a restore of these backups to erase it again")
