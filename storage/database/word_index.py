"""The index of words (FTS5) of a database and of its copies: how words stand in it, who deletes in it, who reads it.

In the database it overwrites a word that is deleted (`secure-delete`): from the first deletion on, SQLite before 3.42
cannot read it any more. A copy is not deleted from, so its index is made anew and without that: it holds the words that
are there, and every program reads it.
"""

from __future__ import annotations

import re
import unicodedata

from storage.database.sqlite import Connection

# A copy of a text keeps soft hyphens and what else nobody sees, which cut a word in two for SQLite.
_UNSEEN = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def folded(text: str) -> str:
    """`text` composed, with plain hyphens and letters, and without what nobody sees. It says the same to a reader."""
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", text.replace("\u2011", "-")))


def folded_if_other(text: str) -> str | None:
    """`folded`, or None where that is the text itself, as nearly always."""
    return None if (copy := folded(text)) == text else copy


def delete_for_good(db: Connection) -> None:
    """See to it that words that are deleted are gone: a copy that is used as the database has this to learn again."""
    for name in _indexes(db):
        if not db.execute(f"SELECT 1 FROM {name}_config WHERE k = 'secure-delete' AND v = 1").fetchone():  # noqa: S608 - see `_indexes`
            db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 1)")  # noqa: S608 - see `_indexes`


def be_readable_by_all(db: Connection) -> None:
    """For a copy, which has to be writable, and in no transaction."""
    db.execute("PRAGMA secure_delete = ON")
    for name in _indexes(db):
        db.execute(f"INSERT INTO {name} ({name}, rank) VALUES ('secure-delete', 0)")  # noqa: S608 - see `_indexes`
        db.execute(f"INSERT INTO {name} ({name}) VALUES ('rebuild')")  # noqa: S608 - see `_indexes`


def _indexes(db: Connection) -> list[str]:
    """Their names, which are our own: plain words."""
    query = "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'"
    return [name for (name,) in db.execute(query) if name.isidentifier()]
