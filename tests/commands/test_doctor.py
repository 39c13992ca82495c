"""`innspill doctor`: what is well, what is worth a look, and what is wrong, in plain words and without the token."""

from __future__ import annotations

import asyncio
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from click.testing import Result

from bot.clock import now
from storage.conversations import conversations, lookups, outbox, set_aside
from storage.database.opening import transaction
from storage.database.sqlite import sqlite3
from storage.jobs import jobs
from storage.register import verifications
from storage.responses import responses
from tests.commands.command_line import RECEIVED_AT, CommandLine
from tests.running.running_program import INNSPILL
from tests.stand_ins.register import RegisterStandIn, server_saying
from tests.storage.examples import new_response, references

TOKEN = "123456:made-up_token"


@pytest.fixture
async def register() -> AsyncIterator[RegisterStandIn]:
    async with RegisterStandIn() as server:
        yield server


@pytest.fixture
def innspill(tmp_path: Path, register: RegisterStandIn) -> CommandLine:
    command_line = CommandLine(tmp_path, INNSPILL_ENTITY_REGISTER=register.url)
    command_line.add_consultation(closes="2099-12-31")
    return command_line


async def examine(innspill: CommandLine) -> Result:
    return await asyncio.to_thread(innspill, "doctor")


def marked(result: Result, mark: str) -> str:
    return "\n".join(line for line in result.stdout.splitlines() if line.startswith(mark))


async def test_a_sound_installation_gets_a_clean_bill(innspill: CommandLine) -> None:
    result = await examine(innspill)

    assert result.exit_code == 0
    assert marked(result, "wrong") == ""
    for line in ("SQLite 3.", "schema is version", "MB are free", "can be written to", "is sound", "register answers"):
        assert line in marked(result, "ok")
    assert "Consultations that are open: 1." in marked(result, "ok")


async def test_the_write_test_changes_nothing_that_is_kept(innspill: CommandLine) -> None:
    before = innspill.says("consultation", "list")
    await examine(innspill)

    assert innspill.says("consultation", "list") == before


async def test_what_waits_is_counted_and_is_no_fault(innspill: CommandLine) -> None:
    draw = references()
    with transaction(innspill.database) as db:
        person = conversations.find_or_open(db, "telegram", "1", RECEIVED_AT)
        outbox.put(db, person, "{}", kind="receipt", draft="", edit_target=None, at=RECEIVED_AT)
        lookups.ask(db, person.id, "{}", RECEIVED_AT)
        for draft in ("d1", "d2"):
            new = new_response(person.id, 1, draft=draft, register_status="unverified", organisation_number="310000019")
            response, _ = responses.insert(db, new, draw)
            verifications.begin(db, response.id, RECEIVED_AT)
        verifications.settle(db, response.id, "active", at=RECEIVED_AT, differences={"address": "Postboks 1"})
        set_aside.put(db, "telegram", "7", "not json", "cannot be read", RECEIVED_AT)
    result = await examine(innspill)

    assert result.exit_code == 0
    notes = marked(result, "note")
    assert "Messages that wait to be sent to Telegram: 1." in notes
    assert "Questions that wait for the entity register: 1." in notes
    assert "Responses that wait to be looked up in the register: 1." in notes
    assert "Responses that the register has otherwise: 1." in notes
    assert "set aside because they could not be handled: 1." in notes
    assert "postcodes load" in notes
    assert "not json" not in result.output


async def test_jobs_that_fail_are_told_with_where_and_not_with_what(innspill: CommandLine) -> None:
    with transaction(innspill.database) as db:
        jobs.put(db, "sweep", about="nothing", at=now(), due_at=now() + timedelta(hours=1))
        jobs.put(db, "made_up", 7, about="nothing", at=now())
        (job,) = jobs.take(db, "made_up", now(), 1)
        jobs.put_off(db, job, now() + timedelta(hours=1), "NotYet at verification.py:30", now())
    result = await examine(innspill)

    assert result.exit_code == 0
    assert "Jobs that are still to be done: 1." in marked(result, "ok")
    assert "Of the kind made_up, 1 have failed: NotYet at verification.py:30." in marked(result, "note")
    assert "minutes late" not in result.output


