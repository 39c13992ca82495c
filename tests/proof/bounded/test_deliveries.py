"""A bounded part of the proof of bad deliveries; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import deliveries

pytestmark = pytest.mark.slow


async def test_whatever_comes_twice_swapped_late_or_at_once_gives_one_response_with_the_right_answers() -> None:
    await deliveries.run(scale=0.1)
