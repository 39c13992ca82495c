"""A demo in an empty database: consultations, open and closed, and what people might have answered to one of them.

It goes the way of real responses (`bot.exchange.knowledge.store`), and is the same each time for the same moment.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path

from msgspec import Struct

from bot import randomness
from bot.consultations.days import closing_instant, first_instant
from bot.demo.places import POSTAL_CODES
from bot.demo.samples import Sample, registered, samples
from bot.exchange import knowledge
from dialogs.consultation_response import FORM
from dialogs.messages import Submit
from storage.consultations import consultations
from storage.conversations import conversations
from storage.database.opening import transaction
from storage.database.sqlite import Connection
from storage.database.times import OSLO
from storage.jobs import jobs
from storage.register import postal_codes, verifications
from storage.responses import responses, versions
from storage.staff import audit

_STAFF = "saksbehandler@example.no"
"""Who of the municipality did what was done: nobody who could log in."""


class _Case(Struct, frozen=True):
    """A consultation; `last` and `first` are days from today, `closed` is how long after the last one it was closed."""

    number: str
    title: str
    last: int
    first: int = 0
    closed: int = 0


OPEN = (
    _Case("18/101", "Rådmannens forslag til handlingsprogram 2020 – 2023", 37),
    _Case("26/2044", "Detaljregulering for Eksempelveien skole", 17),
    _Case("26/310", "Ny sykkelvei langs Eksempelelva", 60),
)
CLOSED = (
    _Case("26/57", "Kommunedelplan for klima og energi", -83, first=-128, closed=1),
    _Case("26/118", "Detaljregulering for gamle Eksempelbrygga", -12, first=-55, closed=5),
)
"""The last of them has the responses."""


_SIGNS_OF_USE = ("consultations", "conversations", "staff", "audit_log")


def fill(path: Path, at: datetime) -> None:
    """Put the demo into a database, as of `at`, unless it is in use: then nothing is touched.

    In use is one that has a consultation, somebody of the staff, a conversation or anything in its log: what is made up
    could not be taken out of that again. A register of postal codes that is there already is kept.
    """
    with transaction(path) as db:
        if any(db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() for table in _SIGNS_OF_USE):  # noqa: S608 - our own
            return
        add_open(db, at)
        done = list(_closed(db, at))
        if not postal_codes.loaded(db):
            loaded = postal_codes.replace_all(db, POSTAL_CODES.items())
            done.append(_Done(at, "postcodes.loaded", "demo", {"count": loaded}))
        for each in sorted(done, key=lambda each: each.at):  # the log only grows: what came first stands first
            audit.record(db, each.at, _STAFF, each.action, each.thing, detail=each.detail)


def add_open(db: Connection, at: datetime) -> None:
    """The consultations that one can respond to; their deadlines lie ahead."""
    for case in OPEN:
        _add(db, case, at.astimezone(OSLO).date(), at)


class _Done(Struct, frozen=True):
    """What staff did, for the audit log."""

    at: datetime
    action: str
    thing: str
    detail: dict[str, object]


def _add(db: Connection, case: _Case, today: date, at: datetime) -> int:
    return consultations.add(
        db,
        case_number=case.number,
        title=case.title,
        opens_at=first_instant(today + timedelta(days=case.first)) if case.first else None,
        closes_at=closing_instant(today + timedelta(days=case.last)),
        at=at,
    )


def _closed(db: Connection, at: datetime) -> Iterator[_Done]:
    today = at.astimezone(OSLO).date()
    for case in CLOSED:
        last = today + timedelta(days=case.last)
        begun = _moment(today + timedelta(days=case.first - 3), "10:20")
        number = _add(db, case, today, begun)
        told: dict[str, object] = {"case_number": case.number, "title": case.title, "closes": f"{last}"}
        yield _Done(begun, "consultation.added", f"{number}", told)
        if case is CLOSED[-1]:
            yield from _responses(db, number, last)
        ended = _moment(last + timedelta(days=case.closed), "09:10")
        consultations.close(db, number, ended)
        yield _Done(ended, "consultation.closed", f"{number}", {})


def _responses(db: Connection, consultation_id: int, last: date) -> Iterator[_Done]:
    """Stored as they came in, each with what became of it."""
    draw = partial(next, _references())
    references: dict[str, str] = {}
    received = sorted(
        (_moment(last - timedelta(days=sample.day), sample.at, turn), sample, respondent)
        for turn, (sample, respondent) in enumerate(samples())
    )
    for turn, (at, sample, respondent) in enumerate(received):
        conversation = conversations.find_or_open(db, respondent.channel, respondent.address, at)
        conversations.save(db, conversation.id, None, draft="", locale=sample.language, at=at)
        conversations.mark_unreachable(db, conversation.id, at)  # there is nobody to be written to
        replaces = {"replaces": references[sample.replaces]} if sample.replaces else {}
        columns = {**respondent.columns, "text": sample.text, **replaces}
        submit = Submit(f"demo{turn + 1}", consultation_id, columns, FORM.version)
        stored = knowledge.store(db, conversation, submit, locale=sample.language, at=at, draw_reference=draw)
        references[sample.key] = stored.reference
        if sample.register:
            _settle(db, conversation.id, sample, at + timedelta(hours=3))
        if sample.withdrawn:
            yield _withdraw(db, stored.reference, sample.withdrawn, _moment(at.date() + timedelta(days=1), "10:40"))


def _settle(db: Connection, conversation_id: int, sample: Sample, at: datetime) -> None:
    """What the register said in the end of an organisation that was typed by hand, or that it said nothing."""
    stored = responses.of_conversation(db, conversation_id)[0]
    if sample.register == "unverified":
        jobs.forget(db, verifications.KIND, stored.id)
    elif sample.register == "not_found":
        verifications.settle(db, stored.id, "not_found", at=at)
    else:
        found = registered(sample.number)
        name = {"organisation_name": found.name}
        verifications.settle(db, stored.id, found.status, at=at, form=found.form, differences=name)


def _withdraw(db: Connection, reference: str, note: str, at: datetime) -> _Done:
    before = versions.decide(db, reference, "withdrawn", who=_STAFF, at=at, note=note)
    return _Done(at, "response.status", reference, {"before": before, "after": "withdrawn"})


def _moment(day: date, clock: str, turn: int = 0) -> datetime:
    """A time of the day in Norway, in UTC; `turn` makes the seconds."""
    seconds = timedelta(seconds=turn * 37 % 60, microseconds=turn * 7919 % 1_000_000)
    return (datetime.combine(day, time.fromisoformat(clock), OSLO) + seconds).astimezone(UTC)


def _references() -> Iterator[str]:
    """References that look drawn, and are the same in every demo."""
    for number in count(1):
        digest = hashlib.sha256(f"demo {number}".encode()).digest()
        yield randomness.reference_of(int.from_bytes(digest[:8]))
