"""What is kept for a while only, and deleted when that is over.

None of it reads what is not over: the cost is that of what came in since the last time, however much is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import takewhile

from storage.conversations import set_aside
from storage.conversations.conversations import forget_claims, take_leave, unused
from storage.database.sqlite import Connection
from storage.database.times import stamp
from storage.register import cache
from storage.staff import login_delays, people, sessions

# Telegram repeats an event for up to 24 hours; the double of that is safe.
KEPT_FOR = timedelta(hours=48)

SET_ASIDE_IS_KEPT_FOR = timedelta(days=30)

# As much as holds nobody up who waits for the writer meanwhile.
AT_ONCE = 1000


def sweep(db: Connection, at: datetime) -> int:
    """Delete some of what is over at `at`, and return how many rows that were: 0 when nothing is left to delete.

    Over are claims, what was set aside, stale answers of the register, messages sent that are not their
    conversation's latest, and what let staff in or kept them waiting.
    """
    before = at - KEPT_FOR
    claims = forget_claims(db, before, AT_ONCE)
    doors = sessions.forget_ended(db, at) + people.forget_links(db, at) + login_delays.forget_old(db, at)
    aside = set_aside.forget_old(db, at - SET_ASIDE_IS_KEPT_FOR, AT_ONCE)
    return claims + aside + cache.forget_stale(db, at) + _forget_said(db, stamp(before)) + doors


def end_secrets(db: Connection, channel: str, before: datetime, at: datetime, draw_address: Callable[[], str]) -> int:
    """On a channel where people are known by a secret, end some of those that nobody has used since `before`.

    Nobody comes back to their conversations; see `take_leave`. Returns how many there were, as `sweep` does.
    """
    ended = unused(db, channel, before, AT_ONCE)
    for number in ended:
        take_leave(db, number, draw_address(), at)
    return len(ended)


def _forget_said(db: Connection, before: str) -> int:
    """Delete what was sent before each message that is older than `before`, from where the last sweep ended."""
    deleted, more = 0, True
    row = db.execute("SELECT up_to FROM swept WHERE what = 'outbox'").fetchone()
    begin = end = row[0] if row else 0
    while more and not deleted:
        rows = db.execute("SELECT id, created_at FROM outbox WHERE id > ? ORDER BY id LIMIT ?", (end, AT_ONCE))
        old = [row_id for row_id, _ in takewhile(lambda row: row[1] < before, rows)]
        if old:
            deleted = db.execute(_DELETE_OLDER, (end, old[-1])).rowcount
            end = old[-1]
        more = len(old) == AT_ONCE
    if end != begin:
        db.execute("INSERT OR REPLACE INTO swept (what, up_to) VALUES ('outbox', ?)", (end,))
    return deleted


_DELETE_OLDER = """
    DELETE FROM outbox WHERE id IN (
        SELECT older.id FROM outbox AS newer CROSS JOIN outbox AS older
        ON older.conversation_id = newer.conversation_id AND older.id < newer.id AND older.sent_at IS NOT NULL
        WHERE newer.id > ? AND newer.id <= ?
    )
"""
