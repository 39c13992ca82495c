"""A bounded part of the proof of kills; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import kills

pytestmark = pytest.mark.slow


@pytest.mark.timeout(300)
async def test_kills_at_every_named_point_lose_nothing_double_nothing_and_leave_nobody_in_silence() -> None:
    figures = {figure.what: figure.number for figure in await kills.run(scale=0.02)}
    assert figures["answers confirmed"] >= 200
