"""`innspill postcodes load`: the register of postal codes, all of it or nothing."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web

from storage.database.opening import open_for_reading
from storage.register import postal_codes
from tests import REFERENCE_DATA
from tests.commands.command_line import CommandLine
from tests.stand_ins.register import server_saying

REGISTER = "0150\tOSLO\t0301\tOSLO\tG\n1385\tASKER\t3203\tASKER\tG\n9042\tLAKSVATN\t5536\tSTORFJORD\tB\n6293\tLONGVA\n"
AS_BRING_WRITES_IT = "1890\tRAKKESTAD\t3120\tRAKKESTAD\tG\r\n1900\tFETSUND ØST\t3205\tLILLESTRØM\tB\r\n"
RECORDED = REFERENCE_DATA / "postnummer.tsv"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


def town(innspill: CommandLine, code: str) -> str | None:
    with closing(open_for_reading(innspill.database)) as db:
        return postal_codes.town(db, code)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "register.tsv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def test_a_code_keeps_its_zeros_and_finds_its_town(innspill: CommandLine, register: Path) -> None:
    assert innspill.says("postcodes", "load", register) == "4 postal codes\n"
    assert (town(innspill, "0150"), town(innspill, "6293"), town(innspill, "0151")) == ("OSLO", "LONGVA", None)


def test_a_register_as_bring_writes_it_keeps_its_norwegian_letters(innspill: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "ansi.txt").write_bytes(AS_BRING_WRITES_IT.encode("cp1252"))
    innspill.says("postcodes", "load", tmp_path / "ansi.txt")

    assert town(innspill, "1900") == "FETSUND ØST"


def test_headings_and_empty_lines_are_skipped(innspill: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "headed.tsv").write_text("\ufeffpostnr\tpoststed\n" + REGISTER + "\n", encoding="utf-8")

    assert innspill.says("postcodes", "load", tmp_path / "headed.tsv") == "4 postal codes\n"


def test_a_new_register_takes_the_place_of_the_old_one(innspill: CommandLine, register: Path, tmp_path: Path) -> None:
    innspill.says("postcodes", "load", register)
    (tmp_path / "new.tsv").write_text("1384\tASKER\n")
    innspill.says("postcodes", "load", tmp_path / "new.tsv")

    assert (town(innspill, "1384"), town(innspill, "1385")) == ("ASKER", None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "no line with a postal code"),
        ("postnr\tpoststed\n", "no line with a postal code"),
        ("<!doctype html>\n<p>Not found</p>\n", "line 1 "),
        ("1385\tASKER\n138\tASKER\n", "line 2 "),
        ("1385\tASKER\n1384\t \n", "line 2 "),
        ("1385;ASKER\n", "line 1 "),
        ("1385\tASKER\n１３８４\tASKER\n", "line 2 "),
    ],
)
def test_a_file_with_a_wrong_line_is_refused_and_the_register_stays(
    innspill: CommandLine, register: Path, tmp_path: Path, content: str, why: str
) -> None:
    innspill.says("postcodes", "load", register)
    (tmp_path / "wrong.tsv").write_text(content, encoding="utf-8")

    assert why in innspill.is_refused("postcodes", "load", tmp_path / "wrong.tsv")
    assert town(innspill, "1385") == "ASKER"


def test_a_file_that_is_not_there_is_told(innspill: CommandLine) -> None:
    assert "nowhere.tsv" in innspill.is_refused("postcodes", "load", "nowhere.tsv")


async def test_the_register_can_be_fetched(innspill: CommandLine) -> None:
    async def download(_: web.Request) -> web.Response:
        return web.Response(body=AS_BRING_WRITES_IT.encode("cp1252"))

    async with server_saying(download) as url:
        said = await asyncio.to_thread(innspill.says, "postcodes", "load", f"{url}/register.txt")

    assert said == "2 postal codes\n"
    assert town(innspill, "1890") == "RAKKESTAD"


async def test_a_page_that_is_not_there_or_does_not_end_is_told(innspill: CommandLine) -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=b"1" * (11 * 1024 * 1024)) if request.path == "/huge" else web.Response(status=404)

    async with server_saying(answer) as url:
        missing = await asyncio.to_thread(innspill.is_refused, "postcodes", "load", f"{url}/missing")
        huge = await asyncio.to_thread(innspill.is_refused, "postcodes", "load", f"{url}/huge")

    assert "status 404" in missing
    assert "too long" in huge


def test_a_server_that_is_not_there_is_told(innspill: CommandLine) -> None:
    assert "does not answer" in innspill.is_refused("postcodes", "load", "http://127.0.0.1:9/register.txt")


@pytest.mark.shared("postnummer.tsv")
def test_the_published_register_is_loaded(innspill: CommandLine) -> None:
    innspill.says("postcodes", "load", RECORDED)

    assert town(innspill, "1385") == "ASKER"
