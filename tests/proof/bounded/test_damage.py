"""A bounded part of the proof of damage; and what is no damage is told from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.command_line import CommandLine
from tests.proof import damage
from tests.proof.worlds import pages


@pytest.mark.slow
async def test_a_damaged_page_is_noticed_by_whatever_reads_it_and_replaces_no_good_copy() -> None:
    figures = {figure.what: figure.number for figure in await damage.run(0.1)}
    assert figures["damaged, in one place each"] >= 40


def test_all_that_is_stored_is_read_from_the_pages_and_free_room_is_not(tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path)
    consultation = innspill.add_consultation()
    innspill.store_response(consultation, "KT7RB4XM", "Vi vil ha fortau. " * 1000)
    innspill.says("backup", tmp_path / "backup.db")
    content = (tmp_path / "backup.db").read_bytes()
    trees = pages.roots(tmp_path / "backup.db")
    stored = pages.read(content, trees)
    (response,) = stored.cells["responses"]
    assert b"Vi vil ha fortau. " * 1000 in response.content
    assert {page.kind for page in stored.pages if page.tree == "responses"} == {"leaf", "overflow"}
    assert len({page.number for page in stored.pages}) == len(stored.pages) <= len(content) // pages.SIZE

    begin = next(page.begin for page in stored.pages if page.tree == "staff")  # which holds nothing
    free = bytearray(content)
    free[begin + 2000] ^= 1
    assert pages.read(bytes(free), trees).same(stored)
    at, length = response.places[-1]
    text = bytearray(content)
    text[at + length - 1] ^= 1
    assert not pages.read(bytes(text), trees).same(stored)
