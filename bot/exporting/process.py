"""One export of the desk, as a program, started by `bot.staff.downloads.running` with the words of `COMMAND`.

Standard input has the order and is open as long as the service lives, standard output is the file, standard error gets
a line of JSON for each bit of progress and the outcome. It yields to everybody else on the machine. A process of its
own does not hold up the event loop, and can be ended at any time: what it gathered on the way lies in a folder that
`storage.exports.output.files.remove_abandoned` takes away.
"""

from __future__ import annotations

import errno
import os
import pickle
import resource
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path, PurePath
from typing import BinaryIO

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.exporting.export import Installation, export_as
from bot.mouth import own_the_way_out
from storage.database.errors import ResponsesDamaged
from storage.database.opening import is_damage, open_for_reading, snapshot
from storage.exports import FORMATS, Export, Row
from storage.exports.output.files import OneFile, Zip
from storage.responses import lists, responses
from storage.responses.responses import Rows
from storage.responses.selection import Selection

COMMAND = (sys.executable, "-P", "-s", "-m", "bot.exporting.process")
"""Without -P Python would look for its modules in the working folder before anywhere else."""

MOST_BYTES = 2 << 30
"""No file may be bigger, for the disk is also the service's."""

TOO_BIG = 3
"""The exit code where a file would have become bigger."""

DAMAGED = 4
"""The exit code where a response is not as it was stored, or the database cannot be read."""

_DAMAGED_TOLD = 10
_SECONDS_BETWEEN_REPORTS = 0.25
_NICE = 19


class Settings(Struct, frozen=True):
    """All that the process is told of the settings: see `Installation`."""

    database: Path
    municipality: str
    contact: str
    privacy_url: str
    base_url: str
    journal_status: str
    document_type: str


class Order(Struct, frozen=True):
    """What is to be written, in files of at most `most_bytes`. `config` may be the service's own."""

    config: Installation
    format_name: str
    selection: Selection
    locale: str
    most_bytes: int = MOST_BYTES

    def written(self) -> bytes:
        """For the process: with no more of the settings than it needs, and with none of the secrets."""
        needed = Settings(**{name: getattr(self.config, name) for name in Settings.__struct_fields__})
        return pickle.dumps(replace(self, config=needed))


class Report(Struct, frozen=True):
    """How far it has come: `done` of `total` responses. With an `ending` it is whole: that of the file's name.

    `latest_id` is the number of the last response that was stored at the moment of the export. Some formats go through
    the responses several times: `reading` says which time it is. `damaged` are the references of responses that are not
    as they were stored: there is no file then.
    """

    done: int
    total: int
    latest_id: int = 0
    ending: str = ""
    reading: int = 1
    damaged: tuple[str, ...] = ()


class _Counted:
    """The rows, reporting on the way how many there were so far."""

    def __init__(self, total: int, readings: Iterator[int], rows: Iterable[Row]) -> None:
        self._total = total
        self._readings = readings
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        reading = next(self._readings)
        told = time.monotonic()
        for number, row in enumerate(self._rows, 1):
            yield row
            if time.monotonic() - told > _SECONDS_BETWEEN_REPORTS:
                told = time.monotonic()
                _tell(Report(number, self._total, reading=reading))


class _Gathered:
    """The few files of one response, by name, in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        with BytesIO() as file:
            yield file
            self.files[name] = file.getvalue()


def write(order: Order, out: BinaryIO) -> Report:
    """Write the export to `out`: as it is where it is one file, else as a ZIP. Raises what the format raises."""
    chosen_format = FORMATS[order.format_name]
    with closing(open_for_reading(order.config.database)) as db, snapshot(db):
        total, latest_id = lists.count(db, order.selection), responses.latest_id(db)
        rows = Rows(db, order.selection)
        export = export_as(order.format_name, rows, order.selection, order.locale, order.config)
        export = export.watched_by(partial(_Counted, total, count(1)))
        if not chosen_format.SEVERAL:
            done, ending = chosen_format.write(export, OneFile(out)), chosen_format.SUFFIX
        elif order.selection.reference is not None:
            done, ending = _write_one(order.format_name, export, out)
        else:
            with Zip(out) as files:
                done, ending = chosen_format.write(export, files), ".zip"
    return Report(done, total, latest_id, ending)


def _write_one(format_name: str, export: Export, out: BinaryIO) -> tuple[int, str]:
    """One response: a format that makes one file of it gives that file, and no ZIP with one file in it."""
    gathered = _Gathered()
    done = FORMATS[format_name].write(export, gathered)
    if len(gathered.files) == 1:
        ((name, content),) = gathered.files.items()
        out.write(content)
        return done, PurePath(name).suffix
    with Zip(out) as files:
        for name, content in gathered.files.items():
            with files.new(name) as file:
                file.write(content)
    return done, ".zip"


def _tell(report: Report) -> None:
    sys.stderr.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stderr.buffer.flush()


def _end_with_the_service() -> None:
    """Nobody waits for the file when the service is gone, however it has gone."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


def main() -> None:
    """Do what standard input orders."""
    own_the_way_out()
    os.nice(_NICE)
    with suppress(OSError):  # it is Linux that knows this
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")  # rather this than the service
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it, through a pipe that nobody else has
    threading.Thread(target=_end_with_the_service, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_FSIZE, (order.most_bytes, order.most_bytes))
    # Not `sys.stdout`: where Python is told to leave it without a buffer, a write is cut short without a word.
    try:
        with open(sys.stdout.fileno(), "wb", closefd=False) as out:
            report = write(order, out)
    except OSError as error:
        if error.errno == errno.EFBIG:
            os._exit(TOO_BIG)  # what is still to be written would fail again
        raise
    except ResponsesDamaged as damaged:
        _tell(Report(0, 0, damaged=damaged.references[:_DAMAGED_TOLD]))
        sys.exit(DAMAGED)
    except Exception as error:
        if is_damage(error):
            sys.exit(DAMAGED)
        raise
    _tell(report)


if __name__ == "__main__":
    main()
