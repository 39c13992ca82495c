"""What people really type, and what it means: each stands for its kind."""

from __future__ import annotations

from typing import Any

import pytest

from dialogs.events import Said
from dialogs.fields import Email, Field, FirstName, LongText, OrganisationNumber, Phone, PostalPlace, Street
from dialogs.fields.base import Accepted, Around, Gathered, Pending, Reading, Rejected
from dialogs.fields.cleaning import clean, one_line
from tests.storage.examples import AT


def read(field: Field, text: str, **state: Any) -> Reading:
    return field.read(Said(at=AT, text=text), state, Around("text", AT, {}))


@pytest.mark.parametrize("mark", ["\x0b", "\x0c", "\u2028", "\u2029", "\x85", "\x1c", "\x1d", "\x1e", "\r\n", "\r"])
def test_what_parts_lines_stays_a_line_break(mark: str) -> None:
    reading = read(LongText(), f"Linje en{mark}linje to")
    assert isinstance(reading, Gathered)
    assert reading.value[0]["text"] == "Linje en\nlinje to"
    assert one_line(f"Eksempelveien{mark}12") == "Eksempelveien 12"


@pytest.mark.parametrize("mark", ["\x07", "\x1f", "\x00", "\x01\x02", "\x7f", "\x1b"])
def test_no_control_character_glues_two_words_together(mark: str) -> None:
    assert clean(f"første{mark}andre") == "første andre"
    assert clean(f"{mark}første {mark}andre{mark}") == "første andre"


PLACES = [
    ("8700 Horsens, Danmark", "8700", "Horsens", "DK"),
    ("8700 Horsens, Denmark", "8700", "Horsens", "DK"),
    ("8700 Horsens Danmark", "8700", "Horsens", "DK"),
    ("8700 Horsens, DK", "8700", "Horsens", "DK"),
    ("111 22 Stockholm, Sverige", "111 22", "Stockholm", "SE"),
    ("10115 Berlin, Deutschland", "10115", "Berlin", "DE"),
]


@pytest.mark.parametrize(("text", "code", "town", "country"), PLACES)
def test_a_country_that_is_named_is_the_country(text: str, code: str, town: str, country: str) -> None:
    for state in ({}, {"foreign": True}):
        reading = read(PostalPlace(), text, **state)
        assert isinstance(reading, Accepted)
        assert reading.value == {"postal_code": code, "postal_town": town, "country": country}


@pytest.mark.parametrize("text", ["1385 Asker, Norge", "1385 Asker, Norway", "1385 Asker Noreg", "1385 Asker, NO"])
def test_norway_may_be_named_too(text: str) -> None:
    assert read(PostalPlace(), text) == Pending({"code": "1385", "town": "Asker"})


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        *(("UK", "GB"), ("U.K.", "GB"), ("England", "GB"), ("the United Kingdom", "GB"), ("Storbritannia", "GB")),
        *(("USA", "US"), ("U.S.A.", "US"), ("United States", "US"), ("Amerika", "US"), ("Holland", "NL")),
        *(("The Netherlands", "NL"), ("Polska", "PL"), ("Suomi", "FI"), ("España", "ES"), ("Україна", "UA")),
        *(("Tyskland", "DE"), ("tyskland.", "DE"), ("Føroyar", "FO"), ("Atlantis", "Atlantis")),
    ],
)
def test_countries_have_their_everyday_names(typed: str, country: str) -> None:
    reading = read(PostalPlace(), f"SW1A 2AA London, {typed}", foreign=True)
    assert isinstance(reading, Accepted)
    assert reading.value == {"postal_code": "SW1A 2AA", "postal_town": "London", "country": country}


@pytest.mark.parametrize("text", ["１３８５ Asker", "١٣٨٥ Asker", "१३८५ Asker", "𝟏𝟑𝟖𝟓 Asker"])
def test_digits_of_any_script_are_digits(text: str) -> None:
    assert read(PostalPlace(), text) == Pending({"code": "1385", "town": "Asker"})


@pytest.mark.parametrize("text", ["９７４５４０１９３", "٩٧٤ ٥٤٠ ١٩٣", "NO ９７４ 540 193 MVA"])
def test_an_organisation_number_may_be_written_in_any_digits(text: str) -> None:
    assert read(OrganisationNumber(), text) == Pending({"number": "974540193"})


