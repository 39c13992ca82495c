"""The installed program, killed between any two messages, out of disk, and told to stop."""

from __future__ import annotations

import asyncio
import json
import os
import re
import resource
import subprocess
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.register.stand_in import REFERENCE, RegisterStandIn
from storage.database.opening import open_for_reading
from tests.running.running_program import INNSPILL, RunningProgram
from tests.stand_ins.bot_api import TOKEN, BotApi

pytestmark = pytest.mark.slow

RESPONSE = "Vi mener:\n\n- flere benker\n- færre skilt"
CONVERSATION = (
    "/start",
    "Organisasjon i Enhetsregisteret",
    REFERENCE,
    "Ja, det stemmer",
    "kari.nordmann@example.no",
    "22 00 00 00",
    "Kari Nordmann",
    "Ja, det stemmer",
    "Styremedlem",
    "18/101",
    "Ja, det stemmer",
    RESPONSE,
    "Ferdig",
    "Send inn",
)


@pytest.fixture
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as running:
        yield running


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as running:
        yield running


def settings(database: Path, register: RegisterStandIn, server: BotApi | None = None) -> dict[str, str]:
    telegram = {"INNSPILL_TELEGRAM_TOKEN": TOKEN, "INNSPILL_TELEGRAM_API": server.root} if server else {}
    return {"INNSPILL_DATABASE": str(database), "INNSPILL_ENTITY_REGISTER": register.url, **telegram}


def exported(database: Path) -> list[dict[str, object]]:
    command = [str(INNSPILL), "export", "--format", "json"]
    done = subprocess.run(command, env={"INNSPILL_DATABASE": str(database)}, capture_output=True, check=True)
    rows: list[dict[str, object]] = json.loads(done.stdout)
    return rows


@pytest.mark.timeout(300)  # as long as it takes where other work goes on
async def test_a_kill_between_any_two_messages_loses_nothing(
    tmp_path: Path, register: RegisterStandIn, server: BotApi
) -> None:
    database = tmp_path / "innspill.db"
    person = server.person(7)
    told = ""
    async with RunningProgram(settings(database, register, server)) as program:
        for text in CONVERSATION:
            await person.send(text)
            before, told = told, (await person.hears(timeout=15)).text
            while told == before:  # the kill fell between saying it and writing that down: said again, as promised
                told = (await person.hears(timeout=15)).text
            await program.kill()
            await program.start()
        while "Kvitteringsnummer" not in told:
            told = (await person.hears(timeout=15)).text
    (row,) = exported(database)
    reference = re.search(r"Kvitteringsnummer: (\w{8})", told)
    assert reference is not None
    assert reference[1] == row["reference"]
    assert (row["text"], row["first_name"], row["last_name"]) == (RESPONSE, "Kari", "Nordmann")
    assert (row["email"], row["phone"]) == ("kari.nordmann@example.no", "+4722000000")
    assert (row["organisation_number"], row["organisation_name"]) == (REFERENCE, "ASKER NÆRINGSRÅD")


async def test_sigterm_ends_it_cleanly_within_five_seconds(
    tmp_path: Path, register: RegisterStandIn, server: BotApi
) -> None:
    async with RunningProgram(settings(tmp_path / "innspill.db", register, server)) as program:
        begun = time.monotonic()
        assert await program.stop() == 0
        assert time.monotonic() - begun < 5


async def test_a_second_serve_on_the_same_database_refuses_with_one_line(
    tmp_path: Path, register: RegisterStandIn
) -> None:
    database = tmp_path / "innspill.db"
    async with RunningProgram(settings(database, register)):
        second = await asyncio.create_subprocess_exec(
            INNSPILL, "serve", env={"INNSPILL_DATABASE": str(database)}, stdout=PIPE, stderr=PIPE
        )
        out, err = await second.communicate()
    assert (second.returncode, out) == (2, b"")
    assert err.decode() == f"innspill: {database} is in use by another Innspill: stop that one first.\n"


def size_of_the_largest_file(folder: Path) -> int:
    return max(path.stat().st_size for path in folder.iterdir())


async def begin_in_the_web_chat(url: str) -> int:
    """A new visitor begins; gives the status of the answer."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        page = await (await http.get(url)).text()
        nonce = re.findall(r'name="nonce" value="([^"]+)"', page)[0]
        answer = await http.post(url, data={"nonce": nonce, "command": "start"}, allow_redirects=False)
        return answer.status


async def test_a_full_disk_confirms_nothing_that_is_not_there_and_service_comes_back_by_itself(
    tmp_path: Path, register: RegisterStandIn
) -> None:
    database = tmp_path / "innspill.db"
    async with RunningProgram(settings(database, register)) as program:
        largest = size_of_the_largest_file(tmp_path)
        # A write past the limit fails, as on a disk without room, in the middle of what is being written.
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (largest + 60_000, resource.RLIM_INFINITY))
        while_full = [await begin_in_the_web_chat(program.url) for _ in range(40)]
        resource.prlimit(program.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        afterwards = [await begin_in_the_web_chat(program.url) for _ in range(3)]
    assert set(while_full) == {303, 503}
    assert while_full[-1] == 503
    assert afterwards == [303, 303, 303]
    with closing(open_for_reading(database)) as db:
        kept = db.execute("SELECT count(*) FROM conversations WHERE session IS NOT NULL").fetchone()[0]
    assert kept == (while_full + afterwards).count(303)


@pytest.mark.parametrize(
    "half", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\ntext"]
)
async def test_with_few_descriptors_half_requests_stop_nobody_and_fill_no_log(tmp_path: Path, half: bytes) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings, descriptors=128) as program:
        held = []
        for number in range(300):
            _, writer = await asyncio.open_connection(
                "127.0.0.1", program.port, local_addr=(f"127.0.0.{number % 9 + 1}", 0)
            )
            writer.write(half)
            held.append(writer)
        answers = [await begin_in_the_web_chat(program.url) for _ in range(3)]
        for writer in held:
            writer.transport.abort()
        assert await program.stop() == 0
    assert answers == [303, 303, 303]
    assert len(program.errors) < 1000
    assert "Traceback" not in program.errors


async def test_a_taken_port_is_told_in_one_line_and_nothing_is_begun(tmp_path: Path) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "first.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings) as program:
        second = {**settings, "INNSPILL_PORT": str(program.port), "INNSPILL_DATABASE": str(tmp_path / "second.db")}
        refused = await asyncio.create_subprocess_exec(str(INNSPILL), "serve", env=second, stdout=PIPE, stderr=PIPE)
        _, complaint = await refused.communicate()
    assert refused.returncode == 2
    said = f"innspill: INNSPILL_PORT {program.port} is taken on 127.0.0.1: stop what listens there, or choose another."
    assert complaint.decode().splitlines() == [said]
    assert not any(name.startswith("second.db") for name in os.listdir(tmp_path))


async def test_the_terminal_says_that_the_organisations_are_made_up(tmp_path: Path) -> None:
    settings = {"INNSPILL_DATABASE": str(tmp_path / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    chat = await asyncio.create_subprocess_exec(
        str(INNSPILL), "chat", env=settings, stdin=PIPE, stdout=PIPE, stderr=PIPE
    )
    said, _ = await chat.communicate(b"")
    assert said.decode().startswith("Enhetsregisteret er ikke koblet til her.")
