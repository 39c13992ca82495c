"""A bounded part of the proof of outages; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import outages

pytestmark = pytest.mark.slow


async def test_while_nothing_is_said_repeats_take_no_other_field_and_afterwards_nobody_is_in_silence() -> None:
    figures = {figure.what: figure.number for figure in await outages.run(scale=0.04)}
    assert figures["confirmed in all"] >= 200
