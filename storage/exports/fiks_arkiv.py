"""KS Fiks Arkiv V1: a folder per response with `arkivmelding.xml`, which files it in its case, and its PDF/A.

The message has an element only where there is content, and codes without their descriptions, which the archive has.
The elements and their order are those of `no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd` in
ks-no/fiks-arkiv-specification.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256

from lxml import etree

from storage.consultations.consultations import parse_case_number
from storage.database.times import OSLO, moment
from storage.exports import Export, Files, Kind, Row
from storage.exports.output.characters import visible
from storage.exports.paper.document import file_name, paper_of_one
from storage.exports.paper.typesetting import Typesetter
from storage.responses.respondents import person_of

SUFFIX = ".xml"
SEVERAL = True
KIND: Kind = "paper"

_MESSAGE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/arkivmelding/opprett/v1"
_CATALOGUE = "https://ks-no.github.io/standarder/fiks-protokoll/fiks-arkiv/metadatakatalog/v1"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES: dict[str | None, str] = {None: _MESSAGE, "mdk": _CATALOGUE, "xsi": _INSTANCE}

# The name under which the archive knows our references.
_SYSTEM = "Innspill"

# Codes of the code lists beside the schema. M: registered for the time being, the archive's staff go on from there.
_DEFAULTS = {"journal_status": "M", "document_type": "UTTALELSE"}

_COUNTRY_CODE = re.compile("[A-Z]{2}")

# What an element holds: text, elements by name, several of the same name, or nothing, and then it is left out.
Content = str | None | Mapping[str, "Content"] | list["Content"]


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. Uses the settings `journal_status` and `document_type`, codes of the archive."""
    typesetter, count = Typesetter(), 0
    for row in export.rows:
        pdf = typesetter.pdf(paper_of_one(export, row))
        with files.new(f"{row['reference']}/{file_name(row)}") as out:
            out.write(pdf)
        with files.new(f"{row['reference']}/arkivmelding.xml") as out:
            out.write(_message(export, row, pdf))
        count += 1
    return count


def _message(export: Export, row: Row, pdf: bytes) -> bytes:
    root = etree.Element(
        f"{{{_MESSAGE}}}arkivmelding",
        nsmap=_PREFIXES,  # type: ignore[arg-type]  # None is the default namespace: its stubs do not know it
    )
    _add(root, _MESSAGE, "system", _SYSTEM)
    _add(root, _MESSAGE, "antallFiler", "1")
    _add(root, _MESSAGE, "registrering", _registration(export, row, pdf))
    root[-1].set(f"{{{_INSTANCE}}}type", "journalpost")
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _registration(export: Export, row: Row, pdf: bytes) -> Mapping[str, Content]:
    title = f"{export.label('text')} – {row['consultation']}"
    year, sequence = parse_case_number(str(row["case_number"]))
    received_at = moment(str(row["received_at"])).astimezone(OSLO)
    return {
        "referanseForelderMappe": {
            "mdk:saksnummer": {"mdk:saksaar": str(year), "mdk:sakssekvensnummer": str(sequence)}
        },
        "dokumentbeskrivelse": {
            "dokumenttype": _code(_setting(export, "document_type")),
            "dokumentstatus": _code("F"),
            "tittel": title,
            "tilknyttetRegistreringSom": _code("H"),
            "dokumentnummer": "1",
            "dokumentobjekt": {
                "versjonsnummer": "1",
                "variantformat": _code("A"),
                "format": _code("PDF/A"),
                "formatDetaljer": "PDF/A-2a",
                "mimeType": "application/pdf",
                "filnavn": file_name(row),
                "referanseDokumentfil": file_name(row),
                "sjekksum": sha256(pdf).hexdigest(),
                "sjekksumAlgoritme": "SHA-256",
                "filstoerrelse": str(len(pdf)),
            },
        },
        # No names of people: titles are public, and the archive knows who sent it.
        "tittel": title,
        "offentligTittel": title,
        "korrespondansepart": _sender(row),
        "referanseEksternNoekkel": {"mdk:fagsystem": _SYSTEM, "mdk:noekkel": str(row["reference"])},
        "journalposttype": _code("I"),
        "journalstatus": _code(_setting(export, "journal_status")),
        "dokumentetsDato": received_at.date().isoformat(),
        "mottattDato": received_at.isoformat(timespec="seconds"),
    }


def _sender(row: Row) -> Mapping[str, Content]:
    """The respondent; of an organisation also who may be asked. A sole proprietor's name is a person's."""
    person = _clean(person_of(row))
    organisation = _text(row, "organisation_name")
    is_person = row["respondent_type"] == "private_person"
    country = _text(row, "country") or ""
    return {
        "korrespondanseparttype": _code("EA"),
        # The schema wants a name; a response that has none is still known by its reference.
        "korrespondansepartNavn": (None if is_person else organisation) or person or str(row["reference"]),
        "organisasjonid": None if is_person else _text(row, "organisation_number"),
        "postadresse": list[Content]((_text(row, "address") or "").splitlines()),
        "postnummer": _text(row, "postal_code"),
        "poststed": _text(row, "postal_town"),
        "landkode": _code(country) if _COUNTRY_CODE.fullmatch(country) else None,
        "epostadresse": _text(row, "email"),
        "telefonnummer": _text(row, "phone"),
        "kontaktperson": None if is_person else person,
        "erPersonnavn": "true" if is_person or _is_sole_proprietor(row) else "false",
    }


def _is_sole_proprietor(row: Row) -> bool:
    """Whether the register says so: to the respondent, or later, and then only the form of the organisation is kept."""
    return row.get("organisation_kind") == "sole_proprietor" or row["organisation_form"] == "ENK"


def _text(row: Row, key: str) -> str | None:
    """The answer, or None where nothing of it can be seen."""
    return _clean(str(row[key] or "")) or None


def _clean(text: str) -> str:
    return visible(text).strip()


def _setting(export: Export, name: str) -> str:
    return export.settings.get(name) or _DEFAULTS[name]


def _code(code: str) -> Mapping[str, Content]:
    return {"mdk:kode": code}


def _add(parent: etree._Element, namespace: str, name: str, content: Content) -> None:
    """Append an element and what it holds. `mdk:` puts it into the catalogue's namespace."""
    match content:
        case list():
            for each in content:
                _add(parent, namespace, name, each)
        case Mapping():
            element = etree.SubElement(parent, _qualified(namespace, name))
            for inner, held in content.items():
                _add(element, namespace, inner, held)
        case str() if text := _clean(content):
            etree.SubElement(parent, _qualified(namespace, name)).text = text
        case _:
            pass


def _qualified(namespace: str, name: str) -> str:
    prefix, colon, local = name.rpartition(":")
    return f"{{{_CATALOGUE}}}{local}" if prefix == "mdk" and colon else f"{{{namespace}}}{name}"
