"""One export of the desk, as a program: `python -m bot.export_job`, started by `bot.staff.export_jobs`.

Standard input has the order, standard output is the file, standard error gets a line of JSON for each bit of progress
and the outcome. It yields to everybody else on the machine. A process of its own does not hold up the event loop, and
can be ended at any time without anything being left behind.
"""

from __future__ import annotations

import os
import pickle
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO

import msgspec
from msgspec import Struct, structs

from bot.config import Config
from bot.exporting import described
from storage import response_lists, responses
from storage.database import open_for_reading, snapshot
from storage.export_files import OneFile, Zip
from storage.exports import FORMATS, Export, Row
from storage.responses import Rows
from storage.selection import Selection

FOR_MACHINES = frozenset({"csv", "json", "ndjson"})
"""Programs read these: they name their columns by the keys, as `innspill export` does."""

_SECONDS_BETWEEN_REPORTS = 0.25
_NICE = 10


class Order(Struct, frozen=True):
    """What is to be written. `config` is the service's own."""

    config: Config
    format_name: str
    selection: Selection
    locale: str


class Report(Struct, frozen=True):
    """How far it has come: `done` of `total` responses. With an `ending` it is whole: that of the file's name.

    `latest_id` is the number of the last response that was stored at the moment of the export.
    """

    done: int
    total: int
    latest_id: int = 0
    ending: str = ""


class _Counted:
    """The rows, reporting on the way how many there were so far."""

    def __init__(self, rows: Iterable[Row], total: int) -> None:
        self._rows = rows
        self._total = total

    def __iter__(self) -> Iterator[Row]:
        told = time.monotonic()
        for number, row in enumerate(self._rows, 1):
            yield row
            if time.monotonic() - told > _SECONDS_BETWEEN_REPORTS:
                told = time.monotonic()
                _tell(Report(number, self._total))


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
        total, latest_id = response_lists.count(db, order.selection), responses.latest_id(db)
        export = described(Rows(db, order.selection), order.selection, order.locale, order.config)
        export = structs.replace(export, rows=_Counted(export.rows, total))
        if order.format_name in FOR_MACHINES:
            export = structs.replace(export, labels={})
        if not chosen_format.SEVERAL:
            done, ending = chosen_format.write(export, OneFile(out)), chosen_format.SUFFIX
        elif order.selection.reference is not None:
            done, ending = _write_one(order.format_name, export, out)
        else:
            with Zip(out) as files:
                done, ending = chosen_format.write(export, files), ".zip"
    out.flush()
    return Report(done, total, latest_id, ending)


def _write_one(format_name: str, export: Export, out: BinaryIO) -> tuple[int, str]:
    """One response: a format that makes one file of it gives that file, and no ZIP with one file in it."""
    gathered = _Gathered()
    count = FORMATS[format_name].write(export, gathered)
    if len(gathered.files) == 1:
        ((name, content),) = gathered.files.items()
        out.write(content)
        return count, PurePath(name).suffix
    with Zip(out) as files:
        for name, content in gathered.files.items():
            with files.new(name) as file:
                file.write(content)
    return count, ".zip"


def _tell(report: Report) -> None:
    sys.stderr.buffer.write(msgspec.json.encode(report) + b"\n")
    sys.stderr.buffer.flush()


def main() -> None:
    """Do what standard input orders."""
    os.nice(_NICE)
    order = pickle.load(sys.stdin.buffer)  # noqa: S301 - our own parent wrote it, through a pipe that nobody else has
    _tell(write(order, sys.stdout.buffer))


if __name__ == "__main__":
    main()
