"""What operators do with commands is written down too, as done by `operator:` and their name on this machine."""

from __future__ import annotations

from bot.clock import now
from bot.config import user_name
from storage.database.sqlite import Connection
from storage.staff import audit


def record(db: Connection, action: str, object: str = "", /, **detail: object) -> None:
    """Write down what a command does, in its own transaction. `detail` takes what JSON has: no answers, no secrets.

    `action` is a thing and what was done to it, such as `consultation.closed`; `object` which one, such as its number.
    """
    audit.record(db, now(), f"operator:{user_name()}", action, object, detail=detail)
