"""A response that came in while the register was silent is looked up later, and nothing that was typed is changed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from bot.exchange import knowledge
from bot.register import stand_in as made_up
from bot.tasks import Tasks
from dialogs.messages import Submit
from storage.conversations import conversations
from storage.database.opening import transaction
from tests.conversations import stages
from tests.conversations.stages import MadeUpTime
from tests.register.register_desk import REST, TYPED, RegisterDesk

WAITING = "SELECT response_id, attempts FROM jobs"
COLUMNS = {"respondent_type": "registered_organisation", "organisation_name": "Vel", "text": "Vi er enige."}
DIFFERENT = "SELECT key, registered FROM register_differences ORDER BY key"
AS_REGISTERED = ("Eksempelveien Velforening", "postboks 1", "1371 Asker")


@pytest.fixture
def desk(tmp_path: Path) -> RegisterDesk:
    return RegisterDesk(tmp_path / "innspill.db", MadeUpTime())


@pytest.fixture(autouse=True)
async def running(desk: RegisterDesk) -> AsyncIterator[None]:
    with desk.time:
        async with desk.open():
            stages.add_rounds(desk.path)
            yield


def typed_part(row: Mapping[str, object]) -> tuple[object, ...]:
    return tuple(row[key] for key in ("organisation_name", "address", "postal_code", "postal_town", "country"))


async def test_it_is_looked_up_at_once_when_the_register_is_back(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION, AS_REGISTERED)
    assert desk.stored()[0]["register_status"] == "unverified"

    await desk.verify()

    row = desk.stored()[0]
    assert (row["register_status"], row["organisation_form"]) == ("active", "FLI")
    assert desk.rows(WAITING) == []
    assert desk.rows(DIFFERENT) == []


@pytest.mark.parametrize(
    ("number", "status", "form"),
    [
        (made_up.BANKRUPT, "bankrupt", "AS"),
        (made_up.COMPULSORY, "dissolving", "AS"),
        (made_up.DELETED, "deleted", None),
        (made_up.REMOVED, "not_found", None),
        (made_up.UNKNOWN, "not_found", None),
    ],
)
async def test_each_answer_becomes_the_status_of_the_response(
    desk: RegisterDesk, number: str, status: str, form: str | None
) -> None:
    await desk.sends_unverified("1", number)
    await desk.verify()

    row = desk.stored()[0]
    assert (row["register_status"], row["organisation_form"]) == (status, form)
    assert typed_part(row) == ("Eksempelveien vel", "Eksempelveien 12", "1385", "Asker", "NO")
    assert desk.rows(WAITING) == []


async def test_a_difference_is_kept_beside_what_was_typed(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    await desk.verify()

    assert typed_part(desk.stored()[0]) == ("Eksempelveien vel", "Eksempelveien 12", "1385", "Asker", "NO")
    assert desk.rows(DIFFERENT) == [
        ("address", "Postboks 1"),
        ("organisation_name", "EKSEMPELVEIEN VELFORENING"),
        ("postal_code", "1371"),
    ]


@pytest.mark.parametrize(
    ("number", "typed", "different"),
    [
        (made_up.DOUBTFUL, ("Eksempel Maler AS", *TYPED[1:]), []),
        (made_up.AT_HOME, ("Eksempelheia kor", *TYPED[1:]), []),
        (made_up.DELETED, ("eksempeltunet borettslag", *TYPED[1:]), []),
        (made_up.DELETED, ("Eksempelhaugen Borettslag", *TYPED[1:]), []),
        (made_up.DELETED, TYPED, [("organisation_name", "EKSEMPELTUNET BORETTSLAG")]),
    ],
    ids=["doubtful-address", "no-address", "deleted", "old-name", "another-name"],
)
async def test_what_the_register_does_not_stand_by_is_no_difference(
    desk: RegisterDesk, number: str, typed: tuple[str, ...], different: list[tuple[str, str]]
) -> None:
    await desk.sends_unverified("1", number, typed)
    await desk.verify()

    assert desk.rows(DIFFERENT) == different


async def test_a_sub_entity_gets_its_main_entity(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.SUB_ENTITY)
    await desk.verify()

    assert desk.stored()[0]["main_organisation_number"] == made_up.ASSOCIATION


async def test_a_silent_register_is_asked_ever_more_seldom(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    desk.down = True
    tries = []
    for minute in range(48 * 60 + 10):
        before = len(desk.asked)
        await desk.verify(minutes=0 if minute == 0 else 1)
        if len(desk.asked) > before:
            tries.append(minute)

    assert tries[:7] == [0, 1, 6, 21, 81, 261, 441]
    assert tries[-1] >= 48 * 60 - 1
    assert len(tries) < 24
    assert desk.rows(WAITING) == []
    assert desk.stored()[0]["register_status"] == "unverified"


async def test_a_register_that_comes_back_after_two_days_is_in_time(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    desk.down = True
    for _ in range(47):
        await desk.verify(hours=1)
    assert desk.stored()[0]["register_status"] == "unverified"
    desk.down = False
    await desk.verify(hours=3)
    assert desk.stored()[0]["register_status"] == "active"


async def test_what_waits_outlives_a_restart(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    desk.down = True
    await desk.verify()
    assert desk.rows(WAITING) == [(1, 1)]

    async with desk.open():
        desk.down = False
        await desk.verify(minutes=2)
    assert desk.stored()[0]["register_status"] == "active"


async def test_an_answer_that_is_broken_off_by_a_restart_is_asked_for_again(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    desk.late = 30
    desk.reached.clear()
    desk.end_the_rest()
    tasks = Tasks()
    tasks.start(desk.worker.run(), "verification")
    await desk.reached.wait()
    await tasks.stop()

    desk.late = 0.0
    assert desk.rows(WAITING) == [(1, 0)]
    await desk.verify()
    assert desk.stored()[0]["register_status"] == "active"


async def test_an_answer_that_comes_late_delays_no_conversation(desk: RegisterDesk) -> None:
    await desk.sends_unverified("1", made_up.ASSOCIATION)
    await desk.verify(seconds=-60)  # it is not due yet
    desk.late = 0.5
    desk.reached.clear()
    tasks = Tasks()
    job = tasks.start(desk.verify(seconds=60), "verification")
    await desk.reached.wait()
    async with asyncio.timeout(0.4):
        message = await desk.say("2", "/start", "Privatperson")
    assert message.step == "address"
    assert not job.done()
    await job
    assert desk.stored()[0]["register_status"] == "active"


async def test_a_response_that_was_looked_up_in_time_waits_for_nothing(desk: RegisterDesk) -> None:
    await desk.gives("1", made_up.ASSOCIATION)
    await desk.say("1", "Ja", *REST)

    assert desk.stored()[0]["register_status"] == "active"
    assert desk.rows(WAITING) == []


async def test_a_draft_that_is_sent_in_twice_waits_once(desk: RegisterDesk) -> None:
    submit = Submit("d1", 1, {**COLUMNS, "organisation_number": made_up.ASSOCIATION, "register_status": "unverified"})
    with transaction(desk.path) as db:
        person = conversations.find_or_open(db, "telegram", "1", desk.time.now)
        for again in (False, True):
            stored = knowledge.store(db, person, submit, locale="nb", at=desk.time.now, draw_reference=lambda: "R1")
            assert stored.again is again

    assert desk.rows(WAITING) == [(1, 0)]
