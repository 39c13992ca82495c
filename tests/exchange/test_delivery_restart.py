"""What was left unsaid is said after a restart, and a question said twice shifts nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot import clock
from bot.exchange.delivery import Limits
from storage.conversations import conversations, outbox
from storage.database.sqlite import sqlite3
from tests.exchange.delivery_desk import Desk, desk_at, told
from tests.stand_ins.bot_api import AnswerLost, BotApi, Hang, too_many


@pytest.fixture
async def server() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


async def restarted(server: BotApi, path: Path, prepare: Callable[[Desk], Awaitable[None]]) -> None:
    """One run that says nothing of what `prepare` commits, then one that resumes."""
    async with desk_at(path, server) as before:
        await prepare(before)
    async with desk_at(path, server) as after:
        await after.delivery.resume()
        await after.all_said()


async def test_what_was_committed_and_not_said_is_said_after_a_restart(server: BotApi, tmp_path: Path) -> None:
    async def prepare(desk: Desk) -> None:
        await desk.say(7, "kvittering", kind="receipt", hand_over=False)
        await desk.say(7, "spørsmål", kind="question", hand_over=False)

    server.person(7)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert told(server, 7) == ["kvittering", "spørsmål"]


async def test_a_database_that_is_locked_after_a_restart_only_delays_it(server: BotApi, tmp_path: Path) -> None:
    kari, path = server.person(7), tmp_path / "innspill.db"
    async with desk_at(path, server) as before:
        await before.say(7, "spørsmål", hand_over=False)
    async with desk_at(path, server) as desk:
        await desk.read("PRAGMA busy_timeout = 20")
        other = sqlite3.connect(str(path), isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        asyncio.get_running_loop().call_later(0.2, other.close)
        await desk.delivery.resume()
        await kari.hears()
        await desk.all_said()


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is uncertain is tried again almost at once."""
    monkeypatch.setattr("bot.exchange.delivery.AFTER_UNCERTAIN", (0.05, 0.1))


async def test_what_was_perhaps_said_before_a_restart_is_said_at_most_twice_more(
    server: BotApi, tmp_path: Path
) -> None:
    async def prepare(desk: Desk) -> None:
        row = await desk.say(7, "spørsmål", hand_over=False)
        await desk.writer.run(lambda db: outbox.mark_tried(db, row.id, clock.now()))

    server.person(7)
    server.fail(AnswerLost(), times=5)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert told(server, 7) == ["spørsmål"] * 2


async def test_a_prompt_of_a_draft_that_has_ended_is_not_said_again(server: BotApi, tmp_path: Path) -> None:
    async def prepare(desk: Desk) -> None:
        row = await desk.say(7, "gammelt", kind="question", draft="old", hand_over=False)
        await desk.writer.run(
            lambda db: conversations.save(db, row.conversation_id, "{}", draft="new", locale="nb", at=clock.now())
        )
        await desk.say(8, "avbrutt", kind="notice", draft="old", hand_over=False)

    server.person(7)
    server.person(8)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert (told(server, 7), told(server, 8)) == ([], ["avbrutt"])


async def test_a_prompt_that_something_newer_was_said_after_is_not_said_again(server: BotApi, tmp_path: Path) -> None:
    async def prepare(desk: Desk) -> None:
        row = await desk.say(7, "gammelt", hand_over=False)
        await desk.writer.run(lambda db: outbox.mark_tried(db, row.id, clock.now()))
        await desk.say(7, "nytt")
        await desk.server.person(7).hears()

    server.person(7)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert told(server, 7) == ["nytt"]


async def test_what_is_said_while_we_catch_up_is_not_said_twice(server: BotApi, tmp_path: Path) -> None:
    kari = server.person(7)
    async with desk_at(tmp_path / "innspill.db", server) as before:
        await before.say(7, "gammelt", hand_over=False)
    async with desk_at(tmp_path / "innspill.db", server) as desk:
        server.fail(Hang(0.2))
        await desk.say(7, "nytt", kind="receipt")
        await desk.delivery.resume()
        await desk.all_said()
        await kari.hears()
        await kari.hears_no_more()
    assert told(server, 7) == ["nytt"]


