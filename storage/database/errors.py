"""What a store promises, and what can go wrong with it.

The promises:

- What a function of `storage` wrote is on disk when the transaction around it has ended without an error: not in
  memory, not in a buffer of the operating system. A transaction is kept whole or not at all.
- `NotSaved` is raised when a transaction could not be kept. Nobody may be told that it was.
- The same response is stored once: a draft of a conversation has one response and one reference.
- A reference is never given to two responses.
- Times are aware datetimes in UTC on the way in and out; in the tables they are text (see `storage.database.times`).
- Nothing here reads the clock, draws random numbers, or knows what a channel or a form is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

# So many references fit into a line.
_SHOWN = 10

# --- What can go wrong: each message is one plain line for the people who run the service -------------------


class StorageError(Exception):
    """Anything that the store refuses or fails to do."""


class NotSaved(StorageError):
    """The transaction could not be kept: it was not confirmed, and nothing of it may be told as done."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Not saved: {reason}")
        self.reason = reason


class ReadOnly(NotSaved):
    """The file system takes nothing."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} lies on a read-only file system. Make a copy elsewhere, with `innspill backup PATH` or of the"
            f" file with its {Path(path).name}-wal, and name that in INNSPILL_DATABASE"
        )


class SqliteTooOld(StorageError):
    """This SQLite can corrupt a database that several connections use."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"SQLite {found} is too old, {wanted} or newer is needed: install pysqlite3.")


class NotADatabase(StorageError):
    """There is no Innspill database at this path."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} is not an Innspill database: {reason}.")


class Damaged(StorageError):
    """Not all that it held can be read any more. `found` is what SQLite says of it, for who looks into it."""

    def __init__(self, path: str, found: str = "") -> None:
        super().__init__(
            f"{path} is damaged: restore an undamaged backup with `innspill restore`{f' ({found})' if found else ''}."
        )


class ResponsesDamaged(StorageError):
    """What is kept of some responses is not what was stored. `references` name them all."""

    def __init__(self, references: Sequence[str]) -> None:
        shown, more = ", ".join(references[:_SHOWN]), len(references) - _SHOWN
        super().__init__(
            f"Damaged, not as it was stored: {shown}{f' and {more} more' if more > 0 else ''}. Restore an undamaged"
            " backup with `innspill restore`, or have the others with `innspill export --without REFERENCE`."
        )
        self.references = tuple(references)


class SchemaTooNew(StorageError):
    """A newer Innspill has changed the database."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed by a newer Innspill: upgrade this one, or restore an older backup.")


class SchemaTooOld(StorageError):
    """The database waits for a migration."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is of an older Innspill, or empty: start `innspill serve` once to bring it up to date."
        )


class LogMissing(StorageError):
    """The database is sound, and has held more than it holds now."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} lacks what was kept in it last: its write-ahead log {path}-wal is missing, or an older copy was"
            " put in its place. Put the log back, or restore a backup with `innspill restore`, or go on without what"
            " is missing: `innspill doctor --accept-loss`."
        )


class MigrationFailed(StorageError):
    """The database is as it was before the migration."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} could not be brought up to date and is as before: {reason}")


class DatabaseInUse(StorageError):
    """Another process holds the lease."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is in use by another Innspill: stop that one first.")


class SeveralNames(StorageError):
    """The file has hard links, and could be opened by two names at once."""

    def __init__(self, path: str, count: int) -> None:
        super().__init__(
            f"{path} is one file with {count} names (hard links), and would be ruined by two programs that use it by"
            " different ones. Remove the other names, or make a copy with `cp` and use that."
        )


class ReferenceTaken(StorageError):
    """Every reference that was drawn is in use: the drawing must be broken."""

    def __init__(self, draws: int) -> None:
        super().__init__(f"Each of {draws} references drawn was taken already.")


class NoSuchConsultation(StorageError):
    """No consultation has this id."""

    def __init__(self, consultation_id: int) -> None:
        super().__init__(f"There is no consultation {consultation_id}.")


class NoSuchCase(StorageError):
    """No consultation has this case number."""

    def __init__(self, case_number: str) -> None:
        super().__init__(f"There is no consultation in case {case_number}.")
