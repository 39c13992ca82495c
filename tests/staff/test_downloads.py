"""Downloads from the desk: written in the background, fetched whole by who asked for them, and by nobody else."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import re
import tempfile
from collections.abc import Callable
from contextlib import closing
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from bot.config import load
from bot.exporting.process import COMMAND, Order
from bot.staff.downloads.running import MOST, ExportJobs, TooMany
from bot.staff.roles import Role
from storage.database.opening import open_for_reading, open_for_writing
from storage.exports import FORMATS
from storage.exports.output.files import scratch_folder
from storage.responses import responses
from storage.responses.selection import Selection
from storage.staff import audit
from tests.bench.stored import stored_database
from tests.staff.desk import Browser, StaffDesk
from tests.staff.examples import desk_of, stages
from tests.storage.examples import AT, new_response

__all__ = ["stages"]

pytestmark = pytest.mark.slow


async def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for something, not for ever."""
    for _ in range(round(seconds / 0.02)):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it has not come about")


async def order(browser: Browser, **fields: str) -> str:
    """Order a download; returns its page, once nothing more will come of it."""
    await browser.open("downloads")
    await browser.post("downloads", fields)
    assert re.fullmatch(r"/staff/downloads/[\w-]{43}", browser.path), browser.text
    page = browser.path.removeprefix("/staff/")
    for _ in range(1000):
        if json.loads(await browser.open(f"{page}/state"))["state"] in ("ready", "failed"):
            break
        await asyncio.sleep(0.05)
    await browser.open(page)
    return page


async def fetch(browser: Browser, page: str) -> tuple[str, bytes]:
    """The name of a finished file, and what is in it."""
    answer = await browser.client.get(f"/staff/{page}/file", allow_redirects=False)
    assert answer.status == 200
    name = re.fullmatch(r'attachment; filename="([a-z0-9A-Z.-]+)"', answer.headers["Content-Disposition"])
    assert name is not None
    return name[1], await answer.read()


def add_response(stage: StaffDesk, reference: str) -> None:
    """Another one comes in, in the first consultation."""
    with closing(open_for_writing(stage.config.database)) as db:
        db.execute(
            "INSERT INTO conversations (channel, address, created_at, active_at) VALUES ('web', ?, '', '')",
            (reference,),
        )
        number = db.execute("SELECT max(id) FROM conversations").fetchone()[0]
        responses.insert(db, new_response(number, 1, received_at=AT), lambda: reference)


@pytest.mark.parametrize("format_name", sorted(FORMATS))
async def test_every_format_can_be_fetched(stage: StaffDesk, format_name: str) -> None:
    reader = await stage.browser(Role.READER)
    page = await order(reader, format=format_name, consultation="1")
    assert "Ferdig: 3 svar" in reader.text, reader.text
    name, content = await fetch(reader, page)
    ending = ".zip" if FORMATS[format_name].SEVERAL else FORMATS[format_name].SUFFIX
    assert name == f"innspill-2018-101-{format_name}-2026-11-24{ending}"
    assert len(content) > 100
    with closing(open_for_reading(stage.config.database)) as db:
        (entry,) = audit.entries(db, limit=10)
    assert (entry.who, entry.action, entry.address) == ("reader@example.no", "responses.exported", "127.0.0.1")
    public = {"status": "received"} if format_name == "pdf-public" else {}
    assert entry.detail == {"format": format_name, "filter": {"consultation_id": 1, **public}, "count": 3}


@pytest.mark.parametrize(
    ("format_name", "ending"),
    [("pdf", ".pdf"), ("pdf-public", ".pdf"), ("pdf-all", ".pdf"), ("fiks-arkiv", ".zip"), ("csv", ".csv")],
)
async def test_one_response_is_one_file_where_its_format_makes_one(
    stage: StaffDesk, format_name: str, ending: str
) -> None:
    reader = await stage.browser(Role.READER)
    page = await order(reader, format=format_name, reference="R1")
    name, content = await fetch(reader, page)
    assert name == f"innspill-R1-{format_name}-2026-11-24{ending}"
    if ending == ".csv":
        assert [row["reference"] for row in csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";")] == [
            "R1"
        ]
    elif ending == ".pdf":
        assert content.startswith(b"%PDF-")
    else:
        assert len(ZipFile(BytesIO(content)).namelist()) > 1