@pytest.mark.parametrize(
    "text",
    [
        *("Postboks 1234 Vika", "postboks 1234 vika", "Pb 1234 Vika", "P.b. 1234 Vika", "P.O. Box 1234 Vika"),
        *("Boks 1234 Sentrum", "Eksempelveien 1234 Asker", "Storgata 1385 Asker", "c/o Nordmann, Postboks 1234 Vika"),
    ],
)
def test_the_number_of_a_box_or_of_a_house_is_no_postal_code(text: str) -> None:
    assert read(Street(), text) == Accepted(text)


@pytest.mark.parametrize(
    ("text", "street", "code", "town"),
    [
        ("Postboks 1234 Vika, 0125 Oslo", "Postboks 1234 Vika", "0125", "Oslo"),
        ("Eksempelveien 12, 1385 Asker", "Eksempelveien 12", "1385", "Asker"),
        ("Eksempelveien 12 1385 Asker", "Eksempelveien 12", "1385", "Asker"),
        ("Nordre gård 1385 Asker", "Nordre gård", "1385", "Asker"),
    ],
)
def test_a_postal_code_after_the_address_is_one(text: str, street: str, code: str, town: str) -> None:
    assert read(Street(), text) == Pending({"street": street, "code": code, "town": town})


@pytest.mark.parametrize(
    "text",
    [
        *("Kari Nordmann <kari@example.no>", "kari@example.no.", "“kari@example.no”", "kari@example.no,"),
        *("kari＠example.no", "<kari@example.no>", "(kari@example.no)", "mailto:kari@example.no", "'kari@example.no';"),
        *("<mailto:kari@example.no>", "«kari@example.no»", "kari@example.no!", '"Nordmann, Kari" <kari@example.no>'),
    ],
)
def test_an_email_address_is_found_in_what_stands_around_it(text: str) -> None:
    assert read(Email(), text) == Accepted("kari@example.no")


@pytest.mark.parametrize("mark", "’‘`´ʼ'")
def test_a_smart_apostrophe_in_an_address_is_a_plain_one(mark: str) -> None:
    assert read(Email(), f"o{mark}hara@example.no") == Accepted("o'hara@example.no")


@pytest.mark.parametrize(
    ("text", "code"),
    [("kari@example.no, ola@example.no", "email-several"), ("kari nordmann@example.no", "email-space")],
)
def test_what_may_be_another_address_is_still_asked_about(text: str, code: str) -> None:
    reading = read(Email(), text)
    assert isinstance(reading, Rejected)
    assert reading.code == code


@pytest.mark.parametrize(
    "text",
    [
        "22,00,00,00",
        "22.00.00.00",
        "22-00-00-00",
        "22/00 00 00",
        "tlf: 22 00 00 00",
        "２２ ００ ００ ００",
        "+47,22000000",
    ],
)
def test_a_phone_number_may_be_parted_by_anything(text: str) -> None:
    assert read(Phone(), text) == Accepted("+4722000000")


def test_eight_digits_that_are_no_number_are_not_told_to_be_eight() -> None:
    reading = read(Phone(), "00 00 00 00")
    assert isinstance(reading, Rejected)
    assert reading.params.get("count") != 8


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Nordmann, Kari", "Kari", "Nordmann"),
        ("van der Berg, Kari Anne", "Kari Anne", "van der Berg"),
        ("Kari Nordmann", "Kari", "Nordmann"),
        ("Kari Anne Nordmann", "Kari Anne", "Nordmann"),
    ],
)
def test_a_whole_name_is_taken_apart_and_asked_about(text: str, first: str, last: str) -> None:
    assert read(FirstName(), text) == Pending({"first": first, "last": last})


@pytest.mark.parametrize("text", ["Kari", "Kari Anne", "kari anne", "Per Olav", "Anne-Lise Marie"])
def test_first_and_middle_names_are_not_taken_apart(text: str) -> None:
    assert read(FirstName(), text) == Accepted(text)


def test_the_field_of_an_organisation_number_has_letters_on_a_phone() -> None:
    box = OrganisationNumber().prompt({}, Around("org-number", AT, {})).box
    assert box is not None
    assert box.kind == "short"


def test_a_hidden_address_is_kept_in_the_response_and_nowhere_else() -> None:
    said = Said(at=AT, text="planen", linked="planen (https://example.no)")
    reading = LongText().read(said, {}, Around("text", AT, {}))
    assert isinstance(reading, Gathered)
    assert reading.value[0]["text"] == "planen (https://example.no)"
    assert FirstName().read(said, {}, Around("text", AT, {})) == Accepted("planen")
