"""`innspill staff`: who may use the desk."""

from __future__ import annotations

from contextlib import closing

import click
from email_validator import EmailNotValidError, validate_email

from bot import randomness
from bot.clock import now
from bot.commands.operator import record
from bot.config import load
from bot.staff.access.login import normal_email
from bot.staff.access.security import hashed
from bot.staff.roles import Role
from storage.database.opening import ensure_schema, open_for_reading, transaction
from storage.database.times import OSLO
from storage.staff import people as kept

_COLUMNS = ("EMAIL", "ROLE", "STATE", "INVITED")

_role = click.Choice([role.key for role in Role])


def _email(text: str) -> str:
    """An e-mail address, in the form in which accounts have it."""
    try:
        validate_email(text.strip(), check_deliverability=False)
    except EmailNotValidError:
        raise click.BadParameter(f"{text!r} is not an e-mail address such as kari@example.no.") from None
    return normal_email(text)


@click.group()
def staff() -> None:
    """Who may use the desk: a reader reads and exports, an editor also changes consultations, an admin does all."""


@staff.command()
@click.argument("email", metavar="EMAIL", type=_email)
@click.option("--role", type=_role, required=True, help="What they may do.")
def invite(email: str, role: str) -> None:
    """Invite somebody and print the link for them, which works once, within 24 hours."""
    config = load()
    ensure_schema(config.database)
    token = randomness.token()
    with transaction(config.database) as db:
        kept.invite(db, email, role, hashed(token), now())
        record(db, "staff.invited", email, role=role)
    _print_link(email, f"{config.base_url}/staff/link/{token}")


@staff.command(name="list")
def list_all() -> None:
    """List everybody who has been invited."""
    with closing(open_for_reading(load().database)) as db:
        members = kept.all(db, now())
    rows = [(each.email, each.role, each.state, f"{each.created_at.astimezone(OSLO).date()}") for each in members]
    widths = [max(len(row[column]) for row in (_COLUMNS, *rows)) for column in range(len(_COLUMNS))]
    for row in (_COLUMNS, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@staff.command()
@click.argument("email", metavar="EMAIL", type=_email)
def disable(email: str) -> None:
    """Let somebody in no more; where they are logged in, that ends at once. `invite` lets them in again."""
    with transaction(load().database) as db:
        kept.disable(db, email, now())
        record(db, "staff.disabled", email)
    click.echo(f"{email} is disabled")


@staff.command()
@click.argument("email", metavar="EMAIL", type=_email)
def reset(email: str) -> None:
    """For who has lost password or app: forget both, end all sessions, and print a new link."""
    config, token = load(), randomness.token()
    with transaction(config.database) as db:
        kept.reset(db, email, hashed(token), now())
        record(db, "staff.reset", email)
    _print_link(email, f"{config.base_url}/staff/link/{token}")


@staff.command()
@click.argument("email", metavar="EMAIL", type=_email)
@click.argument("role", metavar="ROLE", type=_role)
def role(email: str, role: str) -> None:
    """Give somebody another role, from their next page on."""
    with transaction(load().database) as db:
        before = kept.change_role(db, email, role)
        record(db, "staff.role_changed", email, before=before, role=role)
    click.echo(f"{email} is {role} now, and was {before}")


def _print_link(email: str, link: str) -> None:
    """The link alone on standard output, and what to do with it beside it."""
    click.echo(link)
    click.echo(f"It works once, within 24 hours: see that it reaches nobody but {email}.", err=True)
