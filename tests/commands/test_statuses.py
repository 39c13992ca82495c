"""`innspill export --status` and `--without`: what stands, what fell away, and what the public may have."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from zipfile import ZipFile

import pytest

from storage.database.opening import transaction
from storage.responses import versions
from tests.commands.command_line import CommandLine

STANDS, REPLACED, WITHDRAWN = "KT7RB4XM", "AB2CD3EF", "GH4JK5LM"


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With one response of each status."""
    command_line = CommandLine(tmp_path)
    consultation = command_line.add_consultation()
    for reference in (STANDS, REPLACED, WITHDRAWN):
        command_line.store_response(consultation, reference)
    with transaction(command_line.database) as db:
        at = datetime(2026, 11, 25, tzinfo=UTC)
        versions.decide(db, REPLACED, "superseded", by=STANDS, who="staff@example.no", at=at)
        versions.decide(db, WITHDRAWN, "withdrawn", who="staff@example.no", at=at)
    return command_line


def chosen(*statuses: str) -> list[str]:
    return [part for status in statuses for part in ("--status", status)]


@pytest.mark.parametrize(
    ("statuses", "references"),
    [
        ((), [STANDS, REPLACED, WITHDRAWN]),
        (("received",), [STANDS]),
        (("withdrawn", "superseded"), [REPLACED, WITHDRAWN]),
    ],
)
def test_an_export_holds_the_statuses_that_were_named(
    innspill: CommandLine, statuses: tuple[str, ...], references: list[str]
) -> None:
    exported = json.loads(innspill.says("export", "--format", "json", *chosen(*statuses)))

    assert [response["reference"] for response in exported] == references


def public_files(innspill: CommandLine, tmp_path: Path, *arguments: str) -> list[str]:
    result = innspill("export", "--format", "pdf-public", "--output", tmp_path / "public.zip", *arguments)
    names = ZipFile(tmp_path / "public.zip").namelist()
    assert result.stderr.split()[0] == str(len(names))
    return sorted(name.removesuffix(".pdf").split("-")[-1] for name in names)


def test_the_public_gets_what_stands(innspill: CommandLine, tmp_path: Path) -> None:
    assert public_files(innspill, tmp_path) == [STANDS]
    assert public_files(innspill, tmp_path, *chosen("received")) == [STANDS]
    assert public_files(innspill, tmp_path, *chosen("superseded")) == [REPLACED, STANDS]


def test_what_was_withdrawn_is_refused_for_the_public(innspill: CommandLine, tmp_path: Path) -> None:
    wanted = ("--output", str(tmp_path / "public"), *chosen("received", "withdrawn"))
    refusal = innspill.is_refused("export", "--format", "pdf-public", *wanted)

    assert "withdrawn" in refusal
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(
    ("statuses", "public"),
    [((), [STANDS]), (("superseded", "received"), [REPLACED, STANDS]), (("withdrawn",), [])],
)
def test_an_archive_has_no_more_of_it_for_the_public(
    innspill: CommandLine, tmp_path: Path, statuses: tuple[str, ...], public: list[str]
) -> None:
    innspill.says("export", "--format", "archive", "--output", tmp_path / "archive.zip", *chosen(*statuses))
    archive = ZipFile(tmp_path / "archive.zip")
    names = [name for name in archive.namelist() if name.startswith("pdf-public/")]

    assert sorted(name.removesuffix(".pdf").split("-")[-1] for name in names) == public
    assert json.loads(archive.read("manifest.json"))["formats"]["pdf-public"] == len(public)


def test_since_the_last_one_goes_on_for_the_public_as_before(innspill: CommandLine, tmp_path: Path) -> None:
    assert public_files(innspill, tmp_path, "--since-last") == [STANDS]
    assert public_files(innspill, tmp_path, "--since-last") == []


def test_a_response_can_be_left_out(innspill: CommandLine) -> None:
    exported = json.loads(innspill.says("export", "--format", "json", "--without", "ab2cd3ef"))

    assert [response["reference"] for response in exported] == [STANDS, WITHDRAWN]
    assert "no reference" in innspill.is_refused("export", "--format", "json", "--without", "x!y")
