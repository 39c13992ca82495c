"""A look at the structure of a database while it is served; `storage.keeping.soundness` reads all that it holds."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

from storage.database.opening import is_damage, open_for_reading
from storage.database.sqlite import Connection, sqlite3


class Look:
    """One look at the structure of a whole database, its indexes too, on another thread: the texts are not read.

    A database of 100,000 responses takes about a second.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._db: Connection | None = None
        self._is_given_up = threading.Event()

    def complaint(self) -> str:
        """What is wrong with it; empty: nothing, or it was given up. Raises what opening and SQLite raise."""
        with closing(open_for_reading(self._path)) as db:
            with self._lock:
                if self._is_given_up.is_set():
                    return ""
                self._db = db
            try:
                found = str(db.execute("PRAGMA quick_check(1)").fetchone()[0])
            except sqlite3.Error as error:
                if is_damage(error):
                    return str(error)
                if self._is_given_up.is_set():
                    return ""
                raise
            finally:
                with self._lock:
                    self._db = None
        return "" if found == "ok" else found

    def give_up(self) -> None:
        """End it at once, from any thread."""
        with self._lock:
            self._is_given_up.set()
            if self._db is not None:
                self._db.interrupt()
