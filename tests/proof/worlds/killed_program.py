"""`python -m tests.proof.worlds.killed_program POINT N COMMAND …`: `innspill COMMAND …`, which kills itself at a point.

It is the installed program as it stands. What the writing connection executes is watched from outside, and at the Nth
time that it comes to POINT the process gets SIGKILL: nothing is finished, nothing is closed.
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import Any, cast

from storage.database import opening, writer
from storage.database.sqlite import Connection

# Statements, by how they begin, and what each of them is in an exchange, in delivery or in a job.
STATEMENTS = {
    "BEGIN IMMEDIATE": "transaction begun",
    "INSERT INTO events": "update claimed",
    "INSERT INTO conversations": "conversation opened",
    "INSERT INTO responses": "response stored",
    "INSERT INTO lookups": "look-up kept",
    "DELETE FROM lookups WHERE id": "look-up answered",
    "UPDATE conversations SET session": "session saved",
    "INSERT INTO outbox": "reply put into the outbox",
    "UPDATE conversations SET may_repeat": "marked as perhaps said twice",
    "UPDATE outbox SET tried_at": "marked as tried",
    "UPDATE outbox SET pieces_said": "piece marked as said",
    "UPDATE outbox SET sent_at": "marked as sent",
    "INSERT INTO jobs": "job put down",
    "UPDATE jobs SET tried_at = ?": "job begun",
    "DELETE FROM jobs WHERE id": "job done",
}

# A commit is named after the first of these that its transaction has done.
COMMITS = (
    "response stored",
    "update claimed",
    "look-up answered",
    "marked as tried",
    "marked as sent",
    "job done",
    "job begun",
    "job put down",
)

# A job: when its row is there, and when it was done and is not marked yet. The sweep is one at each start.
JOB_POINTS = ("after the commit: job put down", "job done", "before the commit: job done")

POINTS = (
    *(each for each in STATEMENTS.values() if "job" not in each),
    *(f"{when} the commit: {each}" for when in ("before", "after") for each in COMMITS if "job" not in each),
    *JOB_POINTS,
)


def watch(point: str, times: int) -> None:
    """From now on the process ends as the writer's connection comes to `point` for the `times`th time."""
    open_for_writing = opening.open_for_writing

    def opened(path: Path | str) -> Connection:
        return cast("Connection", _Watched(open_for_writing(path), point, times))

    writer.open_for_writing = opened  # type: ignore[attr-defined]  # it is imported there, and looked up when used


class _Watched:
    """The connection as it is, but for what stands by and counts before each statement and after each commit.

    A trace callback knows no "after", and nobody may ask the connection anything while one runs.
    """

    def __init__(self, connection: Connection, point: str, times: int) -> None:
        self._connection = connection
        self._point = point
        self._left = times
        self._done: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, statement: str, *values: Any) -> Any:
        """Execute it, if we live to."""
        said = " ".join(statement.split())
        if said.startswith("BEGIN"):
            self._done.clear()
        for beginning, point in STATEMENTS.items():
            if said.startswith(beginning):
                self._done.add(point)
                self._reach(point)
        if said != "COMMIT":
            return self._connection.execute(statement, *values)
        done = next((point for point in COMMITS if point in self._done), "")
        self._reach(f"before the commit: {done}")
        outcome = self._connection.execute(statement)
        self._reach(f"after the commit: {done}")
        return outcome

    def _reach(self, point: str) -> None:
        if point == self._point:
            self._left -= 1
            if self._left == 0:
                _die()


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    watch(sys.argv[1], int(sys.argv[2]))
    sys.argv = ["innspill", *sys.argv[3:]]
    from bot.cli import main

    main()
