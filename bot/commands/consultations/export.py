"""`innspill export`: the responses, in the formats of `storage.exports`."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import partial
from io import BufferedWriter, RawIOBase
from itertools import count
from pathlib import Path
from typing import BinaryIO, cast

import click
from msgspec.structs import replace

from bot.clock import now
from bot.commands import parameters
from bot.commands.own_files import refuse_own_files
from bot.commands.whole_file import whole_file, whole_folder
from bot.config import Config, known_locales, load, user_name
from bot.consultations.days import closing_instant, first_instant
from bot.exporting.export import export_as, in_short, narrowed
from storage.consultations import consultations
from storage.database.errors import NoSuchConsultation
from storage.database.opening import open_for_reading, open_for_writing, snapshot, transaction
from storage.exports import FORMATS, Files, Row, is_public
from storage.exports.output.files import Folder, OneFile, Zip
from storage.responses import responses
from storage.responses.lists import FALLEN, STANDS
from storage.responses.responses import Rows
from storage.responses.selection import Selection
from storage.staff import audit, last_exports

STATUSES = (STANDS, *FALLEN)


@click.command()
@click.option("--case", "case_number", type=parameters.case, help="Only the responses of this case, such as 18/101.")
@click.option("--consultation", "consultation_id", type=parameters.consultation_id, help="Only those of one round.")
@click.option("--from", "first_day", type=parameters.day, help="Only what came in on this day or later.")
@click.option("--to", "last_day", type=parameters.day, help="Only what came in on this day or earlier.")
@click.option(
    "--status",
    "statuses",
    multiple=True,
    type=click.Choice(STATUSES),
    help="Only those with this status; may be given several times. pdf-public holds what is received, and with"
    " superseded that too.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="REFERENCE",
    type=parameters.reference,
    help="Leave this response out, one that is damaged, say; may be given several times.",
)
@click.option("--since-last", is_flag=True, help="Only what is new since you last exported the same in this format.")
@click.option("--format", "format_name", type=click.Choice(sorted(FORMATS)), required=True, help="What to write.")
@click.option("--locale", type=click.Choice(known_locales()), help="The language of headings; else INNSPILL_LOCALE.")
@click.option(
    "--output",
    type=parameters.file_name,
    default="-",
    metavar="PATH",
    help="The file to write; without it, or with -, standard output. Several files go to a new folder, or to a ZIP"
    " where PATH ends in .zip, also where it is but one: fiks-arkiv, pdf, pdf-all (one for each consultation) and"
    " pdf-public.",
)
def export(
    case_number: str | None,
    consultation_id: int | None,
    first_day: date | None,
    last_day: date | None,
    statuses: tuple[str, ...],
    without: tuple[str, ...],
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
    if first_day and last_day and first_day > last_day:
        raise click.UsageError(f"{first_day} is after {last_day}: --from is the earlier day.")
    selection = Selection(
        case_number=case_number,
        consultation_id=consultation_id,
        received_from=first_instant(first_day) if first_day else None,
        received_before=closing_instant(last_day) if last_day else None,
        statuses=_with_what_stands(format_name, statuses),
        without=without,
    )
    total = _write(config, format_name, selection, output, locale or config.locale, since_last=since_last)
    click.echo(f"{total} {'response' if total == 1 else 'responses'}", err=True)


def _with_what_stands(format_name: str, statuses: tuple[str, ...]) -> tuple[str, ...]:
    """The statuses in one order; a format for the public has what stands whatever is added."""
    if is_public(format_name) and "withdrawn" in statuses:
        raise click.UsageError(f"{format_name} is for the public, and nobody is shown what was withdrawn.")
    wanted = {*statuses, *(("received",) if statuses and is_public(format_name) else ())}
    return tuple(status for status in STATUSES if status in wanted)


def _write(
    config: Config, format_name: str, selection: Selection, output: str, locale: str, *, since_last: bool
) -> int:
    """Write the export and put it on record, and return how many responses there are in it."""
    who, form = f"operator:{user_name()}", FORMATS[format_name]
    # First, for it is put on record, and a backup that is used as a database begins its log while nobody reads it.
    open_for_writing(config.database).close()
    with closing(open_for_reading(config.database)) as db, snapshot(db):
        if selection.consultation_id is not None and consultations.get(db, selection.consultation_id) is None:
            raise NoSuchConsultation(selection.consultation_id)
        asked = in_short(selection)
        if since_last:
            selection = replace(selection, after_id=last_exports.after(db, who, format_name, asked))
        selection = narrowed(format_name, selection)
        total, latest_id = responses.count(db, selection), responses.latest_id(db)
        chosen = export_as(format_name, Rows(db, selection), selection, locale, config)
        if sys.stderr.isatty():
            chosen = chosen.watched_by(partial(_Shown, total, count(1)))

        def record() -> None:
            detail = {"format": format_name, "filter": chosen.filter, "count": total}
            with transaction(config.database) as writing:
                audit.record(writing, now(), who, "responses.exported", detail=detail)

        with _ended_like_ctrl_c(), _place(output, form.SEVERAL, record) as files:
            form.write(chosen, files)
    with transaction(config.database) as writing:
        last_exports.note(writing, who, format_name, asked, latest_id, now())
    return total


@contextmanager
def _place(output: str, several: bool, record: Callable[[], None]) -> Iterator[Files]:
    """Where the files go, as section 6 of the design says. What is there when the block ends is whole.

    Nothing can be read there before `record` has put on record that it is: of what could not be finished there is then
    no word, but standard output is read as it is written.
    """
    if output == "-":
        record()
        with _standard_output() as out:
            yield OneFile(out)
    elif several and not output.endswith(".zip"):
        with whole_folder(Path(output)) as folder:
            yield Folder(folder)
            record()
    else:
        with whole_file(Path(output)) as temporary, temporary.open("wb") as file:
            if several:
                with Zip(file) as files:
                    yield files
            else:
                yield OneFile(file)
            record()


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    """Standard output with a buffer: where Python is told to leave it without one, writes are cut short silently."""
    out = sys.stdout.buffer
    if isinstance(out, RawIOBase):
        buffered = BufferedWriter(out)
        try:
            yield cast("BinaryIO", buffered)
            buffered.flush()
        finally:
            with suppress(OSError):  # what cannot be written has been told by then
                buffered.detach()
    else:
        yield out
        out.flush()


class _Shown:
    """Rows that show on the terminal how far each reading of them has come: some formats read them several times."""

    def __init__(self, total: int, readings: Iterator[int], rows: Iterable[Row]) -> None:
        self._total = total
        self._readings = readings
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        reading = next(self._readings)
        label = "responses" if reading == 1 else f"responses, reading {reading}"
        with click.progressbar(self._rows, length=self._total, label=label, file=sys.stderr, show_pos=True) as rows:
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
