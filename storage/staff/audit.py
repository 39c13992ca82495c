"""The audit log: who did what, when and from where; it only grows, and each entry seals the one before it.

The triggers of the table refuse to change or delete an entry, and an entry that is not the next one. Whoever goes
round them, with another program, has to break the chain of hashes or make all of it anew; the second is found by a
count and hash that were kept elsewhere. Never put an answer of a respondent or a secret into it: it cannot be erased.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from storage.database.errors import StorageError
from storage.database.sqlite import Connection, sqlite3
from storage.database.times import moment, stamp


class Entry(Struct, frozen=True, kw_only=True):
    """One thing that was done.

    `who` is a member of staff (an e-mail address), `operator:` and a user of the operating system, or "" for somebody
    who is nobody to us; `action` such as `response.viewed`; `object` what it was done to, such as a reference, or "";
    `address` is where the request came from, "" for commands; `detail` is JSON as it was written down.
    """

    id: int
    at: datetime
    who: str
    action: str
    object: str
    address: str
    detail: Mapping[str, Any]


class Chain(Struct, frozen=True):
    """How many entries hold together from the first on, and the hash of the last of them, 64 hexadecimal digits.

    Without entries the hash is "".
    """

    count: int
    hash: str


class BrokenChain(StorageError):
    """The log is not as it was written, from an entry on."""

    def __init__(self, entry_id: int, reason: str) -> None:
        super().__init__(f"The audit log is broken at entry {entry_id}: {reason}.")
        self.entry_id = entry_id


_COLUMNS = "id, at, who, action, object, address, detail"


def record(
    db: Connection,
    at: datetime,
    who: str,
    action: str,
    object: str = "",
    *,
    address: str = "",
    detail: Mapping[str, object] | None = None,
) -> None:
    """Write down what is done, in the transaction that does it. `detail` takes what JSON has; TypeError for others.

    Raises BrokenChain where what is there is not the end of a log.
    """
    last, before = db.execute("SELECT max(id), hash FROM audit_log").fetchone()
    texts = (stamp(at), who, action, object, address, _canonical(detail or {}))
    number = (last or 0) + 1
    row = (number, *map(_storable, texts))
    try:
        db.execute(
            f"INSERT INTO audit_log ({_COLUMNS}, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - fixed column names
            (*row, _seal(before or "", row)),
        )
    except (sqlite3.IntegrityError, OverflowError):
        raise BrokenChain(number, "it cannot go on there") from None


def verify(db: Connection) -> Chain:
    """Read the whole log and reckon every hash again. Raises BrokenChain at the first entry that does not fit."""
    chain = Chain(0, "")
    for *row, sealed in db.execute(f"SELECT {_COLUMNS}, hash FROM audit_log ORDER BY id"):  # noqa: S608 - fixed column names
        if row[0] != chain.count + 1:
            raise BrokenChain(chain.count + 1, "it is missing")
        if sealed != _seal(chain.hash, tuple(row)):
            raise BrokenChain(row[0], "what it says is not what was written")
        chain = Chain(row[0], sealed)
    kept = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'").fetchone()
    if kept and kept[0] > chain.count:
        raise BrokenChain(chain.count + 1, "it is missing")
    return chain


def hash_of(db: Connection, entry_id: int) -> str | None:
    """The hash of one entry, to hold against one that was kept elsewhere; None where there is no such entry."""
    row = db.execute("SELECT hash FROM audit_log WHERE id = ?", (entry_id,)).fetchone()
    return None if row is None else str(row[0])


def entries(
    db: Connection, *, limit: int, before_id: int | None = None, who: str | None = None, action: str | None = None
) -> list[Entry]:
    """So many entries at most, newest first: all, or those of one person or action; `before_id` for the next page."""
    given = {"id <": before_id, "who =": who, "action =": action}
    wanted = {condition: value for condition, value in given.items() if value is not None}
    where = " AND ".join(f"{condition} ?" for condition in wanted) or "TRUE"
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM audit_log WHERE {where} ORDER BY id DESC LIMIT ?",  # noqa: S608 - fixed conditions
        (*wanted.values(), limit),
    )
    return [_entry(row) for row in rows]


def since(db: Connection, start: datetime, action: str) -> list[Entry]:
    """The entries of one action from a moment on, oldest first."""
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM audit_log WHERE action = ? AND at >= ? ORDER BY id",  # noqa: S608 - fixed column names
        (action, stamp(start)),
    )
    return [_entry(row) for row in rows]


def about(db: Connection, objects: Collection[str]) -> list[Entry]:
    """The entries of what was done to any of these, oldest first."""
    marks = ", ".join("?" * len(objects))
    rows = db.execute(
        f"SELECT {_COLUMNS} FROM audit_log WHERE object IN ({marks}) ORDER BY id",  # noqa: S608 - fixed column names
        tuple(objects),
    )
    return [_entry(row) for row in rows]


def people(db: Connection) -> list[str]:
    """Everybody who has done something, in order; without "" for nobody."""
    return list(_each(db, "who"))


def actions(db: Connection) -> list[str]:
    """Every kind of thing that was done, in order."""
    return list(_each(db, "action"))


def _each(db: Connection, column: str) -> Iterator[str]:
    """The different values of a column, each found in its index after the one before: however long the log is."""
    value = ""
    while row := db.execute(f"SELECT min({column}) FROM audit_log WHERE {column} > ?", (value,)).fetchone():  # noqa: S608 - one of our columns
        if row[0] is None:
            return
        value = str(row[0])
        yield value


def _entry(row: tuple[Any, ...]) -> Entry:
    entry_id, at, who, action, object, address, detail = row
    return Entry(
        id=entry_id,
        at=moment(at),
        who=who,
        action=action,
        object=object,
        address=address,
        detail=json.loads(detail),
    )


def _canonical(value: object) -> str:
    """The one way of writing something as JSON: the same again gives the same bytes."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _seal(before: str, row: tuple[object, ...]) -> str:
    """The hash of an entry: of the hash before it and of its columns, as a JSON array in UTF-8."""
    return hashlib.sha256((before + _canonical(row)).encode()).hexdigest()


def _storable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
