"""All that goes into the engine (events) and comes out (effects), frozen: long because the seam is read in one piece.

They are `msgspec.Struct`s: frozen like dataclasses, several times quicker to make, and their JSON form
(stored sessions, outbox rows, waiting look-ups) is read back by the same declaration that typed them.
All times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from msgspec import Struct

# --- What is said, as data: rendered in the reader's language at delivery ------------------------------


class Instant(Struct, frozen=True, tag="instant"):
    """A moment, shown with weekday, date and time of day in Norwegian time."""

    at: datetime


class Deadline(Struct, frozen=True, tag="deadline"):
    """The first instant after the last day, shown as that last day at 23.59."""

    closes_at: datetime


class Day(Struct, frozen=True, tag="day"):
    """A calendar day, shown with its weekday."""

    day: date


class Text(Struct, frozen=True, tag="text"):
    """A wording by its key in `locales/`, with its arguments. The key `verbatim` shows its argument `text` as it is."""

    key: str
    args: Mapping[str, Arg] = {}


Arg = str | int | Instant | Deadline | Day | Text


def verbatim(text: str) -> Text:
    """What somebody wrote, shown to the letter and never translated."""
    return Text("verbatim", {"text": text})


class Button(Struct, frozen=True):
    """Something to press. `data` is `draft:step:option` and at most 64 bytes of UTF-8."""

    data: str
    label: Text
    primary: bool = False


class AnswerBox(Struct, frozen=True):
    """What a typed answer looks like, for channels that draw a field for it.

    `kind` is one of `short`, `digits`, `email`, `phone`, `long`; `autocomplete` is the HTML token of that name;
    `value` what stands in it already; `max_length` in characters.
    """

    kind: str = "short"
    autocomplete: str = "off"
    value: str = ""
    max_length: int = 500


class Row(Struct, frozen=True):
    """A line of the review or of the receipt; `change` reopens what it shows."""

    label: Text
    value: Text
    change: Button | None = None


class Document(Struct, frozen=True):
    """A long text that goes with a message: in it where the channel has room, else as the text file `name`.

    `caption` says what it is, right above it.
    """

    name: str
    text: str
    caption: Text | None = None


class Message(Struct, frozen=True, omit_defaults=True):
    """One outgoing message. Read in this order: `told`, `lines`, `rows`, `after`, `example`, then the document.

    `kind`: `question`, `review`, `receipt`, `notice` (no question is open) or `waiting` (a look-up is out).
    `told` is what became of the last answer; `error` says that it was not taken as an answer: channels without a
    page then leave out `lines`, for the question stands just above. `lines` is the question with its reason.
    `progress` is (this step, steps in all) once the kind of respondent is known.
    `edits` asks the channel to edit the message whose button was pressed instead of sending a new one.
    `draft` is the draft that a question belongs to: one whose draft has ended is not said again.
    """

    locale: str
    kind: str = "notice"
    told: tuple[Text, ...] = ()
    error: bool = False
    lines: tuple[Text, ...] = ()
    rows: tuple[Row, ...] = ()
    after: tuple[Text, ...] = ()
    example: Text | None = None
    buttons: tuple[Button, ...] = ()
    step: str = ""
    progress: tuple[int, int] | None = None
    box: AnswerBox | None = None
    document: Document | None = None
    edits: bool = False
    draft: str = ""


# --- Questions that the engine cannot answer itself, and their results ----------------------------------


class Opening(Struct, frozen=True, tag="opening"):
    """What a new draft has to know: how many consultations are open, and the one that the link names."""

    link: str = ""


class OpenConsultations(Struct, frozen=True, tag="open-consultations"):
    """One page of the open consultations, soonest deadline first; `page` counts from 0."""

    page: int = 0


class FindConsultations(Struct, frozen=True, tag="find-consultations"):
    """Consultations that still take responses, by case (year 0 means: by words of the title)."""

    query: str
    year: int = 0
    sequence: int = 0


class ConsultationById(Struct, frozen=True, tag="consultation-by-id"):
    """One consultation as it is now, whatever its state."""

    id: int


class PostalCode(Struct, frozen=True, tag="postal-code"):
    """The town of a Norwegian postal code."""

    code: str


class OwnResponses(Struct, frozen=True, tag="own-responses"):
    """What this conversation has sent in, newest first."""


class SentDraft(Struct, frozen=True, tag="sent-draft"):
    """The response that came of one draft of this conversation."""

    draft: str


class Entity(Struct, frozen=True, tag="entity"):
    """What Enhetsregisteret knows of an organisation number."""

    number: str


class EntitySearch(Struct, frozen=True, tag="entity-search"):
    """The organisations whose names hold these words; `page` counts from 0."""

    query: str
    page: int = 0


Outside = Entity | EntitySearch
"""The questions that leave the house: their answers take time, come late, or never."""


Question = (
    Opening | OpenConsultations | FindConsultations | ConsultationById | PostalCode | OwnResponses | SentDraft | Outside
)


class EarlierResponse(Struct, frozen=True):
    """What this conversation has sent in to a consultation, and what stands. `sender`: see `fields.earlier`."""

    reference: str
    received_at: datetime
    sender: str


class Consultation(Struct, frozen=True, tag="consultation"):
    """One round of one case. `accepts` is False once staff have closed it: past the deadline it still accepts.

    It is also False before it opens, and then `opens_at` says when. `earlier` are this conversation's own responses
    to it, newest first, where one consultation was asked for.
    """

    id: int
    case_number: str
    title: str
    closes_at: datetime
    accepts: bool = True
    opens_at: datetime | None = None
    earlier: tuple[EarlierResponse, ...] = ()


class Consultations(Struct, frozen=True, tag="consultations"):
    """Some consultations; `page` of `pages`, counted from 0, `total` in all."""

    items: tuple[Consultation, ...] = ()
    page: int = 0
    pages: int = 1
    total: int = 0


class OpeningFacts(Struct, frozen=True, tag="opening-facts"):
    """`open_count` consultations are open; `linked` is the one that the link named, if there is one."""

    open_count: int
    linked: Consultation | None = None


class PostalTown(Struct, frozen=True, tag="postal-town"):
    """`known` is False where the register of postal codes is not loaded; `town` is empty for an unknown code."""

    known: bool
    town: str = ""


class SentResponse(Struct, frozen=True, tag="sent-response"):
    """A response that was sent in. `status`: `received`, `superseded` or `withdrawn`."""

    reference: str
    case_number: str
    title: str
    received_at: datetime
    status: str = "received"


class SentResponses(Struct, frozen=True, tag="sent-responses"):
    """Responses that were sent in, newest first."""

    items: tuple[SentResponse, ...] = ()


class Found(Struct, frozen=True, tag="found"):
    """An entity as the register has it. `street` holds no "c/o" line; a foreign address has no postal code.

    `form` is the code of the organisation form, `form_name` its name in the register's words. `country` is an ISO 3166
    code ("NO"); `status` one of the values of `register_status`, `is_compulsory` says that a court dissolves it.
    A sub-entity names its main entity. `address_is_doubtful`: the register presumes it wrong. `language`: `nb` or `nn`.
    """

    number: str
    name: str
    form: str = ""
    street: str = ""
    postal_code: str = ""
    postal_town: str = ""
    country: str = "NO"
    status: str = "active"
    form_name: str = ""
    is_compulsory: bool = False
    main_number: str = ""
    main_name: str = ""
    address_is_doubtful: bool = False
    language: str = ""


class Deleted(Struct, frozen=True, tag="deleted"):
    """It was deleted from the register on `day`; `old_names` are what it was called before `name`."""

    number: str
    name: str
    day: date
    old_names: tuple[str, ...] = ()


class Removed(Struct, frozen=True, tag="removed"):
    """The register may not show it any more, for legal reasons."""

    number: str


class Hit(Struct, frozen=True, tag="hit"):
    """An organisation that a search has found, as the register writes it."""

    number: str
    name: str
    town: str = ""
    form_name: str = ""


class Hits(Struct, frozen=True, tag="hits"):
    """One page of what a search has found; `page` of `pages`, counted from 0, `total` in all."""

    items: tuple[Hit, ...] = ()
    page: int = 0
    pages: int = 1
    total: int = 0


class Unknown(Struct, frozen=True, tag="unknown"):
    """The register answered: it has no such number. (`None` as a result says nothing of the kind.)"""


class NoAnswer(Struct, frozen=True, tag="no-answer"):
    """The register did not answer, which says nothing about the organisation."""


Result = (
    Consultation
    | Consultations
    | OpeningFacts
    | PostalTown
    | SentResponse
    | SentResponses
    | Found
    | Deleted
    | Removed
    | Hits
    | Unknown
    | NoAnswer
    | None
)


# --- Events: what happened --------------------------------------------------------------------------------


class Event(Struct, frozen=True, kw_only=True):
    """Something that reached us. `at` is when; `locale` is what the channel believes the person reads, or ""."""

    at: datetime
    locale: str = ""


class Started(Event, frozen=True, tag="started", kw_only=True):
    """/start, or the chat was opened. `link` is the deep link's payload, such as `c12`."""

    link: str = ""


