"""We speak no faster than we are let, and wait longer the longer something fails."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.exchange.pacing import REMEMBERED, Pace, Patience


@given(st.lists(st.floats(0, 3), max_size=60), st.sampled_from([1.0, 30.0]), st.integers(1, 5))
def test_no_window_of_time_holds_more_turns_than_the_burst_and_the_rate(
    gaps: list[float], rate: float, burst: int
) -> None:
    pace, now, turns = Pace(rate, burst), 0.0, list[float]()
    for gap in gaps:
        now += gap
        turns.append(now + pace.reserve("kari", now))
    for first, start in enumerate(turns):
        for last in range(first, len(turns)):
            assert last - first + 1 <= burst + rate * (turns[last] - start) + 1e-6


def test_one_does_not_wait_for_another() -> None:
    pace = Pace(1, 1)
    assert [pace.reserve("kari", 0), pace.reserve("ola", 0), pace.reserve("kari", 0)] == [0, 0, 1]


def test_a_ban_is_waited_for_to_its_end() -> None:
    pace = Pace(1, 5)
    pace.block("kari", 60)
    assert pace.reserve("kari", 10) == 50
    assert pace.reserve("ola", 10) == 0


def test_without_a_limit_nobody_waits() -> None:
    pace = Pace(math.inf, 1)
    assert {pace.reserve("kari", 0) for _ in range(1000)} == {0}


def test_of_many_people_only_those_who_have_to_wait_are_remembered() -> None:
    pace = Pace(1, 1)
    for number in range(REMEMBERED):
        pace.reserve(number, 0)
    pace.block("banned", 60)
    pace.reserve("kari", 10)
    assert len(pace._due) == 2
    assert pace.reserve("banned", 10) == 50


def test_pauses_grow_to_their_longest_and_begin_again() -> None:
    patience = Patience(4)
    pauses = [patience.pause() for _ in range(6)]
    assert all(full / 2 <= pause <= full for pause, full in zip(pauses, [0.5, 1, 2, 4, 4, 4], strict=True))
    patience.reset()
    assert patience.pause() <= 0.5
