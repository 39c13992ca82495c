"""A digest beside each response: SQLite has no check sums, and a page of a long text may change without a word.

The digest of a response is the sum, modulo 2**256, of the SHA-256 of its row and of each of its answers; that of a row
is taken of its table's name, then of each column that is not NULL in the order of their names: the name, a colon, the
number of bytes, a colon, the bytes as SQLite casts them to a blob, and a line feed. Computed columns are left out.

Every connection that writes keeps the digests by itself (`follow`), by what a change takes away and adds, and not by
reading the rest anew: what is damaged is not made good by a change beside it. A migration that gives columns a value
or rewrites rows does so inside `resealed`; a new column that is NULL changes no digest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from typing import Final
from zlib import crc32

from storage.database.sqlite import Connection

# The tables that hold a response, and the column of each that has its number.
_SEALED: Final = {"responses": "id", "response_answers": "response_id"}

_MODULUS = 1 << 256
_REFERENCE_LENGTH = 16


def follow(db: Connection) -> None:
    """From now on, what this connection writes is sealed. Does nothing where there are no digests yet."""
    if not _columns(db, "response_digests"):
        return
    _prepare(db)
    for table, number in _SEALED.items():
        _on(db, table, "INSERT", [_added(db, table, number)])
        _on(db, table, "UPDATE", [_taken(db, table, number), _added(db, table, number, begins=False)])
        _on(db, table, "DELETE", [_taken(db, table, number)])


def damaged(db: Connection, where: str = "TRUE", values: Mapping[str, object] | None = None) -> list[str]:
    """The references of the responses that are not as they were stored, also where nothing is damaged but the digest.

    `where` is a condition over `responses` joined with `consultations`. One whose reference cannot be read either is
    named by its number. A database of an older schema has no digests, and nothing can be said of it: an empty list.
    """
    if not _columns(db, "response_digests"):
        return []
    rows = db.execute(
        "SELECT responses.id, CAST(reference AS BLOB) FROM responses"  # noqa: S608 - our own names, and the caller's
        f" LEFT JOIN consultations ON consultations.id = consultation_id WHERE NOT ({is_sealed(db)}) AND ({where})"
        " ORDER BY responses.id",
        values or {},
    )
    return [_named(number, reference) for number, reference in rows]


def is_sealed(db: Connection) -> str:
    """An expression in SQL over a row of `responses`: whether it is as it was stored. Only for this connection."""
    _prepare(db)
    kept = "(SELECT digest FROM response_digests WHERE response_id = responses.id)"
    return f"{_digest(db)} IS {kept}"


@contextmanager
def resealed(db: Connection) -> Iterator[None]:
    """For migrations: what the block makes of the responses counts as stored, but not what was damaged before it."""
    lost = frozenset(_numbers_of_damaged(db))
    yield
    _prepare(db)
    db.execute("CREATE TEMP TABLE still_damaged (id INTEGER PRIMARY KEY)")
    db.executemany("INSERT INTO still_damaged VALUES (?)", [(number,) for number in lost])
    db.execute(
        f"INSERT OR REPLACE INTO response_digests (response_id, digest) SELECT id, {_digest(db)} FROM responses"  # noqa: S608 - our own names
        " WHERE id NOT IN (SELECT id FROM still_damaged)"
    )
    db.execute("DROP TABLE still_damaged")


def _numbers_of_damaged(db: Connection) -> list[int]:
    if not _columns(db, "response_digests"):
        return []
    return [number for (number,) in db.execute(f"SELECT id FROM responses WHERE NOT ({is_sealed(db)})")]  # noqa: S608 - see `is_sealed`


def _digest(db: Connection) -> str:
    """That of a row of `responses` and its answers as they are now."""
    answers = f"SELECT sealed_rows({_row(db, 'response_answers', 'answer')}) FROM response_answers AS answer"  # noqa: S608 - our own names
    return f"sealed_sum({_row(db, 'responses', 'responses')}, ({answers} WHERE answer.response_id = responses.id))"


def _row(db: Connection, table: str, row: str) -> str:
    values = ", ".join(f'CAST({row}."{column}" AS BLOB)' for column in _columns(db, table))
    return f"{_Row(table, _columns(db, table)).name}({values})"


def _added(db: Connection, table: str, number: str, *, begins: bool = True) -> str:
    """What seals a row that is there now; a response begins with a digest."""
    if table == "responses" and begins:
        return f"INSERT INTO response_digests VALUES (new.id, sealed_sum({_row(db, table, 'new')}, NULL))"  # noqa: S608 - our own names
    moved = f"sealed_change(CAST(digest AS BLOB), NULL, {_row(db, table, 'new')})"
    return f"UPDATE response_digests SET digest = {moved} WHERE response_id = new.{number}"  # noqa: S608 - our own names


def _taken(db: Connection, table: str, number: str) -> str:
    """What unseals a row that was there before."""
    moved = f"sealed_change(CAST(digest AS BLOB), {_row(db, table, 'old')}, NULL)"
    return f"UPDATE response_digests SET digest = {moved} WHERE response_id = old.{number}"  # noqa: S608 - our own names


def _on(db: Connection, table: str, event: str, statements: list[str]) -> None:
    """In the connection's own schema: other programs would not know the functions."""
    body = "; ".join(statements)
    db.execute(f"CREATE TEMP TRIGGER sealed_{table}_{event.lower()} AFTER {event} ON main.{table} BEGIN {body}; END")


