"""What is kept for a while only, and deleted when that is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from storage import register_cache
from storage.conversations import forget_claims
from storage.sqlite import Connection
from storage.times import stamp

# Telegram repeats an event for up to 24 hours; the double of that is safe.
KEPT_FOR = timedelta(hours=48)


def sweep(db: Connection, at: datetime) -> int:
    """Delete what is over at `at`: claims, stale answers of the register, and messages sent that are not their
    conversation's latest.

    Returns how many rows that were.
    """
    before = at - KEPT_FOR
    sent = db.execute(
        "DELETE FROM outbox WHERE sent_at < ? AND EXISTS (SELECT 1 FROM outbox AS newer"
        " WHERE newer.conversation_id = outbox.conversation_id AND newer.id > outbox.id)",
        (stamp(before),),
    ).rowcount
    return sent + forget_claims(db, before) + register_cache.forget_stale(db, at)
