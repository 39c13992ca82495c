"""A response that the disk has changed is told at the desk, and never shown or downloaded."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest

from bot.staff.roles import Role
from storage.database.sqlite import sqlite3
from tests.staff.desk import StaffDesk
from tests.staff.examples import stages

__all__ = ["stages"]

pytestmark = pytest.mark.slow


def damage(path: Path, text: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"UPDATE responses SET text = {text} WHERE reference = 'R1'")


@pytest.mark.parametrize("text", ["'Noe helt annet'", "CAST(x'4e6f6520ff' AS TEXT)"])
async def test_a_damaged_response_is_not_shown(stage: StaffDesk, text: str, caplog: pytest.LogCaptureFixture) -> None:
    reader = await stage.browser(Role.READER)
    damage(stage.config.database, text)
    await reader.open("responses/R1")

    assert reader.status == 500
    assert "Svaret er skadet på disken" in reader.text
    assert "R1" in caplog.text
    assert "Noe" not in reader.text + caplog.text
    await reader.open("responses/R2")
    assert reader.status == 200


@pytest.mark.parametrize("text", ["'Noe helt annet'", "CAST(x'4e6f6520ff' AS TEXT)"])
async def test_a_download_with_a_damaged_response_says_so(
    stage: StaffDesk, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    reader = await stage.browser(Role.READER)
    damage(stage.config.database, text)
    await reader.open("downloads")
    await reader.post("downloads", {"format": "csv"})
    page = reader.path.removeprefix("/staff/")
    for _ in range(500):
        if "damaged" in await reader.open(f"{page}/state"):
            break
        await asyncio.sleep(0.02)
    await reader.open(page)

    assert "Et svar er skadet på disken" in reader.text
    assert "R1" in caplog.text
    assert "Noe" not in caplog.text
    await reader.open("downloads")
    assert "Skade på disken" in reader.text
