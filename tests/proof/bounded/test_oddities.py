"""A bounded part of the proof of oddities; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import oddities

pytestmark = pytest.mark.slow


async def test_whatever_is_sent_at_whatever_step_is_answered_changes_no_other_answer_and_hinders_nobody() -> None:
    await oddities.run(scale=0.05)


def test_there_are_at_least_thirty_kinds_of_message() -> None:
    assert len(oddities.every_kind()) >= 30
