"""Where copies of the database were written: what is erased later is still in them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from storage.database.sqlite import Connection
from storage.database.times import moment, stamp


def note(db: Connection, path: Path, at: datetime) -> None:
    """Remember a copy, one at the same place as an older one instead of that."""
    db.execute("INSERT OR REPLACE INTO copies (path, made_at) VALUES (?, ?)", (str(path.absolute()), stamp(at)))


def all_there(db: Connection) -> list[tuple[Path, datetime]]:
    """The copies that are still where they were put, and when each was made, oldest first."""
    rows = db.execute("SELECT path, made_at FROM copies ORDER BY made_at, path")
    return [(Path(path), moment(made_at)) for path, made_at in rows if Path(path).exists()]