async def test_a_download_holds_what_the_list_showed(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    await reader.open("responses")
    await reader.post("responses", {"words": "skole", "late": "no"})
    link = re.search(r'href="/staff/(downloads\?[^"]+)"', reader.html)
    assert link is not None
    await reader.open(link[1].replace("&amp;", "&"))
    assert "2 svar var valgt" in reader.text
    number = re.search(r'name="search" value="(\d+)"', reader.html)
    assert number is not None
    page = await order(reader, format="json", late="no", search=number[1])
    _, content = await fetch(reader, page)
    assert [row["reference"] for row in json.loads(content)] == ["R1", "R2"]


async def test_since_the_last_one_goes_on_from_what_was_fetched_whole(stage: StaffDesk) -> None:
    reader, editor = await stage.browser(Role.READER), await stage.browser(Role.EDITOR)

    async def references(browser: Browser, **fields: str) -> list[str]:
        page = await order(browser, format="ndjson", since_last="yes", **fields)
        _, content = await fetch(browser, page)
        return [json.loads(line)["reference"] for line in content.splitlines()]

    await order(reader, format="ndjson", since_last="yes")  # written, and never fetched
    assert len(await references(reader)) == 6
    assert await references(reader) == []
    add_response(stage, "NEW")
    assert await references(reader) == ["NEW"]
    assert len(await references(reader, consultation="1")) == 4
    assert len(await references(editor)) == 7
    page = await order(reader, format="ndjson")
    _, content = await fetch(reader, page)
    assert content.count(b"\n") == 7


async def test_a_download_is_there_for_who_ordered_it_only(stage: StaffDesk) -> None:
    reader, admin, stranger = (
        await stage.browser(Role.READER),
        await stage.browser(Role.ADMIN),
        await stage.browser(None),
    )
    page = await order(reader, format="csv")
    for other in (admin, stranger):
        await other.open("downloads")
        for part in ("", "/state", "/file"):
            answer = await other.client.get(f"/staff/{page}{part}", allow_redirects=False)
            assert answer.status in (303, 404)
            assert b"Skoleveien" not in await answer.read()
        await other.post(f"{page}/drop", {})
        assert other.status in (403, 404)
    assert page.split("/")[1] not in admin.html
    await reader.open("downloads")
    assert page in reader.html
    assert (await fetch(reader, page))[1]
    again = await stage.browser(Role.READER)
    assert (await fetch(again, page))[1]


async def test_one_that_is_dropped_is_gone(stage: StaffDesk) -> None:
    reader = await stage.browser(Role.READER)
    page = await order(reader, format="csv")
    await reader.post(f"{page}/drop", {})
    assert page not in reader.html
    await reader.open(f"{page}/file")
    assert reader.status == 404
    assert "ligger her ikke lenger" in reader.text


async def test_what_cannot_be_written_is_told_and_the_desk_goes_on(stage: StaffDesk, tmp_path: Path) -> None:
    reader = await stage.browser(Role.READER)
    jobs = ExportJobs()
    broken = Order(stage.config, "csv", Selection(case_number="99/9"), "nb")
    job = jobs.start("reader@example.no", broken, "x", Selection())
    await until(lambda: job.is_over)
    assert job.state == "failed"
    await jobs.stop()
    await reader.open("downloads")
    await reader.post("downloads", {"format": "exe"})
    assert reader.status == 422
    assert "Velg et format" in reader.text
    await reader.open("responses")
    await reader.post("downloads", {"format": "csv", "reference": "R99"})
    assert reader.status == 404


# --- The processes --------------------------------------------------------------------------------------------


def open_files() -> set[str]:
    """What this process has open that has no name any more."""
    links = [f"/proc/self/fd/{number}" for number in os.listdir("/proc/self/fd")]
    return {target for link in links if os.path.lexists(link) and "(deleted)" in (target := os.readlink(link))}


def children() -> set[str]:
    """The processes of exports that run."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words, status = (folder / "cmdline").read_bytes(), (folder / "status").read_text()
        except OSError:
            continue
        if b"bot.exporting.process" in words and f"PPid:\t{os.getpid()}\n" in status:
            found.add(folder.name)
    return found


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this process and its children put what they need for a while."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def names_in(folder: Path) -> list[str]:
    return os.listdir(folder)


def gives_way(process: str) -> bool:
    """Whether it is the one that ends when the machine has no more memory."""
    return Path(f"/proc/{process}/oom_score_adj").read_text(encoding="ascii") == "1000\n"


async def test_a_cancelled_export_leaves_neither_a_process_nor_a_file(tmp_path: Path, scratch: Path) -> None:
    path = stored_database(tmp_path / "many.db", 10_000)  # so many that it takes seconds
    before = open_files()
    async with desk_of(path) as stage:
        jobs = ExportJobs()
        order = Order(stage.config, "xlsx", Selection(), "nb")
        job, waiting = (jobs.start("a@example.no", order, "x", Selection()) for _ in range(2))
        await until(lambda: job.report.done > 0 and any(scratch.glob("innspill-*/*")))
        assert (job.state, waiting.state, len(children())) == ("running", "waiting", 1)
        assert gives_way(*children())
        for each in (waiting, job):
            jobs.drop(each)
        await until(lambda: not children() and open_files() == before and not any(scratch.iterdir()), seconds=1)
        assert jobs.of("a@example.no") == []
        job = jobs.start("a@example.no", order, "x", Selection())
        await until(lambda: job.report.done > 0)
        await jobs.stop()
        assert not children()
        assert open_files() == before
        assert names_in(scratch) == []


async def test_an_export_ends_with_a_service_that_is_killed_and_the_next_one_tidies_up(
    tmp_path: Path, scratch: Path
) -> None:
    path = stored_database(tmp_path / "many.db", 900)
    job = await asyncio.create_subprocess_exec(
        *COMMAND,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert job.stdin is not None
    job.stdin.write(Order(load({"INNSPILL_DATABASE": str(path)}), "pdf-all", Selection(), "nb").written())
    await until(lambda: any(scratch.glob("innspill-*/*")))
    job.stdin.close()  # as the kernel does it for one that is gone
    async with asyncio.timeout(1):
        assert await job.wait() == 1
    assert len(names_in(scratch)) == 1
    with scratch_folder() as used:  # this one tidies up, too
        assert names_in(scratch) == [used.name]
        (scratch / "innspill-export-abandoned").mkdir()
        async with desk_of(path):
            assert names_in(scratch) == [used.name]
    assert names_in(scratch) == []


async def test_a_quick_export_does_not_wait_for_one_that_is_typeset(tmp_path: Path) -> None:
    async with desk_of(stored_database(tmp_path / "many.db", 10_000)) as stage:
        jobs = ExportJobs()
        long, second, quick = (
            jobs.start(who, Order(stage.config, name, Selection(), "nb"), "x", Selection())
            for who, name in (("a@example.no", "pdf"), ("b@example.no", "pdf-public"), ("b@example.no", "csv"))
        )
        await until(lambda: quick.is_over)
        assert (long.state, second.state, quick.state) == ("running", "waiting", "ready")
        await jobs.stop()


async def test_the_second_reading_of_a_format_is_told_as_such(tmp_path: Path) -> None:
    async with desk_of(stored_database(tmp_path / "many.db", 10_000)) as stage:
        reader = await stage.browser(Role.READER)
        await reader.open("downloads")
        await reader.post("downloads", {"format": "xlsx"})
        state = f"{reader.path.removeprefix('/staff/')}/state"
        told = []
        while (now := json.loads(await reader.open(state)))["state"] != "ready":
            told.append(now["told"].replace("\u00a0", " "))
            await asyncio.sleep(0.05)
    assert [each for each in told if re.fullmatch(r"[\d ]+ av 10 000 svar, i gjennomlesing nummer 2\.", each)]
    assert [each for each in told if re.fullmatch(r"[\d ]+ av 10 000 svar er skrevet\.", each)]


@pytest.mark.parametrize("format_name", ["csv", "xlsx", "docx", "pdf-all", "archive"])
async def test_a_file_that_grows_too_big_is_given_up(stage: StaffDesk, format_name: str) -> None:
    jobs = ExportJobs()
    order = Order(stage.config, format_name, Selection(), "nb", most_bytes=1000)
    job = jobs.start("a@example.no", order, "x", Selection())
    await until(lambda: job.is_over)
    assert (job.state, job.size) == ("too-big", 0)
    await jobs.stop()


@pytest.mark.parametrize(("each", "in_all", "left"), [(1, 9, "abc"), (9, 2, "ac"), (9, 9, "aabc"), (0, 0, "c")])
async def test_old_files_make_room_for_new_ones(stage: StaffDesk, each: int, in_all: int, left: str) -> None:
    order = Order(stage.config, "csv", Selection(), "nb")
    one = ExportJobs()
    size = await finished(one, "a@example.no", order)
    await one.stop()
    jobs = ExportJobs(most_bytes=each * size, most_bytes_in_all=in_all * size)
    for who in "baac":
        await finished(jobs, who, order)
        await asyncio.sleep(0)
    assert "".join(job.who for who in "abc" for job in jobs.of(who)) == left
    await jobs.stop()


async def finished(jobs: ExportJobs, who: str, order: Order) -> int:
    """Have an export written; returns its size."""
    job = jobs.start(who, order, "x", Selection())
    await until(lambda: job.is_over)
    return job.size


async def test_a_finished_file_has_no_name_and_is_gone_when_its_time_is_over(stage: StaffDesk, tmp_path: Path) -> None:
    before = open_files()
    jobs = ExportJobs(kept_seconds=0.3)
    job = jobs.start("a@example.no", Order(stage.config, "csv", Selection(), "nb"), "x", Selection())
    await until(lambda: job.is_over)
    assert job.size > 500
    assert len(open_files() - before) == 1
    await asyncio.sleep(0.6)
    assert open_files() == before
    assert jobs.find("a@example.no", job.id) is None
    await jobs.stop()


async def test_nobody_can_order_without_end(stage: StaffDesk) -> None:
    jobs = ExportJobs()
    order = Order(stage.config, "csv", Selection(), "nb")
    first = [jobs.start("a@example.no", order, "x", Selection()) for _ in range(MOST)]
    with pytest.raises(TooMany):
        jobs.start("a@example.no", order, "x", Selection())
    jobs.start("b@example.no", order, "x", Selection())
    for job in first[1:]:
        jobs.drop(job)
    assert len(jobs.of("a@example.no")) == 1
    await jobs.stop()
