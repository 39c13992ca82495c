"""A file, or a folder of files, that appears whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.randomness import token
from storage.database.opening import create_private


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to. When the block ends, it is on disk and takes the place of `path`.

    Only its owner can read it, from the first byte on. When the block raises, `path` is as before and nothing is left
    beside it. Raises `OSError` of `path` or its folder.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(0, "it is a folder, and not a file" if path.is_dir() else "it is not a file", str(path))
    temporary = _beside(path)
    try:
        create_private(temporary)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """An empty folder beside `path` to write to. When the block ends, what is in it is on disk and it becomes `path`.

    Only its owner can look into it. When the block raises, nothing is left of it. Raises `OSError` of `path`, which
    must not be there yet.
    """
    path = path.resolve()
    if path.exists():
        raise OSError(0, "it is there already, and a new folder is made", str(path))
    temporary = _beside(path)
    try:
        temporary.mkdir(mode=0o700)
        yield temporary
        for part in (*temporary.rglob("*"), temporary):
            _sync(part)
        temporary.rename(path)
        _sync(path.parent)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _beside(path: Path) -> Path:
    """A name for what is not finished, in the same folder. Raises `OSError` where there is none."""
    if not path.parent.is_dir():
        raise OSError(0, "there is no such folder", str(path.parent))
    return path.with_name(f".{path.name}.{token()[:8]}")


def _sync(path: Path) -> None:
    """Wait until `path`, a file or a folder, is on disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
