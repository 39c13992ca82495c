"""Logging in: password and code, one answer to all that is wrong, and ever longer delays."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path

import pytest

from bot.staff.access import passwords
from bot.staff.pages import ROOT
from storage.database.opening import transaction
from storage.staff import login_delays
from storage.staff import people as kept
from tests.staff.desk import KARI, OLA, PASSWORD, Browser, StaffDesk, secret_on, staff_desk

pytestmark = pytest.mark.slow  # all in all several seconds

LOGIN = f"{ROOT}login"
ACCOUNT = f"{ROOT}account"
WRONG = "E-postadressen, passordet eller koden stemmer ikke."


def without_tokens(text: str) -> str:
    return re.sub(r'name="csrf" value="[^"]+"|value="[^"]*@[^"]*"', "", text)


# --- Logging in -------------------------------------------------------------------------------------------------------


async def test_password_and_code_let_one_in_and_all_of_it_is_written_down(desk: StaffDesk) -> None:
    await desk.enrolled()
    browser = await desk.browser()
    assert (await desk.log_in(browser)).location == ROOT
    assert KARI in (await browser.get(ACCOUNT)).words
    assert (await browser.post(f"{ROOT}logout")).location == LOGIN
    assert (await browser.get(ACCOUNT)).status == 303
    login, logout = desk.log()[-2:]
    assert (login.who, login.action, login.address, login.detail) == (KARI, "login", "127.0.0.1", {"with": "app"})
    assert (logout.who, logout.action) == (KARI, "logout")


async def test_capitals_and_spaces_around_an_address_do_not_matter(desk: StaffDesk) -> None:
    await desk.enrolled()
    desk.later(minutes=1)
    assert (await desk.log_in(await desk.browser(), " Kari@Example.NO ", code=desk.code())).status == 303


async def test_whatever_is_wrong_gets_the_same_answer(desk: StaffDesk) -> None:
    await desk.enrolled()
    desk.invite(OLA)
    with transaction(desk.config.database) as db:
        kept.invite(db, "per@example.no", "reader", "1" * 64, desk.now)
        kept.disable(db, "per@example.no", desk.now)
    desk.later(minutes=1)
    answers = set()
    for email, password, code in (
        (KARI, "wrong password", desk.code()),
        (KARI, PASSWORD, "000000"),
        (KARI, PASSWORD, ""),
        ("nobody@example.no", PASSWORD, desk.code()),
        (OLA, PASSWORD, desk.code()),
        ("per@example.no", PASSWORD, desk.code()),
    ):
        answer = await desk.log_in(await desk.browser(), email, password, code or "-")
        assert WRONG in answer.words
        answers.add((answer.status, without_tokens(answer.text), frozenset(answer.headers) - {"Content-Length"}))
    assert len(answers) == 1
    reasons = [(entry.who, entry.detail) for entry in desk.log() if entry.action == "login.failed"]
    assert [who for who, _ in reasons] == [KARI] * 3 + [""] * 3
    assert [detail["reason"] for _, detail in reasons] == ["password", "code", "code"] + ["unknown"] * 3


async def test_an_unknown_account_takes_as_much_work_as_a_known_one() -> None:
    keeper = passwords.Passwords()
    known = await keeper.hashed(PASSWORD)

    async def work(kept_hash: str | None) -> float:
        spent = []
        for _ in range(3):
            begun = time.process_time()
            await keeper.matches("wrong", kept_hash)
            spent.append(time.process_time() - begun)
        return min(spent)

    assert 0.5 < await work(None) / await work(known) < 2


@pytest.mark.parametrize(("seconds", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
async def test_a_code_of_the_step_before_or_after_will_do(desk: StaffDesk, seconds: int, status: int) -> None:
    await desk.enrolled()
    desk.later(minutes=5)
    answer = await desk.log_in(await desk.browser(), code=desk.code(seconds=seconds))
    assert answer.status == status


async def test_a_code_works_once_and_none_before_it_works_after_it(desk: StaffDesk) -> None:
    await desk.enrolled()
    assert (await desk.log_in(await desk.browser(), code=desk.code())).status == 422  # it was used to enrol
    desk.later(minutes=5)
    code, before = desk.code(), desk.code(seconds=-30)
    assert (await desk.log_in(await desk.browser(), code=code)).status == 303
    assert (await desk.log_in(await desk.browser(), code=code)).status == 422
    assert (await desk.log_in(await desk.browser(), code=before)).status == 422


async def test_one_code_sent_many_times_at_once_lets_one_in(desk: StaffDesk) -> None:
    await desk.enrolled()
    desk.later(minutes=5)
    browsers = [await desk.browser() for _ in range(4)]
    answers = await asyncio.gather(*(desk.log_in(browser, code=desk.code()) for browser in browsers))
    assert sorted(answer.status for answer in answers) == [303, 422, 422, 422]


async def test_a_recovery_code_works_once_however_it_is_typed(desk: StaffDesk) -> None:
    path, browser = desk.invite(), await desk.browser()
    await browser.get(path)
    await browser.post(path, password=PASSWORD, again=PASSWORD)
    desk.secrets[KARI] = secret_on(await browser.get(path))
    shown = re.findall(r"<li>([a-z2-7-]{29})</li>", (await browser.post(path, code=desk.code())).text)
    typed = f" {shown[3].upper().replace('-', ' ')} "
    assert (await desk.log_in(await desk.browser(), code=typed)).status == 303
    assert desk.log()[-1].detail == {"with": "recovery code"}
    assert (await desk.log_in(await desk.browser(), code=typed)).status == 422
    assert "9 igjen" in (await browser.get(ACCOUNT)).words


async def test_conversations_go_on_while_passwords_are_checked(desk: StaffDesk) -> None:
    keeper = passwords.Passwords()
    checks = asyncio.gather(*(keeper.matches("x", None) for _ in range(4)))
    turns = 0
    while not checks.done():
        await asyncio.sleep(0)
        turns += 1
    assert turns > 100


# --- Delays -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_who_guesses_has_to_wait_ever_longer_whether_the_account_exists_or_not(tmp_path: Path) -> None:
    async with staff_desk(tmp_path) as desk:
        await desk.enrolled()
        for email in (KARI, "nobody@example.no"):
            for _ in range(5):
                assert (await desk.log_in(await desk.browser(), email, "wrong", "000000")).status == 422
            early = await desk.log_in(await desk.browser(), email, PASSWORD, desk.code(KARI))
            assert (early.status, early.headers["Retry-After"]) == (429, "1")
            assert "Vent 1 sekund," in early.words
        desk.later(seconds=1)
        assert (await desk.log_in(await desk.browser(), KARI, "wrong", "000000")).status == 422
        desk.later(seconds=1)
        assert (await desk.log_in(await desk.browser(), KARI, "wrong", "000000")).headers["Retry-After"] == "1"
    async with staff_desk(tmp_path) as again:  # the program was restarted
        again.now = desk.now
        assert (await again.log_in(await again.browser(), KARI, "wrong", "000000")).status == 429


async def test_nobody_has_to_wait_because_the_clock_was_set_back(desk: StaffDesk) -> None:
    browser = await desk.browser()
    assert (await desk.log_in(browser, "nobody@example.no", code="000000")).status == 422
    desk.later(hours=-1)
    assert (await desk.log_in(browser, "nobody@example.no", code="000000")).status == 422
    shut(desk, "nobody@example.no")
    desk.later(hours=-1)
    answer = await desk.log_in(browser, "nobody@example.no", code="000000")
    assert answer.status == 429
    assert "Vent 900 sekunder" in answer.words
    desk.later(minutes=15)
    assert (await desk.log_in(browser, "nobody@example.no", code="000000")).status == 422


async def test_guesses_that_are_made_at_once_are_counted_before_they_fail(desk: StaffDesk) -> None:
    await desk.enrolled()
    browsers = [await desk.browser() for _ in range(12)]
    answers = await asyncio.gather(*(desk.log_in(browser, KARI, "wrong", "000000") for browser in browsers))
    assert sorted(answer.status for answer in answers) == [422] * 5 + [429] * 7


async def test_an_address_that_guesses_many_accounts_has_to_wait_as_well(tmp_path: Path) -> None:
    async with staff_desk(tmp_path, INNSPILL_TRUSTED_PROXY="127.0.0.1") as desk:
        thief = await desk.browser(**{"X-Forwarded-For": "203.0.113.9"})
        with transaction(desk.config.database) as db:
            for number in range(20):
                assert not login_delays.begin(db, {f"account {number}": 5, "address 203.0.113.9": 20}, desk.now)
        assert (await desk.log_in(thief, "one.more@example.no", "wrong", "000000")).status == 429
        other = await desk.browser(**{"X-Forwarded-For": "203.0.113.10"})
        assert (await desk.log_in(other, "one.more@example.no", "wrong", "000000")).status == 422


async def test_a_login_forgives_the_account_and_not_what_the_address_has_tried(desk: StaffDesk) -> None:
    await desk.enrolled()
    for _ in range(4):
        await desk.log_in(await desk.browser(), KARI, "wrong", "000000")
    await desk.log_in(await desk.browser())
    with transaction(desk.config.database) as db:
        assert db.execute("SELECT what, attempts FROM login_delays").fetchall() == [("address 127.0.0.1", 4)]


def shut(desk: StaffDesk, email: str = KARI) -> None:
    """Others have guessed at an account so often that whoever comes next, from their address, waits for long."""
    with transaction(desk.config.database) as db:
        for key in (login_delays.account(email), "address 127.0.0.1"):
            login_delays.begin(db, {key: -20}, desk.now)


async def log_out(browser: Browser) -> None:
    await browser.get(ACCOUNT)
    await browser.post(f"{ROOT}logout")


async def test_where_one_has_logged_in_before_nobody_else_keeps_one_out(desk: StaffDesk) -> None:
    enrolled, other = await desk.enrolled(), await desk.browser()
    assert (await desk.log_in(other)).status == 303
    desk.later(hours=13)
    shut(desk)
    assert (await desk.log_in(await desk.browser(), code=desk.code())).status == 429
    for browser in (enrolled, other):
        assert (await desk.log_in(browser, KARI, "wrong", "000000")).status == 422
    assert (await desk.log_in(enrolled, code=desk.code())).status == 303
    assert (await desk.log_in(await desk.browser(), code=desk.code())).status == 429


async def test_guesses_in_such_a_browser_have_to_wait_as_well_and_for_its_owner_alone(desk: StaffDesk) -> None:
    browser = await desk.enrolled()
    await desk.enrolled(OLA)
    await log_out(browser)
    shut(desk, OLA)
    assert (await desk.log_in(browser, OLA, PASSWORD, desk.code(OLA))).status == 429
    for _ in range(5):
        assert (await desk.log_in(browser, KARI, "wrong", "000000")).status == 422
    assert (await desk.log_in(browser, KARI, PASSWORD, desk.code(seconds=30))).status == 429


async def test_several_people_are_known_in_the_browser_they_share_by_the_secret_of_its_last_login(
    desk: StaffDesk,
) -> None:
    browser = await desk.enrolled()
    planted = browser.known
    await desk.enrolled(OLA)
    await log_out(browser)
    assert (await desk.log_in(browser, OLA, code=desk.code(OLA, seconds=30))).status == 303
    assert planted != browser.known
    for email in (KARI, OLA):
        shut(desk, email)
    thief = await desk.browser(Cookie=f"innspill-staff-known={planted}")
    desk.later(minutes=1)
    for email in (KARI, OLA):
        code = desk.code(email)
        assert (await desk.log_in(thief, email, code=code)).status == 429
        await log_out(browser)
        assert (await desk.log_in(browser, email, code=code)).status == 303


@pytest.mark.parametrize("act", ["reset", "half a year"])
async def test_a_browser_is_known_no_longer_than_its_owner(desk: StaffDesk, act: str) -> None:
    browser = await desk.enrolled()
    mark, link_hash = browser.known, "0" * 64
    if act == "reset":
        with transaction(desk.config.database) as db:
            kept.reset(db, KARI, link_hash, desk.now)
    else:
        desk.later(days=180)
    shut(desk)
    again = await desk.browser(Cookie=f"innspill-staff-known={mark}")
    assert (await desk.log_in(again, code=desk.code())).status == 429


async def test_who_comes_too_early_is_written_down_once_a_wait(desk: StaffDesk) -> None:
    await desk.enrolled()
    desk.later(minutes=1)
    for email, who in ((KARI, KARI), ("nobody@example.no", "")):
        before = len(desk.log())
        for seconds in (0, 1):
            desk.later(seconds=seconds)
            for _ in range(7 - 5 * seconds):
                await desk.log_in(await desk.browser(), email, "wrong", "000000")
        found = [(entry.who, entry.action, entry.detail["reason"]) for entry in desk.log()[before:]]
        wrong, early = (who, "login.failed", "password" if who else "unknown"), (who, "login.failed", "early")
        assert found == [*[wrong] * 5, early, wrong, early]


def test_a_delay_doubles_up_to_a_quarter_of_an_hour() -> None:
    assert [login_delays.delay(n, 5).total_seconds() for n in (4, 5, 6, 7, 14, 15, 9999)] == [0, 1, 2, 4, 512, 900, 900]
