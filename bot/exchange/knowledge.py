"""What the store knows, in the words of the dialogue: the answers that an exchange finds inside its own transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from msgspec.structs import asdict, replace

from dialogs import events, facts
from dialogs.facts import Deleted, Found, Question, Removed, Result, Unknown
from dialogs.fields.earlier import sender
from dialogs.messages import Submit
from storage.consultations import consultations
from storage.conversations import conversations
from storage.database.sqlite import Connection
from storage.register import cache, postal_codes, verifications
from storage.responses import responses, versions

PAGE_SIZE = 6
"""Consultations on one page: as many buttons as a phone shows without scrolling."""

_COLUMNS = frozenset(responses.NewResponse.__struct_fields__)

_HELD = Found | Deleted | Removed | Unknown
_HOLDS_FOR, _UNKNOWN_HOLDS_FOR = timedelta(hours=24), timedelta(hours=1)
_decode_held: Callable[[str], Result] = msgspec.json.Decoder(_HELD).decode


def known(db: Connection, conversation_id: int, question: Question, at: datetime) -> Result:
    """The answer to a question of the dialogue's, as of `at`. Not for `Outside`: the register knows those."""
    match question:
        case facts.Opening(link):
            _, total = consultations.open_at(db, at, page=0, size=0)
            linked = _answered(db, conversation_id, int(link[1:]), at) if _is_link(link) else None
            return facts.OpeningFacts(total, linked)
        case facts.OpenConsultations(page):
            found, total = consultations.open_at(db, at, page=page, size=PAGE_SIZE)
            pages = max(1, -(-total // PAGE_SIZE))
            if page >= pages:
                return known(db, conversation_id, facts.OpenConsultations(pages - 1), at)
            return facts.Consultations(_consultations(found, at), page, pages, total)
        case facts.FindConsultations(query, year, sequence):
            found = consultations.find_case(db, year, sequence, at) if year else consultations.find_words(db, query, at)
            if len(found) == 1:
                return facts.Consultations((_with_own(db, conversation_id, found[0], at),), total=1)
            return facts.Consultations(_consultations(found, at), total=len(found))
        case facts.ConsultationById(number):
            return _answered(db, conversation_id, number, at)
        case facts.PostalCode(code):
            if not postal_codes.loaded(db):
                return facts.PostalTown(known=False)
            return facts.PostalTown(known=True, town=postal_codes.town(db, code) or "")
        case facts.OwnResponses():
            return facts.SentResponses(tuple(_sent(r) for r in responses.of_conversation(db, conversation_id)))
        case facts.SentDraft(draft):
            stored = responses.by_draft(db, conversation_id, draft)
            return None if stored is None else _sent(stored)
        case facts.Entity() | facts.EntitySearch():
            raise ValueError("the store does not know what the register says")


def remembered(db: Connection, question: facts.Outside, at: datetime) -> Result:
    """What the register answered not long before `at`; None: it has to be asked."""
    kept = cache.fresh(db, question.number, at) if isinstance(question, facts.Entity) else None
    try:
        return None if kept is None else _decode_held(kept)
    except msgspec.DecodeError:  # an older Innspill kept it
        return None


def remember(db: Connection, question: facts.Outside, answer: Result, at: datetime) -> None:
    """Keep what the register says of a number: 24 hours, or one that it has no such number. Silence says nothing."""
    if isinstance(question, facts.Entity) and isinstance(answer, _HELD):
        holds_until = at + (_UNKNOWN_HOLDS_FOR if isinstance(answer, Unknown) else _HOLDS_FOR)
        kept = msgspec.json.encode(answer).decode()
        cache.keep(db, question.number, kept, holds_until=holds_until)


def store(
    db: Connection,
    conversation: conversations.Conversation,
    submit: Submit,
    *,
    locale: str,
    at: datetime,
    draw_reference: Callable[[], str],
) -> events.Stored:
    """Store a response, once; a draft that was sent in before gives the response that came of it.

    An answer whose key is no column of a response is kept beside it. A response whose organisation the register could
    not be asked about is put down to be verified.
    """
    columns = {key: value for key, value in submit.columns.items() if key in _COLUMNS}
    new = responses.NewResponse(
        conversation_id=conversation.id,
        draft=submit.draft,
        consultation_id=submit.consultation_id,
        received_at=at,
        channel=conversation.channel,
        locale=locale,
        form_version=submit.form_version,
        extra={key: value for key, value in submit.columns.items() if key not in columns and value},
        **columns,
    )
    stored, again = responses.insert(db, new, draw_reference)
    if (replaced := submit.columns.get("replaces")) and not again:
        versions.supersede_own(db, replaced, by=stored.id, at=at)
    if new.register_status == "unverified" and new.organisation_number and not again:
        verifications.begin(db, stored.id, at)
    return events.Stored(
        at=at, draft=submit.draft, reference=stored.reference, received_at=stored.received_at, again=again
    )


def _is_link(link: str) -> bool:
    return link[:1] == "c" and link[1:].isascii() and link[1:].isdigit() and len(link) < 17


def _consultations(found: list[consultations.Consultation], at: datetime) -> tuple[facts.Consultation, ...]:
    return tuple(_said(each, at) for each in found)


def _answered(db: Connection, conversation_id: int, number: int, at: datetime) -> facts.Consultation | None:
    found = consultations.get(db, number)
    return None if found is None else _with_own(db, conversation_id, found, at)


def _with_own(
    db: Connection, conversation_id: int, found: consultations.Consultation, at: datetime
) -> facts.Consultation:
    """The consultation with what this conversation has sent in to it."""
    own = tuple(
        facts.EarlierResponse(sent.reference, sent.received_at, sender(asdict(sent)))
        for sent in versions.standing(db, conversation_id, found.id)
    )
    return replace(_said(found, at), earlier=own)


def _said(kept: consultations.Consultation, at: datetime) -> facts.Consultation:
    opens_at = kept.opens_at if kept.opens_at is not None and kept.opens_at > at else None
    return facts.Consultation(kept.id, kept.case_number, kept.title, kept.closes_at, kept.accepts(at), opens_at)


def _sent(response: responses.Response) -> facts.SentResponse:
    return facts.SentResponse(
        response.reference, response.case_number, response.title, response.received_at, response.status
    )
