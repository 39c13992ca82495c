"""The files that are the database: none of them may be written over, or taken for a copy of it."""

from __future__ import annotations

from pathlib import Path

import click

from storage.database.opening import files_of


def refuse_own_files(path: Path, database: Path) -> None:
    """Refuse `path` where it is the database, or what SQLite and the lease keep beside it, under whatever name.

    Each is known by where it would be, also when it is not there now, and by what it is, whatever links lead to it.
    Raises `click.UsageError`.
    """
    for own in files_of(database):
        if path.resolve() == own.resolve() or (path.exists() and own.exists() and path.samefile(own)):
            what = "the database itself" if own.name == database.name else f"a part of the database {database}"
            raise click.UsageError(f"{path} is {what}: name another file.")
