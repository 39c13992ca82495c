"""What a kind of job and the worker promise each other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from msgspec import Struct, field

from bot.exchange.service import Service
from bot.jobs.age import Age
from bot.register.register import Register
from storage.database.sqlite import Connection
from storage.database.writer import Writer

Keep = Callable[[Connection, datetime], None]
"""Keeps what came of a job, in the transaction that marks it as done: what only writes is done exactly once.

It gets the moment, and must not be slow: everybody waits for the writer.
"""


class NotYet(Exception):
    """Who is needed for it does not answer, or not now: it is tried again later, and nobody is to blame."""


class NotNow(NotYet):
    """It could not even be tried: it is tried a little later, and that does not count."""


class Context(Struct, frozen=True):
    """What jobs are done with. The clock is `bot.clock`.

    `by_secret`: the channels on which people are known by a secret that their browser keeps.
    """

    service: Service
    by_secret: tuple[str, ...] = ()
    age: Age = field(default_factory=Age)

    @property
    def writer(self) -> Writer:
        """The one writer."""
        return self.service.writer

    @property
    def register(self) -> Register:
        """The entity register."""
        return self.service.register


class Kind(Protocol):
    """What a module of `bot.jobs.kinds` offers. Another kind is another file there.

    `do` may be ended at any `await` of it, and is begun again after that. What it does outside the database is done at
    least once, and twice only where the process ends between that and the mark, as with a message.
    """

    KIND: str
    """Its name, in the table and in metrics; that of the module."""

    AT_ONCE: int
    """As many of them are done at the same time, whatever other kinds do."""

    PAUSES: tuple[timedelta, ...]
    """Until the next try, after the first, the second … failure; the last one from then on."""

    GIVEN_UP_AFTER: timedelta | None
    """So long after it was put down the last try is made, but not before each of `PAUSES` was kept; None: never."""

    LONGEST: timedelta
    """A try that takes longer is ended, and has failed."""

    EVERY: timedelta | None
    """Done, it puts itself down again for so much later, and at each start it is due; None: done is done."""

    async def do(self, context: Context, subject: int, /) -> Keep | None:
        """Do it, and give back what is to be kept of it. It never blocks the event loop.

        Raises NotYet, or anything else, where it has to be tried again. NotSaved does not count as a failure.
        """
        ...

    def give_up(self, db: Connection, subject: int, at: datetime, /) -> None:
        """Keep that it is tried no more, in the transaction that takes the job away."""
        ...
