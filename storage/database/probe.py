"""A write that means nothing, and needs the room that an answer needs: where it fails, nothing can be saved."""

from __future__ import annotations

from storage.database.sqlite import Connection

# What one exchange writes in a large database.
_BYTES = 48 * 1024


def write(db: Connection) -> None:
    """Write to each page of it anew: SQLite leaves a page alone that is the same as before."""
    row = db.execute("SELECT substr(filling, 1, 1) FROM probe WHERE id = 1").fetchone()
    filling = b"\0" * _BYTES if row is None or row[0] != b"\0" else b"\1" * _BYTES
    db.execute("INSERT INTO probe VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET filling = excluded.filling", (filling,))