class Said(Event, frozen=True, tag="said", kw_only=True):
    """A text, commands and typed labels among them.

    `message_id` is the person's own message, for later edits. `continues`: the channel cut a longer text right
    after this piece. `whole`: the text stands in place of all that was written at this step (a form field).
    `after_repeat`: the last question may have been said twice, so the same text again is a repeat.
    """

    text: str
    message_id: str = ""
    continues: bool = False
    whole: bool = False
    after_repeat: bool = False


class Picked(Event, frozen=True, tag="picked", kw_only=True):
    """A button was pressed; `data` is whatever came in, forged or not."""

    data: str


class Attached(Event, frozen=True, tag="attached", kw_only=True):
    """Not a text: `kind` is `sticker`, `voice`, `photo` (any file or moving picture), `location` or `other`."""

    kind: str


class Edited(Event, frozen=True, tag="edited", kw_only=True):
    """The person changed a text that they had sent."""

    message_id: str
    text: str
    continues: bool = False


class WentBack(Event, frozen=True, tag="went-back", kw_only=True):
    """/tilbake."""


class Cancelled(Event, frozen=True, tag="cancelled", kw_only=True):
    """/avbryt."""


class AskedHelp(Event, frozen=True, tag="asked-help", kw_only=True):
    """/hjelp."""


