"""How far a database had come, noted beside it: one that lies behind that has lost its write-ahead log.

After a crash the last answers may stand in the log alone. Somebody who removes it then, or moves the database without
it, has an older database that is sound: nothing in it shows that answers are missing. So the number of rows ever made
is noted in the file of the lease, which nobody takes for a part of the database.

The note is written after the commit and never synced: it may lag behind what is kept, also after a power cut, but is
never ahead of it. What a crash leaves, a backup that is restored, a log that another program has put into the database,
and files that are moved together are therefore never refused.
"""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path

from storage.database.sqlite import Connection, sqlite3

# More often would cost something, and tell nothing: the log holds much more than what is kept in this time.
_SECONDS_BETWEEN_NOTES = 0.05

_REACHED = "SELECT coalesce(sum(seq), 0) FROM sqlite_sequence"


def lease_of(path: Path | str) -> Path:
    """The file beside a database that the lease is a lock on, and that holds the note; links are followed."""
    real = Path(path).resolve()
    return real.with_name(real.name + ".lease")


def is_behind(db: Connection, path: Path | str) -> bool:
    """Whether the database at `path`, which `db` has open, held more when it was last written to."""
    noted = _noted(lease_of(path))
    if not noted:
        return False
    if db.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'sqlite_sequence'").fetchone()[0] == 0:
        return True
    return int(db.execute(_REACHED).fetchone()[0]) < noted


def forget(path: Path | str) -> None:
    """From now on another database may be there, whatever it holds. Raises OSError."""
    note = lease_of(path)
    if note.exists():
        file = os.open(note, os.O_RDWR | os.O_CLOEXEC)
        try:
            _empty(file)
        finally:
            os.close(file)


class Progress:
    """Keeps the note of a database while it is written to. What goes wrong with the note hinders nobody."""

    def __init__(self, path: Path | str) -> None:
        real = Path(path).resolve()  # SQLite keeps the log beside what a link leads to
        self._log = real.with_name(f"{real.name}-wal")
        self._next = 0.0
        self._file = -1
        with suppress(OSError):
            self._file = os.open(lease_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def follow(self, db: Connection) -> None:
        """Note how far it has come, unless that was done a moment ago. For after a commit."""
        if (now := time.monotonic()) < self._next:
            return
        self._next = now + _SECONDS_BETWEEN_NOTES
        with suppress(OSError, sqlite3.Error):
            # Always as long: two programs may write it, and the end of the one number must not follow the other.
            os.pwrite(self._file, b"%020d" % db.execute(_REACHED).fetchone()[0], 0)

    def close(self) -> None:
        """For after the connection was closed: where all is in the database, nothing can be missing later."""
        with suppress(OSError):
            if not self._log.exists() or not self._log.stat().st_size:
                _empty(self._file)
        with suppress(OSError):
            os.close(self._file)


def _noted(note: Path) -> int:
    """0: nothing. Of a note that a power cut has torn the beginning is left, which is a smaller number."""
    try:
        found = re.match(rb"\d+", note.read_bytes())
    except OSError:
        return 0
    return 0 if found is None else int(found[0])


def _empty(file: int) -> None:
    os.ftruncate(file, 0)
    os.fsync(file)
