"""Where the files of an export go: one stream, a folder, or a ZIP; and what is gathered on the way there."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from storage.database.opening import create_private

_ALWAYS = (1980, 1, 1, 0, 0, 0)
"""The time of every file in a ZIP, and the first that it knows: the same files give the same bytes."""


class OneFile:
    """A stream that takes the only file of a format; it stays open. ValueError for a second file."""

    def __init__(self, out: BinaryIO) -> None:
        self._out: BinaryIO | None = out

    @contextmanager
    def new(self, _name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        if self._out is None:
            raise ValueError("the format writes several files")
        out, self._out = self._out, None
        yield out


class Folder:
    """A folder that is there, and empty. Its files are made for their owner alone. Raises OSError."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        path = self._path / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        create_private(path)
        with path.open("wb") as file:
            yield file


class Zip:
    """A ZIP written to `out`, which stays open; used as a context manager, whose end writes its list of files.

    What cannot go back, as a pipe, gets the same bytes when all is written: else the size of a file would stand behind
    it, and Java's `ZipInputStream` refuses that.
    """

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._gathered = None if out.seekable() else cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - closed at the exit
        self._zip = ZipFile(self._gathered or out, "w")

    def __enter__(self) -> Zip:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is not None:
            self._zip.fp = None  # broken off in a file: nothing more is written, now or later
        self._zip.close()
        if self._gathered is not None:
            with self._gathered as gathered:
                if kind is None:
                    gathered.seek(0)
                    shutil.copyfileobj(gathered, self._out)

    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        entry = ZipInfo(name, _ALWAYS)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            yield cast("BinaryIO", file)


_SCRATCH = "innspill-export-"


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """A new folder for what a format gathers before it is written: its owner's alone, and gone when the block ends.

    What a process that was killed has left there is removed by the next one, and by `remove_abandoned`. Raises OSError.
    """
    remove_abandoned()
    path, lock = _locked_folder()
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(lock)


def remove_abandoned() -> None:
    """Remove the scratch folders of this user's processes that are gone: a lock ends with its process, in any case."""
    for path in Path(tempfile.gettempdir()).glob(f"{_SCRATCH}*"):
        with suppress(OSError):  # somebody else's, still in use, or just removed
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                if os.fstat(folder).st_uid == os.geteuid():
                    fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    shutil.rmtree(path)
            finally:
                os.close(folder)


def _locked_folder() -> tuple[Path, int]:
    """A new folder, and the open file that holds its lock."""
    while True:
        path = Path(tempfile.mkdtemp(prefix=_SCRATCH))
        with suppress(FileNotFoundError):  # another process took it for abandoned before it was locked
            lock = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                return path, lock
            os.close(lock)
