"""One file, one name: SQLite keeps its log beside the name by which it opened a file, and two logs ruin the file.

A symbolic link is no name of its own: SQLite goes where it leads, and so do the lease and the note. A hard link is, and
nobody can tell from one name where the other is; so a database with two names is refused, by each of them.
"""

from __future__ import annotations

from pathlib import Path

from storage.database.errors import SeveralNames

_held = set[Path]()


def refuse_several_names(path: Path | str) -> None:
    """Raises SeveralNames, but not where this process has the lease: no other name gets in beside it."""
    real = Path(path).resolve()
    if real in _held or not real.exists():
        return
    if (count := real.stat().st_nlink) > 1:
        raise SeveralNames(str(path), count)


def hold(path: Path | str) -> None:
    """This process has the lease: the file may get another name meanwhile without stopping the service."""
    _held.add(Path(path).resolve())


def let_go(path: Path | str) -> None:
    """It has it no longer."""
    _held.discard(Path(path).resolve())
