"""The hourly sweep: what has been kept for long enough is forgotten."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from functools import partial

from bot import clock
from bot.exchange.service import Service
from dialogs.events import Expired
from storage.conversations import conversations
from storage.database.errors import NotSaved
from storage.keeping import sweep

_SECONDS_BETWEEN_SWEEPS = 3600.0
_DRAFTS_ARE_KEPT = timedelta(days=30)

_log = logging.getLogger(__name__)


async def sweep_every_hour(service: Service) -> None:
    """Sweep now and from hour to hour, until it is cancelled."""
    while True:
        await sweep_once(service)
        await asyncio.sleep(_SECONDS_BETWEEN_SWEEPS)


async def sweep_once(service: Service) -> None:
    """Forget what has been kept for long enough: claims, what was said, drafts that nobody came back to."""
    now = clock.now()
    try:
        while await service.writer.run(partial(sweep.sweep, at=now)):
            pass  # others get their turn in between
        before = now - _DRAFTS_ARE_KEPT
        for old in await service.writer.run(partial(conversations.untouched, before=before)):
            event = Expired(at=now, locale=old.locale, draft=old.draft, untouched_since=before)
            await service.exchange(old.channel, old.address, f"expired {old.id} {old.draft}", event)
        service.watch.swept(now)
    except NotSaved:
        _log.warning("The hourly sweep was not saved, and is done again in an hour.")