async def test_jobs_that_nobody_does_are_told(innspill: CommandLine) -> None:
    with transaction(innspill.database) as db:
        jobs.put(db, "sweep", about="nothing", at=now(), due_at=now() - timedelta(hours=2))
    result = await examine(innspill)

    assert result.exit_code == 0
    assert "Of the kind sweep, the oldest is 120 minutes late." in marked(result, "note")


async def test_a_register_that_is_down_is_wrong(innspill: CommandLine, register: RegisterStandIn) -> None:
    register.down = True
    result = await examine(innspill)

    assert result.exit_code == 1
    assert "entity register does not answer" in marked(result, "wrong")


async def saying(status: int, text: str, register: RegisterStandIn, innspill: CommandLine) -> Result:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    async with server_saying(answer) as url:
        return await examine(CommandLine(innspill.database.parent, INNSPILL_ENTITY_REGISTER=url))


@pytest.mark.parametrize(
    ("status", "text", "why"),
    [
        (503, "", "it answers with status 503"),
        (403, "", "it answers with status 403"),
        (200, "<html>", "what it says is not what the register documents"),
    ],
)
async def test_why_the_register_does_not_answer_is_told_once(
    innspill: CommandLine, register: RegisterStandIn, status: int, text: str, why: str
) -> None:
    result = await saying(status, text, register, innspill)

    assert result.output.count("register does not answer") == 1
    assert f"does not answer: {why}. " in marked(result, "wrong")
    assert result.stderr == ""


def test_a_register_that_nobody_can_connect_to_is_told_once_in_plain_words(tmp_path: Path) -> None:
    settings = {
        "INNSPILL_DATABASE": str(tmp_path / "innspill.db"),
        "INNSPILL_ENTITY_REGISTER": "http://127.0.0.1:9/api",
    }
    done = subprocess.run([INNSPILL, "doctor"], env=settings, capture_output=True, text=True, timeout=60, check=False)

    assert "The entity register does not answer: no connection to 127.0.0.1, port 9, can be made. " in done.stdout
    assert done.stderr == ""


