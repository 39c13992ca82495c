"""Writing down what somebody does at the desk, before they are answered."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from bot import clock
from bot.staff.pages import address_of, desk
from bot.staff.roles import who
from storage.database.sqlite import Connection
from storage.responses.lists import Listed
from storage.staff import audit


def note(db: Connection, request: web.Request, action: str, object: str = "", /, **detail: object) -> None:
    """Write an action down in the transaction that does it. `detail` takes what JSON has: no answers, no secrets.

    `action` is a thing and what was done to it, such as `consultation.closed`; `object` which one, such as its number.
    """
    audit.record(db, clock.now(), who(request).email, action, object, address=address_of(request), detail=detail)


def ends(rows: Sequence[Listed]) -> dict[str, object]:
    """For the log of what was shown of a list: the references of its first and its last line."""
    return {"first": rows[0].reference, "last": rows[-1].reference} if rows else {}


async def record(request: web.Request, action: str, object: str = "", /, **detail: object) -> None:
    """Write an action down that changes nothing, such as a view: it is on disk when this returns. Raises NotSaved."""
    await desk(request).service.writer.run(lambda db: note(db, request, action, object, **detail))
