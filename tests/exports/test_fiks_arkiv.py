"""KS Fiks Arkiv: every message is valid, files the response in its case, and says who sent it."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from storage.exports import FORMATS, Row
from storage.exports.fiks_arkiv import _message
from tests import REFERENCE_DATA
from tests.exports.paper_examples import described_in, organisation, person, several_files

SCHEMAS = REFERENCE_DATA / "fiks-arkiv-v1"
of_the_archive = pytest.mark.shared("fiks-arkiv-v1")
SCHEMA = SCHEMAS / "no.ks.fiks.arkiv.v1.arkivering.arkivmelding.opprett.xsd"

ROWS: dict[str, Row] = {
    "an organisation": organisation(),
    "a private person": person(),
    "a sole proprietor": organisation(organisation_name="Nordmann Hage", organisation_kind="sole_proprietor"),
    "an organisation without a number": person(
        respondent_type="unregistered_organisation", organisation_name="Nabolaget", country="Atlantis"
    ),
    "one without a name": person(first_name=None, last_name=None, email=None),
    "one with blank names": organisation(organisation_name=" ", first_name="", last_name="\x02 "),
    "control characters": organisation(organisation_name="Lag\x07et \ud800\x0b", last_name="\x01", address="A\nB"),
}


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(SCHEMA), etree.XMLParser(no_network=True, resolve_entities=False)))


def message(row: Row) -> Any:
    files = several_files("fiks-arkiv", row)
    return etree.fromstring(files[f"{row['reference']}/arkivmelding.xml"])


def told(root: Any) -> list[tuple[str, str]]:
    """Each element with text, by its path without namespaces, in order."""
    return [
        (
            "/".join(etree.QName(each).localname for each in (*reversed(list(element.iterancestors())), element)[2:]),
            text,
        )
        for element in root.iter()
        if (text := (element.text or "").strip())
    ]


def sender(row: Row) -> dict[str, str]:
    return {
        path.removeprefix("korrespondansepart/"): text
        for path, text in told(message(row))
        if path.startswith("korrespondansepart/")
    }


@of_the_archive
@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_every_message_is_valid(schema: etree.XMLSchema, row: Row) -> None:
    schema.assertValid(message(row))


@of_the_archive
@settings(max_examples=200, deadline=None)
@given(
    st.sampled_from([organisation(), person()]),
    st.dictionaries(
        st.sampled_from(
            ["consultation", "organisation_name", "first_name", "last_name", "address", "country", "email"]
        ),
        st.text(max_size=8),
    ),
)
def test_a_message_is_valid_whatever_was_written(schema: etree.XMLSchema, row: Row, changes: dict[str, str]) -> None:
    schema.assertValid(etree.fromstring(_message(described_in("nb"), {**row, **changes}, b"%PDF")))


@of_the_archive
def test_the_example_that_came_with_the_schema_is_valid_too(schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.parse(str(SCHEMAS / "example" / "fiks-arkiv-v1-hoeringssvar-minimal.xml")))


TITLE = "Høringssvar – Rådmannens forslag til handlingsprogram 2020 – 2023"
DOCUMENT = "dokumentbeskrivelse/"
TOLD = [
    ("referanseForelderMappe/saksnummer/saksaar", "2018"),
    ("referanseForelderMappe/saksnummer/sakssekvensnummer", "101"),
    (DOCUMENT + "dokumenttype/kode", "UTTALELSE"),
    (DOCUMENT + "dokumentstatus/kode", "F"),
    (DOCUMENT + "tittel", TITLE),
    (DOCUMENT + "tilknyttetRegistreringSom/kode", "H"),
    (DOCUMENT + "dokumentnummer", "1"),
    (DOCUMENT + "dokumentobjekt/versjonsnummer", "1"),
    (DOCUMENT + "dokumentobjekt/variantformat/kode", "A"),
    (DOCUMENT + "dokumentobjekt/format/kode", "PDF/A"),
    (DOCUMENT + "dokumentobjekt/formatDetaljer", "PDF/A-2a"),
    (DOCUMENT + "dokumentobjekt/mimeType", "application/pdf"),
    (DOCUMENT + "dokumentobjekt/filnavn", "18-101-KM2TX4RA.pdf"),
    (DOCUMENT + "dokumentobjekt/referanseDokumentfil", "18-101-KM2TX4RA.pdf"),
    (DOCUMENT + "dokumentobjekt/sjekksum", "the checksum"),
    (DOCUMENT + "dokumentobjekt/sjekksumAlgoritme", "SHA-256"),
    (DOCUMENT + "dokumentobjekt/filstoerrelse", "the size"),
    ("tittel", TITLE),
    ("offentligTittel", TITLE),
    ("korrespondansepart/korrespondanseparttype/kode", "EA"),
    ("korrespondansepart/korrespondansepartNavn", "Asker næringsråd"),
    ("korrespondansepart/organisasjonid", "974540193"),
    ("korrespondansepart/postadresse", "Drengsrudhagen 6"),
    ("korrespondansepart/postnummer", "1385"),
    ("korrespondansepart/poststed", "Asker"),
    ("korrespondansepart/landkode/kode", "NO"),
    ("korrespondansepart/epostadresse", "post@example.no"),
    ("korrespondansepart/telefonnummer", "+4722000000"),
    ("korrespondansepart/kontaktperson", "Kari Nordmann"),
    ("korrespondansepart/erPersonnavn", "false"),
    ("referanseEksternNoekkel/fagsystem", "Innspill"),
    ("referanseEksternNoekkel/noekkel", "KM2TX4RA"),
    ("journalposttype/kode", "I"),
    ("journalstatus/kode", "M"),
    ("dokumentetsDato", "2026-11-25"),
    ("mottattDato", "2026-11-25T00:30:00+01:00"),
]


def test_a_message_says_what_the_archive_has_to_know() -> None:
    files = several_files("fiks-arkiv", organisation())
    pdf = files["KM2TX4RA/18-101-KM2TX4RA.pdf"]
    root = message(organisation())
    assert [(etree.QName(each).localname, each.text) for each in root[:2]] == [
        ("system", "Innspill"),
        ("antallFiler", "1"),
    ]
    assert root[2].get("{http://www.w3.org/2001/XMLSchema-instance}type") == "journalpost"
    measured = {sha256(pdf).hexdigest(): "the checksum", str(len(pdf)): "the size"}
    assert [(path, measured.get(text, text)) for path, text in told(root)[2:]] == TOLD


def test_a_private_person_is_marked_as_one() -> None:
    assert sender(person(organisation_name="left over", organisation_number="974540193")) == {
        "korrespondanseparttype/kode": "EA",
        "korrespondansepartNavn": "Kari Nordmann",
        "epostadresse": "post@example.no",
        "erPersonnavn": "true",
    }


def test_the_name_of_a_sole_proprietor_is_marked_as_a_persons_too() -> None:
    told = sender(ROWS["a sole proprietor"])
    assert (told["korrespondansepartNavn"], told["erPersonnavn"]) == ("Nordmann Hage", "true")
    assert told["organisasjonid"] == "974540193"
    # The register that was not to be reached tells it later, and then nobody is asked.
    assert sender(organisation(organisation_form="ENK"))["erPersonnavn"] == "true"
    told = sender(organisation(organisation_kind="public_body"))
    assert told["erPersonnavn"] == "false"


def test_only_elements_with_content_are_there() -> None:
    for row in ROWS.values():
        empty = [each.tag for each in message(row).iter() if not len(each) and not (each.text or "").strip()]
        assert empty == []


def test_what_xml_cannot_hold_is_written_out_as_in_the_other_formats() -> None:
    told = sender(ROWS["control characters"])
    assert told["korrespondansepartNavn"] == "Lag[U+0007]et [U+D800][U+000B]"
    assert told["kontaktperson"] == "Kari [U+0001]"
    assert [each.text for each in message(ROWS["control characters"]).iter("{*}postadresse")] == ["A", "B"]


def test_a_country_that_has_no_code_is_left_out() -> None:
    assert "landkode/kode" not in sender(ROWS["an organisation without a number"])


def test_the_title_names_nobody() -> None:
    for row in (organisation(), person()):
        titles = [text for path, text in told(message(row)) if path.lower().endswith("tittel")]
        assert len(titles) == 3
        assert not [each for each in titles if "Nordmann" in each or "Asker" in each]


def test_status_and_type_are_those_of_the_installation() -> None:
    export = msgspec.structs.replace(described_in("nb"), settings={"journal_status": "J", "document_type": "KORR"})
    codes = dict(told(etree.fromstring(_message(export, organisation(), b""))))
    assert (codes["journalstatus/kode"], codes["dokumentbeskrivelse/dokumenttype/kode"]) == ("J", "KORR")


def test_each_response_has_a_folder_of_its_own() -> None:
    assert FORMATS["fiks-arkiv"].SEVERAL
    assert list(several_files("fiks-arkiv", organisation(), person())) == [
        "KM2TX4RA/18-101-KM2TX4RA.pdf",
        "KM2TX4RA/arkivmelding.xml",
        "AB2CD3EF/18-101-AB2CD3EF.pdf",
        "AB2CD3EF/arkivmelding.xml",
    ]


def test_the_pdf_is_the_one_of_the_format_pdf() -> None:
    row = organisation()
    (pdf,) = several_files("pdf", row).values()
    assert several_files("fiks-arkiv", row)["KM2TX4RA/18-101-KM2TX4RA.pdf"] == pdf


@of_the_archive
def test_the_default_codes_are_in_the_lists(schema: etree.XMLSchema) -> None:
    codes = dict(told(message(organisation())))
    for name, path in (
        ("journalstatus", "journalstatus/kode"),
        ("journalposttype", "journalposttype/kode"),
        ("dokumenttype", "dokumentbeskrivelse/dokumenttype/kode"),
        ("dokumentstatus", "dokumentbeskrivelse/dokumentstatus/kode"),
        ("variantformat", "dokumentbeskrivelse/dokumentobjekt/variantformat/kode"),
        ("tilknyttetregistreringsom", "dokumentbeskrivelse/tilknyttetRegistreringSom/kode"),
        ("korrespondanseparttype", "korrespondansepart/korrespondanseparttype/kode"),
    ):
        listed = msgspec.json.decode(
            (SCHEMAS / "kodelister" / f"no.ks.fiks.arkiv.v1.kodelister.{name}.json").read_bytes()
        )
        assert codes[path] in [each["kodeverdi"] for each in listed["kodeliste"]]
