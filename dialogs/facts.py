"""What is known outside the engine: the questions that it cannot answer itself, and their results. All frozen."""

from __future__ import annotations

from datetime import date, datetime

from msgspec import Struct


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
    """The register did not answer, which says nothing about the organisation. `asked`: it was asked at all just now."""

    asked: bool = True


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
