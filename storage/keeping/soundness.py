"""Whether all that a database holds is as it was stored: its structure, each response, and the audit log."""

from __future__ import annotations

from pathlib import Path

from storage.database import migrations, sealing
from storage.database.errors import Damaged, ResponsesDamaged
from storage.database.opening import snapshot
from storage.database.sqlite import Connection
from storage.staff import audit


def refuse_what_is_damaged(db: Connection, path: Path | str) -> None:
    """Read all of it. Raises Damaged, ResponsesDamaged, BrokenChain or what SQLite raises.

    SQLite checks constraints only where `db` may write.
    """
    complaint = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if complaint != "ok":
        raise Damaged(str(path), complaint)
    if migrations.applied(db) == migrations.known():
        there = dict(db.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))
        if other := [name for name, sql in migrations.schema().items() if there.get(name) != sql]:
            raise Damaged(str(path), f"its schema is not ours: {', '.join(sorted(other)[:3])}")
    if lost := db.execute("PRAGMA foreign_key_check").fetchone():
        raise Damaged(str(path), f"a row of {lost[0]} refers to nothing")
    if references := sealing.damaged(db):
        raise ResponsesDamaged(references)
    if db.execute("PRAGMA main.table_info(audit_log)").fetchone():  # a backup of an older schema has none
        with snapshot(db):  # somebody may be writing
            audit.verify(db)
