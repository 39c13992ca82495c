"""Upgrades that are ended in the middle, at short length; and what one leaves of a database of the first schema."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from bot import clock
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.events import Said
from storage.database.opening import migrate, open_for_reading
from storage.database.sqlite import Connection, sqlite3
from storage.responses import responses
from tests.proof import migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    migrations.make_first(tmp_path)
    return tmp_path / migrations.DATABASE


def rows(db: Connection) -> dict[str, list[dict[str, object]]]:
    tables = [name for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    found = {}
    for name in tables:
        cursor = db.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        found[name] = [dict(zip(columns, row, strict=True)) for row in cursor]
    return found


@pytest.mark.slow
@pytest.mark.fuse
async def test_an_upgrade_that_is_ended_in_the_middle_leaves_the_old_database_or_the_new_one() -> None:
    figures = {figure.what: figure.number for figure in await migrations.run(0.1)}
    assert figures["killed in a write: the old database is there, whole"] > 0
    assert figures["without power in a write: the old database is there, whole"] > 0
    assert figures["without power in a write: the new database is there, whole"] > 0


def test_an_upgrade_keeps_every_row_of_the_first_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        old = rows(db)
    migrate(path)
    with closing(sqlite3.connect(path)) as db:
        new = rows(db)
    assert sum(map(len, old.values())) > 30
    for table, kept in old.items():
        columns = kept[0] if kept else {}
        found = [{column: row[column] for column in columns} for row in new[table]]
        assert [row for row in kept if row not in found] == []


async def test_after_an_upgrade_drafts_go_on_and_responses_are_exported(path: Path) -> None:
    migrate(path)
    async with EntityRegister("http://127.0.0.1:9") as register:
        service = Service(path, FORM, register, locale="nb")
        service.start()
        try:
            said = Said(at=clock.now(), locale="en", text="1385", message_id="21")
            exchanged = await service.exchange("telegram", "3", "21", said)
        finally:
            await service.stop()
    assert exchanged.message is not None
    assert exchanged.session is not None
    assert exchanged.message.step == "email"
    answers = journey.from_json(FORM, exchanged.session, "en").answers
    assert "Eksempelveien 12" in str(answers["address"])
    with closing(open_for_reading(path)) as db:
        (row,) = responses.Rows(db)
    assert (row["first_name"], row["text"]) == ("Kari", "Please keep the old oak trees by the school.")
