"""What a reader has chosen to see, as it stands in the address of a page: to be kept as a bookmark and sent on.

Words that are searched for may name a person, and addresses end up in histories and logs. So the words stay in the
database, and the address has the number of the search, which is its searcher's alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from bot.consultations.days import closing_instant, first_instant
from bot.exporting.export import in_short
from bot.staff.reading import read
from bot.staff.roles import who
from dialogs import texts
from storage.consultations import consultations
from storage.consultations.consultations import Consultation
from storage.database.sqlite import Connection
from storage.responses.lists import FALLEN, ORDERS, STANDS
from storage.responses.selection import Selection
from storage.staff import searches

TYPES = ("private_person", "registered_organisation", "unregistered_organisation")
CHANNELS = texts.named("value-channel-")
STATUSES = (STANDS, *FALLEN)

_KNOWN: Mapping[str, str] = {
    "consultation": r"[1-9][0-9]{0,17}",
    "type": "|".join(TYPES),
    "channel": "|".join(CHANNELS),
    "late": "yes|no",
    "status": "|".join(STATUSES),
    "unverified": "yes",
    "from": r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    "to": r"20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    "search": r"[1-9][0-9]{0,17}",
    "order": "|".join(ORDERS),
}


class Choice(Struct, frozen=True):
    """A selection, the order of its list, and what stands of both in the address; `all` are the consultations."""

    selection: Selection
    order: str
    query: dict[str, str]
    all: tuple[Consultation, ...]

    def address(self, page: str, **more: str | int) -> str:
        """Where `page` is, with this choice."""
        query = urlencode({**self.query, **more})
        return f"{page}?{query}" if query else page

    @property
    def noted(self) -> dict[str, object]:
        """For the audit log, which nobody can erase: words may name a person, so their number stands for them."""
        search = {"search": int(self.query["search"])} if "search" in self.query else {}
        return without_words(self.selection) | search

    @property
    def consultation(self) -> Consultation | None:
        """The consultation that is chosen."""
        return next((each for each in self.all if each.id == self.selection.consultation_id), None)


def without_words(selection: Selection) -> dict[str, object]:
    """What was chosen, for the audit log: see `Choice.noted`."""
    return {name: value for name, value in in_short(selection).items() if name != "words"}


async def chosen(request: web.Request) -> Choice:
    """What the address asks for; what it says that cannot be understood is not chosen."""
    query, person = known(request.query), who(request).email
    return await read(request, lambda db: choose(db, query, person))


def known(given: Mapping[str, str]) -> dict[str, str]:
    """What can be understood of an address or a form."""
    found = {name: given.get(name, "") for name in _KNOWN}
    return {name: value for name, value in found.items() if re.fullmatch(_KNOWN[name], value) and _is_day(name, value)}


def _is_day(name: str, value: str) -> bool:
    if name not in ("from", "to"):
        return True
    with suppress(ValueError):
        date.fromisoformat(value)
        return True
    return False


def choose(db: Connection, query: dict[str, str], person: str) -> Choice:
    """What `known` has understood, for this person: somebody else's search is no search."""
    words = searches.words_of(db, person, int(query["search"])) if "search" in query else None
    if words is None:
        query.pop("search", None)
    begin, end = query.get("from"), query.get("to")
    selection = Selection(
        consultation_id=int(query["consultation"]) if "consultation" in query else None,
        status=query.get("status"),
        respondent_type=query.get("type"),
        channel=query.get("channel"),
        late=query["late"] == "yes" if "late" in query else None,
        unverified="unverified" in query,
        received_from=first_instant(date.fromisoformat(begin)) if begin else None,
        received_before=closing_instant(date.fromisoformat(end)) if end else None,
        words=words or "",
    )
    return Choice(selection, query.get("order", ORDERS[0]), query, tuple(consultations.all(db)))
