"""The history of the schema: newest last, never edited after it has landed; long because a history only grows.

One that rewrites rows of a response, or gives them a new column with a value, does so inside `resealed`.
"""

from __future__ import annotations

import re
from contextlib import closing
from functools import cache

from sqlite_utils import Database, Migrations

from storage.database.sealing import resealed
from storage.database.sqlite import Connection, sqlite3
from storage.database.word_index import folded_if_other

history = Migrations("innspill")


@history()
def first_schema(db: Database) -> None:
    """All that a response passes on its way in. Long texts stand last in a row: the rest is read without them."""
    for statement in _FIRST_SCHEMA:
        db.execute(statement)


_FIRST_SCHEMA = (
    """
    CREATE TABLE consultations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        case_number TEXT NOT NULL,
        case_year INTEGER NOT NULL,
        case_sequence INTEGER NOT NULL,
        title TEXT NOT NULL,
        title_folded TEXT NOT NULL,
        opens_at TEXT,
        closes_at TEXT NOT NULL,
        url TEXT,
        closed_at TEXT,
        created_at TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX consultations_by_case ON consultations (case_year, case_sequence)",
    """
    CREATE TABLE conversations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel TEXT NOT NULL,
        address TEXT NOT NULL,
        draft TEXT NOT NULL DEFAULT '',
        locale TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        active_at TEXT NOT NULL,
        unreachable_at TEXT,
        session TEXT,
        UNIQUE (channel, address)
    ) STRICT
    """,
    """
    CREATE TABLE events (
        channel TEXT NOT NULL,
        event_id TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (channel, event_id)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE outbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        kind TEXT NOT NULL,
        draft TEXT NOT NULL,
        edit_target TEXT,
        created_at TEXT NOT NULL,
        tried_at TEXT,
        sent_at TEXT,
        sent_id TEXT,
        message TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX outbox_by_conversation ON outbox (conversation_id)",
    "CREATE INDEX outbox_unsent ON outbox (conversation_id) WHERE sent_at IS NULL",
    """
    CREATE TABLE responses (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        reference TEXT NOT NULL UNIQUE,
        conversation_id INTEGER REFERENCES conversations ON DELETE SET NULL,
        draft TEXT NOT NULL,
        consultation_id INTEGER NOT NULL REFERENCES consultations ON DELETE RESTRICT,
        received_at TEXT NOT NULL,
        late INTEGER NOT NULL CHECK (late IN (0, 1)),
        status TEXT NOT NULL CHECK (status IN ('received', 'superseded', 'withdrawn')),
        respondent_type TEXT NOT NULL,
        organisation_number TEXT,
        main_organisation_number TEXT,
        organisation_name TEXT,
        organisation_form TEXT,
        register_status TEXT,
        first_name TEXT,
        last_name TEXT,
        email TEXT,
        phone TEXT,
        address TEXT,
        postal_code TEXT,
        postal_town TEXT,
        country TEXT,
        channel TEXT NOT NULL,
        locale TEXT,
        form_version INTEGER NOT NULL,
        text TEXT NOT NULL,
        UNIQUE (conversation_id, draft)
    ) STRICT
    """,
    "CREATE INDEX responses_by_consultation ON responses (consultation_id)",
    "CREATE INDEX responses_by_time ON responses (received_at)",
    """
    CREATE TABLE response_answers (
        response_id INTEGER NOT NULL REFERENCES responses ON DELETE CASCADE,
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (response_id, key)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE lookups (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation_id INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
        question TEXT NOT NULL,
        asked_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 1,
        UNIQUE (conversation_id, question)
    ) STRICT
    """,
    """
    CREATE TABLE set_aside (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        channel TEXT NOT NULL,
        event_id TEXT NOT NULL,
        reason TEXT NOT NULL,
        at TEXT NOT NULL,
        raw TEXT NOT NULL
    ) STRICT
    """,
    """
    CREATE TABLE postal_codes (
        code TEXT PRIMARY KEY,
        town TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


@history()
def repeats_and_pieces(db: Database) -> None:
    """What delivery may have said twice, and how much of a long message it has said."""
    db.execute("ALTER TABLE conversations ADD COLUMN may_repeat INTEGER NOT NULL DEFAULT 0")
    db.execute("ALTER TABLE outbox ADD COLUMN pieces_said INTEGER NOT NULL DEFAULT 0")


@history()
def register_answers_and_verifications(db: Database) -> None:
    """What the entity register said, for a while; what it is still to be asked; what it has otherwise than typed."""
    for statement in _REGISTER:
        db.execute(statement)


_REGISTER = (
    """
    CREATE TABLE register_cache (
        number TEXT PRIMARY KEY,
        answer TEXT NOT NULL,
        holds_until TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE verifications (
        response_id INTEGER PRIMARY KEY REFERENCES responses ON DELETE CASCADE,
        begun_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    "CREATE INDEX verifications_by_time ON verifications (due_at)",
    """
    CREATE TABLE register_differences (
        response_id INTEGER NOT NULL REFERENCES responses ON DELETE CASCADE,
        key TEXT NOT NULL,
        registered TEXT NOT NULL,
        PRIMARY KEY (response_id, key)
    ) STRICT, WITHOUT ROWID
    """,
)


@history()
def what_the_sweep_looks_for(db: Database) -> None:
    """What is over is found without reading what is not."""
    for statement in _SWEPT:
        db.execute(statement)


_SWEPT = (
    "CREATE INDEX events_by_time ON events (at)",
    "CREATE INDEX conversations_with_draft ON conversations (active_at) WHERE draft <> ''",
    "CREATE INDEX register_cache_by_time ON register_cache (holds_until)",
    """
    CREATE TABLE swept (
        what TEXT PRIMARY KEY,
        up_to INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
)


@history()
def search_and_last_exports(db: Database) -> None:
    """The words of responses, to be found by; and up to where each of the staff has exported."""
    for statement in _SEARCH:
        db.execute(statement)


# å is a letter of its own, so marks above letters are kept. The words are taken from the responses, not kept again.
_SEARCH = (
    """
    CREATE VIRTUAL TABLE responses_search USING fts5 (
        reference, organisation_name, organisation_number, first_name, last_name, text,
        content = 'responses', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
    "INSERT INTO responses_search (responses_search, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO responses_search (responses_search) VALUES ('rebuild')",
    """
    CREATE TRIGGER responses_found AFTER INSERT ON responses BEGIN
        INSERT INTO responses_search (
            rowid, reference, organisation_name, organisation_number, first_name, last_name, text
        ) VALUES (
            new.id, new.reference, new.organisation_name, new.organisation_number, new.first_name, new.last_name,
            new.text
        );
    END
    """,
    """
    CREATE TRIGGER responses_lost AFTER DELETE ON responses BEGIN
        INSERT INTO responses_search (
            responses_search, rowid, reference, organisation_name, organisation_number, first_name, last_name, text
        ) VALUES (
            'delete', old.id, old.reference, old.organisation_name, old.organisation_number, old.first_name,
            old.last_name, old.text
        );
    END
    """,
    """
    CREATE TRIGGER responses_refound
    AFTER UPDATE OF reference, organisation_name, organisation_number, first_name, last_name, text ON responses BEGIN
        INSERT INTO responses_search (
            responses_search, rowid, reference, organisation_name, organisation_number, first_name, last_name, text
        ) VALUES (
            'delete', old.id, old.reference, old.organisation_name, old.organisation_number, old.first_name,
            old.last_name, old.text
        );
        INSERT INTO responses_search (
            rowid, reference, organisation_name, organisation_number, first_name, last_name, text
        ) VALUES (
            new.id, new.reference, new.organisation_name, new.organisation_number, new.first_name, new.last_name,
            new.text
        );
    END
    """,
    """
    CREATE TABLE last_exports (
        who TEXT NOT NULL,
        what TEXT NOT NULL,
        response_id INTEGER NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (who, what)
    ) STRICT, WITHOUT ROWID
    """,
)


@history()
def what_the_desk_looks_for(db: Database) -> None:
    """Lists of responses in each order and by each choice, without sorting; what staff searched for and have seen."""
    for statement in _DESK:
        db.execute(statement)


# `respondent_order` sorts æ, ø and å after z, and capitals beside small letters, by what every SQLite has: a copy
# opens in Datasette, too. It is computed and not kept; its index keeps it. The rows of an index with one value are
# ordered by their numbers.
_DESK = (
    """
    ALTER TABLE responses ADD COLUMN respondent_order TEXT GENERATED ALWAYS AS (
        replace(replace(replace(replace(replace(replace(
            lower(coalesce(organisation_name, last_name || ' ' || first_name, last_name, first_name, '')),
            'Æ', '{a'), 'æ', '{a'), 'Ø', '{b'), 'ø', '{b'), 'Å', '{c'), 'å', '{c')
    ) VIRTUAL
    """,
    "CREATE INDEX responses_by_respondent ON responses (respondent_order)",
    "DROP INDEX responses_by_consultation",
    "CREATE INDEX responses_by_consultation ON responses (consultation_id, received_at)",
    "CREATE INDEX responses_by_lateness ON responses (late, received_at, consultation_id)",
    "CREATE INDEX responses_by_register_status ON responses (register_status, received_at, consultation_id)",
    "CREATE INDEX responses_by_channel ON responses (channel, received_at)",
    "CREATE INDEX responses_by_respondent_type ON responses (respondent_type, received_at)",
    "ALTER TABLE set_aside ADD COLUMN seen_at TEXT",
    "ALTER TABLE set_aside ADD COLUMN seen_by TEXT",
    """
    CREATE TABLE searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        who TEXT NOT NULL,
        words TEXT NOT NULL,
        UNIQUE (who, words)
    ) STRICT
    """,
)


@history()
def staff_and_audit(db: Database) -> None:
    """Who works at the desk and how they are known; what was done, in a log that only grows."""
    for statement in _STAFF:
        db.execute(statement)


# A link, a session and a recovery code are known by their hashes only. A new entry of the log has to be the next one,
# for "INSERT OR REPLACE" deletes without calling the trigger for it.
_STAFF = (
    """
    CREATE TABLE staff (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        email TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK (role IN ('reader', 'editor', 'admin')),
        locale TEXT NOT NULL DEFAULT '',
        created_at TEXT NOT NULL,
        disabled_at TEXT,
        password_hash TEXT,
        code_secret TEXT,
        code_step INTEGER NOT NULL DEFAULT 0
    ) STRICT
    """,
    """
    CREATE TABLE staff_links (
        staff_id INTEGER PRIMARY KEY REFERENCES staff ON DELETE CASCADE,
        hash TEXT NOT NULL UNIQUE,
        expires_at TEXT NOT NULL,
        browser_hash TEXT,
        password_hash TEXT,
        code_secret TEXT
    ) STRICT
    """,
    """
    CREATE TABLE recovery_codes (
        staff_id INTEGER NOT NULL REFERENCES staff ON DELETE CASCADE,
        hash TEXT NOT NULL,
        PRIMARY KEY (staff_id, hash)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE staff_sessions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        staff_id INTEGER NOT NULL REFERENCES staff ON DELETE CASCADE,
        hash TEXT NOT NULL UNIQUE,
        begun_at TEXT NOT NULL,
        active_at TEXT NOT NULL,
        address TEXT NOT NULL,
        browser TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX staff_sessions_by_person ON staff_sessions (staff_id)",
    """
    CREATE TABLE login_delays (
        what TEXT PRIMARY KEY,
        attempts INTEGER NOT NULL,
        last_at TEXT NOT NULL,
        free_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "CREATE INDEX login_delays_by_time ON login_delays (last_at)",
    """
    CREATE TABLE audit_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        object TEXT NOT NULL,
        address TEXT NOT NULL,
        detail TEXT NOT NULL,
        hash TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX audit_log_by_person ON audit_log (who)",
    "CREATE INDEX audit_log_by_action ON audit_log (action)",
    """
    CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log BEGIN
        SELECT RAISE(ABORT, 'the audit log is not changed');
    END
    """,
    """
    CREATE TRIGGER audit_log_is_not_deleted BEFORE DELETE ON audit_log BEGIN
        SELECT RAISE(ABORT, 'the audit log is not deleted');
    END
    """,
    """
    CREATE TRIGGER audit_log_grows_at_its_end BEFORE INSERT ON audit_log
    WHEN new.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_log) BEGIN
        SELECT RAISE(ABORT, 'the audit log grows at its end');
    END
    """,
)


@history()
def what_a_login_leaves(db: Database) -> None:
    """In which browsers somebody has logged in, and that a wait has been written down."""
    for statement in _LOGINS:
        db.execute(statement)


_LOGINS = (
    """
    CREATE TABLE staff_browsers (
        staff_id INTEGER NOT NULL REFERENCES staff ON DELETE CASCADE,
        hash TEXT NOT NULL,
        used_at TEXT NOT NULL,
        PRIMARY KEY (hash, staff_id)
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE login_delays ADD COLUMN noted INTEGER NOT NULL DEFAULT 0",
)


@history()
def versions(db: Database) -> None:
    """Which response replaced which, and what was changed of one since it was received."""
    for statement in _VERSIONS:
        db.execute(statement)


# Few responses are replaced or withdrawn: the indexes hold those alone.
_VERSIONS = (
    "ALTER TABLE responses ADD COLUMN replaced_by INTEGER REFERENCES responses ON DELETE SET NULL",
    "CREATE INDEX responses_by_successor ON responses (replaced_by) WHERE replaced_by IS NOT NULL",
    """
    CREATE INDEX responses_that_do_not_stand ON responses (status, received_at, consultation_id)
    WHERE status <> 'received'
    """,
    """
    CREATE TABLE response_changes (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        response_id INTEGER NOT NULL REFERENCES responses ON DELETE CASCADE,
        at TEXT NOT NULL,
        who TEXT NOT NULL,
        key TEXT NOT NULL,
        before TEXT,
        after TEXT,
        note TEXT NOT NULL
    ) STRICT
    """,
    "CREATE INDEX response_changes_by_response ON response_changes (response_id)",
)


@history()
def search_by_contact_data(db: Database) -> None:
    """Who calls or writes is found by the phone number or the e-mail address that they gave."""
    for statement in _CONTACT_SEARCH:
        db.execute(statement)


_FOUND_BY = "reference, organisation_name, organisation_number, first_name, last_name, email, phone, text"


def _of(row: str) -> str:
    return ", ".join(f"{row}.{column}" for column in _FOUND_BY.split(", "))


_LOST = f"INSERT INTO responses_search (responses_search, rowid, {_FOUND_BY}) VALUES ('delete', old.id, {_of('old')});"  # noqa: S608 - our own names
_FOUND = f"INSERT INTO responses_search (rowid, {_FOUND_BY}) VALUES (new.id, {_of('new')});"  # noqa: S608 - our own names
_CONTACT_SEARCH = (
    *(f"DROP TRIGGER responses_{name}" for name in ("found", "lost", "refound")),
    "DROP TABLE responses_search",
    f"""
    CREATE VIRTUAL TABLE responses_search USING fts5 (
        {_FOUND_BY}, content = 'responses', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
    "INSERT INTO responses_search (responses_search, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO responses_search (responses_search) VALUES ('rebuild')",
    f"CREATE TRIGGER responses_found AFTER INSERT ON responses BEGIN {_FOUND} END",
    f"CREATE TRIGGER responses_lost AFTER DELETE ON responses BEGIN {_LOST} END",
    f"CREATE TRIGGER responses_refound AFTER UPDATE OF {_FOUND_BY} ON responses BEGIN {_LOST} {_FOUND} END",
)


@history()
def what_waits_for_staff(db: Database) -> None:
    """What was set aside and nobody has looked at is counted without reading what it was."""
    db.execute("CREATE INDEX set_aside_unseen ON set_aside (id) WHERE seen_at IS NULL")


@history()
def own_responses(db: Database) -> None:
    """What one conversation has sent in to one consultation is found without reading what all others have."""
    db.execute("CREATE INDEX responses_by_conversation ON responses (conversation_id, consultation_id)")


@history()
def jobs(db: Database) -> None:
    """What is to be done outside a transaction; responses that wait for the entity register are the first of it."""
    for statement in _JOBS:
        db.execute(statement)


# What a job is about is one number, and a column computed from it refers to each table that it may be of: so it is
# deleted with its subject. Another such table is another column of this kind, and another value of `about`.
_JOBS = (
    """
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        about TEXT NOT NULL,
        subject INTEGER NOT NULL,
        begun_at TEXT NOT NULL,
        noted_at TEXT NOT NULL,
        due_at TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        tried_at TEXT,
        last_error TEXT,
        response_id INTEGER GENERATED ALWAYS AS (CASE about WHEN 'response' THEN subject END) VIRTUAL
            REFERENCES responses ON DELETE CASCADE,
        UNIQUE (kind, subject)
    ) STRICT
    """,
    "CREATE INDEX jobs_by_time ON jobs (kind, due_at)",
    "CREATE INDEX jobs_by_response ON jobs (response_id) WHERE response_id IS NOT NULL",
    """
    INSERT INTO jobs (kind, about, subject, begun_at, noted_at, due_at, attempts, last_error)
    SELECT 'verification', 'response', response_id, begun_at, begun_at, due_at, attempts,
        CASE WHEN attempts > 0 THEN 'NotYet' END
    FROM verifications ORDER BY due_at, response_id
    """,
    "DROP TABLE verifications",
)


@history()
def digests(db: Database) -> None:
    """What a response was when it was stored or changed, so that damage is seen; what is there now counts as stored."""
    with resealed(db.conn):
        db.execute(_DIGESTS)


_DIGESTS = """
    CREATE TABLE response_digests (
        response_id INTEGER PRIMARY KEY REFERENCES responses (id) ON DELETE CASCADE,
        digest TEXT NOT NULL
    ) STRICT
"""


@history()
def probe(db: Database) -> None:
    """Where readiness is tried by writing."""
    db.execute("CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), filling BLOB NOT NULL) STRICT")


@history()
def named_keys(db: Database) -> None:
    """Foreign keys name their column, and the index of words its table, in the form by which other programs know them.

    The rows stay as they are: it is the text of the schema that Datasette and sqlite-utils read.
    """
    for name, before in db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall():
        after = re.sub(r"\bREFERENCES (\w+)(?!\s*\(|\w)", r"REFERENCES \1 (id)", before)
        after = after.replace("content = 'responses'", "content=[responses]")
        if after != before:
            _reword(db.conn, name, after)


def _reword(db: Connection, name: str, sql: str) -> None:
    """Give a table the same definition in other words. The next statement reads it anew."""
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (sql, name))
    version = db.execute("PRAGMA schema_version").fetchone()[0]
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")


@history()
def folded_search(db: Database) -> None:
    """Words are found however they were written, and who lives somewhere by that address."""
    for statement in _FOLDED_COLUMNS:
        db.execute(statement)
    with resealed(db.conn):
        for number, text in db.conn.execute("SELECT id, text FROM responses").fetchall():
            if copy := folded_if_other(text):
                db.conn.execute("UPDATE responses SET folded_text = ? WHERE id = ?", (copy, number))
    for statement in _FOLDED_SEARCH:
        db.execute(statement)


# A text of which the copy that is searched is no other has none; `words` is what is searched. FTS5 finds it in
# `responses`, where others who read a copy of the database look for what an index is of.
_FOLDED_COLUMNS = (
    *(f"DROP TRIGGER responses_{name}" for name in ("found", "lost", "refound")),
    "DROP TABLE responses_search",
    "ALTER TABLE responses ADD COLUMN folded_text TEXT",
    "ALTER TABLE responses ADD COLUMN words TEXT GENERATED ALWAYS AS (coalesce(folded_text, text)) VIRTUAL",
)
_SEARCHED = "reference, organisation_name, organisation_number, first_name, last_name, email, phone, address,"
_SEARCHED = f"{_SEARCHED} postal_code, postal_town, words"
_OLD, _NEW = (", ".join(f"{row}.{column}" for column in _SEARCHED.split(", ")) for row in ("old", "new"))
_NO_LONGER = f"INSERT INTO responses_search (responses_search, rowid, {_SEARCHED}) VALUES ('delete', old.id, {_OLD});"  # noqa: S608 - our own names
_NOW = f"INSERT INTO responses_search (rowid, {_SEARCHED}) VALUES (new.id, {_NEW});"  # noqa: S608 - our own names
_CHANGED = _SEARCHED.replace("words", "text, folded_text")
_FOLDED_SEARCH = (
    f"""
    CREATE VIRTUAL TABLE responses_search USING fts5 (
        {_SEARCHED}, content = "responses", content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 0'
    )
    """,
    "INSERT INTO responses_search (responses_search, rank) VALUES ('secure-delete', 1)",
    "INSERT INTO responses_search (responses_search) VALUES ('rebuild')",
    f"CREATE TRIGGER responses_found AFTER INSERT ON responses BEGIN {_NOW} END",
    f"CREATE TRIGGER responses_lost AFTER DELETE ON responses BEGIN {_NO_LONGER} END",
    f"CREATE TRIGGER responses_refound AFTER UPDATE OF {_CHANGED} ON responses BEGIN {_NO_LONGER} {_NOW} END",
)


@history()
def topics(db: Database) -> None:
    """In which topic of a chat something is said."""
    db.execute("ALTER TABLE outbox ADD COLUMN topic TEXT")


@history()
def folded_index_named(db: Database) -> None:
    """The index of folded words too names its table in the form by which other programs know it."""
    (before,) = db.execute("SELECT sql FROM sqlite_schema WHERE name = 'responses_search'").fetchone()
    _reword(db.conn, "responses_search", before.replace('content = "responses"', "content=[responses]"))


@history()
def erasures(db: Database) -> None:
    """What is left of a response that was erased; whose each thing is that was set aside; which copies there are."""
    for statement in _ERASURES:
        db.execute(statement)


_ERASURES = (
    """
    CREATE TABLE tombstones (
        reference TEXT PRIMARY KEY,
        case_number TEXT NOT NULL,
        consultation_id INTEGER NOT NULL,
        erased_at TEXT NOT NULL,
        reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE erased_counts (
        consultation_id INTEGER NOT NULL REFERENCES consultations (id) ON DELETE CASCADE,
        received_on TEXT NOT NULL,
        status TEXT NOT NULL,
        respondent_type TEXT NOT NULL,
        channel TEXT NOT NULL,
        late INTEGER NOT NULL,
        responses INTEGER NOT NULL,
        PRIMARY KEY (consultation_id, received_on, status, respondent_type, channel, late)
    ) STRICT, WITHOUT ROWID
    """,
    """
    CREATE TABLE copies (
        path TEXT PRIMARY KEY,
        made_at TEXT NOT NULL
    ) STRICT, WITHOUT ROWID
    """,
    "ALTER TABLE set_aside ADD COLUMN conversation_id INTEGER REFERENCES conversations (id) ON DELETE CASCADE",
    "CREATE INDEX set_aside_by_conversation ON set_aside (conversation_id) WHERE conversation_id IS NOT NULL",
)


@history()
def conversations_at_rest(db: Database) -> None:
    """Who can still come back to a conversation without a draft, by when they were last there."""
    db.execute(
        "CREATE INDEX conversations_at_rest ON conversations (channel, active_at)"
        " WHERE draft = '' AND unreachable_at IS NULL"
    )


@history()
def set_aside_by_age(db: Database) -> None:
    """What was set aside is found by when it came."""
    db.execute("CREATE INDEX set_aside_by_time ON set_aside (at)")


@history()
def names_in_order(db: Database) -> None:
    """Names with letters of our neighbours' and of the Sámi languages stand where a reader looks for them here."""
    for statement in _NAMES_IN_ORDER:
        db.execute(statement)


# Ä is sorted as æ and ö as ø, and what else has a mark as the letter without it. SQLite knows the small letters of
# English only, and the parser of Debian 12's takes 26 of these one within the other: so not every letter that there is.
_SORTED_AS = {
    "{a": "ÆæÄä",
    "{b": "ØøÖö",
    "{c": "Åå",
    "a": "Áá",
    "c": "Čč",
    "d": "Đđ",
    "e": "Éé",
    "n": "Ŋŋ",
    "s": "Šš",
    "z": "Žž",
}


def _in_order(expression: str) -> str:
    for plain, letters in _SORTED_AS.items():
        for letter in letters:
            expression = f"replace({expression}, '{letter}', '{plain}')"
    return expression


_NAMES = "lower(coalesce(organisation_name, last_name || ' ' || first_name, last_name, first_name, ''))"
_NAMES_IN_ORDER = (
    "DROP INDEX responses_by_respondent",
    "ALTER TABLE responses DROP COLUMN respondent_order",
    f"ALTER TABLE responses ADD COLUMN respondent_order TEXT GENERATED ALWAYS AS ({_in_order(_NAMES)}) VIRTUAL",
    "CREATE INDEX responses_by_respondent ON responses (respondent_order)",
)


def applied(connection: Connection) -> frozenset[str]:
    """The names of the migrations that a database has had; empty for one that is new, or not ours."""
    return frozenset(migration.name for migration in history.applied(Database(connection)))


@cache
def schema() -> dict[str, str]:
    """What makes each table, index and trigger of a database that has had the whole history, by its name."""
    with closing(sqlite3.connect(":memory:")) as empty:
        history.apply(Database(empty))
        return dict(empty.execute("SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL"))


@cache
def known(history: Migrations = history) -> frozenset[str]:
    """The names of the migrations in a history: those that an empty database still waits for."""
    with closing(sqlite3.connect(":memory:")) as empty:
        return frozenset(migration.name for migration in history.pending(Database(empty)))
