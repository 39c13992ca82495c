"""How far each person's last export of a choice went, so that the next one can go on from there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from msgspec.json import encode

from storage.database.sqlite import Connection
from storage.database.times import stamp


def after(db: Connection, who: str, format_name: str, chosen: Mapping[str, object]) -> int:
    """The number of the response after which the next export begins; 0 where there was none: with all of them.

    `who` as the audit log has it, `chosen` the `filter` of an export.
    """
    row = db.execute(
        "SELECT response_id FROM last_exports WHERE who = ? AND what = ?", (who, _what(who, format_name, chosen))
    ).fetchone()
    return 0 if row is None else int(row[0])


def note(
    db: Connection, who: str, format_name: str, chosen: Mapping[str, object], response_id: int, at: datetime
) -> None:
    """An export is whole: `response_id` is `responses.latest_id` of its moment. An older one changes nothing."""
    db.execute(
        "INSERT INTO last_exports (who, what, response_id, at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (who, what) DO UPDATE SET response_id = excluded.response_id, at = excluded.at"
        " WHERE excluded.response_id >= response_id",
        (who, _what(who, format_name, chosen), response_id, stamp(at)),
    )


def _what(who: str, format_name: str, chosen: Mapping[str, object]) -> str:
    """The choice, however far it had come: the same one has the same text, from which it cannot be read.

    Words that somebody searched for may name a person, and nothing here is ever forgotten.
    """
    filters = {name: value for name, value in chosen.items() if name != "after_id"}
    return sha256(encode([who, format_name, filters], order="sorted")).hexdigest()
