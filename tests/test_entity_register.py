"""The contract with Enhetsregisteret: what each of its answers means to us, made up here and as it was recorded."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from stdnum.no import orgnr

from bot import register_stand_in as made_up
from bot.entity_register import EntityRegister
from dialogs.messages import Found, NoAnswer, Unknown
from tests.stand_ins.register import RegisterStandIn, server_saying

RECORDED = {
    path.stem: path.read_bytes()
    for path in sorted((Path(__file__).parents[2] / "shared" / "data" / "brreg").glob("*.json"))
}
NUMBER = made_up.ASSOCIATION


@pytest.fixture
async def stand_in() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as server:
        yield server


@pytest.fixture
async def register(stand_in: RegisterStandIn) -> AsyncIterator[EntityRegister]:
    async with EntityRegister(stand_in.url) as client:
        yield client


async def answer_to(
    body: bytes | dict[str, Any], status: int = 200, number: str = NUMBER
) -> Found | Unknown | NoAnswer:
    """What the client makes of one answer of the register."""

    async def say(_: web.Request) -> web.Response:
        return web.Response(status=status, body=body if isinstance(body, bytes) else json.dumps(body).encode())

    async with server_saying(say) as url, EntityRegister(url) as client:
        return await client.entity(number)


def entity(**fields: Any) -> dict[str, Any]:
    return {"organisasjonsnummer": NUMBER, "navn": "EKSEMPELVEIEN VELFORENING", **fields}


def address(*lines: str | None, **fields: str | None) -> dict[str, Any]:
    return {"adresse": list(lines), "postnummer": "1385", "poststed": "ASKER", "landkode": "NO", **fields}


async def test_the_reference_organisation_is_found_as_the_register_writes_it(register: EntityRegister) -> None:
    assert await register.entity("974540193") == Found(
        number="974540193",
        name="ASKER NÆRINGSRÅD",
        form="FLI",
        form_name="Forening/lag/innretning",
        street="Drengsrudhagen 6",
        postal_code="1385",
        postal_town="ASKER",
    )


FORM_NAMES = {
    "AS": "Aksjeselskap",
    "BEDR": "Underenhet til næringsdrivende og offentlig forvaltning",
    "FLI": "Forening/lag/innretning",
    "UTLA": "Utenlandsk enhet",
}


def found(number: str, name: str, form: str, street: str, code: str = "1385", **more: str) -> Found:
    """What the stand-in has, in Asker unless it says otherwise."""
    more = {"postal_town": "ASKER", **more}
    return Found(number, name, form, street, code, form_name=FORM_NAMES[form], **more)


@pytest.mark.parametrize(
    "expected",
    [
        found(made_up.ASSOCIATION, "EKSEMPELVEIEN VELFORENING", "FLI", "Postboks 1", "1371"),
        found(made_up.CARE_OF, "EKSEMPELDALEN IDRETTSLAG", "FLI", "Eksempelveien 14"),
        found(
            *(made_up.FOREIGN, "EKSEMPEL VINDUER", "UTLA", "Eksempelvej 23", ""),
            postal_town="DK-8700 HORSENS",
            country="DK",
        ),
        found(made_up.BANKRUPT, "EKSEMPEL BYGG AS", "AS", "Eksempelveien 16", status="bankrupt"),
        found(made_up.DISSOLVING, "EKSEMPEL HANDEL AS", "AS", "Eksempelveien 18", status="dissolving"),
        found(made_up.SUB_ENTITY, "EKSEMPELVEIEN VELFORENING AVD BARNEHAGE", "BEDR", "Eksempelveien 22"),
        found(made_up.SLOW, "EKSEMPELBAKKEN SANGLAG", "FLI", "Eksempelveien 20"),
    ],
    ids=lambda expected: expected.name,
)
async def test_each_made_up_organisation_is_found(register: EntityRegister, expected: Found) -> None:
    assert await register.entity(expected.number) == expected


@pytest.mark.parametrize("number", [made_up.UNKNOWN, made_up.DELETED, made_up.REMOVED])
async def test_a_number_that_the_register_does_not_have_any_more_is_unknown(
    register: EntityRegister, number: str
) -> None:
    assert await register.entity(number) == Unknown()


@pytest.mark.parametrize("number", ["", "97454019", "9745401930", "../enheter", "97454019?", "９７４５４０１９３"])
async def test_what_is_not_nine_digits_is_unknown_without_asking_anybody(number: str) -> None:
    async with EntityRegister("http://127.0.0.1:9") as client:  # nobody listens there
        assert await client.entity(number) == Unknown()


@pytest.mark.parametrize("number", [made_up.FAILING, made_up.NOT_JSON])
async def test_a_register_that_fails_says_nothing_about_the_organisation(register: EntityRegister, number: str) -> None:
    assert await register.entity(number) == NoAnswer()


@pytest.mark.slow
async def test_a_register_that_hangs_is_given_up_within_three_seconds(register: EntityRegister) -> None:
    began = time.monotonic()

    assert await register.entity(made_up.HANGING) == NoAnswer()
    assert time.monotonic() - began < 3.5


@pytest.mark.slow
async def test_one_who_asked_about_something_that_hangs_delays_nobody(register: EntityRegister) -> None:
    async def seconds_for(number: str) -> float:
        began = time.monotonic()
        await register.entity(number)
        return time.monotonic() - began

    hanging, other = await asyncio.gather(seconds_for(made_up.HANGING), seconds_for(NUMBER))

    assert other < 1 < hanging


async def test_a_register_that_comes_back_is_asked_again(stand_in: RegisterStandIn, register: EntityRegister) -> None:
    stand_in.down = True
    assert await register.entity(NUMBER) == NoAnswer()

    stand_in.down = False
    assert isinstance(await register.entity(NUMBER), Found)


async def test_no_network_is_no_answer() -> None:
    async with EntityRegister("http://127.0.0.1:9") as client:
        assert await client.entity(NUMBER) == NoAnswer()


async def test_one_failure_is_forgiven_by_a_second_try() -> None:
    asked = []

    async def fail_once(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=502) if len(asked) == 1 else web.json_response(entity())

    async with server_saying(fail_once) as url, EntityRegister(url) as client:
        assert await client.entity(NUMBER) == Found(NUMBER, "EKSEMPELVEIEN VELFORENING")
    assert asked == [f"/enheter/{NUMBER}"] * 2


@pytest.mark.parametrize("status", [400, 401, 403, 429, 301])
async def test_a_refused_question_is_not_asked_again_at_once(status: int) -> None:
    asked = []

    async def refuse(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=status, headers={"Location": "/enheter/elsewhere"})

    async with server_saying(refuse) as url, EntityRegister(url) as client:
        assert await client.entity(NUMBER) == NoAnswer()
    assert len(asked) == 1


async def test_a_sub_entity_is_asked_for_before_a_number_is_called_unknown() -> None:
    asked = []

    async def say_no(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=404)

    async with server_saying(say_no) as url, EntityRegister(url) as client:
        assert await client.entity(NUMBER) == Unknown()
    assert asked == [f"/enheter/{NUMBER}", f"/underenheter/{NUMBER}"]


async def test_a_wrong_address_of_the_register_is_not_taken_for_an_unknown_number() -> None:
    assert await answer_to({"status": 404, "title": "Not Found"}, status=404) == NoAnswer()


async def test_we_say_who_asks_and_how_to_reach_us() -> None:
    headers: dict[str, str] = {}

    async def look(request: web.Request) -> web.Response:
        headers.update(request.headers)
        return web.json_response(entity())

    async with server_saying(look) as url, EntityRegister(url, "postmottak@example.no") as client:
        await client.entity(NUMBER)
    assert headers["User-Agent"] == "Innspill (postmottak@example.no)"
    assert headers["Accept"] == "application/json"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'{"organisasjonsnummer": 310000019, "navn": "EKSEMPEL"}',
        b'{"organisasjonsnummer": "310000019"}',
        b'{"organisasjonsnummer": "310000027", "navn": "EKSEMPEL"}',
        b'{"organisasjonsnummer": "310000019", "navn": "EKSEMPEL", "postadresse": "Eksempelveien 12"}',
        b'{"organisasjonsnummer": "310000019", "navn": "\xff"}',
        b'{"organisasjonsnummer": "310000019", "navn": "EKSEMPEL", "x": ' + b"[" * 100_000,
        json.dumps(entity(x="x" * 300_000)).encode(),
    ],
    ids=["empty", "null", "list", "number", "nameless", "another", "typed-wrong", "not-utf-8", "deep", "huge"],
)
async def test_an_answer_that_we_do_not_understand_is_no_answer(body: bytes) -> None:
    assert await answer_to(body) == NoAnswer()


async def test_an_answer_that_breaks_off_is_no_answer() -> None:
    async def break_off(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"organisasjonsnummer":')
        if request.transport is not None:
            request.transport.abort()
        return response

    async with server_saying(break_off) as url, EntityRegister(url) as client:
        assert await client.entity(NUMBER) == NoAnswer()


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
    ("fields", "status"),
    [
        ({}, "active"),
        ({"konkurs": None, "underAvvikling": False}, "active"),
        ({"underAvvikling": True}, "dissolving"),
        ({"underTvangsavviklingEllerTvangsopplosning": True}, "dissolving"),
        ({"konkurs": True, "underAvvikling": True}, "bankrupt"),
    ],
)
async def test_the_register_s_flags_become_one_status(fields: dict[str, Any], status: str) -> None:
    answer = await answer_to(entity(**fields))

    assert isinstance(answer, Found)
    assert answer.status == status


@asynccontextmanager
async def something_else_than_a_web_server() -> AsyncIterator[str]:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example.no ESMTP\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_something_else_than_a_web_server_is_no_answer() -> None:
    async with something_else_than_a_web_server() as url, EntityRegister(url) as client:
        assert await client.entity(NUMBER) == NoAnswer()


async def test_neither_number_nor_name_nor_address_is_logged(
    stand_in: RegisterStandIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    numbers = (NUMBER, made_up.FAILING, made_up.NOT_JSON, made_up.UNKNOWN)
    async with EntityRegister(stand_in.url) as client:
        for number in numbers:
            await client.entity(number)
    async with something_else_than_a_web_server() as url, EntityRegister(url) as client:
        await client.entity(NUMBER)

    assert "gave no answer" in caplog.text
    assert not [word for word in (*numbers, "EKSEMPEL", "Postboks") if word in caplog.text]


def test_the_made_up_numbers_are_well_formed_and_belong_to_nobody() -> None:
    numbers = [value for name, value in vars(made_up).items() if name.isupper() and not name.startswith("_")]

    assert len(set(numbers)) == 14
    assert all(orgnr.is_valid(number) for number in numbers)
    assert [number for number in numbers if not number.startswith("31")] == ["974540193"]


@pytest.mark.parametrize("name", list(RECORDED) or [""])
async def test_a_recorded_answer_means_what_its_file_name_says(name: str) -> None:
    if not name:
        pytest.skip("the recorded answers in ../shared/data/brreg are not here")
    recorded = json.loads(RECORDED[name])
    status = int(match[1]) if (match := re.search(r"-(\d{3})-", name)) else 200
    answer = await answer_to(RECORDED[name], status, recorded.get("organisasjonsnummer", NUMBER))

    if name.startswith(("error-", "sok-", "docexample-sok-")):
        assert answer == NoAnswer()
    elif "slettedato" in recorded:
        assert answer == Unknown()
    else:
        assert isinstance(answer, Found)
        form = recorded["organisasjonsform"]
        assert (answer.name, answer.form, answer.form_name) == (recorded["navn"], form["kode"], form["beskrivelse"])
        assert answer.status == ("bankrupt" if recorded.get("konkurs") else "active")
        assert answer.street
        assert "c/o" not in answer.street
        assert answer.postal_town
        assert bool(re.fullmatch(r"\d{4}", answer.postal_code)) is (answer.country == "NO")
        assert (answer.country == "NO") is ("foreign" not in name)
