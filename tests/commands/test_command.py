"""The command as a whole: it starts fast, says what it can do, and tells an operator's mistakes in one line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.commands.command_line import CommandLine

SLOW_TO_LOAD = {"aiohttp", "telegram", "sqlite_utils", "babel"}


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def loaded_by(tmp_path: Path, *arguments: str) -> set[str]:
    """Which slow libraries a fresh process has loaded once it has run the command."""
    program = (
        "import sys; from bot.cli import main\n"
        f"try: main({list(arguments)!r}, prog_name='innspill')\n"
        f"finally: print('\\nloaded:', *sorted({SLOW_TO_LOAD!r} & set(sys.modules)))"
    )
    environment = {"INNSPILL_DATABASE": str(tmp_path / "innspill.db"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True, timeout=60
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


def test_help_lists_every_command_with_a_line(innspill: CommandLine) -> None:
    said = innspill.says("--help")

    for command in ("consultation", "export", "postcodes", "doctor", "backup", "restore"):
        assert f"\n  {command}  " in said
        assert innspill.says(command, "--help").startswith("Usage: ")


def test_a_setting_that_is_none_is_told_without_its_value_and_stops_nothing(tmp_path: Path) -> None:
    result = CommandLine(tmp_path, INNSPILL_TELEGRAM_TOKE="secret", INNSPILL_ZZ="secret")("consultation", "list")

    assert result.exit_code == 2  # there is no database yet
    assert result.stderr.splitlines()[:2] == [
        "innspill: INNSPILL_TELEGRAM_TOKE is no setting and does nothing: is it INNSPILL_TELEGRAM_TOKEN?",
        "innspill: INNSPILL_ZZ is no setting and does nothing.",
    ]
    assert "secret" not in result.output


def test_help_waits_for_none_of_the_slow_libraries(tmp_path: Path) -> None:
    assert loaded_by(tmp_path, "--help") == set()


def test_working_with_consultations_and_exports_loads_neither_telegram_nor_http(tmp_path: Path) -> None:
    CommandLine(tmp_path).add_consultation()

    assert loaded_by(tmp_path, "consultation", "list") == {"sqlite_utils"}
    assert loaded_by(tmp_path, "export", "--format", "json") == {"sqlite_utils"}


def test_the_installed_command_keeps_a_consultation_from_one_process_to_the_next(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("innspill")
    assert script.exists(), "the project is not installed in this environment"

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [script, *arguments], capture_output=True, text=True, check=True, timeout=60, cwd=tmp_path, env={}
        )
        return done.stdout

    assert run("--version").startswith("innspill 0.")
    assert run("consultation", "add", "--case", "18/101", "--title", "Skolevei", "--closes", "2026-12-31") == "1\n"
    assert "Skolevei" in run("consultation", "list")
    assert (tmp_path / "innspill.db").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["consultations"], "consultations"),
        (["consultation", "add", "--case", "18/101"], "--title"),
        (["export", "--format", "word"], "word"),
        (["consultation", "close", "one"], "ID"),
    ],
)
def test_what_was_typed_wrong_is_told_in_one_line_with_the_way_to_the_help(
    innspill: CommandLine, arguments: list[str], named: str
) -> None:
    line = innspill.is_refused(*arguments)

    assert named in line
    assert "--help" in line


def test_a_setting_that_cannot_be_used_is_told_in_one_line(tmp_path: Path) -> None:
    assert "INNSPILL_PORT" in CommandLine(tmp_path, INNSPILL_PORT="x").is_refused("consultation", "list")


def test_a_database_that_is_not_there_is_told_and_not_made_by_looking(innspill: CommandLine) -> None:
    assert "no such file" in innspill.is_refused("consultation", "list")
    assert not innspill.database.exists()


def test_a_file_that_is_no_database_is_told_and_left_alone(innspill: CommandLine) -> None:
    innspill.database.write_text("A letter to the municipality.")

    assert str(innspill.database) in innspill.is_refused("export", "--format", "json")
    assert innspill.database.read_text() == "A letter to the municipality."


def test_a_group_without_a_command_shows_its_help(innspill: CommandLine) -> None:
    result = innspill("consultation")

    assert "reopen" in result.output
    assert result.exit_code == 2
