"""The hourly sweep: what has been kept for long enough is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.exchange.sweeping import sweep_once
from bot.jobs.kind import Context, Keep
from storage.database.sqlite import Connection

KIND = "sweep"
AT_ONCE = 1
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
GIVEN_UP_AFTER = None
LONGEST = timedelta(minutes=30)
EVERY = timedelta(hours=1)


async def do(context: Context, _subject: int) -> Keep | None:
    """All of it, in small transactions: others get their turn in between."""
    await sweep_once(context.service)
    return None


def give_up(db: Connection, _subject: int, at: datetime) -> None:
    """It never is."""
