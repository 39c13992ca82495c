"""A clock that leaps forward makes nothing old enough to be deleted, before it has gone evenly for a day."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.exchange.service import Service
from bot.jobs.age import Age
from bot.jobs.kinds.sweep import sweep_once
from dialogs.events import Said, Started
from tests.conversations import stages
from tests.jobs.made_up import AT, Hand
from tests.jobs.working import service_at

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class World:
    """A service, and a clock of two hands: the time of day, and the seconds that go on whatever becomes of that."""

    def __init__(self, service: Service, hand: Hand) -> None:
        self.service, self.hand, self.seconds, self.age = service, hand, 0.0, Age()
        clock.run_by(lambda: hand.now, lambda: self.seconds)

    async def sweeps_for(self, time: timedelta) -> None:
        """So much time goes by, with a sweep every hour."""
        for _ in range(round(time / HOUR)):
            self.hand.now += HOUR
            self.seconds += HOUR.total_seconds()
            await sweep_once(self.service, self.age)

    def has_draft(self) -> bool:
        session = self.service.view("web", "kari").session
        return session is not None and '"draft"' in session


@pytest.fixture
async def world(tmp_path: Path, service: Service, hand: Hand) -> World:
    stages.add_rounds(tmp_path / "innspill.db")
    world = World(service, hand)
    await service.exchange("web", "kari", "1", Started(at=AT, link="c2"))
    await service.exchange("web", "kari", "2", Said(at=AT, text="Privatperson", message_id="2"))
    await world.sweeps_for(HOUR)
    return world


async def test_a_draft_outlives_a_clock_that_is_years_ahead_and_put_right_on_the_same_day(world: World) -> None:
    world.hand.now += 3650 * DAY
    await world.sweeps_for(23 * HOUR)
    world.hand.now -= 3650 * DAY
    await world.sweeps_for(2 * HOUR)
    assert world.has_draft()


async def test_a_draft_outlives_a_start_with_a_clock_that_is_years_ahead(tmp_path: Path, world: World) -> None:
    world.hand.now += 3650 * DAY
    async with service_at(tmp_path / "innspill.db", "http://127.0.0.1:1") as service:
        again = World(service, world.hand)
        await sweep_once(service, again.age)
        await again.sweeps_for(23 * HOUR)
        assert again.has_draft()


async def test_who_was_away_for_long_has_its_sweep_after_a_day(tmp_path: Path, world: World) -> None:
    world.hand.now += 40 * DAY
    async with service_at(tmp_path / "innspill.db", "http://127.0.0.1:1") as service:
        again = World(service, world.hand)
        await again.sweeps_for(26 * HOUR)
        assert not again.has_draft()


async def test_a_draft_goes_on_its_day_where_the_clock_is_right(world: World) -> None:
    await world.sweeps_for(30 * DAY - HOUR)
    assert world.has_draft()
    await world.sweeps_for(2 * HOUR)
    assert not world.has_draft()


async def test_a_clock_that_was_far_ahead_for_days_and_is_put_right_deletes_nothing_early_again(world: World) -> None:
    world.hand.now += 20 * DAY
    await world.sweeps_for(2 * DAY)
    world.hand.now -= 20 * DAY
    await world.sweeps_for(DAY)
    assert world.has_draft()
