"""A service, a clock that the test turns, and somebody who reads the metrics."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.exchange.service import Service
from storage.database.opening import migrate
from tests.exchange.metrics.desk import operator_with_token  # noqa: F401 - a fixture that tests take by its name
from tests.jobs.made_up import NOWHERE, Hand
from tests.jobs.working import service_at


@pytest.fixture
def hand() -> Iterator[Hand]:
    hand = Hand()
    clock.run_by(lambda: hand.now)
    yield hand
    clock.run_by(None)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    migrate(tmp_path / "innspill.db")
    async with service_at(tmp_path / "innspill.db", NOWHERE) as running:
        yield running
