"""Asks the register later about a response that came in while it was silent: ever more seldom, for 48 hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from bot.jobs.kind import Context, Keep, NotNow, NotYet
from bot.register.verification import Verdict, verdict
from dialogs.facts import NoAnswer
from storage.database.sqlite import Connection
from storage.register import verifications

KIND = verifications.KIND
AT_ONCE = 2
PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))
GIVEN_UP_AFTER = timedelta(hours=48)
LONGEST = timedelta(minutes=1)
EVERY = None


async def do(context: Context, subject: int) -> Keep | None:
    """Ask about the response with this number. Raises NotYet where the register says nothing, NotNow while it rests."""
    response = await context.writer.run(partial(verifications.find, response_id=subject))
    if response is None:
        return None
    answer = await context.register.entity(response.number)
    if isinstance(answer, NoAnswer) and not answer.asked:
        raise NotNow
    found = verdict(response, answer)
    if found is None:
        raise NotYet
    return partial(_keep, subject, found)


def _keep(subject: int, found: Verdict, db: Connection, at: datetime) -> None:
    verifications.settle(
        db,
        subject,
        found.status,
        at=at,
        form=found.form,
        main_number=found.main_number,
        differences=found.differences,
    )


def give_up(db: Connection, _subject: int, at: datetime) -> None:
    """The response stays `unverified`."""
