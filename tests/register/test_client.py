"""The contract with Enhetsregisteret: who is asked for what, and what is made of each of its answers."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

import pytest
from aiohttp import web
from stdnum.no import orgnr

from bot.register import stand_in as made_up
from bot.register.client import EntityRegister
from dialogs.facts import Deleted, Found, NoAnswer, Removed, Unknown
from tests.stand_ins.register import RegisterStandIn, answer_to, entity, server_saying

NUMBER = made_up.ASSOCIATION


@pytest.fixture
async def stand_in() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as server:
        yield server


@pytest.fixture
async def register(stand_in: RegisterStandIn) -> AsyncIterator[EntityRegister]:
    async with EntityRegister(stand_in.url) as client:
        yield client


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


def found(number: str, name: str, form: str, street: str, code: str = "1385", **more: Any) -> Found:
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
        found(made_up.AT_HOME, "EKSEMPELHEIA KOR", "FLI", ""),
        found(
            made_up.COMPULSORY,
            "EKSEMPEL TRANSPORT AS",
            "AS",
            "Eksempelveien 24",
            status="dissolving",
            is_compulsory=True,
        ),
        found(made_up.DOUBTFUL, "EKSEMPEL MALER AS", "AS", "Eksempelveien 26", address_is_doubtful=True),
        found(made_up.NYNORSK, "DØMEVEGEN MÅLLAG", "FLI", "Dømevegen 2", language="nn"),
        found(
            made_up.SUB_ENTITY,
            "EKSEMPELVEIEN VELFORENING AVD BARNEHAGE",
            "BEDR",
            "Eksempelveien 22",
            main_number=made_up.ASSOCIATION,
            main_name="EKSEMPELVEIEN VELFORENING",
        ),
        found(made_up.SLOW, "EKSEMPELBAKKEN SANGLAG", "FLI", "Eksempelveien 20"),
    ],
    ids=lambda expected: expected.name,
)
async def test_each_made_up_organisation_is_found(register: EntityRegister, expected: Found) -> None:
    assert await register.entity(expected.number) == expected


async def test_unknown_deleted_and_removed_are_three_things(register: EntityRegister) -> None:
    assert await register.entity(made_up.UNKNOWN) == Unknown()
    assert await register.entity(made_up.REMOVED) == Removed(made_up.REMOVED)
    assert await register.entity(made_up.DELETED) == Deleted(
        made_up.DELETED, "EKSEMPELTUNET BORETTSLAG", date(2021, 7, 1), ("EKSEMPELHAUGEN BORETTSLAG",)
    )


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


async def test_a_silence_is_logged_once_for_each_question(caplog: pytest.LogCaptureFixture) -> None:
    async with something_else_than_a_web_server() as url, EntityRegister(url) as client:
        await client.entity(NUMBER)

    assert len(caplog.records) == 1


def test_the_made_up_numbers_are_well_formed_and_belong_to_nobody() -> None:
    named = [value for name, value in vars(made_up).items() if name.isupper() and isinstance(value, str)]
    kept = [number for entities in made_up.ENTITIES.values() for number in entities]
    numbers = {*named, *made_up.NEIGHBOURS, *kept}

    assert len(set(named)) == len(named) == 20
    assert all(orgnr.is_valid(number) for number in numbers)
    assert [number for number in numbers if not number.startswith("31")] == ["974540193"]
