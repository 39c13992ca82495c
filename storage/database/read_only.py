"""A database on a file system that nobody can write to: how it is read there."""

from __future__ import annotations

import os
from pathlib import Path


def address(path: Path | str, mode: str) -> str:
    """How SQLite is told to open the file, as `mode` says.

    To read a database with a write-ahead log it makes files beside it, which it cannot here. Where there is no log,
    nobody is writing, and the file is told never to change.
    """
    uri = f"{Path(path).absolute().as_uri()}?mode={mode}"
    return f"{uri}&immutable=1" if mode == "ro" and is_read_only(path) and not _has_log(path) else uri


def is_read_only(path: Path | str) -> bool:
    """Whether the file system on which it lies is read-only."""
    try:
        return bool(os.statvfs(path).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _has_log(path: Path | str) -> bool:
    real = Path(path).resolve()
    log = real.with_name(f"{real.name}-wal")
    return log.exists() and log.stat().st_size > 0
