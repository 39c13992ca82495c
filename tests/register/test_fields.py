"""What the fields of a register's answer come to: address, status, deletion, language, main entity."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from aiohttp import web

from bot.register import stand_in as made_up
from bot.register.client import Answer, EntityRegister
from dialogs.facts import Deleted, Found, Removed
from tests.stand_ins.register import address, answer_to, entity, server_saying

NUMBER = made_up.ASSOCIATION


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"postadresse": address("Postboks 1"), "forretningsadresse": address("Eksempelveien 12")}, "Postboks 1"),
        ({"postadresse": None, "forretningsadresse": address("Eksempelveien 12")}, "Eksempelveien 12"),
        ({"postadresse": {}, "forretningsadresse": address("Eksempelveien 12")}, "Eksempelveien 12"),
        ({"forretningsadresse": address("Veien 1"), "beliggenhetsadresse": address("Veien 2")}, "Veien 1"),
        ({"beliggenhetsadresse": address("Veien 2")}, "Veien 2"),
        ({"postadresse": address("Bygg B", None, "", " ", "Eksempelveien 12 ")}, "Bygg B, Eksempelveien 12"),
        ({"postadresse": address("c/o Kari Nordmann", "Eksempelveien 12")}, "Eksempelveien 12"),
        ({"postadresse": address(" C / O Kari Nordmann", "Eksempelveien 12")}, "Eksempelveien 12"),
        ({"postadresse": address("℅ Kari Nordmann", "Eksempelveien 12")}, "Eksempelveien 12"),
        ({"postadresse": address("c/o Kari Nordmann"), "forretningsadresse": address("Veien 1")}, "Veien 1"),
        ({"postadresse": address("c/o Kari Nordmann")}, ""),
        ({"postadresse": {"adresse": None, "postnummer": "1385", "poststed": "ASKER"}}, ""),
        ({}, ""),
    ],
)
async def test_the_address_is_the_one_where_post_arrives_and_names_no_private_person(
    fields: dict[str, Any], shown: str
) -> None:
    answer = await answer_to(entity(**fields))

    assert isinstance(answer, Found)
    assert answer.street == shown


async def test_an_address_of_a_person_s_home_keeps_its_town() -> None:
    answer = await answer_to(entity(postadresse=address("c/o Kari Nordmann")))

    assert isinstance(answer, Found)
    assert (answer.postal_code, answer.postal_town, answer.country) == ("1385", "ASKER", "NO")


async def test_a_foreign_address_has_no_norwegian_postal_code() -> None:
    answer = await answer_to(entity(postadresse=address("Eksempelvej 23", landkode="DK", poststed="8700 HORSENS")))

    assert isinstance(answer, Found)
    assert (answer.postal_code, answer.postal_town, answer.country) == ("", "8700 HORSENS", "DK")


@pytest.mark.parametrize(
    ("fields", "status", "is_compulsory"),
    [
        ({}, "active", False),
        ({"konkurs": None, "underAvvikling": False}, "active", False),
        ({"underAvvikling": True}, "dissolving", False),
        ({"underTvangsavviklingEllerTvangsopplosning": True}, "dissolving", True),
        ({"underAvvikling": True, "underTvangsavviklingEllerTvangsopplosning": True}, "dissolving", True),
        ({"konkurs": True, "underAvvikling": True}, "bankrupt", False),
        ({"konkurs": True, "underTvangsavviklingEllerTvangsopplosning": True}, "bankrupt", False),
    ],
)
async def test_the_register_s_flags_become_one_status(fields: dict[str, Any], status: str, is_compulsory: bool) -> None:
    answer = await answer_to(entity(**fields))

    assert isinstance(answer, Found)
    assert (answer.status, answer.is_compulsory) == (status, is_compulsory)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"slettedato": "2021-07-01", "konkurs": True}, Deleted(NUMBER, "EKSEMPELVEIEN VELFORENING", date(2021, 7, 1))),
        ({"slettedato": "2021-07-01 08:20:10"}, Deleted(NUMBER, "EKSEMPELVEIEN VELFORENING", date(2021, 7, 1))),
        ({"respons_klasse": "SlettetEnhet"}, Removed(NUMBER)),
        ({"slettedato": "i fjor"}, Removed(NUMBER)),
    ],
)
async def test_what_is_deleted_is_that_before_all_else(fields: dict[str, Any], told: Answer) -> None:
    assert await answer_to(entity(**fields)) == told


@pytest.mark.parametrize(
    ("fields", "is_doubtful"),
    [
        ({"forretningsadresse": address("Veien 1")}, True),
        ({"forretningsadresse": address("Veien 1"), "postadresse": address("Postboks 1")}, False),
        ({"postadresse": address("Postboks 1")}, False),
        ({}, False),
    ],
)
async def test_a_business_address_that_is_presumed_wrong_counts_where_it_would_be_used(
    fields: dict[str, Any], is_doubtful: bool
) -> None:
    answer = await answer_to(entity(paategninger=[{"infotype": "FADR"}, {"infotype": "NAVN"}, {}], **fields))

    assert isinstance(answer, Found)
    assert answer.address_is_doubtful is is_doubtful


@pytest.mark.parametrize(
    ("said", "language"), [("Nynorsk", "nn"), ("Bokmål", "nb"), ("Samisk", ""), ("", ""), (None, "")]
)
async def test_the_language_of_the_organisation_is_kept_where_we_know_it(said: str | None, language: str) -> None:
    answer = await answer_to(entity(maalform=said))

    assert isinstance(answer, Found)
    assert answer.language == language


async def test_a_sub_entity_is_found_also_where_its_main_entity_is_not_named() -> None:
    async def answer(request: web.Request) -> web.Response:
        if "underenheter" in request.path:
            return web.json_response(entity(overordnetEnhet=made_up.CARE_OF))
        return web.Response(status=404 if NUMBER in request.path else 503)

    async with server_saying(answer) as url, EntityRegister(url) as client:
        found_one = await client.entity(NUMBER)

    assert isinstance(found_one, Found)
    assert (found_one.main_number, found_one.main_name) == (made_up.CARE_OF, "")


async def test_a_part_of_the_state_is_a_main_entity_of_its_own() -> None:
    answer = await answer_to(entity(overordnetEnhet=made_up.CARE_OF))

    assert isinstance(answer, Found)
    assert answer.main_number == ""
