"""The register of Norwegian postal codes. A code is text: `0150` is not a number."""

from __future__ import annotations

from collections.abc import Iterable

from storage.database.sqlite import Connection


def town(db: Connection, code: str) -> str | None:
    """The town of a code of four digits, or None where the register has no such code."""
    row = db.execute("SELECT town FROM postal_codes WHERE code = ?", (code,)).fetchone()
    return None if row is None else str(row[0])


def loaded(db: Connection) -> bool:
    """Whether there is a register at all: without one, an unknown code says nothing."""
    return db.execute("SELECT 1 FROM postal_codes LIMIT 1").fetchone() is not None


def replace_all(db: Connection, pairs: Iterable[tuple[str, str]]) -> int:
    """Put (code, town) pairs in place of the register; returns how many codes it has. The last of a code counts."""
    db.execute("DELETE FROM postal_codes")
    db.executemany("INSERT OR REPLACE INTO postal_codes (code, town) VALUES (?, ?)", pairs)
    return int(db.execute("SELECT count(*) FROM postal_codes").fetchone()[0])
