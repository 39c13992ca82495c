"""What is kept, what a store promises, and what can go wrong with it.

The promises:

- What a function of `storage` wrote is on disk when the transaction around it has ended without an error: not in
  memory, not in a buffer of the operating system. A transaction is kept whole or not at all.
- `NotSaved` is raised when a transaction could not be kept. Nobody may be told that it was.
- The same response is stored once: a draft of a conversation has one response and one reference.
- A reference is never given to two responses.
- Times are aware datetimes in UTC on the way in and out; in the tables they are text (see `storage.times`).
- Nothing here reads the clock, draws random numbers, or knows what a channel or a form is.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct, field

# --- What can go wrong: each message is one plain line for the people who run the service -------------------


class StorageError(Exception):
    """Anything that the store refuses or fails to do."""


class NotSaved(StorageError):
    """The transaction could not be kept: it was not confirmed, and nothing of it may be told as done."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Not saved: {reason}")
        self.reason = reason


class SqliteTooOld(StorageError):
    """This SQLite can corrupt a database that several connections use."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(f"SQLite {found} is too old, {wanted} or newer is needed: install pysqlite3.")


class NotADatabase(StorageError):
    """There is no Innspill database at this path."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} is not an Innspill database: {reason}.")


class Damaged(StorageError):
    """Not all that it held can be read any more. `found` is what SQLite says of it, for who looks into it."""

    def __init__(self, path: str, found: str = "") -> None:
        super().__init__(
            f"{path} is damaged: restore an undamaged backup with `innspill restore`{f' ({found})' if found else ''}."
        )


class SchemaTooNew(StorageError):
    """A newer Innspill has changed the database."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed by a newer Innspill: upgrade this one, or restore an older backup.")


class SchemaTooOld(StorageError):
    """The database waits for a migration."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} is of an older Innspill, or empty: start `innspill serve` once to bring it up to date."
        )


class LogMissing(StorageError):
    """The database is sound, and has held more than it holds now."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"{path} lacks what was kept in it last: its write-ahead log {path}-wal is missing, or an older copy was"
            " put in its place. Put the log back, or restore a backup with `innspill restore`, or go on without what"
            " is missing: `innspill doctor --accept-loss`."
        )


class MigrationFailed(StorageError):
    """The database is as it was before the migration."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"{path} could not be brought up to date and is as before: {reason}")


class DatabaseInUse(StorageError):
    """Another process holds the lease."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} is in use by another Innspill: stop that one first.")


class ReferenceTaken(StorageError):
    """Every reference that was drawn is in use: the drawing must be broken."""

    def __init__(self, draws: int) -> None:
        super().__init__(f"Each of {draws} references drawn was taken already.")


class NoSuchConsultation(StorageError):
    """No consultation has this id."""

    def __init__(self, consultation_id: int) -> None:
        super().__init__(f"There is no consultation {consultation_id}.")


class NoSuchCase(StorageError):
    """No consultation has this case number."""

    def __init__(self, case_number: str) -> None:
        super().__init__(f"There is no consultation in case {case_number}.")


# --- What is kept -------------------------------------------------------------------------------------------


class Consultation(Struct, frozen=True, kw_only=True):
    """One round of one case. `closes_at` is the first instant after the last day."""

    id: int
    case_number: str
    case_year: int
    case_sequence: int
    title: str
    opens_at: datetime | None
    closes_at: datetime
    url: str | None
    closed_at: datetime | None
    created_at: datetime

    def accepts(self, at: datetime) -> bool:
        """Whether a response would be taken in at `at`: it has opened, and staff have not closed it."""
        return self.closed_at is None and (self.opens_at is None or self.opens_at <= at)

    def is_open(self, at: datetime) -> bool:
        """Whether it is among those offered at `at`: it accepts responses and its deadline is ahead."""
        return self.accepts(at) and at < self.closes_at


class Conversation(Struct, frozen=True, kw_only=True):
    """One person on one channel. `session` is the engine's own text; `draft` the draft that it works on, or "".

    `may_repeat`: that many of the next texts may be repeats, for something was perhaps said twice.
    """

    id: int
    channel: str
    address: str
    session: str | None
    draft: str
    locale: str
    active_at: datetime
    unreachable_at: datetime | None
    may_repeat: int = 0


class OutboxRow(Struct, frozen=True, kw_only=True):
    """Something to be said. `message` is JSON; `edit_target` the channel's id of a message to edit instead.

    `pieces_said`: as many of its pieces have been said, where the channel takes it in several.
    """

    id: int
    conversation_id: int
    channel: str
    address: str
    message: str
    kind: str
    draft: str
    edit_target: str | None
    tried_at: datetime | None
    pieces_said: int = 0


class NewResponse(Struct, frozen=True, kw_only=True):
    """A response to be stored. An empty text is kept as nothing; `extra` holds answers that have no column."""

    conversation_id: int
    draft: str
    consultation_id: int
    received_at: datetime
    channel: str
    locale: str
    form_version: int
    respondent_type: str
    text: str
    status: str = "received"
    organisation_number: str | None = None
    main_organisation_number: str | None = None
    organisation_name: str | None = None
    organisation_form: str | None = None
    register_status: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    phone: str | None = None
    address: str | None = None
    postal_code: str | None = None
    postal_town: str | None = None
    country: str | None = None
    extra: Mapping[str, str] = field(default_factory=dict)


class Response(Struct, frozen=True, kw_only=True):
    """A stored response, as its receipt shows it. `late`: it was not received before the deadline of that time."""

    id: int
    reference: str
    status: str
    consultation_id: int
    case_number: str
    title: str
    draft: str
    received_at: datetime
    late: bool


class Lookup(Struct, frozen=True, kw_only=True):
    """A question that waits for an answer from outside. `question` is JSON; `attempts` how often it was asked."""

    id: int
    conversation_id: int
    channel: str
    address: str
    question: str
    asked_at: datetime
    attempts: int


class Unverified(Struct, frozen=True, kw_only=True):
    """A response whose organisation number the register has not been heard about.

    `attempts` is how often it was asked; `typed` holds by export key what the respondent wrote, "" for nothing.
    """

    response_id: int
    begun_at: datetime
    attempts: int
    number: str
    typed: dict[str, str]


class SetAside(Struct, frozen=True, kw_only=True):
    """An event that could not be read or handled, as it came in."""

    id: int
    channel: str
    event_id: str
    raw: str
    reason: str
    at: datetime
