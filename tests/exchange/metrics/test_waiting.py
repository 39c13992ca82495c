"""What waits, at `/metrics`: read when somebody asks, and only as much of the database as that takes."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from bot import clock
from bot.channels.telegram.messages import CHANNEL
from storage.conversations import conversations, outbox, set_aside
from storage.database.opening import transaction
from storage.database.sqlite import Connection
from storage.register import verifications
from tests.channels.web.plain_browser import PlainBrowser
from tests.exchange.metrics.desk import AT, Operator, respond, say


def put(db: Connection, address: str, at: datetime) -> int:
    """A message that waits to be said; the number of its conversation."""
    conversation = conversations.find_or_open(db, CHANNEL, address, at)
    outbox.put(db, conversation, "{}", kind="receipt", draft="", edit_target=None, at=at)
    return conversation.id


async def test_what_waits_to_be_said_is_counted_and_dated_but_for_who_cannot_be_reached(operator: Operator) -> None:
    assert await operator.value("innspill_outbox_waiting") == 0
    assert await operator.value("innspill_outbox_oldest_seconds") == 0
    now = clock.now()
    with transaction(operator.settings.database) as db:
        conversations.mark_unreachable(db, put(db, "6", now - timedelta(days=9)), now)
        put(db, "7", now - timedelta(minutes=10))
        put(db, "7", now - timedelta(minutes=1))
    assert await operator.value("innspill_outbox_waiting") == 2
    assert 600 <= await operator.value("innspill_outbox_oldest_seconds") < 660


async def test_only_what_waits_is_read_however_much_was_said(operator: Operator) -> None:
    with transaction(operator.settings.database) as db:
        asked: list[str] = []
        db.set_trace_callback(asked.append)
        outbox.waiting(db)
        db.set_trace_callback(None)
        plans = [str(row[3]) for sql in asked for row in db.execute(f"EXPLAIN QUERY PLAN {sql}")]
    assert plans
    assert {plan.partition(" USING ")[2] for plan in plans} == {
        "INDEX outbox_unsent",
        "INTEGER PRIMARY KEY (rowid=?)",
    }


async def test_what_was_set_aside_counts_until_somebody_has_looked(operator: Operator) -> None:
    await operator.service.set_aside("web", "1", "{", "not an event")
    await operator.service.set_aside("web", "2", "{", "not an event")
    assert await operator.value("innspill_set_aside_unseen") == 2
    with transaction(operator.settings.database) as db:
        set_aside.mark_seen(db, 1, "kari@example.no", AT)
    assert await operator.value("innspill_set_aside_unseen") == 1


async def test_responses_that_the_register_is_still_to_be_asked_about_are_counted(operator: Operator) -> None:
    await respond(PlainBrowser(operator.client), "Vi er enige.")
    with transaction(operator.settings.database) as db:
        verifications.begin(db, 1, AT)
    assert await operator.value("innspill_verifications_waiting") == 1


async def test_where_the_database_cannot_be_read_the_rest_is_shown(operator: Operator) -> None:
    await say(operator.service, "1")
    assert await operator.value("innspill_database_readable") == 1
    moved = operator.settings.database.rename(operator.settings.database.with_name("elsewhere.db"))
    assert await operator.value("innspill_database_readable") == 0
    assert math.isnan(await operator.value("innspill_outbox_waiting"))
    assert await operator.value("innspill_exchanges_total", channel="web", outcome="kept") == 1
    moved.rename(operator.settings.database)