async def test_a_register_whose_name_is_not_known_is_told_in_plain_words(
    innspill: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def knows_no_name(*_arguments: object, **_more: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", knows_no_name)  # the network's part: no name server is asked
    settings = {"INNSPILL_ENTITY_REGISTER": "http://register.invalid/api"}
    result = await examine(CommandLine(innspill.database.parent, **settings))

    assert "does not answer: the name register.invalid is not known here. " in marked(result, "wrong")
    assert result.stderr == ""


@pytest.mark.slow
async def test_a_register_that_is_silent_or_breaks_off_is_told_in_plain_words(innspill: CommandLine) -> None:
    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(60)
        return web.Response()

    async def break_off(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    said = []
    for behaviour in (hang, break_off):
        async with server_saying(behaviour) as url:
            result = await examine(CommandLine(innspill.database.parent, INNSPILL_ENTITY_REGISTER=url))
        said.append(marked(result, "wrong"))

    assert "it said nothing for 3 seconds" in said[0]
    assert "it broke off in the middle of its answer" in said[1]


async def test_no_database_is_wrong_and_none_is_made(tmp_path: Path, register: RegisterStandIn) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_ENTITY_REGISTER=register.url)
    result = await examine(innspill)

    assert result.exit_code == 1
    assert "no such file" in marked(result, "wrong")
    assert not innspill.database.exists()


async def test_a_folder_that_is_not_there_is_wrong(tmp_path: Path, register: RegisterStandIn) -> None:
    result = await examine(CommandLine(tmp_path / "missing", INNSPILL_ENTITY_REGISTER=register.url))

    assert result.exit_code == 1
    assert "no folder" in marked(result, "wrong")


def damage(database: Path) -> None:
    """Overwrite the last pages, as a failing disk may."""
    with closing(sqlite3.connect(database)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = database.read_bytes()
    database.write_bytes(content[: -4 * 4096] + b"\xa5" * 4 * 4096)


async def test_a_damaged_database_is_wrong(innspill: CommandLine) -> None:
    damage(innspill.database)
    result = await examine(innspill)

    assert result.exit_code == 1
    assert f"{innspill.database} is damaged: restore an undamaged backup with `innspill restore`" in result.stdout
    assert "malformed" not in result.output
    assert "Traceback" not in result.output


async def test_a_file_of_another_program_is_wrong(innspill: CommandLine) -> None:
    innspill.database.write_text("A letter to the municipality.")
    result = await examine(innspill)

    assert result.exit_code == 1
    assert "it is no file of SQLite, or its beginning is damaged; name another file." in marked(result, "wrong")


@pytest.mark.slow
async def test_a_locked_database_is_wrong(innspill: CommandLine) -> None:
    with transaction(innspill.database):
        result = await examine(innspill)

    assert result.exit_code == 1
    assert "cannot be written to" in marked(result, "wrong")


def test_a_setting_that_cannot_be_used_is_wrong(tmp_path: Path) -> None:
    result = CommandLine(tmp_path, INNSPILL_COLOUR="blue")("doctor")

    assert result.exit_code == 1
    assert "INNSPILL_COLOUR" in marked(result, "wrong")


def test_the_stand_in_is_named_so_that_nobody_runs_on_it_unaware(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_ENTITY_REGISTER="stand-in")
    innspill.add_consultation()

    assert "stand-in" in marked(innspill("doctor"), "note")


HOOK = {"url": "", "pending_update_count": 0}


@pytest.mark.parametrize(
    ("hook", "secret", "mark", "said"),
    [
        (HOOK, "", "ok", "Updates are fetched from Telegram."),
        (
            {**HOOK, "url": "https://example.no/telegram/webhook"},
            "s3cret",
            "ok",
            "brings updates to https://example.no",
        ),
        ({**HOOK, "url": "https://example.no/telegram/webhook"}, "", "note", "not as in the settings"),
        (HOOK, "s3cret", "note", "webhook is not set"),
        ({**HOOK, "pending_update_count": 3}, "", "note", "Updates that wait at Telegram: 3."),
        ({**HOOK, "last_error_message": "Connection refused"}, "", "note", "Connection refused"),
    ],
)
async def test_telegram_is_asked_about_the_token_and_the_webhook(
    innspill: CommandLine, register: RegisterStandIn, hook: dict[str, Any], secret: str, mark: str, said: str
) -> None:
    async def telegram(request: web.Request) -> web.Response:
        result = {f"/bot{TOKEN}/getMe": {"username": "eksempel_bot"}, f"/bot{TOKEN}/getWebhookInfo": hook}
        return web.json_response({"ok": True, "result": result[request.path]})

    async with server_saying(telegram) as url:
        result = await examine(with_telegram(innspill, register, url, INNSPILL_TELEGRAM_WEBHOOK_SECRET=secret))

    assert result.exit_code == 0
    assert "@eksempel_bot" in marked(result, "ok")
    assert said in marked(result, mark)
    assert TOKEN not in result.output


@pytest.mark.parametrize("status", [401, 404, 500])
async def test_a_token_that_telegram_refuses_is_wrong_and_never_shown(
    innspill: CommandLine, register: RegisterStandIn, status: int
) -> None:
    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": status, "description": "No"}, status=status)

    async with server_saying(refuse) as url:
        result = await examine(with_telegram(innspill, register, url))

    assert result.exit_code == 1
    assert "Telegram" in marked(result, "wrong")
    assert ("token" in marked(result, "wrong")) is (status != 500)
    assert TOKEN not in result.output


async def test_a_telegram_that_cannot_be_reached_is_wrong_and_the_token_not_shown(
    innspill: CommandLine, register: RegisterStandIn
) -> None:
    result = await examine(with_telegram(innspill, register, "http://127.0.0.1:9"))

    assert result.exit_code == 1
    assert "Telegram does not answer." in marked(result, "wrong")
    assert TOKEN not in result.output


def with_telegram(innspill: CommandLine, register: RegisterStandIn, url: str, **settings: str) -> CommandLine:
    return CommandLine(
        innspill.database.parent,
        INNSPILL_ENTITY_REGISTER=register.url,
        INNSPILL_TELEGRAM_TOKEN=TOKEN,
        INNSPILL_TELEGRAM_API=url,
        INNSPILL_BASE_URL="https://example.no",
        **settings,
    )