class AskedLanguage(Event, frozen=True, tag="asked-language", kw_only=True):
    """/sprak."""


class AskedMine(Event, frozen=True, tag="asked-mine", kw_only=True):
    """/mine."""


class AskedReview(Event, frozen=True, tag="asked-review", kw_only=True):
    """The web chat's "show all on one page" and its reload: say again where the person is."""


class InGroup(Event, frozen=True, tag="in-group", kw_only=True):
    """Somebody addressed us in a group: nothing is collected there. `private_link` opens a private chat."""

    private_link: str = ""


class LookedUp(Event, frozen=True, tag="looked-up", kw_only=True):
    """The answer to a question; one that no longer fits is dropped."""

    question: Question
    result: Result = None


class Stored(Event, frozen=True, tag="stored", kw_only=True):
    """The response of `draft` is in the store, or was before (`again`)."""

    draft: str
    reference: str
    received_at: datetime
    again: bool = False


class Left(Event, frozen=True, tag="left", kw_only=True):
    """They leave the computer, and what is begun shall be gone: the channel has asked whether they are sure."""


class Expired(Event, frozen=True, tag="expired", kw_only=True):
    """`draft` has lain untouched since before `untouched_since`; one that was touched after all is left alone."""

    draft: str
    untouched_since: datetime


AnyEvent = (
    Started
    | Said
    | Picked
    | Attached
    | Edited
    | WentBack
    | Cancelled
    | AskedHelp
    | AskedLanguage
    | AskedMine
    | AskedReview
    | InGroup
    | LookedUp
    | Stored
    | Expired
    | Left
)


# --- Effects: what is to be done --------------------------------------------------------------------------


class Tell(Struct, frozen=True):
    """What became of the last answer, or a side remark."""

    text: Text
    error: bool = False


class Ask(Struct, frozen=True):
    """The current question, as the rest of one message. It stands last among the effects of an event."""

    message: Message


class LookUp(Struct, frozen=True):
    """Find the answer to `question` and come back with `LookedUp`."""

    question: Question


class Submit(Struct, frozen=True):
    """Store this response, once, and come back with `Stored`. `columns` are the export keys it fills (design, 6)."""

    draft: str
    consultation_id: int
    columns: dict[str, Any]
    extra: dict[str, str] = {}
    form_version: int = 1


class Forget(Struct, frozen=True):
    """The draft is gone: what was kept for it (waiting look-ups) goes too."""

    draft: str


Effect = Tell | Ask | LookUp | Submit | Forget
