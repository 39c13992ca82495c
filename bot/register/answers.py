"""What Enhetsregisteret's answers say, in our words; the fields are named as the register names them.

API: https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html (no key; NLOD 2.0).
Associations often live at a private person's home: only what a response needs is read, and "c/o" lines are not.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TypeVar

import msgspec

from dialogs.facts import Deleted, Found, Hit, Hits, Removed

T = TypeVar("T")

_CARE_OF = re.compile(r"\s*(c\s*/\s*o\b|℅)", re.IGNORECASE)
_LANGUAGES = {"Bokmål": "nb", "Nynorsk": "nn"}
_BUSINESS_ADDRESS_IS_DOUBTFUL = "FADR"


class NotAnAnswer(Exception):
    """Not what the register documents, which says nothing about the organisation; the text holds nothing of it."""


class _Address(msgspec.Struct, frozen=True):
    adresse: list[str | None] | None = None
    postnummer: str | None = None
    poststed: str | None = None
    landkode: str | None = None

    def street(self) -> str:
        """The lines that lead to the organisation: a "c/o" line names a private person and is left out."""
        lines = (line.strip() for line in self.adresse or () if line)
        return ", ".join(line for line in lines if line and not _CARE_OF.match(line))


class _Form(msgspec.Struct, frozen=True):
    kode: str | None = None
    beskrivelse: str | None = None


class _Note(msgspec.Struct, frozen=True):
    infotype: str | None = None


class _Name(msgspec.Struct, frozen=True):
    navn: str | None = None


class _Entity(msgspec.Struct, frozen=True):
    """The fields we read of a main entity, a sub-entity or a deleted one."""

    organisasjonsnummer: str
    navn: str | None = None
    organisasjonsform: _Form | None = None
    postadresse: _Address | None = None
    forretningsadresse: _Address | None = None
    beliggenhetsadresse: _Address | None = None
    konkurs: bool | None = None
    underAvvikling: bool | None = None  # noqa: N815 - the register's name
    underTvangsavviklingEllerTvangsopplosning: bool | None = None  # noqa: N815 - the register's name
    overordnetEnhet: str | None = None  # noqa: N815 - the register's name
    slettedato: str | None = None
    respons_klasse: str | None = None
    historiskeNavn: list[_Name] | None = None  # noqa: N815 - the register's name
    paategninger: list[_Note] | None = None
    maalform: str | None = None


class _Embedded(msgspec.Struct, frozen=True):
    enheter: list[_Entity] = []


class _PageNumbers(msgspec.Struct, frozen=True):
    number: int = 0
    totalElements: int = 0  # noqa: N815 - the register's name
    totalPages: int = 0  # noqa: N815 - the register's name


class _Page(msgspec.Struct, frozen=True):
    page: _PageNumbers
    embedded: _Embedded | None = msgspec.field(default=None, name="_embedded")


def read_entity(number: str, body: bytes) -> Found | Deleted | Removed:
    """The entity of this number. Raises NotAnAnswer for anything else."""
    entity = _decode(body, _Entity)
    if entity.organisasjonsnummer != number:
        raise NotAnAnswer("about another number")
    if entity.slettedato or entity.respons_klasse == "SlettetEnhet":
        return _deleted(entity)
    name = (entity.navn or "").strip()
    if not name:
        raise NotAnAnswer("an entity without a name")
    address = _address(entity)
    country = address.landkode or "NO"
    form = entity.organisasjonsform or _Form()
    return Found(
        number=number,
        name=name,
        form=form.kode or "",
        form_name=form.beskrivelse or "",
        street=address.street(),
        postal_code=(address.postnummer or "") if country == "NO" else "",
        postal_town=address.poststed or "",
        country=country,
        status=_status(entity),
        is_compulsory=_status(entity) == "dissolving" and bool(entity.underTvangsavviklingEllerTvangsopplosning),
        main_number=entity.overordnetEnhet or "",
        address_is_doubtful=_is_doubtful(entity, address),
        language=_LANGUAGES.get(entity.maalform or "", ""),
    )


def read_hits(body: bytes) -> Hits:
    """A page of a search. Raises NotAnAnswer for anything else."""
    page = _decode(body, _Page)
    found = page.embedded.enheter if page.embedded else []
    return Hits(
        tuple(_hit(entity) for entity in found),
        page.page.number,
        max(1, page.page.totalPages),
        page.page.totalElements,
    )


def _decode(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotAnAnswer("not the JSON that it documents") from None


def _deleted(entity: _Entity) -> Deleted | Removed:
    try:
        day = date.fromisoformat((entity.slettedato or "")[:10])
    except ValueError:
        return Removed(entity.organisasjonsnummer)
    old = tuple(each.navn for each in entity.historiskeNavn or () if each.navn and each.navn != entity.navn)
    return Deleted(entity.organisasjonsnummer, (entity.navn or "").strip(), day, old)


def _hit(entity: _Entity) -> Hit:
    form = entity.organisasjonsform or _Form()
    town = _address(entity).poststed or ""
    return Hit(entity.organisasjonsnummer, (entity.navn or "").strip(), town, form.beskrivelse or "")


def _address(entity: _Entity) -> _Address:
    """The postal address before the business address before the location; one with a street before one without."""
    addresses = (entity.postadresse, entity.forretningsadresse, entity.beliggenhetsadresse)
    given = [address for address in addresses if address and (address.street() or address.poststed)]
    return next((address for address in given if address.street()), given[0] if given else _Address())


def _is_doubtful(entity: _Entity, address: _Address) -> bool:
    """Whether the register presumes the address wrong that we would use; it says so of business addresses only."""
    noted = any(note.infotype == _BUSINESS_ADDRESS_IS_DOUBTFUL for note in entity.paategninger or ())
    return noted and address == entity.forretningsadresse


def _status(entity: _Entity) -> str:
    if entity.konkurs:
        return "bankrupt"
    if entity.underTvangsavviklingEllerTvangsopplosning or entity.underAvvikling:
        return "dissolving"
    return "active"
