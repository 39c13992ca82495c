"""Whose each thing is that is kept, who erases it, and whether it is shown to that person: the words for saying so.

`storage.keeping.tables` says it of each column, `storage.keeping.places` of each file and folder. Erasure and access
are to go through what `found` finds: what is not said there would not exist for them. Tests fail for a column, a table,
a file or a folder that is not said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Literal

from msgspec import Struct

from storage.database.sqlite import Connection

Whose = Literal["respondent", "staff", "anybody", "nobody"]
"""Who wrote it or is known by it. `anybody`: whoever it was, respondent or not. `nobody`: it is no personal data."""

Subject = Literal["response", "conversation", "staff"]
"""Where one begins to look for what is somebody's: a number in `responses`, `conversations` or `staff`.

A draft is its conversation's: `session` holds it, and `outbox` what was said about it.
"""

SUBJECTS: Mapping[Subject, str] = {"response": "responses", "conversation": "conversations", "staff": "staff"}
"""The table whose row a subject is."""

Erased = Literal["with it", "too", "apart", "never"]
"""What becomes of a row when the row of the subject is deleted.

`with it`: the database deletes it too (a foreign key, a trigger), or it is that row. `too`: an erasure deletes these
rows by this condition. `apart`: it stays, and whoever erases the subject has to see to it. `never`: nothing deletes it,
for the reason that its table gives.
"""


class Column(Struct, frozen=True):
    """`holds` is what a person wrote or is known by; for `nobody`'s, why it is no personal data.

    `shown`: it is given to the person whose it is when they ask for everything we have of them. Of secrets, which
    show nothing but themselves, and of what says the same as another column, they are told that there is one.
    """

    name: str
    whose: Whose
    holds: str
    shown: bool = False


class Reach(Struct, frozen=True):
    """How a subject leads to rows: `where` is a condition of SQL with the subject's number as `:id`.

    With `only`, no other column of these rows is theirs: the rest is somebody else's.
    """

    where: str
    erased: Erased
    only: tuple[str, ...] = ()


class Table(Struct, frozen=True):
    """A table, and each of its columns. `kept` says how long a row is kept when nobody erases it.

    A backup copies every table as it is. `reached` says from which subjects one comes to its rows; where none does, or
    a column holds what none of them leads to, `beside` says who deletes it and how it is found.
    """

    name: str
    kept: str
    columns: tuple[Column, ...]
    reached: Mapping[Subject, Reach] = {}
    beside: str = ""

    @property
    def is_personal(self) -> bool:
        """Whether any column is somebody's."""
        return any(column.whose != "nobody" for column in self.columns)


class Place(Struct, frozen=True):
    """A file or folder that the program writes, and whose words it holds.

    `name` is a pattern as for `fnmatch`; `{database}` and `{output}` stand for the name of the database, and of what an
    operator has a command write. `folder`: `beside` the database, where the `operator` said, or in the `temporary`
    folder of the machine. `whose` as of a column: a copy of the database is anybody's. `written_by` are the modules
    that make it. `erased` says what becomes of it, and so of the words in it, and who has to see to that.
    """

    name: str
    folder: Literal["beside", "operator", "temporary"]
    whose: Whose
    holds: str
    erased: str
    written_by: tuple[str, ...]
    lasting: bool = False
    """Whether it is there when nothing runs; the others go with what made them, at the latest when that runs again."""


class Found(Struct, frozen=True):
    """Something of somebody's: where it stands, and what it is."""

    table: str
    column: Column
    value: object
    erased: Erased


def found(db: Connection, subject: Subject, number: int, tables: tuple[Table, ...]) -> Iterator[Found]:
    """Everything that the tables hold of a person, as far as this subject leads; what is empty is left out.

    Take it before erasing: it is what has to be gone afterwards, of the `apart` too.
    """
    return chain.from_iterable(_found(db, table, subject, number) for table in tables)


def rows_of(
    db: Connection, subject: Subject, number: int, tables: tuple[Table, ...]
) -> Iterator[tuple[Table, dict[str, object]]]:
    """What is given to a person who asks for everything we have of them, a row of a table at a time.

    Of a column that shows nothing but itself the value is True: there is one.
    """
    for table in tables:
        columns = [column for _, column in columns_of(subject, (table,))]
        if not columns:
            continue
        # When something was, and the plain words of ours beside it, say what the rest is about.
        beside = [column for column in table.columns if column.whose == "nobody"]
        names = ", ".join(f'"{column.name}"' for column in (*columns, *beside))
        query = f'SELECT {names} FROM "{table.name}" WHERE {table.reached[subject].where}'  # noqa: S608 - our own names and conditions
        for row in db.execute(query, {"id": number}):
            values = zip((*columns, *beside), row, strict=True)
            yield (
                table,
                {
                    column.name: value if column.shown or column.whose == "nobody" else True
                    for column, value in values
                    if value not in (None, "")
                },
            )


def columns_of(subject: Subject, tables: tuple[Table, ...]) -> Iterator[tuple[Table, Column]]:
    """The columns that hold something of a person's, as far as this subject leads."""
    for table in tables:
        if reach := table.reached.get(subject):
            for column in table.columns:
                if column.whose != "nobody" and (not reach.only or column.name in reach.only):
                    yield table, column


def _found(db: Connection, table: Table, subject: Subject, number: int) -> Iterator[Found]:
    columns = [column for _, column in columns_of(subject, (table,))]
    if not columns:
        return
    reach = table.reached[subject]
    names = ", ".join(f'"{column.name}"' for column in columns)
    for row in db.execute(f'SELECT {names} FROM "{table.name}" WHERE {reach.where}', {"id": number}):  # noqa: S608 - our own names and conditions
        for column, value in zip(columns, row, strict=True):
            if value not in (None, ""):
                yield Found(table.name, column, value, reach.erased)
