"""Asks the register later about responses that came in while it was silent: ever more seldom, for 48 hours.

What waits is kept in the database, so a restart changes nothing. Only `serve` runs it.
"""

from __future__ import annotations

import asyncio
import logging
import re
import unicodedata
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from bot import clock
from bot.register.register import Register
from dialogs.facts import Deleted, Found, Removed, Result, Unknown
from storage.database.errors import NotSaved
from storage.database.sqlite import Connection
from storage.database.writer import Writer
from storage.register import verifications
from storage.register.verifications import Unverified

log = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 15.0
_AT_ONCE = 20
_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3))
"""Until the next try, after the first, the second … failure; the last one from then on."""
_GIVEN_UP_AFTER = timedelta(hours=48)


class _Verdict(NamedTuple):
    """What an answer means for a response; `differences` is the register's value by export key."""

    status: str
    form: str
    main_number: str
    differences: dict[str, str]


class Verification:
    """The job over one database and register. `run` never returns; cancel it to stop."""

    def __init__(self, writer: Writer, register: Register) -> None:
        self._writer = writer
        self._register = register

    async def run(self) -> None:
        """Look every few seconds for what is due, and ask."""
        while True:
            await self.work_off()
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)

    async def work_off(self) -> None:
        """Ask about what is due now. What cannot be saved is asked about again."""
        try:
            while waiting := await self._writer.run(partial(verifications.due, at=clock.now(), limit=_AT_ONCE)):
                for response in waiting:
                    answer = await self._register.entity(response.number)
                    await self._writer.run(partial(_keep, response, answer, clock.now()))
        except NotSaved:
            log.warning("What the register says of a response could not be saved, and is asked for again.")


def _keep(response: Unverified, answer: Result, at: datetime, db: Connection) -> None:
    if (verdict := _verdict(response, answer)) is not None:
        status, form, main_number, differences = verdict
        number = response.response_id
        verifications.settle(db, number, status, at=at, form=form, main_number=main_number, differences=differences)
    elif at >= response.begun_at + _GIVEN_UP_AFTER:
        verifications.give_up(db, response.response_id)
    else:
        pause = _PAUSES[min(response.attempts, len(_PAUSES) - 1)]
        # The last try stands at the very end, so that nothing is given up early.
        until = min(at + pause, response.begun_at + _GIVEN_UP_AFTER)
        verifications.put_off(db, response.response_id, until)


def _verdict(response: Unverified, answer: Result) -> _Verdict | None:
    """None: the register has not said anything."""
    match answer:
        case Found() as found:
            return _Verdict(found.status, found.form, found.main_number, _differences(response.typed, found))
        case Deleted(name=name, old_names=old):
            typed = response.typed["organisation_name"]
            same = any(_bare(typed) == _bare(each) for each in (name, *old))
            return _Verdict("deleted", "", "", {} if same else {"organisation_name": name})
        case Unknown() | Removed():  # of a removed one the register shows no more than of one that never was
            return _Verdict("not_found", "", "", {})
        case _:
            return None


def _differences(typed: dict[str, str], found: Found) -> dict[str, str]:
    """What the register has otherwise; an address only where it has one that it does not itself doubt."""
    registered = {"organisation_name": found.name}
    if found.street and not found.address_is_doubtful:
        place = {"postal_code": found.postal_code, "postal_town": found.postal_town, "country": found.country}
        registered |= {"address": found.street, **place}
    return {key: value for key, value in registered.items() if value and _bare(value) != _bare(typed[key])}


def _bare(text: str) -> str:
    """A name or an address without what is no difference: capitals, spaces, marks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
