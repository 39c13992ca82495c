"""`serve` with a register, with the stand-in, and with none that can be reached: what it says of it, and what waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.clock import now
from bot.register import stand_in as made_up
from storage.database.opening import ensure_schema, open_for_reading, transaction
from storage.jobs import jobs
from storage.register import verifications
from storage.responses import responses
from tests.conversations import stages
from tests.conversations.stages import stored_rows
from tests.running.running_program import RunningProgram, free_port
from tests.stand_ins.register import RegisterStandIn
from tests.storage.examples import AT, new_response, open_conversation

pytestmark = pytest.mark.slow
MADE_UP = "Organisasjonene du finner, er oppdiktet"
NOWHERE = f"http://127.0.0.1:{free_port()}"


@pytest.fixture
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as running:
        yield running


def settings(folder: Path, register: str) -> dict[str, str]:
    return {"INNSPILL_DATABASE": str(folder / "innspill.db"), "INNSPILL_ENTITY_REGISTER": register}


async def page(program: RunningProgram) -> str:
    async with aiohttp.ClientSession() as http, http.get(program.url, headers={"Accept-Language": "nb"}) as answer:
        return await answer.text()


@pytest.mark.parametrize("setting", ["stand-in", NOWHERE], ids=["asked-for", "nothing-to-reach"])
async def test_made_up_organisations_are_announced_on_the_page_and_in_the_terminal(
    tmp_path: Path, setting: str
) -> None:
    async with RunningProgram(settings(tmp_path, setting)) as program:
        assert "Register   made-up organisations" in program.output
        assert MADE_UP in await page(program)


async def test_a_register_that_answers_is_used_and_named(tmp_path: Path, register: RegisterStandIn) -> None:
    async with RunningProgram(settings(tmp_path, register.url)) as program:
        assert f"Register   {register.url}" in program.output
        assert MADE_UP not in await page(program)


def put_unverified(database: Path) -> None:
    """A response whose organisation nobody could look up."""
    ensure_schema(database)
    stages.add_rounds(database)
    with transaction(database) as db:
        person = open_conversation(db)
        number = made_up.ASSOCIATION
        new = new_response(person, 1, register_status="unverified", organisation_number=number, organisation_name="Vel")
        stored, _ = responses.insert(db, new, lambda: "KT7RB4XM")
        verifications.begin(db, stored.id, AT)


async def test_serve_looks_up_what_waits(tmp_path: Path, register: RegisterStandIn) -> None:
    database = tmp_path / "innspill.db"
    put_unverified(database)
    async with RunningProgram(settings(tmp_path, register.url)) as program:
        for _ in range(100):
            if stored_rows(database)[0]["register_status"] != "unverified":
                break
            await asyncio.sleep(0.05)
        assert await program.stop() == 0
    assert stored_rows(database)[0]["register_status"] == "active"


async def test_made_up_organisations_verify_nobody(tmp_path: Path) -> None:
    database = tmp_path / "innspill.db"
    put_unverified(database)
    async with RunningProgram(settings(tmp_path, "stand-in")) as program:
        for _ in range(100):
            with closing(open_for_reading(database)) as db:
                if [each for each in jobs.waiting(db) if each.kind == "sweep" and each.due_at > now()]:
                    break  # what can be done is done
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)
        assert await program.stop() == 0
    with closing(open_for_reading(database)) as db:
        assert [(each.kind, each.count, each.failing) for each in jobs.waiting(db)] == [
            ("sweep", 1, 0),
            ("verification", 1, 0),
        ]
    assert stored_rows(database)[0]["register_status"] == "unverified"
