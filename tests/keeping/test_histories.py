"""What is erased is gone to the last byte, whatever has happened to it, and nothing else is."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from bot import clock
from bot.keeping import erasing
from storage.database.opening import empty_the_log, files_of
from storage.database.sqlite import Connection
from storage.keeping.tables import TABLES
from tests.keeping.histories import Person, is_in_bytes, places_of, service_over

# Columns of a respondent's that hold no words of theirs as they wrote them: numbers, digests, codes, and what only
# other histories have.
_NO_WORDS = {"reference", "organisation_number", "main_organisation_number", "phone", "postal_code", "country"}


async def erase_all(people: list[Person]) -> None:
    for person in people:
        while person.references:
            reference = person.references.pop()

            def erase(db: Connection, reference: str = reference) -> None:
                if db.execute("SELECT 1 FROM responses WHERE reference = ?", (reference,)).fetchone():
                    erasing.erase(db, reference, "asked for", "operator:kari", clock.now())

            await person.service.writer.run(erase)


async def test_ten_histories_are_erased_to_the_last_byte_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "innspill.db"
    async with service_over(path) as service:
        people = [Person(service, seed) for seed in range(20)]
        for person in people:
            await person.lives()
        gone, others = people[:10], people[10:]
        before = set[tuple[str, str]]()
        for person in gone:
            found = await service.writer.run(partial(places_of, marks=person.marks))
            assert ("responses", "text") in found
            before |= found
        told = [
            {mark for mark in person.marks if is_in_bytes([path, Path(f"{path}-wal")], [mark])} for person in others
        ]
        await erase_all(gone)
        assert empty_the_log(path, 10)
        held = [file for file in files_of(path) if file.exists()]
        for person in gone:
            left = await service.writer.run(partial(places_of, marks=person.marks))
            assert not left, (person.seed, left)
            assert not is_in_bytes(held, person.marks), person.seed
        for person, marks in zip(others, told, strict=True):
            still = {mark for mark in marks if is_in_bytes([path], [mark])}
            assert still == marks, person.seed
    said = {(table.name, c.name) for table in TABLES for c in table.columns if c.whose in ("respondent", "anybody")}
    assert before <= said | {("response_changes", "note")}, "a mark stands where nobody says that it may"
    assert {("outbox", "message"), ("response_changes", "note"), ("set_aside", "raw"), ("searches", "words")} <= before
    assert {("register_differences", "registered"), ("responses", "address"), ("conversations", "session")} <= before
