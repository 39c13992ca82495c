"""What `serve --demo` puts into an empty database: as it would have come in, and nothing of anybody real."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from stdnum.no import orgnr

from bot import config
from bot.consultations.days import days_left
from bot.demo.filling import fill
from bot.demo.places import POSTAL_CODES
from bot.exporting.export import export_as
from bot.register import stand_in
from dialogs.consultation_response import FORM
from dialogs.events import Said
from dialogs.fields.base import Accepted, Around, Gathered, Pending
from dialogs.fields.cleaning import may_hold_national_id
from dialogs.fields.earlier import SENDER
from dialogs.texts import LOCALES
from storage.consultations import consultations
from storage.database.opening import open_for_reading, transaction
from storage.database.sqlite import Connection
from storage.database.times import moment
from storage.exports import FORMATS
from storage.exports.output.files import OneFile, Zip
from storage.register import postal_codes, verifications
from storage.responses import counts, lists, responses, versions
from storage.responses.responses import Rows
from storage.responses.selection import Selection
from storage.staff import audit
from tests.running.running_program import RunningProgram
from tests.storage.examples import AT, add_consultation, new_database

RESPONSES = 60
STANDING = 56  # without the withdrawn one and the three that were replaced


def filled(folder: Path) -> Path:
    """A database with the demo in it."""
    folder.mkdir(exist_ok=True)
    path = new_database(folder)
    fill(path, AT)
    return path


def dump(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that stands in it, but for when it was migrated."""
    with closing(open_for_reading(path)) as db:
        names = db.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE '%migrations'")
        return {name: db.execute(f'SELECT * FROM "{name}"').fetchall() for (name,) in names.fetchall()}


@pytest.fixture(scope="module", name="path")
def a_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def db(path: Path) -> Iterator[Connection]:
    with closing(open_for_reading(path)) as connection:
        yield connection


@pytest.fixture
def rows(db: Connection) -> list[dict[str, Any]]:
    return list(Rows(db))


def test_three_consultations_are_open_and_two_are_closed_and_one_of_those_has_sixty_responses(db: Connection) -> None:
    found = consultations.all(db)
    assert [each.is_open(AT) for each in found] == [True, True, True, False, False]
    assert [each.closed_at is not None and each.closed_at < AT for each in found[3:]] == [True, True]
    assert responses.counts(db) == {5: RESPONSES}
    assert days_left(found[4].closes_at, AT) == -12


def test_the_desk_has_something_to_show_of_every_kind(db: Connection, rows: list[dict[str, Any]]) -> None:
    figures = counts.by_consultation(db, AT)[5]
    assert (figures.late, figures.unverified, figures.superseded, figures.withdrawn) == (4, 1, 3, 1)
    kinds = Counter(row["respondent_type"] for row in rows)
    assert kinds == {"private_person": 39, "registered_organisation": 16, "unregistered_organisation": 5}
    known = {"active", "bankrupt", "dissolving", "not_found", "unverified"}
    assert {row["register_status"] for row in rows} == {None, *known}
    assert {row["channel"] for row in rows} == {"web", "telegram", "terminal"}
    assert {row["locale"] for row in rows} == {"nb", "en"} <= set(LOCALES)
    assert {row["country"] for row in rows} == {None, "NO", "DK"}
    lengths = sorted(len(row["text"]) for row in rows)
    assert lengths[0] < 50
    assert lengths[-1] > 2000
    assert sum("\n- " in row["text"] for row in rows) >= 3


def test_most_come_in_the_last_days_and_a_few_after_them(db: Connection, rows: list[dict[str, Any]]) -> None:
    closes_at = consultations.all(db)[4].closes_at
    days = Counter(days_left(closes_at, moment(row["received_at"])) for row in rows)
    assert sum(days.values()) == RESPONSES
    assert max(days, key=days.__getitem__) == 0
    assert sum(count for day, count in days.items() if 0 <= day <= 3) > RESPONSES / 2.5
    assert sum(count for day, count in days.items() if day < 0) == 4
    assert max(days) > 35
    received = [at for (at,) in db.execute("SELECT received_at FROM responses ORDER BY id")]
    assert received == sorted(received)
    assert len(set(received)) == RESPONSES


def test_a_replaced_response_is_told_from_both_sides_and_is_the_same_respondents(
    db: Connection, rows: list[dict[str, Any]]
) -> None:
    found = {row["reference"]: row for row in rows}
    old = [row for row in rows if row["status"] == "superseded"]
    assert len(old) == 3
    for row in old:
        new = found[row["replaced_by"]]
        assert new["replaces"] == row["reference"]
        assert all(new[key] == row[key] for key in SENDER)
        assert [each.who for each in versions.changes(db, row["reference"])] == [versions.RESPONDENT] * 2
    assert any(found[row["replaced_by"]]["late"] and not row["late"] for row in old)


def test_staff_and_the_register_have_left_their_marks(db: Connection, rows: list[dict[str, Any]]) -> None:
    (withdrawn,) = (row["reference"] for row in rows if row["status"] == "withdrawn")
    (change,) = versions.changes(db, withdrawn)
    assert change.note
    (told,) = audit.entries(db, limit=9, action="response.status")
    assert (told.object, told.detail) == (withdrawn, {"before": "received", "after": "withdrawn"})
    assert audit.verify(db).count == 6
    assert audit.people(db) == ["saksbehandler@example.no"]
    assert verifications.count_waiting(db) == 0
    assert verifications.count_different(db) == 1


