"""`innspill staff` and `innspill audit`: who may use the desk, and that the log of who did what is whole."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot.config import user_name
from bot.staff.access.security import hashed
from storage.database.opening import migrate, open_for_reading, transaction
from storage.staff import audit, people
from tests.commands.command_line import CommandLine
from tests.storage.examples import AT

KARI = "kari@example.no"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def log(innspill: CommandLine) -> list[audit.Entry]:
    with closing(open_for_reading(innspill.database)) as db:
        audit.verify(db)
        return audit.entries(db, limit=100)[::-1]


def test_what_verify_prints_of_an_empty_log_is_a_line_to_keep(innspill: CommandLine) -> None:
    migrate(innspill.database)
    kept = innspill.says("audit", "verify")
    assert innspill("audit", "verify", "--kept", kept).exit_code == 0
    innspill.says("staff", "invite", KARI, "--role", "admin")
    assert innspill("audit", "verify", "--kept", kept).exit_code == 0
    for wrong in ("1", f"0 {'0' * 64}", "", "x"):
        assert innspill("audit", "verify", "--kept", wrong).exit_code == 2


def test_an_invitation_prints_a_link_and_keeps_only_its_hash(innspill: CommandLine) -> None:
    result = innspill("staff", "invite", " Kari@Example.no", "--role", "editor")
    assert result.stdout.startswith("http://127.0.0.1:8080/staff/link/")
    assert result.stderr == "It works once, within 24 hours: see that it reaches nobody but kari@example.no.\n"
    token = result.stdout.strip().rpartition("/")[2]
    assert token.encode() not in innspill.database.read_bytes()
    with closing(open_for_reading(innspill.database)) as db:
        invited = {row[0] for row in db.execute("SELECT expires_at FROM staff_links WHERE hash = ?", (hashed(token),))}
    assert len(invited) == 1


def test_the_link_leads_to_where_people_reach_the_service(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path, INNSPILL_BASE_URL="https://example.no")
    assert innspill.says("staff", "invite", KARI, "--role", "admin").startswith("https://example.no/staff/link/")


@pytest.mark.parametrize("email", ["kari", "kari@", "demo", "kari@example.no\n", "", "kari@example.no, ola@example.no"])
def test_only_an_email_address_is_invited(innspill: CommandLine, email: str) -> None:
    if email.endswith("\n"):
        assert innspill("staff", "invite", email, "--role", "reader").exit_code == 0  # what surrounds it does not count
    else:
        assert "is not an e-mail address" in innspill.is_refused("staff", "invite", email, "--role", "reader")


def test_everybody_is_listed_with_how_far_they_have_come(innspill: CommandLine) -> None:
    for name, role in (("kari", "reader"), ("ola", "editor"), ("per", "admin"), ("anne", "reader")):
        innspill.says("staff", "invite", f"{name}@example.no", "--role", role)
    assert innspill.says("staff", "disable", "ola@example.no") == "ola@example.no is disabled\n"
    with transaction(innspill.database) as db:
        db.execute("UPDATE staff SET password_hash = 'x', code_secret = 'y' WHERE email = 'per@example.no'")
        people.forget_links(db, AT.replace(year=9000))
        db.execute("UPDATE staff SET created_at = '2026-11-23T23:30:00.000000Z'")
    innspill.says("staff", "reset", KARI)
    assert innspill.says("staff", "list") == (
        "EMAIL            ROLE    STATE     INVITED\n"
        "anne@example.no  reader  expired   2026-11-24\n"
        "kari@example.no  reader  invited   2026-11-24\n"
        "ola@example.no   editor  disabled  2026-11-24\n"
        "per@example.no   admin   enrolled  2026-11-24\n"
    )


def test_who_is_there_already_is_not_invited_again_unless_disabled(innspill: CommandLine) -> None:
    innspill.says("staff", "invite", KARI, "--role", "reader")
    assert "staff reset" in innspill.is_refused("staff", "invite", KARI, "--role", "admin")
    innspill.says("staff", "disable", KARI)
    assert "invite them again" in innspill.is_refused("staff", "reset", KARI)
    innspill.says("staff", "invite", KARI, "--role", "admin")
    assert innspill.says("staff", "list").split()[-4:-1] == [KARI, "admin", "invited"]


def test_another_role_is_told_with_the_one_before(innspill: CommandLine) -> None:
    innspill.says("staff", "invite", KARI, "--role", "reader")
    assert innspill.says("staff", "role", KARI, "editor") == "kari@example.no is editor now, and was reader\n"


@pytest.mark.parametrize("command", [("disable", KARI), ("reset", KARI), ("role", KARI, "admin")])
def test_who_was_not_invited_is_not_known(innspill: CommandLine, command: tuple[str, ...]) -> None:
    innspill.add_consultation()
    assert innspill.is_refused("staff", *command) == "innspill: kari@example.no has not been invited.\n"


def test_what_commands_do_is_written_down_as_done_by_the_operator(innspill: CommandLine, tmp_path: Path) -> None:
    number = f"{innspill.add_consultation()}"
    innspill.says("consultation", "change", number, "--closes", "2027-01-31")
    innspill.says("consultation", "close", number)
    innspill.says("consultation", "reopen", number)
    innspill.says("staff", "invite", KARI, "--role", "reader")
    innspill.says("staff", "role", KARI, "editor")
    innspill.says("staff", "reset", KARI)
    innspill.says("staff", "disable", KARI)
    register = tmp_path / "register.txt"
    register.write_text("1385\tASKER\n", encoding="utf-8")
    innspill.says("postcodes", "load", register)
    entries = log(innspill)
    assert {entry.who for entry in entries} == {f"operator:{user_name()}"}
    assert [(entry.action, entry.object) for entry in entries] == [
        ("consultation.added", number),
        ("consultation.changed", number),
        ("consultation.closed", number),
        ("consultation.reopened", number),
        ("staff.invited", KARI),
        ("staff.role_changed", KARI),
        ("staff.reset", KARI),
        ("staff.disabled", KARI),
        ("postcodes.loaded", "register.txt"),
    ]
    assert entries[1].detail == {"closes": "2027-01-31"}
    assert entries[5].detail == {"before": "reader", "role": "editor"}


def test_what_is_refused_is_not_written_down(innspill: CommandLine) -> None:
    innspill.add_consultation()
    innspill.is_refused("consultation", "close", "99")
    innspill.is_refused("staff", "reset", KARI)
    assert len(log(innspill)) == 1


def test_a_restored_database_says_that_it_was(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.add_consultation()
    innspill.says("backup", tmp_path / "copy.db")
    innspill.says("restore", tmp_path / "copy.db")
    assert [(entry.action, entry.object) for entry in log(innspill)][1:] == [("database.restored", "copy.db")]


def test_verify_prints_a_line_to_keep_and_takes_it_back(innspill: CommandLine) -> None:
    innspill.add_consultation()
    kept = innspill.says("audit", "verify")
    assert kept == f"1 {log_hash(innspill, 1)}\n"
    innspill.add_consultation("18/102")
    assert innspill.says("audit", "verify", "--kept", kept) == f"2 {log_hash(innspill, 2)}\n"
    assert "no line that" in innspill.is_refused("audit", "verify", "--kept", "12 abc")


def test_verify_says_where_the_log_is_broken(innspill: CommandLine) -> None:
    for _ in range(3):
        innspill.add_consultation()
    kept = innspill.says("audit", "verify")
    with transaction(innspill.database) as db:
        db.execute("DROP TRIGGER audit_log_is_not_changed")
        db.execute("UPDATE audit_log SET who = 'nobody' WHERE id = 2")
    result = innspill("audit", "verify")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "broken at entry 2" in result.stderr
    other = innspill("audit", "verify", "--kept", kept.replace("3 ", "1 "))
    assert other.exit_code == 1


def test_verify_finds_a_log_that_was_made_anew(innspill: CommandLine) -> None:
    innspill.add_consultation()
    kept = f"1 {'0' * 64}"
    result = innspill("audit", "verify", "--kept", kept)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "broken at entry 1" in result.stderr
    assert innspill("audit", "verify", "--kept", f"9 {'0' * 64}").exit_code == 1


def test_an_empty_log_is_whole(innspill: CommandLine) -> None:
    innspill.add_consultation()
    with transaction(innspill.database) as db:
        db.execute("DROP TRIGGER audit_log_is_not_deleted")
        db.execute("DELETE FROM audit_log")
        db.execute("DELETE FROM sqlite_sequence WHERE name = 'audit_log'")
    assert innspill.says("audit", "verify") == "0\n"


def log_hash(innspill: CommandLine, number: int) -> str:
    with closing(open_for_reading(innspill.database)) as db:
        return audit.hash_of(db, number) or ""