async def test_what_has_waited_over_other_starts_is_said_before_what_waits_at_the_channel_has_come(
    server: BotApi, tmp_path: Path
) -> None:
    kari, ola, path = server.person(7), server.person(8), tmp_path / "innspill.db"
    async with desk_at(path, server) as before:
        await before.say(7, "lenge siden", hand_over=False)
        await before.read("UPDATE outbox SET created_at = '2026-01-01T00:00:00.000000Z'")
        await before.say(8, "nettopp", hand_over=False)
    async with desk_at(path, server) as desk:
        await desk.delivery.resume_what_has_waited()
        assert (await kari.hears()).text == "lenge siden"
        await ola.hears_no_more()
        await desk.say(7, "nytt")
        assert (await kari.hears()).text == "nytt"
        await desk.delivery.resume()
        assert (await ola.hears()).text == "nettopp"
        await desk.all_said()
    assert (told(server, 7), told(server, 8)) == (["lenge siden", "nytt"], ["nettopp"])


async def test_stopping_leaves_what_is_unsaid_in_the_outbox(server: BotApi, tmp_path: Path) -> None:
    server.person(7)
    async with desk_at(tmp_path / "innspill.db", server) as desk:
        server.fail(too_many(60))
        row = await desk.say(7, "hei")
        await asyncio.sleep(0.1)
        await desk.delivery.stop(grace=0.1)
        assert await desk.read("SELECT id, sent_at FROM outbox") == [(row.id, None)]
        await desk.say(7, "etterpå")
        await server.person(7).hears_no_more()


async def test_stopping_finishes_what_is_being_said_and_begins_nothing(server: BotApi, tmp_path: Path) -> None:
    server.person(7)
    async with desk_at(tmp_path / "innspill.db", server) as desk:
        server.fail(Hang(0.2))
        await desk.say(7, "en", kind="receipt")
        await desk.say(7, "to", kind="receipt")
        await asyncio.sleep(0.1)
        await desk.delivery.stop(grace=2)
        assert told(server, 7) == ["en"]
        assert await desk.read("SELECT count(*) FROM outbox WHERE sent_at IS NULL") == [(1,)]


THREE_PIECES = "a" * 4096 + "b" * 4096 + "c"


async def test_the_pieces_that_were_said_before_a_restart_are_not_said_again(server: BotApi, tmp_path: Path) -> None:
    kari, path = server.person(7), tmp_path / "innspill.db"
    async with desk_at(path, server, Limits(per_chat=1, burst=2)) as before:
        await before.say(7, THREE_PIECES)
        await kari.hears(2)
        while await before.read("SELECT 1 FROM outbox WHERE pieces_said < 2"):
            pass
        await before.delivery.stop(grace=0)
    async with desk_at(path, server) as after:
        await after.delivery.resume()
        await after.all_said()
    assert told(server, 7) == ["a" * 4096, "b" * 4096, "c"]


async def test_of_a_long_message_only_the_piece_that_was_perhaps_said_is_said_with_care(
    server: BotApi, tmp_path: Path
) -> None:
    async def prepare(desk: Desk) -> None:
        row = await desk.say(7, THREE_PIECES, hand_over=False)
        await desk.writer.run(lambda db: outbox.mark_tried(db, row.id, clock.now()))
        await desk.writer.run(lambda db: outbox.mark_pieces(db, row.id, 1))

    server.person(7)
    server.fail(Hang(0.05), times=3)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert told(server, 7) == ["c"]
    sent = [call.parameters["text"][0] for call in server.called("sendMessage")]
    assert sent == ["b", "b", "c", "c"]


async def test_a_message_whose_pieces_were_all_said_but_not_marked_says_its_last_once_more(
    server: BotApi, tmp_path: Path
) -> None:
    async def prepare(desk: Desk) -> None:
        row = await desk.say(7, "kort", hand_over=False)
        await desk.writer.run(lambda db: outbox.mark_tried(db, row.id, clock.now()))
        await desk.writer.run(lambda db: outbox.mark_pieces(db, row.id, 2))

    server.person(7)
    await restarted(server, tmp_path / "innspill.db", prepare)
    assert told(server, 7) == ["kort"]


@pytest.mark.parametrize("tried", [True, False])
async def test_only_what_was_tried_before_a_restart_may_be_said_twice_and_the_conversation_knows(
    server: BotApi, tmp_path: Path, tried: bool
) -> None:
    server.person(7)
    path = tmp_path / "innspill.db"
    async with desk_at(path, server) as before:
        row = await before.say(7, "spørsmål", hand_over=False)
        if tried:
            await before.writer.run(lambda db: outbox.mark_tried(db, row.id, clock.now()))
    async with desk_at(path, server) as after:
        await after.delivery.resume()
        await after.all_said()
        assert await after.read("SELECT may_repeat FROM conversations") == [(2 if tried else 0,)]
