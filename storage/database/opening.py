"""Opening the database: pragmas, versions, the lease, and a transaction of one's own."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlite_utils import Database, Migrations

from storage.database import migrations
from storage.database.errors import (
    Damaged,
    DatabaseInUse,
    LogMissing,
    MigrationFailed,
    NotADatabase,
    NotSaved,
    ReadOnly,
    SchemaTooNew,
    SchemaTooOld,
    SqliteTooOld,
    StorageError,
)
from storage.database.names import hold, let_go, refuse_several_names
from storage.database.progress import forget, is_behind, lease_of
from storage.database.read_only import address, is_read_only
from storage.database.sealing import follow
from storage.database.sqlite import Connection, sqlite3
from storage.database.word_index import delete_for_good

# Before this version, a WAL database that several connections use can be corrupted.
MINIMUM_SQLITE = (3, 51, 3)

# "Insp": written into the file's header, so that no other program's database is taken for ours.
APPLICATION_ID = 0x496E7370

BUSY_TIMEOUT_SECONDS = 5.0

# The hot path has fewer statements than this; each is compiled once for a connection.
CACHED_STATEMENTS = 256

# A clean stop has to be quick, and a reader that takes longer keeps its log.
_MILLISECONDS_FOR_THE_LOG = 1000

# The primary codes (https://sqlite.org/rescode.html) after which the rest of a transaction cannot be trusted:
# BUSY, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
_FATAL_CODES = frozenset({5, 7, 8, 10, 11, 13, 14, 15, 26})
_READ_ONLY, _CORRUPT, _CANNOT_OPEN, _NOT_A_DATABASE = 8, 11, 14, 26


def is_fatal(error: BaseException) -> bool:
    """Whether `error` comes from the disk or the database as a whole, and not from what one caller did."""
    return _primary_code(error) in _FATAL_CODES or isinstance(error, MemoryError)


def is_damage(error: BaseException) -> bool:
    """Whether SQLite, or Python's module for it, could not make sense of what is in the file."""
    if _primary_code(error) in (_CORRUPT, _NOT_A_DATABASE):
        return True
    # What is no UTF-8 has no code of its own, and the error quotes the text: nobody may see its words.
    return isinstance(error, sqlite3.OperationalError) and str(error).startswith("Could not decode to UTF-8")


