"""A bounded part of the proof of clocks; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import clocks

pytestmark = pytest.mark.slow


async def test_whatever_the_clock_is_set_to_answers_are_taken_and_no_draft_is_gone() -> None:
    figures = {figure.what: figure.number for figure in await clocks.run(scale=0.04)}
    assert figures["confirmed in all"] >= 100
