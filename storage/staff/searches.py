"""What staff have searched for: each has a number, so that words, which may name a person, stand in no address."""

from __future__ import annotations

from storage.database.sqlite import Connection

# Of each person; a bookmark to an older search finds nothing any more.
KEPT = 200

# Characters: what a person types is shorter.
LONGEST = 500


def keep(db: Connection, who: str, words: str) -> int:
    """The number of these words for this person: the same again has the same number. Forgets what is old."""
    words = words[:LONGEST]
    found = db.execute("SELECT id FROM searches WHERE who = ? AND words = ?", (who, words)).fetchone()
    if found:
        return int(found[0])
    row = db.execute("INSERT INTO searches (who, words) VALUES (?, ?) RETURNING id", (who, words)).fetchone()
    db.execute(
        "DELETE FROM searches WHERE who = ? AND id <= ("
        " SELECT id FROM searches WHERE who = ? ORDER BY id DESC LIMIT 1 OFFSET ?)",
        (who, who, KEPT),
    )
    return int(row[0])


def words_of(db: Connection, who: str, number: int) -> str | None:
    """The words with this number, if this person searched for them."""
    row = db.execute("SELECT words FROM searches WHERE id = ? AND who = ?", (number, who)).fetchone()
    return None if row is None else str(row[0])
