"""The hourly sweep: what has been kept for long enough is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot import clock, randomness
from bot.exchange.service import Service
from bot.jobs.age import Age
from bot.jobs.kind import Context, Keep
from dialogs.events import Expired
from storage.conversations import conversations
from storage.database.sqlite import Connection
from storage.keeping import sweep

KIND = "sweep"
AT_ONCE = 1
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
GIVEN_UP_AFTER = None
LONGEST = timedelta(minutes=30)
EVERY = timedelta(hours=1)


# A secret that nobody uses ends when a draft would: the browser forgets its cookie after as long.
_DRAFTS_ARE_KEPT = timedelta(days=30)


async def do(context: Context, _subject: int) -> Keep | None:
    """All of it, in small transactions: others get their turn in between."""
    await sweep_once(context.service, context.age, context.by_secret)
    return None


def give_up(db: Connection, _subject: int, at: datetime) -> None:
    """It never is."""


async def sweep_once(service: Service, age: Age | None = None, by_secret: tuple[str, ...] = ()) -> None:
    """Forget what has been kept for long enough: claims, what was said, drafts and secrets that nobody came back to.

    `by_secret`: see `Context`. Without `age` the clock is believed. Raises NotSaved where not all of it could be: then
    it is to be done again.
    """
    now = clock.now()
    believed = now if age is None else await service.writer.run(partial(age.moment, now=now, ticks=clock.ticks()))
    while await service.writer.run(partial(sweep.sweep, at=believed)):
        pass  # others get their turn in between
    before = believed - _DRAFTS_ARE_KEPT
    for channel in by_secret:
        end = partial(sweep.end_secrets, channel=channel, before=before, at=now, draw_address=randomness.token)
        while await service.writer.run(end):
            pass
    for old in await service.writer.run(partial(conversations.untouched, before=before)):
        event = Expired(at=now, locale=old.locale, draft=old.draft, untouched_since=before)
        await service.exchange(old.channel, old.address, f"expired {old.id} {old.draft}", event)
    service.watch.swept(now)
