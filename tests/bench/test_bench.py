"""The benchmark measures what it says: a run that is not durable fails, and each part gives its rows."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from storage.database.sqlite import Connection
from tests.bench import people
from tests.bench.__main__ import PARTS
from tests.bench.measuring import Effort, Rates, Row, table, wanted
from tests.bench.ours import NotDurable, OurBot, new_database
from tests.bench.parts import conversation, desk, exchanges, export, growth, rush, shares, web_chat

SMALL = Effort(rounds=1, scale=0.005)


async def test_a_whole_conversation_is_stored_and_marked_sent(tmp_path: Path) -> None:
    async with OurBot(new_database(tmp_path / "innspill.db")) as bot:
        await people.in_flight(2, range(3), bot.talk)
        await bot.finish()
        await bot.check()
        bot.check_responses(3)
        assert bot.transport.sent == 3 * len(people.CONVERSATION)


async def test_a_run_does_not_count_where_a_commit_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    async with OurBot(new_database(tmp_path / "innspill.db")) as bot:
        await bot.talk(0)
        bot.service.writer._connection.execute("PRAGMA synchronous = NORMAL")
        await bot.finish()
        with pytest.raises(NotDurable, match="synchronous is 1"):
            await bot.check()


async def test_a_run_does_not_count_where_a_message_is_not_marked_sent(tmp_path: Path) -> None:
    def forget(db: Connection) -> None:
        db.execute("UPDATE outbox SET sent_at = NULL WHERE kind = 'receipt'")

    async with OurBot(new_database(tmp_path / "innspill.db")) as bot:
        await bot.talk(0)
        await bot.finish()
        await bot.service.writer.run(forget)
        with pytest.raises(NotDurable, match="1 not marked sent"):
            await bot.check()


async def test_a_run_does_not_count_where_a_response_is_missing(tmp_path: Path) -> None:
    async with OurBot(new_database(tmp_path / "innspill.db")) as bot:
        await bot.talk(0)
        with pytest.raises(NotDurable, match="1 responses are stored, not 2"):
            bot.check_responses(2)


def test_the_memory_of_a_command_is_its_own_and_not_what_its_parent_has_had(tmp_path: Path) -> None:
    ours = bytearray(b"1") * 200_000_000
    few, many = [sys.executable, "-c", "pass"], [sys.executable, "-c", "_ = b'1' * 100_000_000"]
    (_, least), (_, most) = (export.run_command(command, {}, tmp_path / "output") for command in (few, many))
    assert least < len(ours) / 4_000_000
    assert 90 < most - least < 110


def test_a_ratio_is_the_middle_one_of_the_rounds() -> None:
    assert Rates((10.0, 50.0, 30.0)).ratio(Rates((10.0, 10.0, 10.0))) == 3.0


def test_a_promise_that_is_not_kept_is_told() -> None:
    assert wanted(0.99, at_least=1.0) == "≥ 1: NO"
    assert wanted(0.31, below=0.3, unit=" s") == "< 0.3 s: NO"
    assert wanted(1.0, at_least=1.0) == "≥ 1: yes"


def test_the_table_has_a_line_for_each_row() -> None:
    written = table([("Growth", [Row("1,000 stored", "9/s", "", "1.00", "≥ 0.8: yes")])], 5, 0.1)
    assert "## Growth" in written
    assert "| 1,000 stored | 9/s |  | 1.00 | ≥ 0.8: yes |" in written


@pytest.mark.slow
@pytest.mark.parametrize(
    "part",
    [rush, exchanges, shares, export, growth, web_chat, desk],
    ids=lambda part: part.__name__.rpartition(".")[2],
)
def test_each_part_of_the_benchmark_gives_its_rows(part: object) -> None:
    assert part in PARTS.values()
    rows = part.run(SMALL)  # type: ignore[attr-defined]  # each of them has one
    assert rows
    assert all(row.what and row.ours for row in rows)


@pytest.mark.slow
def test_the_peers_hold_the_whole_conversation() -> None:
    assert conversation.conversation_handler(2, 3) > 0
