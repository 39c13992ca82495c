"""`innspill consultation`: what people can respond to, and until when."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path

import click

from bot.clock import now
from bot.commands import parameters
from bot.commands.operator import record
from bot.commands.own_files import refuse_own_files
from bot.commands.whole_file import whole_file
from bot.config import load
from bot.consultations.days import closing_instant, days_left, first_instant, last_day
from bot.consultations.qr_code import KINDS, qr_code
from storage.consultations import consultations
from storage.consultations.consultations import Consultation, parse_case_number
from storage.database.errors import NoSuchConsultation
from storage.database.opening import ensure_schema, open_for_reading, transaction
from storage.database.sqlite import Connection
from storage.database.times import OSLO
from storage.responses import responses

_COLUMNS = ("ID", "CASE", "CLOSES", "DAYS LEFT", "STATE", "RESPONSES", "TITLE")


@click.group()
def consultation() -> None:
    """What people can respond to. Days are those of Norway, written as 2026-12-31."""


@consultation.command()
@click.option("--case", "case_number", type=parameters.case, required=True, help="The case number, such as 18/101.")
@click.option("--title", type=parameters.title, required=True, help="The title that people see.")
@click.option("--closes", type=parameters.day, required=True, help="The last day on which a response is in time.")
@click.option("--opens", type=parameters.day, help="The first day; without it, now.")
@click.option("--url", type=parameters.url, help="Where the documents are.")
def add(case_number: str, title: str, closes: date, opens: date | None, url: str | None) -> None:
    """Add a consultation and print its id. What may be a slip is told on standard error."""
    ensure_schema(load().database)
    at = now()
    with _change() as db:
        others = [each for each in consultations.all(db) if _is_of(each, case_number)]
        new_id = consultations.add(
            db,
            case_number=case_number,
            title=title,
            closes_at=closing_instant(closes),
            opens_at=first_instant(opens) if opens else None,
            url=url,
            at=at,
        )
        record(db, "consultation.added", str(new_id), case_number=case_number, title=title, closes=f"{closes}")
    click.echo(new_id)
    if remarks := _remarks(others, closes, at):
        click.echo(remarks, err=True)


@consultation.command(name="list")
def list_all() -> None:
    """List every consultation, in the order in which they were added."""
    with closing(open_for_reading(load().database)) as db:
        counts = responses.counts(db)
        rows = [_row(each, counts.get(each.id, 0), now()) for each in consultations.all(db)]
    widths = [max(len(row[column]) for row in (_COLUMNS, *rows)) for column in range(len(_COLUMNS))]
    for row in (_COLUMNS, *rows):
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


@consultation.command()
@click.argument("consultation_id", metavar="ID", type=parameters.consultation_id)
@click.option("--case", "case_number", type=parameters.case, help="Another case number.")
@click.option("--title", type=parameters.title, help="Another title.")
@click.option("--closes", type=parameters.day, help="Another last day. Responses that are in keep what they were told.")
@click.option("--opens", type=parameters.day, help="Another first day.")
@click.option("--url", type=parameters.url, help="Where the documents are now.")
def change(
    consultation_id: int,
    case_number: str | None,
    title: str | None,
    closes: date | None,
    opens: date | None,
    url: str | None,
) -> None:
    """Change what is given; the rest stays as it is. Prints what is so now."""
    if not (case_number or title or closes or opens or url):
        raise click.UsageError("Nothing to change was given.")
    with _change() as db:
        consultations.change(
            db,
            consultation_id,
            case_number=case_number,
            title=title,
            closes_at=closing_instant(closes) if closes else None,
            opens_at=first_instant(opens) if opens else None,
            url=url,
        )
        given = {"case_number": case_number, "title": title, "closes": closes, "opens": opens, "url": url}
        changes = {name: f"{value}" for name, value in given.items() if value}
        record(db, "consultation.changed", str(consultation_id), **changes)
        now_so = _in_words(db, consultation_id, now())
    click.echo(now_so)


@consultation.command()
@click.argument("consultation_id", metavar="ID", type=parameters.consultation_id)
def close(consultation_id: int) -> None:
    """Take no more responses in, not even late ones."""
    with _change() as db:
        if consultations.close(db, consultation_id, now()):
            record(db, "consultation.closed", str(consultation_id))
        now_so = _in_words(db, consultation_id, now())
    click.echo(now_so)


@consultation.command()
@click.argument("consultation_id", metavar="ID", type=parameters.consultation_id)
def reopen(consultation_id: int) -> None:
    """Take responses in again; those after the last day are marked late."""
    with _change() as db:
        if consultations.reopen(db, consultation_id):
            record(db, "consultation.reopened", str(consultation_id))
        now_so = _in_words(db, consultation_id, now())
    click.echo(now_so)


@consultation.command()
@click.argument("consultation_id", metavar="ID", type=parameters.consultation_id)
@click.option(
    "--qr", "qr_path", type=parameters.file_name, metavar="PATH", help="Also write the QR code: .svg or .png."
)
def link(consultation_id: int, qr_path: str | None) -> None:
    """Print the links that lead to it: the web chat's, and then Telegram's where that is on.

    The QR code is that of the web chat, for posters.
    """
    from bot.channels.telegram.account import TelegramTrouble, bot_name  # only this needs HTTP: 0.3 s

    config = load()
    with closing(open_for_reading(config.database)) as db:
        if consultations.get(db, consultation_id) is None:
            raise NoSuchConsultation(consultation_id)
    web_link = f"{config.base_url}/?c={consultation_id}"
    if qr_path is not None:
        _write_qr_code(Path(qr_path), web_link, config.database)
    click.echo(web_link)
    if config.telegram_token:
        try:
            click.echo(f"https://t.me/{asyncio.run(bot_name(config))}?start=c{consultation_id}")
        except TelegramTrouble as trouble:
            click.echo(f"{trouble} In its link, BOT is your bot: https://t.me/BOT?start=c{consultation_id}", err=True)


def _write_qr_code(path: Path, web_link: str, database: Path) -> None:
    kind = path.suffix.lower().removeprefix(".")
    if kind not in KINDS:
        raise click.UsageError(f"{path} ends in neither .svg nor .png.")
    refuse_own_files(path, database)
    with whole_file(path) as temporary:
        temporary.write_bytes(qr_code(web_link, kind))


@contextmanager
def _change() -> Iterator[Connection]:
    """A transaction, in which a value that the store refuses is a mistake of who typed it."""
    try:
        with transaction(load().database) as db:
            yield db
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _is_of(each: Consultation, case_number: str) -> bool:
    return (each.case_year, each.case_sequence) == parse_case_number(case_number)


def _remarks(others: list[Consultation], closes: date, at: datetime) -> str:
    """One line on what may be a slip: a last day that has passed, a case that is there already. Else nothing."""
    remarks = []
    if closing_instant(closes) <= at:
        remarks.append(f"{closes} has passed: every response will be marked late.")
    if others:
        ids = ", ".join(str(each.id) for each in others)
        number = others[0].case_number
        remarks.append(f"Case {number} is there already, as consultation {ids}: this is another round of it.")
    return " ".join(remarks)


def _in_words(db: Connection, consultation_id: int, at: datetime) -> str:
    """One line of what is so now."""
    each = consultations.get(db, consultation_id)
    if each is None:
        raise NoSuchConsultation(consultation_id)
    last, opens = last_day(each.closes_at), each.opens_at
    words = {
        "closed": "closed, takes no responses in",
        "planned": f"planned, opens on {opens.astimezone(OSLO).date() if opens else 'no day'}, last day {last}",
        "open": f"open, last day {last}",
        "late": f"takes responses in and marks them late, last day {last}",
    }[_state(each, at)]
    return f"Consultation {each.id}, {each.case_number} {each.title}: {words}" + (f", {each.url}" if each.url else "")


def _row(each: Consultation, response_count: int, at: datetime) -> tuple[str, ...]:
    return (
        str(each.id),
        each.case_number,
        last_day(each.closes_at).isoformat(),
        str(max(days_left(each.closes_at, at), 0)),
        _state(each, at),
        str(response_count),
        each.title,
    )


def _state(each: Consultation, at: datetime) -> str:
    """One word: `late` ones are past their last day and still take responses in."""
    if each.closed_at is not None:
        return "closed"
    if not each.accepts(at):
        return "planned"
    return "open" if each.is_open(at) else "late"
