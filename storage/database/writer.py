"""The one writer: takes all the work that waits and commits it together.

There is no waiting timer: a lone piece of work is committed at once, and what comes in meanwhile is the next batch.
What was deleted stays in the write-ahead log until that is begun anew, so the writer begins it anew when it has nothing
to do for a second, or has had no such second for a minute, and tries again until no reader is in the way.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from storage.database.errors import NotSaved, StorageError
from storage.database.opening import BUSY_TIMEOUT_SECONDS, is_damage, is_fatal, open_for_writing, roll_back
from storage.database.progress import Progress
from storage.database.sqlite import Connection, sqlite3

T = TypeVar("T")

# One batch holds others up for about as long as its commit: more than this would be felt.
BATCH_LIMIT = 500

# Seconds: how long the log may hold what was deleted, when there is nothing to do and when there always is.
QUIET_SECONDS = 1.0
BUSY_SECONDS = 60.0

log = logging.getLogger(__name__)

_Work = Callable[[Connection], Any]
_Waiting = tuple[_Work, "asyncio.Future[Any]"]


class _Failed:
    """What stands in place of a result when there is none."""

    __slots__ = ("error",)

    def __init__(self, error: BaseException) -> None:
        self.error = error


class Writer:
    """Runs work in transactions on a thread of its own. Make one for each event loop and database.

    Each piece of work has the connection to itself inside a savepoint: if it raises, what it wrote is undone and
    only its own caller gets the exception. When the disk or the database fails, everybody in the batch gets NotSaved
    and the next batch begins on a new connection.
    `on_commit` is told, on that thread, of how many pieces of work were kept and the seconds that the disk took for it.
    `met_damage`: SQLite could not make sense of what it read here, which does not pass.
    `on_job` is called on the event loop after a commit in which a job was put down, whoever put it; anybody may set it.
    """

    def __init__(self, path: Path | str, on_commit: Callable[[int, float], None] | None = None) -> None:
        self._path = path
        self._on_commit = on_commit
        self.on_job: Callable[[], None] = _nobody_waits
        self._has_put_job = False
        self._waiting: SimpleQueue[_Waiting | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._must_reopen = False
        real = Path(path).resolve()  # SQLite keeps the log beside what a link leads to
        self._log = real.with_name(f"{real.name}-wal")
        self._log_is_gone = False
        self._log_since: float | None = None
        self._complaint = ""
        self.met_damage = False

    def start(self) -> None:
        """Open the database and begin; call it on the event loop. Raises what `open_for_writing` raises."""
        self._loop = asyncio.get_running_loop()
        self._connection = self._open()
        self._progress = Progress(self._path)
        self._log_since = time.monotonic()  # an earlier run may have left something in it
        # A daemon: a program that ends without `close` is not held up, and nothing confirmed is lost.
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    async def run(self, work: Callable[[Connection], T]) -> T:
        """What `work` returns, once that and all it wrote is on disk. Raises what `work` raises, or NotSaved.

        `work` neither commits nor rolls back. It is done even if the caller is cancelled while waiting.
        """
        if self._thread is None:
            raise NotSaved("the writer is not running")
        future: asyncio.Future[T] = self._loop.create_future()
        self._waiting.put((work, future))
        return await future

    def close(self) -> None:
        """Finish what waits, then close the database. Blocks until that is done; later work is refused."""
        if self._thread is None:
            return
        self._waiting.put(None)
        self._thread.join()
        self._thread = None
        self._connection.close()
        self._progress.close()

    def _serve(self) -> None:
        closing = False
        while not closing:
            batch, closing = self._take()
            if batch:
                outcomes = self._commit([work for work, _ in batch])
                if self._has_put_job:
                    self._has_put_job = False
                    self._loop.call_soon_threadsafe(lambda: self.on_job())
                self._loop.call_soon_threadsafe(_resolve, [future for _, future in batch], outcomes)
                if self._log_since is not None and time.monotonic() > self._log_since + BUSY_SECONDS:
                    self._begin_the_log_anew()

    def _take(self) -> tuple[list[_Waiting], bool]:
        """All that waits, up to the limit, and whether the end of it was reached. Blocks while there is nothing."""
        batch: list[_Waiting] = []
        item = self._next()
        while item is not None:
            batch.append(item)
            if len(batch) == BATCH_LIMIT or self._waiting.empty():
                return batch, False
            item = self._waiting.get()
        return batch, True

    def _next(self) -> _Waiting | None:
        """The first that waits. While nothing does, the log is begun anew."""
        while True:
            try:
                return self._waiting.get(timeout=None if self._log_since is None else QUIET_SECONDS)
            except Empty:
                self._begin_the_log_anew()

    def _begin_the_log_anew(self) -> None:
        """Put all that the log holds into the database, and empty it; when a reader is in the way, another time."""
        self._log_since = time.monotonic()
        if self._must_reopen:
            return
        with suppress(sqlite3.Error):
            self._connection.execute("PRAGMA busy_timeout = 0")
            try:
                if self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0:
                    self._log_since = None
            finally:
                self._connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_SECONDS * 1000:.0f}")

    def _commit(self, batch: list[_Work]) -> list[Any]:
        """The result of each piece of work, or `_Failed`; all of them NotSaved where the transaction was not kept."""
        try:
            if self._must_reopen:
                self._reopen()
            before = self._connection.total_changes
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = self._plainly(batch)
            if outcomes is None:
                outcomes = [_attempt(self._connection, work) for work in batch]
            begun = time.monotonic()
            self._connection.execute("COMMIT")
            seconds = time.monotonic() - begun
            self._log_since = self._log_since or time.monotonic()
            has_written = self._connection.total_changes != before
            self._progress.follow(self._connection)
            self._require_the_log()
        except Exception as error:
            self._must_reopen = True
            self.met_damage = self.met_damage or is_damage(error)
            with suppress(sqlite3.Error):
                roll_back(self._connection)
            self._complain(_reason(error))
            return [_Failed(NotSaved(_reason(error))) for _ in batch]
        if has_written:  # what wrote nothing needed no room
            self._complain("")
        if self._on_commit is not None:
            self._on_commit(len(batch), seconds)
        return outcomes

    def _require_the_log(self) -> None:
        """Where somebody has removed the log, what was kept is in a file that nobody finds any more.

        All of it goes into the database instead, and after that nothing is taken: other programs may have begun a log
        that this one does not see.
        """
        if self._log_is_gone or self._log.exists():
            return
        self._log_is_gone = True
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._refuse_without_the_log()

    def _refuse_without_the_log(self) -> None:
        if self._log_is_gone:
            raise StorageError(f"{self._log.name} was removed while in use: start Innspill again")

    def _complain(self, complaint: str) -> None:
        """Tell the operator when nothing can be kept any more, and when it can again: once each."""
        if complaint and complaint != self._complaint:
            log.error("Nothing can be saved, and nobody is told otherwise: %s.", complaint)
        elif self._complaint and not complaint:
            log.warning("Answers are saved again.")
        self._complaint = complaint

    def _plainly(self, batch: list[_Work]) -> list[Any] | None:
        """The result of each piece of work without a savepoint around it, which is most of what it costs.

        None where one raised: then all of it is undone and to be done again, each in a savepoint of its own.
        """
        outcomes = []
        for work in batch:
            try:
                outcomes.append(work(self._connection))
            except BaseException as error:
                if is_fatal(error):
                    raise
                _refuse_a_lost_transaction(self._connection)
                self._connection.execute("ROLLBACK")
                self._connection.execute("BEGIN IMMEDIATE")
                return None
            # After some errors SQLite rolls everything back by itself, and what follows would commit one by one.
            _refuse_a_lost_transaction(self._connection)
        return outcomes

    def _open(self) -> Connection:
        """A connection that notices the jobs that are put down, at no cost to work that puts none."""
        connection = open_for_writing(self._path)
        connection.create_function("note_a_job", 0, self._note_a_job)
        for number, event in enumerate(("INSERT", "UPDATE OF due_at")):
            connection.execute(
                f"CREATE TEMP TRIGGER job_put_{number} AFTER {event} ON main.jobs BEGIN SELECT note_a_job(); END"
            )
        return connection

    def _note_a_job(self) -> None:
        self._has_put_job = True

    def _reopen(self) -> None:
        self._refuse_without_the_log()
        # The new connection first: the index of the log lives as long as one connection does, and knows that what
        # a failed commit left in the log does not count. Rebuilt from the log alone, it could count it after all.
        connection = self._open()
        with suppress(sqlite3.Error):
            self._connection.close()
        self._connection = connection
        self._must_reopen = False


def _attempt(connection: Connection, work: _Work) -> Any:
    connection.execute("SAVEPOINT work")
    try:
        outcome = work(connection)
    except BaseException as error:
        if is_fatal(error):
            raise
        outcome = _Failed(error)
    # After some errors SQLite rolls everything back by itself, and the caller may not have noticed.
    _refuse_a_lost_transaction(connection)
    if isinstance(outcome, _Failed):
        connection.execute("ROLLBACK TO work")
    connection.execute("RELEASE work")
    return outcome


def _refuse_a_lost_transaction(connection: Connection) -> None:
    if not connection.in_transaction:
        raise StorageError("the transaction was ended from within")


def _nobody_waits() -> None:
    """A program that does no jobs."""


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__


def _resolve(futures: list[asyncio.Future[Any]], outcomes: list[Any]) -> None:
    for future, outcome in zip(futures, outcomes, strict=True):
        if future.done():  # its caller was cancelled
            continue
        if not isinstance(outcome, _Failed):
            future.set_result(outcome)
        elif isinstance(outcome.error, StopIteration):
            future.set_exception(RuntimeError("work raised StopIteration"))  # a future cannot carry it
        else:
            future.set_exception(outcome.error)
