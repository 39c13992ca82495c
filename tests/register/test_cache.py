"""What the register has said is not asked again for a while, and whoever asks then does not wait."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.jobs.kinds.sweep import sweep_once
from bot.register import stand_in as made_up
from dialogs.messages import Message
from storage.database.opening import transaction
from tests.conversations import stages
from tests.conversations.stages import MadeUpTime
from tests.register.register_desk import RegisterDesk

HELD = "SELECT number FROM register_cache ORDER BY number"


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[RegisterDesk]:
    with MadeUpTime() as time:
        desk = RegisterDesk(tmp_path / "innspill.db", time)
        async with desk.open():
            stages.add_rounds(desk.path)
            yield desk


def keys(message: Message) -> list[str]:
    return [text.key for text in message.lines]


@pytest.mark.parametrize(
    ("number", "told", "hours"),
    [
        (made_up.ASSOCIATION, "org-card", 24),
        (made_up.DELETED, "register-deleted-renamed", 24),
        (made_up.REMOVED, "register-removed", 24),
        (made_up.UNKNOWN, "register-unknown", 1),
    ],
)
async def test_the_next_one_who_asks_is_answered_at_once_for_as_long_as_it_holds(
    desk: RegisterDesk, number: str, told: str, hours: int
) -> None:
    first, card = await desk.gives("1", number)
    asked = len(desk.asked)
    assert first is not None
    assert (first.kind, keys(card)) == ("waiting", [told])

    desk.time.now += timedelta(hours=hours, minutes=-1)
    at_once, _ = await desk.gives("2", number)
    assert at_once is not None
    assert (at_once.kind, keys(at_once)) == ("question", [told])
    assert len(desk.asked) == asked

    desk.time.now += timedelta(minutes=2)
    again, _ = await desk.gives("3", number)
    assert again is not None
    assert again.kind == "waiting"
    assert len(desk.asked) == 2 * asked


async def test_silence_and_searches_are_not_kept(desk: RegisterDesk) -> None:
    desk.down = True
    await desk.gives("1", made_up.ASSOCIATION)
    assert desk.rows(HELD) == []

    desk.down = False
    for person in ("2", "3"):
        _, hits = await desk.gives(person, "nabolaget vel")
        assert keys(hits)[0] == "search-hits"
    assert desk.rows(HELD) == []
    assert desk.asked.count("/enheter") == 2


async def test_a_search_with_one_hit_shows_its_card_from_what_is_kept(desk: RegisterDesk) -> None:
    await desk.gives("1", made_up.NYNORSK)
    _, card = await desk.gives("2", "mållag")
    assert keys(card) == ["org-card"]
    assert desk.asked == [f"/enheter/{made_up.NYNORSK}", "/enheter"]


async def test_what_is_kept_outlives_a_restart_and_an_outage(tmp_path: Path) -> None:
    with MadeUpTime() as time:
        desk = RegisterDesk(tmp_path / "innspill.db", time)
        async with desk.open():
            stages.add_rounds(desk.path)
            await desk.gives("1", made_up.ASSOCIATION)
        desk.down = True
        async with desk.open():
            at_once, _ = await desk.gives("2", made_up.ASSOCIATION)
    assert at_once is not None
    assert keys(at_once) == ["org-card"]


async def test_what_does_not_hold_any_more_is_swept_away(desk: RegisterDesk) -> None:
    await desk.gives("1", made_up.ASSOCIATION)
    await desk.gives("2", made_up.UNKNOWN)
    desk.time.now += timedelta(hours=2)
    await sweep_once(desk.service)
    assert desk.rows(HELD) == [(made_up.ASSOCIATION,)]
    desk.time.now += timedelta(hours=23)
    await sweep_once(desk.service)
    assert desk.rows(HELD) == []


async def test_only_what_a_response_needs_is_kept(desk: RegisterDesk) -> None:
    await desk.gives("1", made_up.CARE_OF)
    ((kept,),) = desk.rows("SELECT answer FROM register_cache")
    assert "EKSEMPELDALEN IDRETTSLAG" in str(kept)
    assert "Kari" not in str(kept)


@pytest.mark.parametrize("kept", ["{}", "not json", '{"type":"found"}', '{"type":"hits"}'])
async def test_an_answer_that_another_version_kept_is_asked_for_again(desk: RegisterDesk, kept: str) -> None:
    with transaction(desk.path) as db:
        db.execute("INSERT INTO register_cache VALUES (?, ?, '2099-01-01')", (made_up.ASSOCIATION, kept))
    _, card = await desk.gives("1", made_up.ASSOCIATION)
    assert keys(card) == ["org-card"]


async def test_made_up_answers_are_not_kept(tmp_path: Path) -> None:
    with MadeUpTime() as time:
        desk = RegisterDesk(tmp_path / "innspill.db", time)
        async with desk.open(remembers=False):
            stages.add_rounds(desk.path)
            await desk.gives("1", made_up.ASSOCIATION)
        assert desk.rows(HELD) == []
