"""`innspill export`: the responses, in the formats of `storage.exports`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path

import click
from msgspec.structs import replace

from bot.clock import now
from bot.commands import parameters
from bot.commands.own_files import refuse_own_files
from bot.commands.whole_file import whole_file, whole_folder
from bot.config import Config, known_locales, load, user_name
from bot.exporting import described, in_short
from storage import audit, consultations, last_exports, responses
from storage.database import open_for_reading, snapshot, transaction
from storage.export_files import Folder, OneFile, Zip
from storage.exports import FORMATS, Export, Files, Row
from storage.records import NoSuchConsultation
from storage.responses import Rows
from storage.selection import Selection

# Scripts read these: they name their columns by the keys, whatever the language.
_FOR_MACHINES = frozenset({"csv", "json", "ndjson"})


@click.command()
@click.option("--case", "case_number", type=parameters.case, help="Only the responses of this case, such as 18/101.")
@click.option("--consultation", "consultation_id", type=parameters.consultation_id, help="Only those of one round.")
@click.option("--from", "first_day", type=parameters.day, help="Only what came in on this day or later.")
@click.option("--to", "last_day", type=parameters.day, help="Only what came in on this day or earlier.")
@click.option("--since-last", is_flag=True, help="Only what is new since you last exported the same in this format.")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True, help="What to write.")
@click.option("--locale", type=click.Choice(known_locales()), help="The language of headings; else INNSPILL_LOCALE.")
@click.option(
    "--output",
    type=parameters.file_name,
    default="-",
    metavar="PATH",
    help="The file to write; without it, or with -, standard output. Several files go to a new folder, or to a ZIP"
    " where PATH ends in .zip.",
)
def export(
    case_number: str | None,
    consultation_id: int | None,
    first_day: date | None,
    last_day: date | None,
    since_last: bool,
    format_name: str,
    locale: str | None,
    output: str,
) -> None:
    """Write the responses as they are at this moment, oldest first.

    What is written appears whole or not at all, and only you can read it. How many responses it holds is told on
    standard error. Days are those of Norway, written as 2026-12-31.
    """
    config = load()
    if output != "-":
        refuse_own_files(Path(output), config.database)
    elif FORMATS[format_name].SEVERAL:
        raise click.UsageError(f"{format_name} is several files: name a new folder or a .zip with --output.")
    selection = Selection(
        case_number=case_number,
        consultation_id=consultation_id,
        received_from=parameters.first_instant(first_day) if first_day else None,
        received_before=parameters.closing_instant(last_day) if last_day else None,
    )
    count = _write(config, format_name, selection, output, locale or config.locale, since_last=since_last)
    click.echo(f"{count} {'response' if count == 1 else 'responses'}", err=True)


def _write(
    config: Config, format_name: str, selection: Selection, output: str, locale: str, *, since_last: bool
) -> int:
    """Write the export and put it on record, and return how many responses there are in it."""
    who, form = f"operator:{user_name()}", FORMATS[format_name]
    with closing(open_for_reading(config.database)) as db, snapshot(db):
        if selection.consultation_id is not None and consultations.get(db, selection.consultation_id) is None:
            raise NoSuchConsultation(selection.consultation_id)
        if since_last:
            after_id = last_exports.after(db, who, format_name, in_short(selection))
            selection = replace(selection, after_id=after_id)
        rows: Iterable[Row] = Rows(db, selection)
        if sys.stderr.isatty():
            rows = _Shown(rows, responses.count(db, selection))
        if format_name in _FOR_MACHINES:
            chosen = Export(rows=rows, filter=in_short(selection))
        else:
            chosen = described(rows, selection, locale, config)
        latest_id = responses.latest_id(db)
        with _ended_like_ctrl_c(), _place(output, several=form.SEVERAL) as files:
            count = form.write(chosen, files)
    detail = {"format": format_name, "filter": chosen.filter, "count": count}
    with transaction(config.database) as db:
        last_exports.note(db, who, format_name, chosen.filter, latest_id, now())
        audit.record(db, now(), who, "responses.exported", detail=detail)
    return count


@contextmanager
def _place(output: str, *, several: bool) -> Iterator[Files]:
    """Where the files go, as section 6 of the design says. What is there when the block ends is whole."""
    if output == "-":
        yield OneFile(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    elif several and not output.endswith(".zip"):
        with whole_folder(Path(output)) as folder:
            yield Folder(folder)
    else:
        with whole_file(Path(output)) as temporary, temporary.open("wb") as file:
            if several:
                with Zip(file) as files:
                    yield files
            else:
                yield OneFile(file)


class _Shown:
    """Rows that show on the terminal how far each reading of them has come: some formats read them several times."""

    def __init__(self, rows: Iterable[Row], count: int) -> None:
        self._rows = rows
        self._count = count
        self._readings = 0

    def __iter__(self) -> Iterator[Row]:
        self._readings += 1
        label = "responses" if self._readings == 1 else f"responses, reading {self._readings}"
        with click.progressbar(self._rows, length=self._count, label=label, file=sys.stderr, show_pos=True) as rows:
            yield from rows


@contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """SIGTERM, and a terminal that is closed, end the export as Ctrl-C does: nothing half-written stays behind."""
    signals = [each for each in (signal.SIGTERM, signal.SIGHUP) if signal.getsignal(each) is signal.SIG_DFL]
    for each in signals:
        signal.signal(each, signal.default_int_handler)
    try:
        yield
    finally:
        for each in signals:
            signal.signal(each, signal.SIG_DFL)
