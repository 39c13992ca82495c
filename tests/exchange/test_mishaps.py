"""An event that cannot be handled is set aside and apologised for; where even that fails, it stops nobody."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import Said
from dialogs.fields.cleaning import may_hold_national_id
from dialogs.messages import Message
from storage.conversations import set_aside
from storage.conversations.set_aside import SetAside
from storage.database.errors import NotSaved
from storage.database.opening import ensure_schema
from storage.database.sqlite import Connection, sqlite3

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    async with EntityRegister("http://127.0.0.1:1") as register:
        service = Service(path, FORM, register, locale="nb")
        service.start()
        yield service
        await service.stop()


async def say(service: Service, address: str, number: str, text: str = "hei") -> Message | None:
    exchanged = await service.exchange("web", address, number, Said(at=AT, text=text, message_id=number))
    return exchanged.message


async def aside(service: Service) -> list[SetAside]:
    return await service.writer.run(lambda db: set_aside.recent(db, 10))


async def spoil(service: Service, what: str) -> None:
    """Something that no code of ours writes stands in a conversation, after an accident or by another program."""

    def work(db: Connection) -> None:
        db.execute(f"UPDATE conversations SET {what} WHERE address = '7'")

    await service.writer.run(work)


async def test_what_can_neither_be_handled_nor_be_apologised_for_is_set_aside_once(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    await say(service, "7", "1")
    await spoil(service, "active_at = 'i går'")
    assert await say(service, "7", "2", "en hemmelighet") is None
    assert await say(service, "7", "2", "en hemmelighet") is None
    (kept,) = await aside(service)
    assert (kept.channel, kept.event_id, kept.reason) == ("web", "2", "handling it failed: ValueError")
    assert "en hemmelighet" in kept.raw
    assert "hemmelighet" not in caplog.text


async def test_others_go_on_beside_a_conversation_that_cannot_be_read(service: Service) -> None:
    await say(service, "7", "1")
    await spoil(service, "active_at = 'i går'")
    await say(service, "7", "2")
    assert await say(service, "8", "3") is not None


async def test_an_apology_is_said_where_it_can_be_and_the_session_stays(service: Service) -> None:
    await say(service, "7", "1")
    before = service.view("web", "7").session

    def no_room_for_sessions(db: Connection) -> None:
        db.execute(
            "CREATE TEMP TRIGGER broken BEFORE UPDATE OF session ON conversations"
            " BEGIN SELECT RAISE(ABORT, 'a mistake of ours'); END"
        )

    await service.writer.run(no_room_for_sessions)
    told = await say(service, "7", "2")
    assert told is not None
    assert [text.key for text in told.told] == ["our-error"]
    assert service.view("web", "7").session == before
    assert len(await aside(service)) == 1


async def test_what_is_not_saved_is_not_set_aside_either(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await say(service, "7", "1")
    await spoil(service, "active_at = 'i går'")
    await service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(str(tmp_path / "innspill.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with caplog.at_level(logging.CRITICAL), pytest.raises(NotSaved):
        await say(service, "7", "2")
    other.close()
    assert await aside(service) == []
    assert await say(service, "7", "2") is None
    assert len(await aside(service)) == 1


@pytest.mark.parametrize(
    "raw",
    [
        '{"message": {"text": "018100 10068", "018100 10068": [1, "0181\\u2003\\uff10010068"]}, "update_id": 7}',
        '"018100\\n10068"',
        "{018100 10068",
        '{"number": 41810010051}',
        "[" * 5000 + '"018100 10068"',
        '{"x": "\\ud800 018100 10068"}',
    ],
)
async def test_what_is_set_aside_holds_no_private_number_in_whatever_it_stands(service: Service, raw: str) -> None:
    await service.set_aside("telegram", "7", raw, "nobody can read it")
    (kept,) = await aside(service)
    assert "#" in kept.raw
    assert "10068" not in kept.raw
    assert "41810010051" not in kept.raw
    assert not may_hold_national_id(kept.raw)


async def test_what_failed_holds_no_private_number_either(service: Service) -> None:
    await say(service, "7", "1")
    await spoil(service, "active_at = 'i går'")
    await say(service, "7", "2", "Nummeret er 018100\n10068")
    (kept,) = await aside(service)
    assert "Nummeret er ######" in kept.raw
    assert "10068" not in kept.raw