def test_nobody_of_a_demo_is_written_to(db: Connection) -> None:
    addresses = db.execute("SELECT address, unreachable_at, session, draft FROM conversations").fetchall()
    assert len(addresses) == 57
    assert all(address.startswith("demo-") and unreachable for address, unreachable, *_ in addresses)
    assert {rest for *_, rest in addresses} == {""}
    assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_some_responses_say_nearly_the_same_and_a_search_finds_what_they_are_about(db: Connection) -> None:
    assert lists.count(db, Selection(words='"forslaget til detaljregulering for gamle Eksempelbrygga"')) == 7
    assert lists.count(db, Selection(words="skolevei")) > 10
    assert lists.count(db, Selection(words="skuleveg")) == 2


def answered(step: str, text: str, values: dict[str, Any]) -> object:
    """What the form makes of a typed answer."""
    field = next(each.field for each in FORM.steps if each.id == step)
    reading = field.read(Said(at=AT, text=text), {}, Around("", AT, values))
    assert isinstance(reading, Accepted | Gathered | Pending), f"{step}: {text!r} {reading}"
    return reading.state if isinstance(reading, Pending) else field.columns(reading.value)


def test_every_answer_is_one_that_the_form_takes(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        given = {key: value for key, value in row.items() if value}
        assert answered("text", row["text"], {}) == {"text": row["text"]}
        assert row["email"] or row["phone"], row["reference"]
        if row["email"]:
            assert answered("email", row["email"], {}) == {"email": row["email"]}
        if row["phone"]:
            assert answered("phone", row["phone"], {}) == {"phone": row["phone"]}
        assert answered("first_name", row["first_name"], {}) == {"first_name": row["first_name"]}
        if row["address"]:
            assert answered("address", row["address"], {}) == {"address": row["address"]}
        if row["organisation_number"]:
            assert orgnr.is_valid(row["organisation_number"])
        assert not may_hold_national_id("\n".join(map(str, given.values()))), row["reference"]
        assert re.fullmatch(r"([A-HJ-NPR-Y]{2}[2-9]){2}[A-HJ-NPR-Y]{2}", row["reference"])
    assert len({row["reference"] for row in rows}) == RESPONSES


def test_contact_data_is_made_up_and_numbers_belong_to_nobody(db: Connection, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert re.fullmatch(r"[a-z.]+@example\.no|", row["email"] or "")
        assert re.fullmatch(r"\+47220000\d\d|", row["phone"] or "")
        assert (row["organisation_number"] or "3").startswith("3")
        assert row["organisation_number"] != stand_in.REFERENCE
        if row["country"] == "NO":
            assert postal_codes.town(db, row["postal_code"]) == row["postal_town"]
            assert re.search("(?i)eksempel|nabolaget|dømevegen|postboks", row["address"])


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_writes_it(path: Path, tmp_path: Path, name: str) -> None:
    settings = config.load({"INNSPILL_DATABASE": str(path)})
    selection = Selection(consultation_id=5)
    with closing(open_for_reading(path)) as db:
        export = export_as(name, Rows(db, selection), selection, "nb", settings)
        out = io.BytesIO()
        if FORMATS[name].SEVERAL:
            with Zip(out) as files:
                written = FORMATS[name].write(export, files)
        else:
            written = FORMATS[name].write(export, OneFile(out))
    # What is withdrawn or replaced is not for the public.
    assert written == (STANDING if name == "pdf-public" else RESPONSES)
    assert len(out.getvalue()) > 10_000


def test_the_same_moment_gives_the_same_demo(path: Path, tmp_path: Path) -> None:
    assert dump(filled(tmp_path / "again")) == dump(path)


def test_a_second_start_adds_nothing(tmp_path: Path) -> None:
    path = filled(tmp_path)
    before = dump(path)
    fill(path, AT + timedelta(days=3))
    assert dump(path) == before


def test_a_database_that_is_in_use_is_left_alone(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    with transaction(path) as db:
        add_consultation(db)
    before = dump(path)
    fill(path, AT)
    assert dump(path) == before


def test_a_register_of_postal_codes_that_is_there_is_kept(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    with transaction(path) as db:
        postal_codes.replace_all(db, [("0001", "OSLO")])
    fill(path, AT)
    with closing(open_for_reading(path)) as db:
        assert db.execute("SELECT * FROM postal_codes").fetchall() == [("0001", "OSLO")]


def test_it_takes_well_under_a_second(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    begun = time.process_time()
    fill(path, AT)
    assert time.process_time() - begun < 0.5


@pytest.mark.slow
async def test_serve_has_filled_an_empty_database_when_it_says_that_it_is_ready(tmp_path: Path) -> None:
    path = tmp_path / "demo.db"
    settings = {"INNSPILL_DATABASE": str(path), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings, fills=True):
        with closing(open_for_reading(path)) as db:
            assert responses.counts(db) == {5: RESPONSES}
            assert db.execute("SELECT count(*) FROM postal_codes").fetchone() == (len(POSTAL_CODES),)
