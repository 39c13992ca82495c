"""A file that appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.randomness import token
from storage.database import create_private


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """An empty file beside `path` to write to. When the block ends, it is on disk and takes the place of `path`.

    Only its owner can read it, from the first byte on. When the block raises, `path` is as before and nothing is left
    beside it. Raises `OSError` of `path` or its folder.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(0, "it is a folder, and not a file" if path.is_dir() else "it is not a file", str(path))
    if not path.parent.is_dir():
        raise OSError(0, "there is no such folder", str(path.parent))
    temporary = path.with_name(f".{path.name}.{token()[:8]}")
    try:
        create_private(temporary)
        yield temporary
        _sync(temporary)
        temporary.replace(path)
        _sync(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until `path`, a file or a folder, is on disk."""
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
