"""A bounded part of the proof of pollers; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import pollers

pytestmark = pytest.mark.slow


async def test_while_another_program_takes_the_messages_the_rest_goes_on_and_people_are_answered_after() -> None:
    figures = {figure.what: figure.number for figure in await pollers.run(scale=0.04)}
    assert figures["confirmed in all"] >= 200
