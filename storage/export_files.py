"""Where the files of an export go: one stream, a folder, or a ZIP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from storage.database import create_private

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
    """A ZIP written to `out`, which stays open; used as a context manager, whose end writes its list of files."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = ZipFile(out, "w")

    def __enter__(self) -> Zip:
        return self

    def __exit__(self, kind: object, error: object, traceback: object) -> None:
        if kind is not None:
            self._zip.fp = None  # broken off in a file: nothing more is written, now or later
        self._zip.close()

    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        entry = ZipInfo(name, _ALWAYS)
        entry.compress_type = ZIP_DEFLATED
        entry.external_attr = 0o600 << 16
        with self._zip.open(entry, "w", force_zip64=True) as file:
            yield cast("BinaryIO", file)
