"""The process that writes a download has what it needs for that, and nothing else of the service's."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.config import load
from bot.exporting.process import COMMAND, Order
from bot.staff.downloads.running import ExportJobs, Job
from storage.exports import FORMATS
from storage.responses.selection import Selection
from tests.bench.stored import stored_database
from tests.staff.desk import StaffDesk
from tests.staff.examples import stages

__all__ = ["stages"]

pytestmark = pytest.mark.slow
SECRETS = {
    "INNSPILL_TELEGRAM_TOKEN": "123456:marker-of-a-token",
    "INNSPILL_TELEGRAM_WEBHOOK_SECRET": "marker-of-a-webhook",
    "INNSPILL_METRICS_TOKEN": "marker-of-the-metrics",
    "INNSPILL_BASE_URL": "https://svar.example.no",
}


async def over(job: Job) -> str:
    for _ in range(1500):
        if job.is_over:
            return job.state
        await asyncio.sleep(0.02)
    raise AssertionError("it has not come about")


@pytest.mark.parametrize("name", ["pickle", "resource", "msgspec", "sitecustomize", "bot"])
async def test_nothing_in_the_working_folder_is_run(
    stage: StaffDesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'mark')!r}, 'w')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    jobs = ExportJobs()
    order = Order(stage.config, "json", Selection(), "nb")

    assert await over(jobs.start("a@example.no", order, "x", Selection())) == "ready"
    assert not (tmp_path / "mark").exists()
    await jobs.stop()


@pytest.mark.parametrize("format_name", sorted(FORMATS))
async def test_every_format_does_without_secrets(stage: StaffDesk, format_name: str) -> None:
    config = load({**SECRETS, "INNSPILL_DATABASE": str(stage.config.database)})
    order = Order(config, format_name, Selection(consultation_id=1), "nb")
    assert config.telegram_token == SECRETS["INNSPILL_TELEGRAM_TOKEN"]
    assert b"marker" not in order.written()

    jobs = ExportJobs()
    assert await over(jobs.start("a@example.no", order, "x", Selection())) == "ready"
    await jobs.stop()


async def test_its_environment_has_no_setting_of_ours_and_no_secret_of_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = stored_database(tmp_path / "many.db", 10_000)  # so many that it takes seconds
    for variable, value in {**SECRETS, "SMTP_PASSWORD": "marker-of-others", "LANG": "C.UTF-8"}.items():
        monkeypatch.setenv(variable, value)
    jobs = ExportJobs()
    job = jobs.start(
        "a@example.no", Order(load({"INNSPILL_DATABASE": str(path)}), "xlsx", Selection(), "nb"), "x", Selection()
    )
    found: list[bytes] = []
    for _ in range(500):
        if found := environments():
            break
        await asyncio.sleep(0.02)
    (environment,) = found
    jobs.drop(job)
    await jobs.stop()

    assert b"marker" not in environment
    assert b"INNSPILL_" not in environment
    assert b"LANG=C.UTF-8" in environment


def environments() -> list[bytes]:
    """Of the processes that write exports for this one, once they are what they are to be."""
    found = []
    for process in (each for each in Path("/proc").iterdir() if each.name.isdigit()):
        try:
            words = (process / "cmdline").read_bytes().split(b"\0")
            parent = f"PPid:\t{os.getpid()}\n" in (process / "status").read_text(encoding="utf-8")
            if parent and COMMAND[-1].encode() in words:
                found.append((process / "environ").read_bytes())
        except OSError:
            continue
    return [each for each in found if each]