def open_for_writing(path: Path | str) -> Connection:
    """A connection in autocommit mode: whoever writes says BEGIN IMMEDIATE. One thread at a time may use it.

    What is committed through it is on disk, what is deleted is overwritten, and responses are sealed
    (`storage.database.sealing`). It does not migrate.
    Raises SqliteTooOld, NotADatabase, LogMissing, SchemaTooNew, SchemaTooOld, or NotSaved when it stays locked.
    """
    connection = _connect(path, "rw")
    try:
        _prepare_for_writing(connection, path)
        _refuse_another_schema(connection, path)
        with _plain_errors(path):
            delete_for_good(connection)
            follow(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def open_for_reading(path: Path | str) -> Connection:
    """A connection that cannot write. One thread at a time may use it. Raises what `open_for_writing` raises."""
    connection = _connect(path, "ro")
    try:
        with _plain_errors(path):
            connection.execute("PRAGMA query_only = ON")
            if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":  # a backup is none, and may be linked
                refuse_several_names(path)
        _refuse_another_schema(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def migrate(path: Path | str, history: Migrations = migrations.history) -> None:
    """Bring the database at `path` to the end of `history`, or make it: all, or nothing. The caller holds the lease.

    Raises MigrationFailed, LogMissing, SchemaTooNew, NotADatabase or SqliteTooOld.
    """
    with closing(_connect(path, "rwc")) as connection:
        _prepare_for_writing(connection, path)
        # Tables that others refer to can be rebuilt only without this; the check below takes its place.
        connection.execute("PRAGMA foreign_keys = OFF")
        try:
            connection.execute("BEGIN IMMEDIATE")
            _refuse_without_its_log(connection, path)
            _refuse_a_newer_schema(connection, path, migrations.known(history))
            history.apply(Database(connection))
            if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
                raise MigrationFailed(str(path), f"a row of {broken[0]} refers to nothing")
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute("COMMIT")
            forget(path)  # tables that were rebuilt count anew
        except BaseException as error:
            roll_back(connection)
            if isinstance(error, sqlite3.Error):
                raise MigrationFailed(str(path), str(error)) from error
            raise


def ensure_schema(path: Path | str) -> None:
    """For commands: migrate the database if it is new or older, under a lease held no longer than that.

    While `serve` holds the lease, a current schema is fine; an older one raises DatabaseInUse.
    """
    if _is_current(path):
        return
    with Lease(path):
        migrate(path)


def refuse_what_is_not_ours(path: Path | str) -> None:
    """Raises NotADatabase, LogMissing or SchemaTooNew for what cannot be served, and leaves nothing beside it.

    What is not there yet, or waits for a migration, is fine.
    """
    _is_current(path)


def files_of(path: Path | str) -> tuple[Path, ...]:
    """The database, and each file that SQLite and the lease may keep beside it, whether it is there now or not.

    All are beside the one that a link leads to.
    """
    named, real = Path(path).absolute(), Path(path).resolve()
    beside = [real.with_name(real.name + ending) for ending in ("-wal", "-shm", "-journal")]
    return named, real, *beside, lease_of(real)


def create_private(path: Path | str) -> None:
    """Make an empty file that only its owner can read and write, whatever the umask. Raises OSError.

    SQLite gives what it makes beside a database the permissions of the database. Not for a file that is open
    through SQLite in this process: closing it here would let go of the locks on it.
    """
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(file, 0o600)
    finally:
        os.close(file)


def empty_the_log(path: Path | str, tries: int = 1) -> bool:
    """Move what the write-ahead log holds into the database and leave the log empty, also while others are connected.

    Raises nothing: where a reader is in the middle of something, or the disk is full, the log stays with all it holds,
    and the answer is False. A try takes a second at most.
    """
    with suppress(StorageError, sqlite3.Error), closing(open_for_writing(path)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {_MILLISECONDS_FOR_THE_LOG}")
        for _ in range(tries):
            if connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                return True
    return False


class Lease:
    """The right to be the one service on a database: `with Lease(path): …`. Raises DatabaseInUse, SeveralNames.

    It is one of the file, whatever leads to it: a lock on a file beside the database, which the operating system lets
    go when the process ends, however it ends. That file stays: removing it would let two processes lock two files of
    the same name.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        self._file: int | None = None

    def __enter__(self) -> Self:
        _refuse_what_is_no_file(self._path)
        refuse_several_names(self._path)
        lock = lease_of(self._path)
        try:
            file = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            if is_read_only(lock.parent):
                raise ReadOnly(str(self._path)) from error
            raise NotADatabase(str(self._path), f"{lock.name} cannot be written beside it: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(file)
            raise DatabaseInUse(str(self._path)) from error
        self._file = file
        hold(self._path)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file is not None:
            let_go(self._path)
            os.close(self._file)
            self._file = None


@contextmanager
def transaction(path: Path | str) -> Iterator[Connection]:
    """A connection in a transaction of its own, kept when the block ends and undone when it raises.

    For commands, beside a running service: waits up to 5 s for its turn. Raises NotSaved when it could not be kept, or
    Damaged.
    """
    with closing(open_for_writing(path)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            roll_back(connection)
            if is_damage(error):
                raise Damaged(str(path)) from error
            if is_fatal(error):
                raise NotSaved(str(error)) from error
            raise


@contextmanager
def snapshot(connection: Connection) -> Iterator[None]:
    """Everything read inside is of one moment. Inside a transaction that is so already."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        roll_back(connection)


def roll_back(connection: Connection) -> None:
    """Undo what is open, if anything is: after some errors SQLite has done so itself."""
    if connection.in_transaction:
        connection.execute("ROLLBACK")


def _refuse_what_is_no_file(path: Path | str) -> None:
    path = Path(path)
    if path.is_dir():
        raise NotADatabase(str(path), "it is a folder")
    if path.exists() and not path.is_file():
        raise NotADatabase(str(path), "it is not a file")
    if not path.absolute().parent.is_dir():
        raise NotADatabase(str(path), "there is no such folder")


def _connect(path: Path | str, mode: str) -> Connection:
    if sqlite3.sqlite_version_info < MINIMUM_SQLITE:
        raise SqliteTooOld(sqlite3.sqlite_version, ".".join(map(str, MINIMUM_SQLITE)))
    _refuse_what_is_no_file(path)
    if not Path(path).exists():
        if mode != "rwc":
            raise NotADatabase(str(path), "there is no such file")
        _create(path)
    with _plain_errors(path):
        return sqlite3.connect(
            address(path, mode),
            uri=True,
            isolation_level=None,
            timeout=BUSY_TIMEOUT_SECONDS,
            check_same_thread=False,
            cached_statements=CACHED_STATEMENTS,
        )


def _create(path: Path | str) -> None:
    try:
        create_private(path)
    except OSError as error:
        raise NotADatabase(str(path), f"it cannot be made: {error.strerror}") from error


def _prepare_for_writing(connection: Connection, path: Path | str) -> None:
    refuse_several_names(path)
    with _plain_errors(path):
        _refuse_another_program(connection, path)
        mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
        if mode != "wal":
            raise NotADatabase(str(path), f"its file system cannot hold a write-ahead log (journal mode {mode})")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")


def _refuse_another_program(connection: Connection, path: Path | str) -> None:
    application_id = connection.execute("PRAGMA application_id").fetchone()[0]
    is_empty = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0] == 0
    if application_id != APPLICATION_ID and not is_empty:
        raise NotADatabase(str(path), "another program made it; name another file")


def _refuse_without_its_log(connection: Connection, path: Path | str) -> None:
    if is_behind(connection, path):
        raise LogMissing(str(path))


def _refuse_a_newer_schema(connection: Connection, path: Path | str, known: frozenset[str]) -> None:
    if migrations.applied(connection) - known:
        raise SchemaTooNew(str(path))


def _refuse_another_schema(connection: Connection, path: Path | str) -> None:
    with _plain_errors(path):
        _refuse_another_program(connection, path)
        _refuse_without_its_log(connection, path)
        _refuse_a_newer_schema(connection, path, migrations.known())
        if migrations.applied(connection) != migrations.known():
            raise SchemaTooOld(str(path))


def _is_current(path: Path | str) -> bool:
    if not Path(path).exists():
        return False
    try:
        open_for_reading(path).close()
    except SchemaTooOld:
        return False
    return True


@contextmanager
def _plain_errors(path: Path | str) -> Iterator[None]:
    """What SQLite says while opening, as one of ours, whose words an operator can act on."""
    try:
        yield
    except sqlite3.Error as error:
        if "locked" in str(error) or "busy" in str(error):
            raise NotSaved(str(error)) from error
        if is_read_only(path) and _primary_code(error) in (_READ_ONLY, _CANNOT_OPEN):
            raise ReadOnly(str(path)) from error
        if _primary_code(error) == _NOT_A_DATABASE:
            raise NotADatabase(
                str(path), "it is no file of SQLite, or its beginning is damaged; name another file"
            ) from error
        if is_damage(error):
            raise Damaged(str(path)) from error
        raise NotADatabase(str(path), str(error)) from error


def _primary_code(error: BaseException) -> int:
    """What kind of error of SQLite it is (https://sqlite.org/rescode.html); 0 for what is none."""
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF
