"""`innspill consultation`: rounds are added, listed, changed, closed and linked to, with deadlines as Norway counts."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from aiohttp import web

from bot.consultations.days import closing_instant, days_left, first_instant, last_day
from bot.consultations.qr_code import qr_code
from storage.consultations import consultations
from storage.consultations.consultations import Consultation
from storage.database.opening import open_for_reading
from tests.commands.command_line import CommandLine
from tests.stand_ins.register import server_saying

TOKEN = "123456:made-up_token"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def stored(innspill: CommandLine, consultation_id: int = 1) -> Consultation:
    with closing(open_for_reading(innspill.database)) as db:
        found = consultations.get(db, consultation_id)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("day", "closes_at"),
    [
        (date(2026, 12, 31), datetime(2026, 12, 31, 23, tzinfo=UTC)),
        (date(2026, 6, 30), datetime(2026, 6, 30, 22, tzinfo=UTC)),
        (date(2026, 3, 28), datetime(2026, 3, 28, 23, tzinfo=UTC)),  # the next day has 23 hours
        (date(2026, 3, 29), datetime(2026, 3, 29, 22, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 25, 23, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_the_first_instant_after_the_last_day_in_oslo(day: date, closes_at: datetime) -> None:
    assert closing_instant(day) == closes_at
    assert last_day(closes_at) == day


def test_days_left_are_calendar_days_in_oslo_and_none_on_the_last_day() -> None:
    closes_at = closing_instant(date(2026, 12, 31))

    assert days_left(closes_at, datetime(2026, 12, 30, 22, 59, tzinfo=UTC)) == 1
    assert days_left(closes_at, datetime(2026, 12, 30, 23, 1, tzinfo=UTC)) == 0
    assert days_left(closes_at, closes_at) == -1


def test_adding_one_prints_its_id_and_keeps_all_that_was_given(innspill: CommandLine) -> None:
    assert innspill.add_consultation() == 1
    printed = innspill.says(
        *("consultation", "add", "--case", " 2018/7 ", "--title", " Ny skolevei ", "--closes", "2026-12-31"),
        *("--opens", "2026-11-01", "--url", "https://example.no/sak/7"),
    )
    second = stored(innspill, 2)

    assert printed == "2\n"
    assert (second.case_number, second.title, second.url) == ("2018/7", "Ny skolevei", "https://example.no/sak/7")
    assert second.opens_at == first_instant(date(2026, 11, 1))
    assert second.closes_at == closing_instant(date(2026, 12, 31))


def test_the_list_shows_case_last_day_state_responses_and_title(innspill: CommandLine) -> None:
    innspill.add_consultation(closes="2099-12-31")
    innspill.add_consultation("19/2", closes="2020-01-31")
    innspill.says("consultation", "close", str(innspill.add_consultation("19/3", closes="2099-12-31")))
    innspill.says(
        *("consultation", "add", "--case", "19/4", "--title", "Senere", "--closes", "2099-12-31"),
        *("--opens", "2099-01-01"),
    )
    innspill.store_response(1, "KT7RB4XM")
    heading, *rows = (line.split() for line in innspill.says("consultation", "list").splitlines())

    assert heading == ["ID", "CASE", "CLOSES", "DAYS", "LEFT", "STATE", "RESPONSES", "TITLE"]
    assert [(row[0], row[1], row[2], row[4], row[5]) for row in rows] == [
        ("1", "18/101", "2099-12-31", "open", "1"),
        ("2", "19/2", "2020-01-31", "late", "0"),
        ("3", "19/3", "2099-12-31", "closed", "0"),
        ("4", "19/4", "2099-12-31", "planned", "0"),
    ]
    assert rows[1][3] == "0"
    assert int(rows[0][3]) > 1000
    assert " ".join(rows[0][6:]) == "Rådmannens forslag til handlingsprogram 2020 – 2023"


def test_a_change_changes_what_is_given_and_nothing_else(innspill: CommandLine) -> None:
    innspill.add_consultation()
    before = stored(innspill)
    innspill.says("consultation", "change", "1", "--closes", "2027-01-15", "--case", "18/102")
    after = stored(innspill)

    assert (after.case_number, last_day(after.closes_at)) == ("18/102", date(2027, 1, 15))
    assert (after.title, after.opens_at, after.url) == (before.title, before.opens_at, before.url)


def test_a_change_a_closing_and_a_reopening_print_what_is_so_now(innspill: CommandLine) -> None:
    innspill.add_consultation(closes="2099-12-31")
    begin = "Consultation 1, 18/102 Ny skolevei: "
    said = [
        innspill.says("consultation", "change", "1", "--case", "18/102", "--title", "Ny skolevei"),
        innspill.says("consultation", "close", "1"),
        innspill.says("consultation", "reopen", "1"),
        innspill.says("consultation", "change", "1", "--closes", "2020-01-31", "--url", "https://example.no/sak"),
        innspill.says("consultation", "change", "1", "--closes", "2099-12-31", "--opens", "2099-06-01"),
    ]

    assert said == [
        f"{begin}open, last day 2099-12-31\n",
        f"{begin}closed, takes no responses in\n",
        f"{begin}open, last day 2099-12-31\n",
        f"{begin}takes responses in and marks them late, last day 2020-01-31, https://example.no/sak\n",
        f"{begin}planned, opens on 2099-06-01, last day 2099-12-31, https://example.no/sak\n",
    ]


ADD = ("consultation", "add", "--title", "Skolevei")


def test_a_last_day_that_has_passed_is_added_and_told(innspill: CommandLine) -> None:
    result = innspill(*ADD, "--case", "18/101", "--closes", "2020-01-31")

    assert (result.exit_code, result.stdout) == (0, "1\n")
    assert result.stderr == "2020-01-31 has passed: every response will be marked late.\n"


def test_a_case_that_is_there_already_is_added_and_told(innspill: CommandLine) -> None:
    first = innspill(*ADD, "--case", "18/101", "--closes", "2099-12-31")
    other = innspill(*ADD, "--case", "18/102", "--closes", "2099-12-31")
    again = innspill(*ADD, "--case", "2018/101", "--closes", "2099-12-31")

    assert (first.stderr, other.stderr) == ("", "")
    assert (again.exit_code, again.stdout) == (0, "3\n")
    assert again.stderr == "Case 18/101 is there already, as consultation 1: this is another round of it.\n"


def test_all_that_may_be_a_slip_is_one_line(innspill: CommandLine) -> None:
    innspill(*ADD, "--case", "18/101", "--closes", "2099-12-31")
    again = innspill(*ADD, "--case", "18/101", "--closes", "2020-01-31")

    assert again.stderr.count("\n") == 1
    assert "has passed" in again.stderr
    assert "there already" in again.stderr


def test_a_title_of_300_characters_is_taken(innspill: CommandLine) -> None:
    innspill.says("consultation", "add", "--case", "18/101", "--title", "å" * 300, "--closes", "2099-12-31")

    assert stored(innspill).title == "å" * 300


@pytest.mark.parametrize("number", ["9223372036854775808", "9" * 5000, "-1", "１"])
@pytest.mark.parametrize("command", [["change", "--title", "Ny"], ["close"], ["reopen"], ["link"]])
def test_a_number_that_can_be_no_id_is_refused(innspill: CommandLine, command: list[str], number: str) -> None:
    innspill.add_consultation()

    assert "ID" in innspill.is_refused("consultation", *command, "--", number)


def test_a_change_of_nothing_is_refused(innspill: CommandLine) -> None:
    innspill.add_consultation()

    assert "Nothing to change" in innspill.is_refused("consultation", "change", "1")


def test_a_closed_one_can_be_reopened(innspill: CommandLine) -> None:
    innspill.add_consultation()
    innspill.says("consultation", "close", "1")
    assert stored(innspill).closed_at is not None

    innspill.says("consultation", "reopen", "1")
    assert stored(innspill).closed_at is None


@pytest.mark.parametrize(
    "arguments",
    [
        ("--case", "18"),
        ("--case", "18/x"),
        ("--title", " "),
        ("--title", "To\nlinjer"),
        ("--title", "x" * 301),
        ("--case", "00/0"),
        ("--case", "18/0"),
        ("--case", "0000/7"),
        ("--closes", "31.12.2026"),
        ("--closes", "2026-02-30"),
        ("--closes", "9999-12-31"),
        ("--closes", "2026-12-31T12:00"),
        ("--opens", "2027-01-01"),
        ("--url", "example.no"),
        ("--url", "javascript:alert(1)"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_nothing_is_stored(
    innspill: CommandLine, arguments: tuple[str, str]
) -> None:
    innspill.add_consultation()
    right = {"--case": "18/101", "--title": "Skolevei", "--closes": "2026-12-31"}
    given = [part for pair in {**right, **dict([arguments])}.items() for part in pair]

    innspill.is_refused("consultation", "add", *given)
    assert len(innspill.says("consultation", "list").splitlines()) == 2


@pytest.mark.parametrize("command", [["change", "7", "--title", "Ny"], ["close", "7"], ["reopen", "7"], ["link", "7"]])
def test_a_consultation_that_is_not_there_is_told(innspill: CommandLine, command: list[str]) -> None:
    innspill.add_consultation()

    assert "no consultation 7" in innspill.is_refused("consultation", *command)


def test_the_web_link_picks_the_consultation(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_BASE_URL="https://horing.example.no/")
    innspill.add_consultation()

    assert innspill.says("consultation", "link", "1") == "https://horing.example.no/?c=1\n"


@pytest.mark.parametrize(("name", "begins"), [("poster.svg", b"<?xml"), ("poster.PNG", b"\x89PNG")])
def test_the_link_is_written_as_a_qr_code_too(tmp_path: Path, name: str, begins: bytes) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_BASE_URL="https://horing.example.no")
    innspill.add_consultation()
    innspill.add_consultation()
    innspill.says("consultation", "link", "1", "--qr", tmp_path / name)
    first = (tmp_path / name).read_bytes()
    innspill.says("consultation", "link", "2", "--qr", tmp_path / name)

    assert first.startswith(begins)
    assert first == qr_code("https://horing.example.no/?c=1", name[-3:].lower())
    assert (tmp_path / name).read_bytes() != first


def test_a_qr_code_of_another_kind_is_refused(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path)
    innspill.add_consultation()

    assert ".svg" in innspill.is_refused("consultation", "link", "1", "--qr", tmp_path / "poster.gif")
    assert not (tmp_path / "poster.gif").exists()


async def test_the_telegram_link_names_the_bot_that_the_token_belongs_to(tmp_path: Path) -> None:
    asked = []

    async def get_me(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.json_response({"ok": True, "result": {"id": 1, "username": "eksempel_bot"}})

    async with server_saying(get_me) as url:
        innspill = CommandLine(tmp_path, INNSPILL_TELEGRAM_TOKEN=TOKEN, INNSPILL_TELEGRAM_API=url)
        innspill.add_consultation()
        said = await asyncio.to_thread(innspill.says, "consultation", "link", "1")

    assert said.splitlines()[1:] == ["https://t.me/eksempel_bot?start=c1"]
    assert asked == [f"/bot{TOKEN}/getMe"]


def test_without_telegram_s_answer_the_link_is_explained_and_the_token_kept_secret(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_TELEGRAM_TOKEN=TOKEN, INNSPILL_TELEGRAM_API="http://127.0.0.1:9")
    innspill.add_consultation()
    result = innspill("consultation", "link", "1")

    assert result.exit_code == 0
    assert result.stdout == "http://127.0.0.1:8080/?c=1\n"
    assert "https://t.me/BOT?start=c1" in result.stderr
    assert TOKEN not in result.output
