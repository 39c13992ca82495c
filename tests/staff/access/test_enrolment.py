"""The one-time link: a password that nobody guesses, an app, and what is shown this once."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.staff.access import passwords, second_factor
from bot.staff.pages import ROOT
from storage.database.opening import transaction
from storage.staff import people as kept
from tests.staff.desk import KARI, OLA, PASSWORD, StaffDesk, secret_on

LOGIN = f"{ROOT}login"
ACCOUNT = f"{ROOT}account"


async def test_who_is_invited_chooses_a_password_sets_up_an_app_and_is_in(desk: StaffDesk) -> None:
    path, browser = desk.invite(role="editor"), await desk.browser()
    assert "Du er invitert som redaktør" in (await browser.get(path)).words
    assert (await browser.post(path, password=PASSWORD, again=PASSWORD)).location == path
    page = await browser.get(path)
    assert "<svg" in page.text
    assert "style=" not in page.text
    desk.secrets[KARI] = secret_on(page)
    codes = await browser.post(path, code=desk.code())
    assert len(set(re.findall(r"<li>([a-z2-7-]{29})</li>", codes.text))) == second_factor.RECOVERY_CODES
    assert "redaktør" in (await browser.get(ACCOUNT)).words
    assert "staff.enrolled" in [entry.action for entry in desk.log()]


async def test_a_link_works_once_and_for_24_hours(desk: StaffDesk) -> None:
    used = desk.invite()
    await desk.enrolled(OLA)
    with transaction(desk.config.database) as db:
        kept.reset(db, KARI, "0" * 64, desk.now)  # a new link in place of the first
    old = desk.invite("per@example.no")
    desk.later(hours=24)
    for path in (used, old, f"{ROOT}link/nonsense"):
        browser = await desk.browser()
        assert (await browser.get(path)).status == 410
        await browser.get(LOGIN)
        assert (await browser.post(path, password=PASSWORD, again=PASSWORD)).status == 410


async def test_a_link_that_was_used_is_over_also_for_who_holds_its_page(desk: StaffDesk) -> None:
    path, first = desk.invite(), await desk.browser()
    await first.get(path)
    await first.post(path, password=PASSWORD, again=PASSWORD)
    desk.secrets[KARI] = secret_on(await first.get(path))
    answers = await asyncio.gather(*(first.post(path, code=desk.code()) for _ in range(2)))
    assert sorted(answer.status for answer in answers)[0] == 200
    assert sorted(answer.status for answer in answers)[1] in (403, 410)


async def test_the_secret_of_the_app_is_shown_to_the_browser_that_chose_the_password_alone(desk: StaffDesk) -> None:
    path, mine, other = desk.invite(), await desk.browser(), await desk.browser()
    await mine.get(path)
    await mine.post(path, password=PASSWORD, again=PASSWORD)
    assert 'class="secret"' not in (await other.get(path)).text
    assert 'class="secret"' in (await mine.get(path)).text


async def test_a_wrong_first_code_enrols_nobody(desk: StaffDesk) -> None:
    path, browser = desk.invite(), await desk.browser()
    await browser.get(path)
    await browser.post(path, password=PASSWORD, again=PASSWORD)
    assert (await browser.post(path, code="12345")).status == 422
    last = desk.log()[-1]
    assert (last.who, last.action, last.detail) == (KARI, "staff.enrolment_failed", {"reason": "code"})
    assert (await browser.get(ROOT)).status == 303


@pytest.mark.parametrize(
    ("password", "again", "wrong"),
    [
        ("kort passord", "kort passord", "lett å gjette"),
        ("elleve tegn", "elleve tegn", "for kort"),
        (PASSWORD, PASSWORD + " ", "ulike"),
        ("x" * 129, "x" * 129, "for langt"),
        ("kari@example.no kari", "kari@example.no kari", "lett å gjette"),
    ],
)
async def test_a_password_that_will_not_do_is_not_taken(desk: StaffDesk, password: str, again: str, wrong: str) -> None:
    path, browser = desk.invite(), await desk.browser()
    await browser.get(path)
    answer = await browser.post(path, password=password, again=again)
    assert (answer.status, wrong in answer.words) == (422, True)
    assert password not in answer.text
    assert 'class="secret"' not in (await browser.get(path)).text


@pytest.mark.parametrize(
    "password",
    [
        "Velkommen123!",
        "Sommer2026!!!!",
        "askerkommune2026",
        "KariNordmann1234",
        "passord123456",
        "qwertyuiop123",
        "aaaaaaaaaaaaaaa",
        "123456789012",
        "Innspill-Asker-1",
        "hemmelig passord",
        "               ",
        "Liverpool2024!",
        "leavemealone",
        "1qaz2wsx3edc4rfv",
        "justinbieber",
        "Password1234!",
        "correct horse battery staple",
        "Manchester-1234",
        "kari manchester1234",
        "qwertyuiopå123",
        "1234567890ab!",
        "innspill-er-fint",
        "Velkommen!?#&/()=!",
        "asdfghjkløæ2026",
        "zxcvbnm,.-zxcvbnm",
        "åpoiuytrewq99",
        "zaq1xsw2cde3vfr4!",
        "q1w2e3r4t5y6#",
        "abcd-efgh-ijkl-mnop",
        "9876 5432 1098 k2!",
        "passw0rd!!asker",
        "passw0rd 1234",
    ],
)
def test_what_anybody_would_guess_first_is_no_password(password: str) -> None:
    assert passwords.problem(password, "kari.nordmann@example.no", "Asker kommune") == "staff-password-guessable"


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "kari liker blå hester",
        "7391-8842-0915-k2",
        "k7#Pq!z9Lm$w",
        "\udc80tolv grønne epler",
        "Tr0ub4dor&3xyz",
        "ŋuolla čáppa beaivi",
        "x1" * 3 + "fjordbris",
        "日本語のとても長い合言葉です",
        "en blå hest i regnet",
        "Fjorden ligger stille",
        "verten er tung",
        "k#%Pq!z)Lm$w",
    ],
)
def test_whatever_else_is_long_enough_is_a_password(password: str) -> None:
    assert passwords.problem(password, "kari.nordmann@example.no", "Asker kommune") == ""


async def test_a_password_is_the_same_however_its_letters_were_made() -> None:
    keeper = passwords.Passwords()
    kept_hash = await keeper.hashed("blåbær og kreps på fat")
    assert await keeper.matches("bla\u030abær og kreps pa\u030a fat", kept_hash)
    assert not await keeper.matches("blabær og kreps pa fat", kept_hash)
    assert not await keeper.matches("blåbær og kreps på fat", None)
