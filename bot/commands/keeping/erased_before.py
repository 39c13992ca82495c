"""What a restore must know of what was erased: the backup still has it."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Self

import click
from msgspec import Struct

from bot.clock import now
from bot.config import user_name
from bot.keeping.erasing import TOMBSTONES, bury, read_tombstones
from storage.database.errors import SchemaTooOld, StorageError
from storage.database.opening import open_for_reading
from storage.database.sqlite import Connection, sqlite3
from storage.keeping import copies
from storage.keeping.erasure import Tombstone, tombstones


class NotKnown(click.UsageError):
    """Nobody can say what was erased since the backup was made."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"{why}, so what was erased since the backup was made is not known. `innspill erase` has written it beside"
            f" the backups: give --tombstones {TOMBSTONES}, or --no-tombstones where nothing was erased."
        )


class Known(Struct, frozen=True):
    """What was erased, and which copies there are, by the database that is replaced or by a file."""

    tombstones: tuple[Tombstone, ...]
    copies: tuple[tuple[Path, datetime], ...] = ()

    @classmethod
    def of(cls, database: Path, file: Path | None, *, nothing_erased: bool) -> Self:
        """Raises NotKnown, or what opening a file raises."""
        found: list[Tombstone] = []
        try:
            if file is not None:
                found = read_tombstones(file)
        except ValueError as error:
            raise click.UsageError(f"{file}: line {error} is no tombstone of ours.") from None
        is_told = file is not None or nothing_erased
        if not database.exists():
            if not is_told:
                raise NotKnown(f"{database} is not there")
            return cls(tuple(found))
        try:
            with closing(open_for_reading(database)) as db:
                return cls((*found, *tombstones(db)), tuple(copies.all_there(db)))
        except SchemaTooOld:
            return cls(tuple(found))  # of a time before anything could be erased
        except (StorageError, sqlite3.Error):
            if not is_told:
                raise NotKnown(f"{database} cannot be read") from None
            return cls(tuple(found))

    def carry_over(self, db: Connection, kept: Path | None) -> list[str]:
        """Erase in `db` what was erased, and remember the copies, `kept` too; gives the references of what went."""
        for path, made_at in self.copies:
            copies.note(db, path, made_at)
        if kept is not None:
            copies.note(db, kept, now())
        return bury(db, self.tombstones, f"operator:{user_name()}", now())
