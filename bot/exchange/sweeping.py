"""The sweep: what has been kept for long enough is forgotten. A job does it every hour."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from bot import clock
from bot.exchange.service import Service
from dialogs.events import Expired
from storage.conversations import conversations
from storage.keeping import sweep

_DRAFTS_ARE_KEPT = timedelta(days=30)


async def sweep_once(service: Service) -> None:
    """Forget what has been kept for long enough: claims, what was said, drafts that nobody came back to.

    Raises NotSaved where not all of it could be: then it is to be done again.
    """
    now = clock.now()
    while await service.writer.run(partial(sweep.sweep, at=now)):
        pass  # others get their turn in between
    before = now - _DRAFTS_ARE_KEPT
    for old in await service.writer.run(partial(conversations.untouched, before=before)):
        event = Expired(at=now, locale=old.locale, draft=old.draft, untouched_since=before)
        await service.exchange(old.channel, old.address, f"expired {old.id} {old.draft}", event)
    service.watch.swept(now)