def _columns(db: Connection, table: str) -> tuple[str, ...]:
    """In the order of their names; of a table that is not there, none."""
    return tuple(sorted(row[1] for row in db.execute(f"PRAGMA main.table_info({table})")))


def _named(number: int, reference: bytes | None) -> str:
    text = (reference or b"").decode("ascii", "replace")
    return text if text.isalnum() and len(text) <= _REFERENCE_LENGTH else f"number {number}"


# --- The functions that SQL calls --------------------------------------------------------------------------


def _prepare(db: Connection) -> None:
    """Give the connection the functions, with the columns that the tables have now.

    One that it has is not given again, which fails while anything is read.
    """
    known = {name for (name,) in db.execute("SELECT name FROM pragma_function_list WHERE name GLOB 'sealed_*'")}
    for row in (_Row(table, _columns(db, table)) for table in _SEALED):
        if row.name not in known:
            db.create_function(row.name, -1, row, deterministic=True)
    if "sealed_sum" not in known:
        db.create_function("sealed_sum", 2, _sum, deterministic=True)
        db.create_function("sealed_change", 3, _change, deterministic=True)
        db.create_aggregate("sealed_rows", 1, _Rows)  # type: ignore[arg-type]  # typeshed has its values as int


class _Row:
    """The digest of a row of one table, from its values as blobs. Its name in SQL tells these columns from others."""

    def __init__(self, table: str, columns: tuple[str, ...]) -> None:
        self.name = f"sealed_{table}_{crc32(' '.join(columns).encode()):08x}"
        self._table = table.encode() + b"\n"
        self._names = tuple(b"%s:%%d:" % column.encode() for column in columns)

    def __call__(self, *values: bytes | None) -> bytes:
        parts = [self._table]
        for name, value in zip(self._names, values, strict=True):
            if value is not None:
                parts += (name % len(value), value, b"\n")
        return sha256(b"".join(parts)).digest()


class _Rows:
    """The sum of the digests of several rows; NULL for none."""

    def __init__(self) -> None:
        self._sum: bytes | None = None

    def step(self, digest: bytes) -> None:
        """Add one."""
        self._sum = digest if self._sum is None else _number_of(_int(self._sum) + _int(digest))

    def finalize(self) -> bytes | None:
        """All of them."""
        return self._sum


def _sum(row: bytes, answers: bytes | None) -> str:
    return row.hex() if answers is None else _number_of(_int(row) + _int(answers)).hex()


def _change(digest: bytes, taken: bytes | None, added: bytes | None) -> str:
    """The digest without a row that it had, or with one that it had not. One that is damaged stays so."""
    try:
        before = int(digest, 16)
    except ValueError:
        return digest.decode("ascii", "replace")
    return _number_of(before - _int(taken or b"") + _int(added or b"")).hex()


def _int(digest: bytes) -> int:
    return int.from_bytes(digest, "big")


def _number_of(number: int) -> bytes:
    return (number % _MODULUS).to_bytes(32, "big")
