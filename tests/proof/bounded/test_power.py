"""Power cuts, at short length; the disk that they are made with does forget; and the proof fails where it should."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.proof import power
from tests.proof.worlds.forgetful_disk import ForgetfulDisk

pytestmark = [pytest.mark.slow, pytest.mark.fuse]

# A program that does not wait for the disk, and tells people that their answers are safe.
CARELESS = """
from storage.database import opening
careful = opening._prepare_for_writing
def careless(connection, path):
    careful(connection, path)
    connection.execute("PRAGMA synchronous = OFF")
opening._prepare_for_writing = careless
"""


async def test_nothing_that_was_confirmed_is_lost_to_power_cuts() -> None:
    figures = {figure.what: figure.number for figure in await power.run(0.1)}
    assert figures["confirmed across power cuts"] >= 180
    assert figures["the power was cut in the middle of a write"] >= 6


@pytest.mark.timeout(300)  # as long as it takes where other work goes on
async def test_a_program_that_does_not_wait_for_the_disk_is_found_out(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(CARELESS)
    with pytest.raises(ExceptionGroup) as failed:
        await power.run(0.5, {"PYTHONPATH": str(tmp_path)})
    assert failed.group_contains(AssertionError, match=r"gone|damaged|another|is missing")


async def test_the_disk_forgets_what_was_not_synced(tmp_path: Path) -> None:
    async with ForgetfulDisk(tmp_path) as disk:
        synced, unsynced, nameless = (disk.folder / name for name in ("synced", "unsynced", "nameless"))
        for path in (synced, unsynced):
            path.write_bytes(b"first")
        sync(synced, unsynced, disk.folder)
        for path in (synced, unsynced, nameless):
            path.write_bytes(b"and the second")
        sync(synced)
        assert nameless.read_bytes() == unsynced.read_bytes() == b"and the second"
        await disk.cut()
        await disk.lost()
        await disk.mount()
        assert {path.name: path.read_bytes() for path in disk.folder.iterdir()} == {
            "synced": b"and the second",
            "unsynced": b"first",
        }


async def test_of_what_was_not_synced_any_part_may_survive(tmp_path: Path) -> None:
    async with ForgetfulDisk(tmp_path) as disk:
        path = disk.folder / "pages"
        path.write_bytes(b"-" * 64 * 4096)
        sync(path, disk.folder)
        path.write_bytes(b"+" * 64 * 4096)
        await disk.cut(survival="some", seed=3)
        await disk.lost()
        left = (disk.image / "pages").read_bytes().ljust(64 * 4096, b" ")
    pages = [left[begin : begin + 4096] for begin in range(0, len(left), 4096)]
    assert {b"-" * 4096, b"+" * 4096} < set(pages)
    assert any(page.startswith(b"+" * 512) and page.endswith(b"-" * 512) for page in pages), "none is torn"


def sync(*paths: Path) -> None:
    for path in paths:
        file = os.open(path, os.O_RDONLY)
        os.fsync(file)
        os.close(file)
