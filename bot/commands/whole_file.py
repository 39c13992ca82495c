"""A file that appears whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.randomness import token


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A name beside `path` to write to. When the block ends, that file is on disk and takes the place of `path`.

    When the block raises, `path` is as before and nothing is left beside it. Raises `OSError` of `path` or its folder.
    """
    path = path.resolve()
    if path.exists() and not path.is_file():
        raise OSError(0, "not a file", str(path))
    if not path.parent.is_dir():
        raise OSError(0, "no such folder", str(path.parent))
    temporary = path.with_name(f".{path.name}.{token()[:8]}")
    try:
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
