"""Sessions: new at each login, over when they are not used, and one's own to end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bot.staff.pages import ROOT
from storage.database.opening import transaction
from storage.staff import people as kept
from tests.staff.desk import KARI, OLA, PASSWORD, StaffDesk

pytestmark = pytest.mark.slow  # all in all several seconds

LOGIN = f"{ROOT}login"
ACCOUNT = f"{ROOT}account"


async def test_a_login_gives_a_secret_that_nobody_can_have_planted(desk: StaffDesk) -> None:
    await desk.enrolled()
    browser = await desk.browser()
    await browser.get(LOGIN)
    planted = browser.secret
    await desk.log_in(browser)
    first = browser.secret
    await browser.get(ACCOUNT)
    assert (await browser.post(f"{ROOT}logout")).status == 303
    await desk.log_in(browser)
    assert len({planted, first, browser.secret}) == 3
    for secret in (planted, first):
        other = await desk.browser(Cookie=f"innspill-staff={secret}")
        assert (await other.get(ACCOUNT)).status == 303


async def test_who_logs_in_as_somebody_else_leaves_no_session_behind(desk: StaffDesk) -> None:
    await desk.enrolled(OLA)
    browser = await desk.enrolled()
    first = browser.secret
    await browser.get(ACCOUNT)
    desk.later(minutes=1)
    assert (await browser.post(LOGIN, email=OLA, password=PASSWORD, code=desk.code(OLA))).status == 303
    assert OLA in (await browser.get(ACCOUNT)).words
    assert (await (await desk.browser(Cookie=f"innspill-staff={first}")).get(ACCOUNT)).status == 303


async def test_a_session_that_is_not_used_ends_after_half_an_hour(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    for _ in range(3):
        desk.later(minutes=29)
        assert (await browser.get(ACCOUNT)).status == 200
    desk.later(minutes=30)
    assert (await browser.get(ACCOUNT)).status == 303
    assert (await browser.post(f"{ACCOUNT}/language", locale="en")).status == 403


async def test_a_session_ends_after_12_hours_however_much_it_is_used(desk: StaffDesk) -> None:
    browser, begun = await desk.enrolled(), desk.now
    while desk.later(minutes=20) < begun + timedelta(hours=12):
        assert (await browser.get(ACCOUNT)).status == 200
    assert (await browser.get(ACCOUNT)).status == 303


async def test_a_clock_that_is_set_back_lets_no_session_last_for_hours_more(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    desk.later(minutes=-10)
    assert (await browser.get(ACCOUNT)).status == 200
    desk.later(minutes=30)
    assert (await browser.get(ACCOUNT)).status == 303
    browser = await desk.enrolled(OLA)
    desk.later(hours=-3)
    assert (await browser.get(ACCOUNT)).status == 303


async def test_use_is_written_down_once_a_minute_at_most(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    for seconds, noted in ((59, 0), (1, 60), (59, 60)):
        desk.later(seconds=seconds)
        await browser.get(ACCOUNT)
        with transaction(desk.config.database) as db:
            begun, active = db.execute("SELECT begun_at, active_at FROM staff_sessions").fetchone()
        assert (active == begun) == (noted == 0)


@pytest.mark.parametrize("act", ["disable", "reset"])
async def test_who_is_disabled_or_reset_is_out_at_once(desk: StaffDesk, act: str) -> None:
    browser = await desk.enrolled()
    with transaction(desk.config.database) as db:
        if act == "disable":
            kept.disable(db, KARI, desk.now)
        else:
            kept.reset(db, KARI, "0" * 64, desk.now)
    assert (await browser.get(ACCOUNT)).status == 303
    assert (await desk.log_in(await desk.browser())).status == 422


async def test_a_session_of_somebody_who_is_disabled_opens_nothing(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    with transaction(desk.config.database) as db:
        db.execute("UPDATE staff SET disabled_at = created_at")  # and the session is left
    assert (await browser.get(ACCOUNT)).status == 303


async def test_one_ends_ones_own_sessions_and_no_others(desk: StaffDesk) -> None:
    first = await desk.enrolled()
    second, ola = await desk.browser(), await desk.enrolled(OLA)
    await desk.log_in(second)
    page = await first.get(ACCOUNT)
    (number,) = re.findall(r"sessions/(\d+)/end", page.text)
    await ola.get(ACCOUNT)
    assert (await ola.post(f"{ACCOUNT}/sessions/{number}/end")).status == 404
    assert (await second.get(ACCOUNT)).status == 200
    assert (await first.post(f"{ACCOUNT}/sessions/{number}/end")).status == 303
    assert (await second.get(ACCOUNT)).status == 303
    assert desk.log()[-1].action == "session.ended"


async def test_another_password_ends_the_other_sessions_and_needs_the_old_one(desk: StaffDesk) -> None:
    browser, other, new = await desk.enrolled(), await desk.browser(), "fjorten blå båter i havn"
    await desk.log_in(other)
    await browser.get(ACCOUNT)
    page = f"{ACCOUNT}/password"
    assert (await browser.post(page, current="wrong", password=new, again=new)).status == 422
    assert (await browser.post(page, current=PASSWORD, password="kort", again="kort")).status == 422
    assert (await browser.post(page, current=PASSWORD, password=new, again=new)).status == 303
    assert (await other.get(ACCOUNT)).status == 303
    assert (await browser.get(ACCOUNT)).status == 200
    assert (await desk.log_in(other)).status == 422
    assert (await desk.log_in(other, password=new)).status == 303


async def test_a_stolen_session_cannot_guess_the_password_for_long(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    await browser.get(ACCOUNT)
    answers = [await browser.post(f"{ACCOUNT}/password", current="wrong") for _ in range(6)]
    assert [answer.status for answer in answers] == [422] * 5 + [429]
    written = [(entry.who, entry.action, entry.detail) for entry in desk.log()[-6:]]
    failed = (KARI, "staff.password_change_failed")
    assert written == [(*failed, {"reason": "password"})] * 5 + [(*failed, {"reason": "early"})]


async def test_the_desk_speaks_the_language_that_its_reader_chose(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    assert 'lang="nb"' in (await browser.get(ACCOUNT)).text
    await browser.post(f"{ACCOUNT}/language", locale="en")
    assert "Where you are logged in" in (await browser.get(ACCOUNT)).words
    assert (await browser.post(f"{ACCOUNT}/language", locale="xx")).status == 400
