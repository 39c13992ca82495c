"""One database has one service, by whatever name it is called."""

from __future__ import annotations

import asyncio
import json
import os
from asyncio.subprocess import PIPE
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.clock import now
from bot.demo.filling import add_open
from storage.database.opening import migrate, transaction
from tests.commands.command_line import CommandLine
from tests.running.running_program import INNSPILL, RunningProgram, free_port

pytestmark = pytest.mark.slow
LINKS = pytest.mark.parametrize("link", [os.symlink, os.link])


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With one response, KT7RB4XM, and open consultations."""
    (tmp_path / "kept").mkdir()
    command_line = CommandLine(tmp_path / "kept")
    migrate(command_line.database)
    with transaction(command_line.database) as db:
        add_open(db, now())
    command_line.store_response(1, "KT7RB4XM")
    return command_line


def running(innspill: CommandLine) -> RunningProgram:
    return RunningProgram({"INNSPILL_DATABASE": str(innspill.database), "INNSPILL_ENTITY_REGISTER": "stand-in"})


@LINKS
async def test_nothing_gets_in_beside_a_service_through_a_link(
    innspill: CommandLine, tmp_path: Path, link: Callable[[Path, Path], None]
) -> None:
    innspill.says("backup", tmp_path / "backup.db")
    innspill.store_response(1, "AB2CD3EF")
    async with running(innspill) as program:
        link(innspill.database, tmp_path / "innspill.db")
        environment = {
            "INNSPILL_DATABASE": str(tmp_path / "innspill.db"),
            "INNSPILL_ENTITY_REGISTER": "stand-in",
            "INNSPILL_PORT": str(free_port()),
        }
        for command in (("serve",), ("restore", str(tmp_path / "backup.db"))):
            second = await asyncio.create_subprocess_exec(INNSPILL, *command, env=environment, stderr=PIPE)
            _, refusal = await second.communicate()
            assert second.returncode == 2
            assert b"in use by another Innspill" in refusal or b"2 names" in refusal
        assert await program.stop() == 0
    (tmp_path / "innspill.db").unlink()

    responses = json.loads(innspill.says("export", "--format", "json"))
    assert [response["reference"] for response in responses] == ["KT7RB4XM", "AB2CD3EF"]


async def test_a_name_that_is_added_meanwhile_does_not_stop_the_service(innspill: CommandLine, tmp_path: Path) -> None:
    async with running(innspill) as program:
        os.link(innspill.database, tmp_path / "innspill.db")
        assert await program.stop() == 0


@pytest.mark.parametrize("command", [("export", "--format", "json"), ("consultation", "close", "1"), ("chat",)])
def test_a_hard_link_is_refused_by_every_command_that_would_miss_what_is_in_the_other_names_log(
    innspill: CommandLine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    os.link(innspill.database, tmp_path / "innspill.db")

    assert "2 names (hard links)" in CommandLine(tmp_path).is_refused(*command)


def test_a_backup_may_have_as_many_names_as_one_likes(innspill: CommandLine, tmp_path: Path) -> None:
    innspill.says("backup", tmp_path / "backup.db")
    os.link(tmp_path / "backup.db", tmp_path / "yesterday.db")

    innspill.says("restore", tmp_path / "yesterday.db")
    reading = CommandLine(tmp_path, INNSPILL_DATABASE=str(tmp_path / "backup.db"))
    assert reading("doctor").stdout.count("is sound") == 1
