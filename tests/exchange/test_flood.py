"""One person who sends without end is told to wait; nobody is who sends 60 pieces in 10 seconds or fewer."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.exchange.flood import REMEMBERED, Flood
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import Said
from storage.conversations import set_aside
from storage.conversations.outbox import OutboxRow
from storage.database.opening import ensure_schema
from storage.database.sqlite import sqlite3

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return AT + timedelta(seconds=seconds)


class Hands:
    """A clock of two hands: the time of day, and the seconds that go on whatever becomes of that."""

    def __init__(self) -> None:
        self.now, self.seconds = AT, 0.0

    def go_on(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        self.seconds += seconds


@pytest.fixture
def hands() -> Iterator[Hands]:
    hands = Hands()
    clock.run_by(lambda: hands.now, lambda: hands.seconds)
    yield hands
    clock.run_by(None)


# --- The count ----------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 40), max_size=250))
def test_a_piece_is_over_exactly_if_the_ten_seconds_before_it_hold_sixty_that_were_taken(moments: list[float]) -> None:
    flood, taken = Flood(), list[float]()
    for number, moment in enumerate(sorted(moments)):
        within = sum(later(moment) - timedelta(seconds=10) < later(earlier) for earlier in taken)
        assert flood.is_over("kari", str(number), later(moment), 0.0) == (within >= 60)
        if within < 60:
            taken.append(moment)


@given(st.permutations(range(60)))
def test_sixty_pieces_in_ten_seconds_are_never_over_in_whatever_order_they_come(order: list[int]) -> None:
    flood = Flood()
    for hour in range(3):
        assert not any(flood.is_over("kari", f"{hour} {n}", later(3600 * hour + n / 6.1), 0.0) for n in order)


def test_the_same_piece_delivered_again_and_again_counts_once() -> None:
    flood = Flood()
    assert not any(flood.is_over("kari", str(number % 60), AT, 0.0) for number in range(600))
    assert flood.is_over("kari", "61", AT, 0.0)


def test_one_who_is_over_holds_up_no_other() -> None:
    flood = Flood()
    for number in range(100):
        flood.is_over("kari", str(number), AT, 0.0)
    assert not flood.is_over("ola", "1", AT, 0.0)


def test_what_has_waited_for_us_for_a_day_is_no_flood_though_it_comes_at_once() -> None:
    flood = Flood()
    assert not any(flood.is_over("kari", str(number), later(number), 0.0) for number in range(500))


def test_who_has_to_wait_is_told_until_when() -> None:
    flood = Flood()
    for number in range(60):
        flood.is_over("kari", str(number), later(number / 20), 0.0)
    assert flood.seconds_to_wait("kari", later(3), 0.0) == 7
    assert flood.seconds_to_wait("kari", later(60), 0.0) == 1
    assert not flood.is_over("kari", "61", later(10), 0.0)


def test_only_so_many_people_are_remembered() -> None:
    flood = Flood()
    for number in range(REMEMBERED + 100):
        flood.is_over(number, "1", AT, 0.0)
    assert len(flood._recent) == REMEMBERED


def test_without_a_limit_nothing_is_over() -> None:
    flood = Flood(math.inf)
    assert not any(flood.is_over("kari", str(number), AT, 0.0) for number in range(1000))


def test_a_clock_that_was_set_back_makes_nobody_wait_for_the_old_time() -> None:
    flood = Flood()
    for number in range(60):
        flood.is_over("kari", str(number), later(3600), 0.0)
    assert not flood.is_over("kari", "61", AT, 0.0)
    assert flood.seconds_to_wait("kari", AT, 0.0) <= 10


# --- The service --------------------------------------------------------------------------------------------


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    async with EntityRegister("http://127.0.0.1:1") as register:
        service = Service(path, FORM, register, locale="nb")
        service.start()
        yield service
        await service.stop()


def said(number: int, at: datetime = AT) -> Said:
    return Said(at=at, text=f"tekst {number}", message_id=str(number))


async def aside(service: Service) -> list[str]:
    rows = await service.writer.run(lambda db: set_aside.recent(db, 1000))
    return [row.reason for row in rows]


async def test_what_is_over_is_set_aside_and_one_notice_says_so(service: Service) -> None:
    told: list[OutboxRow] = []
    service.senders["telegram"] = lambda row, _: told.append(row)
    for number in range(100):
        await service.exchange("telegram", "7", str(number), said(number))
    notices = [row.message for row in told if "rate-limited" in row.message]
    assert len(told) == 61
    assert notices == [told[-1].message]
    assert '"seconds":10' in notices[0]
    (reason,) = await aside(service)
    assert reason.startswith("40 over 60 pieces in 10 s of one conversation, ")


async def test_of_a_flood_staff_see_how_much_it_was_and_nothing_of_what_it_was(service: Service) -> None:
    service.senders["telegram"] = lambda *_: None
    for number in [*range(400), *range(400)]:
        await service.exchange("telegram", "7", str(number), said(number))
    (row,) = await service.writer.run(lambda db: set_aside.page(db, limit=1000))
    assert row.event.reason.startswith("340 over 60 pieces in 10 s of one conversation, ")
    assert '"pieces":340,' in row.event.raw
    assert "tekst" not in row.event.raw


@pytest.mark.parametrize("channel", ["telegram", "web", "terminal"])
async def test_what_is_refused_as_a_private_number_is_not_kept_when_it_comes_too_fast(
    service: Service, channel: str
) -> None:
    for number in range(66):
        private = Said(at=AT, text="Nummeret er 018100 10068", message_id=str(number))
        await service.exchange(channel, "7", str(number), private)
    rows = await service.writer.run(lambda db: db.execute("SELECT raw, reason FROM set_aside").fetchall())
    assert len(rows) == 1
    assert "10068" not in str(rows)


async def test_a_flood_that_goes_on_is_unseen_again_and_another_one_has_a_row_of_its_own(
    service: Service, hands: Hands
) -> None:
    service.senders["telegram"] = lambda *_: None

    async def send(address: str, numbers: range) -> None:
        for number in numbers:
            await service.exchange("telegram", address, f"{address} {number}", said(number, hands.now))

    async def rest() -> list[tuple[int, bool]]:
        rows = await service.writer.run(lambda db: set_aside.page(db, limit=1000))
        return [(int(row.event.reason.split()[0]), row.seen_at is not None) for row in rows]

    await send("7", range(61))
    assert await rest() == [(1, False)]
    await service.writer.run(lambda db: db.execute("UPDATE set_aside SET seen_at = at, seen_by = 'ola@example.no'"))
    await send("7", range(61, 63))
    await send("8", range(61))
    assert await rest() == [(1, False), (3, False)]
    hands.go_on(24 * 3600)
    await send("7", range(1000, 1062))
    assert await rest() == [(2, False), (1, False), (3, False)]


async def test_what_is_over_and_comes_again_is_set_aside_once(service: Service) -> None:
    told: list[OutboxRow] = []
    service.senders["telegram"] = lambda row, _: told.append(row)
    for number in [*range(70), *range(70), *range(70)]:
        await service.exchange("telegram", "7", str(number), said(number))
    assert (await aside(service))[0].startswith("10 over ")
    assert len(told) == 61


async def test_after_ten_seconds_the_person_goes_on_where_they_were(service: Service, hands: Hands) -> None:
    service.senders["telegram"] = lambda *_: None
    for number in range(100):
        await service.exchange("telegram", "7", str(number), said(number))
    before = service.view("telegram", "7").session
    hands.go_on(10)
    exchanged = await service.exchange("telegram", "7", "101", said(101, later(10)))
    assert exchanged.message is not None
    assert "rate-limited" not in str(exchanged.message)
    assert before is not None


async def test_what_was_sent_while_we_were_away_is_all_taken_when_it_comes_at_once(service: Service) -> None:
    for number in range(200):
        sent_at = later(60 * number - 24 * 3600)
        await service.exchange("telegram", "7", str(number), said(number), sent_at=sent_at)
    assert await aside(service) == []


async def test_the_notice_comes_again_only_after_ten_seconds_of_flood(service: Service, hands: Hands) -> None:
    told: list[OutboxRow] = []
    service.senders["telegram"] = lambda row, _: told.append(row)
    for number in range(600):
        await service.exchange("telegram", "7", str(number), said(number, hands.now))
        hands.go_on(0.05)
    assert sum("rate-limited" in row.message for row in told) == 3


async def test_a_notice_that_was_not_saved_is_given_to_the_next_piece(service: Service, tmp_path: Path) -> None:
    told: list[OutboxRow] = []
    service.senders["telegram"] = lambda row, _: told.append(row)
    for number in range(60):
        await service.exchange("telegram", "7", str(number), said(number))
    await service.writer.run(lambda db: db.execute("PRAGMA busy_timeout = 20").fetchall())
    other = sqlite3.connect(str(tmp_path / "innspill.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Exception, match="Not saved"):
        await service.exchange("telegram", "7", "61", said(61))
    other.close()
    assert (await service.exchange("telegram", "7", "61", said(61))).message is not None


async def test_a_question_that_nobody_has_been_told_yet_is_said_with_the_notice(service: Service) -> None:
    service.senders["telegram"] = lambda *_: None
    for number in range(60):
        asked = (await service.exchange("telegram", "7", str(number), said(number))).message
    notice = (await service.exchange("telegram", "7", "60", said(60))).message
    assert asked is not None
    assert notice is not None
    assert [text.key for text in notice.told[:1]] == ["rate-limited"]
    assert (notice.lines, notice.buttons) == (asked.lines, asked.buttons)


async def test_on_a_page_the_question_stays_under_the_notice(service: Service) -> None:
    for number in range(62):
        last = await service.exchange("web", "7", str(number), said(number))
    shown = service.view("web", "7").message
    assert shown == last.message
    assert shown is not None
    assert shown.error
    assert [text.key for text in shown.told] == ["rate-limited"]
    assert shown.buttons


async def test_the_limit_holds_as_before_after_the_clock_was_set_back(service: Service, hands: Hands) -> None:
    told: list[OutboxRow] = []
    service.senders["telegram"] = lambda row, _: told.append(row)

    async def flood(name: str) -> None:
        for number in range(70):
            await service.exchange("telegram", "7", f"{name} {number}", said(number, hands.now))

    await flood("before")
    hands.go_on(20)
    hands.now -= timedelta(hours=1)
    await flood("after")
    assert [row for row in told if "rate-limited" in row.message] == [told[60], told[121]]
    assert '"seconds":10' in told[121].message
    assert len(told) == 122
