"""A database that has been in use: as many conversations and responses as one asks for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from msgspec.json import encode

from storage.database.opening import open_for_writing
from tests.bench import people
from tests.bench.ours import new_database

_SESSION = '{"locale":"nb","form_version":1,"last_draft":"mfx3k2a1b","sent_messages":["5","7","9"]}'
_MESSAGE = encode({"locale": "nb", "kind": "receipt", "document": {"name": "horingssvar.txt", "text": people.RESPONSE}})
# All within the last day, so that the hourly sweep finds as little to forget as in a service that runs.
_AT = "strftime('%Y-%m-%dT%H:%M:%S.000000Z', 'now', printf('-%d seconds', 86400 * (:count - i) / :count))"

_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)"
_STATEMENTS = (
    f"""{_NUMBERS} INSERT INTO conversations (channel, address, locale, created_at, active_at, session)
        SELECT 'telegram', CAST(:first_chat + i AS TEXT), 'nb', {_AT}, {_AT}, :session FROM n""",
    f"""{_NUMBERS} INSERT INTO events (channel, event_id, at) SELECT 'telegram', CAST(i AS TEXT), {_AT} FROM n""",
    f"""{_NUMBERS} INSERT INTO outbox (conversation_id, kind, draft, created_at, tried_at, sent_at, sent_id, message)
        SELECT i + 1, 'receipt', '', {_AT}, {_AT}, {_AT}, CAST(i AS TEXT), :message FROM n""",
    f"""{_NUMBERS} INSERT INTO responses (reference, conversation_id, draft, consultation_id, received_at, late, status,
        respondent_type, first_name, last_name, email, phone, address, postal_code, postal_town, country, channel,
        locale, form_version, text)
        SELECT printf('R%07d', i), i + 1, 'mfx3k2a1b', 1, {_AT}, 0, 'received', 'private_person', 'Kari', 'Nordmann',
        'kari.nordmann@example.no', '+4722000000', 'Eksempelveien ' || (i % 99), '1385', 'ASKER', 'NO', 'telegram',
        'nb', 1, :text FROM n""",
)


def stored_database(path: Path, count: int) -> Path:
    """A database with `count` people, each with a conversation, a claim, a receipt and a response."""
    new_database(path)
    values = {
        "count": count,
        "first_chat": people.chat_of(0),
        "session": _SESSION,
        "message": _MESSAGE.decode(),
        "text": people.RESPONSE,
    }
    with closing(open_for_writing(path)) as db:
        db.execute("BEGIN IMMEDIATE")
        for statement in _STATEMENTS:
            db.execute(statement, values)
        db.execute("COMMIT")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path
