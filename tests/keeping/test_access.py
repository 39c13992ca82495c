"""`innspill access`: somebody gets all that is kept of them, and nothing of anybody else."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from bot.keeping.access import as_json, as_page, gather, locale_of
from storage.database.opening import open_for_reading
from storage.staff import audit
from tests.commands.command_line import CommandLine
from tests.conversations.chat import HOUSE
from tests.keeping.histories import Person, places_of, service_over


async def test_ten_people_get_each_word_of_theirs_and_none_of_the_others(tmp_path: Path) -> None:
    path = tmp_path / "innspill.db"
    async with service_over(path) as service:
        people = [Person(service, seed) for seed in range(10)]
        for person in people:
            await person.lives()
    with closing(open_for_reading(path)) as db:
        for person in people:
            everything = gather(db, set(person.references[:1]))
            told = as_json(everything).decode().casefold()
            page = as_page(everything, HOUSE, locale_of(everything)).casefold()
            # What only staff have typed into their search is theirs, and led to by nothing.
            kept = {mark for mark in person.marks if places_of(db, [mark]) - {("searches", "words")}}
            kept -= {mark for mark in kept if places_of(db, [mark]) == {("register_cache", "answer")}}
            assert not {mark for mark in kept if mark not in told}, person.seed
            assert not {mark for mark in kept if mark not in page}, person.seed
            others = [mark for other in people if other is not person for mark in other.marks]
            assert not {mark for mark in others if mark in told} - shared(person, people), person.seed
            assert set(person.references) <= set(everything.references)


def shared(person: Person, people: list[Person]) -> set[str]:
    """What the register has said of an organisation that two of them answer for is both's."""
    return {mark for other in people if other is not person for mark in other.registered}


@pytest.fixture
def innspill(tmp_path: Path) -> CommandLine:
    """With two responses, KT7RB4XM and AB2CD3EF, of the same e-mail address."""
    command_line = CommandLine(tmp_path)
    number = command_line.add_consultation()
    command_line.store_response(number, "KT7RB4XM", "Vi vil ha fortau.")
    command_line.store_response(number, "AB2CD3EF", "Vi vil ha lys.")
    return command_line


def test_a_folder_has_the_data_and_a_page_for_its_owner_alone(innspill: CommandLine, tmp_path: Path) -> None:
    said = innspill.says("access", "kt7r b4xm", "--output", tmp_path / "kari")
    assert said.startswith(f"{tmp_path / 'kari'}: KT7RB4XM\n")
    assert "perhaps the same person's, by email: AB2CD3EF, case 18/101" in said
    data = json.loads((tmp_path / "kari" / "access.json").read_bytes())
    (row,) = data["kept"]["responses"]
    assert (row["reference"], row["text"]) == ("KT7RB4XM", "Vi vil ha fortau.")
    page = (tmp_path / "kari" / "access.html").read_text(encoding="utf-8")
    assert "Vi vil ha fortau." in page
    assert "Vi vil ha lys." not in page
    assert "<script" not in page
    assert {each.stat().st_mode & 0o777 for each in (tmp_path / "kari").iterdir()} == {0o600}
    with closing(open_for_reading(innspill.database)) as db:
        (entry,) = audit.entries(db, limit=9, action="access.given")
    assert (entry.object, entry.detail) == ("KT7RB4XM", {"references": ["KT7RB4XM"]})


def test_another_one_of_the_same_person_is_taken_in_when_it_is_named(innspill: CommandLine, tmp_path: Path) -> None:
    said = innspill.says("access", "KT7RB4XM", "--also", "AB2CD3EF", "--output", tmp_path / "kari")
    assert "perhaps" not in said
    data = json.loads((tmp_path / "kari" / "access.json").read_bytes())
    assert [row["reference"] for row in data["kept"]["responses"]] == ["KT7RB4XM", "AB2CD3EF"]


def test_what_is_not_there_or_was_erased_is_refused_and_nothing_is_made(innspill: CommandLine, tmp_path: Path) -> None:
    refusal = innspill.is_refused("access", "ZZ2ZZ2ZZ", "--output", tmp_path / "kari")
    assert "There is no response with the reference ZZ2ZZ2ZZ" in refusal
    innspill.says("erase", "KT7RB4XM", "--reason", "Etter krav")
    assert "it was erased" in innspill.is_refused("access", "KT7RB4XM", "--output", tmp_path / "kari")
    assert not (tmp_path / "kari").exists()
    (tmp_path / "kari").mkdir()
    assert "it is there already" in innspill.is_refused("access", "AB2CD3EF", "--output", tmp_path / "kari")
