"""What one person gets who asks for everything we have of them: as data, and as a page to be read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import msgspec
from jinja2 import Environment, PackageLoader
from msgspec import Struct

from bot.exporting.words import Reader, Words
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.messages import Instant, Message, Text
from dialogs.rendering import as_text
from dialogs.texts import FALLBACK, LOCALES, House, label, t
from storage.database.sqlite import Connection
from storage.database.times import moment
from storage.keeping.erasure import NoSuchResponse, tombstone
from storage.keeping.ownership import rows_of
from storage.keeping.tables import TABLES
from storage.responses.responses import EXPORT_KEYS
from storage.staff import audit


class Match(Struct, frozen=True):
    """A response that may be the same person's, for it has the same `by`, an export key or the channel."""

    reference: str
    case_number: str
    received_at: str
    by: str


class Logged(Struct, frozen=True):
    """That something was done to one of the responses. Who of the staff did it is theirs, and not told."""

    at: str
    action: str
    object: str


class Everything(Struct, frozen=True):
    """All that is kept of a person, by table; `matches` is not in it, until its reference is named too."""

    references: tuple[str, ...]
    kept: dict[str, list[dict[str, Any]]]
    log: tuple[Logged, ...]
    matches: tuple[Match, ...]


def gather(db: Connection, references: Collection[str]) -> Everything:
    """Everything that hangs on these responses and the conversations that they came from.

    Raises NoSuchResponse, also for one that was erased.
    """
    numbers = {reference: _number_of(db, reference) for reference in references}
    talks = {talk for number in numbers.values() if (talk := _conversation_of(db, number)) is not None}
    for talk in talks:
        own = db.execute("SELECT reference, id FROM responses WHERE conversation_id = ?", (talk,))
        numbers.update(dict(own.fetchall()))
    kept: dict[str, list[dict[str, Any]]] = {}
    reached = [("conversation", talk) for talk in sorted(talks)] + [("response", n) for n in sorted(numbers.values())]
    for subject, number in reached:
        for table, row in rows_of(db, subject, number, TABLES):  # type: ignore[arg-type]  # the two words of `Subject`
            rows = kept.setdefault(table.name, [])
            if row not in rows:
                rows.append(row)
    names = tuple(sorted(numbers))
    log = tuple(Logged(entry.at.isoformat(), entry.action, entry.object) for entry in audit.about(db, names))
    return Everything(names, kept, log, tuple(_matches(db, numbers)))


def as_json(everything: Everything) -> bytes:
    """UTF-8, to be read by programs and by patient people."""
    return msgspec.json.format(msgspec.json.encode(everything), indent=2) + b"\n"


def as_page(everything: Everything, house: House, locale: str = FALLBACK) -> str:
    """The same as one page of HTML that needs nothing else."""
    words, reader = Words(locale), Reader(locale, house)
    kept = everything.kept

    def response(row: dict[str, Any]) -> list[tuple[str, str]]:
        lines = [(words[key], reader.shown(key, row[key])) for key in EXPORT_KEYS if row.get(key) not in (None, True)]
        answers = [each for each in kept.get("response_answers", ()) if each["response_id"] == row["id"]]
        return lines + [(words[each["key"]], reader.shown(each["key"], each["value"])) for each in answers]

    return (
        _environment()
        .get_template("access.html")
        .render(
            locale=locale,
            say=lambda key: label(locale, key),
            instant=lambda at: t(locale, Text("value-instant", {"at": Instant(moment(at))}), house),
            house=house,
            everything=everything,
            responses=[response(row) for row in kept.get("responses", ())],
            changes=_rows(kept, "response_changes", ("at", "key", "before", "after", "note")),
            differences=_rows(kept, "register_differences", ("key", "registered")),
            drafts=[line for row in kept.get("conversations", ()) for line in _draft(row, house, locale)],
            talks=_rows(kept, "conversations", ("channel", "address", "created_at", "active_at")),
            messages=[(row["created_at"], _worded(row["message"], house)) for row in kept.get("outbox", ())],
            set_aside=_rows(kept, "set_aside", ("at", "raw")),
            column=lambda key: words.get(key, key),
        )
    )


def locale_of(everything: Everything) -> str:
    """The language in which this person wrote to us last."""
    spoken = [str(row["locale"]) for row in everything.kept.get("responses", ()) if row.get("locale") in LOCALES]
    return spoken[-1] if spoken else FALLBACK


def _number_of(db: Connection, reference: str) -> int:
    row = db.execute("SELECT id FROM responses WHERE reference = ?", (reference,)).fetchone()
    if row is None:
        raise NoSuchResponse(reference, erased=tombstone(db, reference) is not None)
    return int(row[0])


def _conversation_of(db: Connection, number: int) -> int | None:
    row = db.execute("SELECT conversation_id FROM responses WHERE id = ?", (number,)).fetchone()
    return None if row[0] is None else int(row[0])


def _matches(db: Connection, known: dict[str, int]) -> Iterable[Match]:
    """By what leads to one person and to nobody else: an e-mail address, a phone number."""
    marks = ", ".join("?" * len(known))
    for key in ("email", "phone"):
        rows = db.execute(
            f"SELECT reference, case_number, received_at FROM responses"  # noqa: S608 - our own column names
            f" JOIN consultations ON consultations.id = consultation_id WHERE responses.id NOT IN ({marks})"
            f" AND lower({key}) IN (SELECT lower({key}) FROM responses WHERE id IN ({marks}) AND {key} IS NOT NULL)"
            " ORDER BY responses.id",
            (*known.values(), *known.values()),
        )
        for reference, case_number, received_at in rows:
            yield Match(reference, case_number, received_at, key)


def _rows(kept: dict[str, list[dict[str, Any]]], table: str, keys: tuple[str, ...]) -> list[list[str]]:
    return [[str(row.get(key, "")) for key in keys] for row in kept.get(table, ())]


def _draft(row: dict[str, Any], house: House, locale: str) -> list[tuple[str, str]]:
    """What somebody has answered and not sent in."""
    steps = journey.outline_of(FORM, str(row["session"])) if row.get("session") else ()
    values = [(step.name, step.document or (step.value and t(locale, step.value, house))) for step in steps]
    return [(t(locale, name, house), value) for name, value in values if value]


def _worded(message: str, house: House) -> str:
    """What they were told, or, where this program cannot say it any more, as it is kept."""
    try:
        read = msgspec.json.decode(message, type=Message)
        text = as_text(read, house, "")
        return text if read.document is None else f"{text}\n\n{read.document.text}"
    except (msgspec.MsgspecError, LookupError, ValueError):
        return message


def _environment() -> Environment:
    return Environment(loader=PackageLoader("bot.keeping"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
