"""Whose each thing is, is said of every column, and what is said is so: nothing is kept that nobody looks after."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from storage.conversations import conversations, lookups, outbox, set_aside
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection
from storage.jobs import jobs
from storage.keeping.ownership import SUBJECTS, Found, Subject, Table, columns_of, found
from storage.keeping.tables import TABLES
from storage.register import cache, verifications
from storage.responses import responses, versions
from storage.staff import audit, browsers, last_exports, login_delays, people, searches, sessions
from tests.storage.examples import AT, add_consultation, new_database, new_response, references

KARI = "kari.nordmann@example.no"
OLA = "ola@example.no"
every_table = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(new_database(tmp_path))) as connection:
        yield connection


def fill(db: Connection) -> None:
    """A response, a conversation and one of the staff with the number 1, and all that hangs on them."""
    person = conversations.find_or_open(db, "telegram", "4242", AT)
    conversations.save(db, person.id, '{"answers":"Vi mener"}', draft="d1", locale="nb", at=AT)
    lookups.ask(db, person.id, '{"number":"310000019"}', AT)
    row = outbox.put(db, person, '{"told":"Vi mener"}', kind="question", draft="d1", edit_target="17", at=AT)
    outbox.mark_sent(db, row.id, "18", AT)
    columns = ("address", "postal_code", "postal_town", "country", "organisation_name", "main_organisation_number")
    texts = {name: f"typed {name}" for name in columns} | {"organisation_number": "310000019"}
    texts["text"] = "Jeg vil ha for\u00adtau."
    changes = {"register_status": "unverified", "extra": {"role": "leder"}, **texts}
    new = new_response(person.id, add_consultation(db), **changes)
    stored, _ = responses.insert(db, new, references())
    # A receipt belongs to no draft, and is known by the reference in it.
    receipt = f'{{"told":"Takk. {stored.reference}: Vi mener"}}'
    outbox.put(db, person, receipt, kind="receipt", draft="", edit_target=None, at=AT)
    verifications.begin(db, stored.id, AT)
    verifications.settle(db, stored.id, "active", at=AT, differences={"address": "Postboks 1"})
    jobs.put(db, "made_up", stored.id, about="response", at=AT)
    cache.keep(db, "310000019", '{"name":"EKSEMPELVEIEN VEL"}', holds_until=AT)
    staff(db)
    versions.note_change(db, stored.id, "status", "received", "received", who=OLA, at=AT, note="Kari ringte")
    set_aside.put(db, "telegram", "9", '{"text":"Vi mener"}', "not an event", AT, whose=person.id)
    set_aside.mark_seen(db, 1, OLA, AT)


def staff(db: Connection) -> None:
    """One of the staff, who has done what one can do."""
    number = people.invite(db, OLA, "reader", "hash", AT)
    people.choose_password(db, "hash", "password", "secret", "browser")
    link = people.find_link(db, "hash", AT)
    assert link is not None
    people.enrol(db, link, 3, ["recovery"])
    people.change_locale(db, number, "nb")
    people.disable(db, OLA, AT)
    people.invite(db, OLA, "reader", "hash", AT)
    people.choose_password(db, "hash", "password", "secret", "browser")
    db.execute("UPDATE staff SET password_hash = 'password', code_secret = 'secret', disabled_at = 'once'")
    db.execute("INSERT INTO recovery_codes VALUES (?, 'recovery')", (number,))
    sessions.begin(db, number, "session", AT, address="203.0.113.9", browser="Firefox")
    browsers.know(db, number, "", "browser", AT)
    login_delays.begin(db, {"203.0.113.9": 3}, AT)
    last_exports.note(db, OLA, "csv", {}, 1, AT)
    searches.keep(db, OLA, "Nordmann")
    audit.record(db, AT, OLA, "response.viewed", "R1", address="203.0.113.9", detail={"count": 1})
    audit.record(db, AT, "kari@example.no", "staff.disabled", OLA)


def holds(db: Connection, each: Found) -> bool:
    """Whether it stands in its column still."""
    query = f'SELECT 1 FROM "{each.table}" WHERE "{each.column.name}" = ?'
    return db.execute(query, (each.value,)).fetchone() is not None


def everything(db: Connection, subject: Subject) -> list[Found]:
    return list(found(db, subject, 1, TABLES))


def test_every_table_and_every_column_is_named_and_no_other(db: Connection) -> None:
    there = {
        name: {column for (column,) in db.execute("SELECT name FROM pragma_table_xinfo(?)", (name,))}
        for (name,) in db.execute("SELECT name FROM pragma_table_list WHERE schema = 'main'")
    }
    assert {table.name: {column.name for column in table.columns} for table in TABLES} == there


def test_a_table_is_named_once_and_so_is_a_column() -> None:
    assert len({table.name for table in TABLES}) == len(TABLES)
    for table in TABLES:
        assert len({column.name for column in table.columns}) == len(table.columns), table.name


@every_table
def test_what_is_somebodys_can_be_come_to_or_says_who_looks_after_it(table: Table) -> None:
    assert table.kept
    assert all(column.holds for column in table.columns)
    assert not any(column.shown for column in table.columns if column.whose == "nobody")
    led_to = {column.name for subject in SUBJECTS for _, column in columns_of(subject, (table,))}
    left = {column.name for column in table.columns if column.whose != "nobody"} - led_to
    assert not left or table.beside, left
    for reach in table.reached.values():
        assert set(reach.only) <= led_to


def test_all_that_is_somebodys_is_found_by_whose_it_is(db: Connection) -> None:
    fill(db)
    for subject in SUBJECTS:
        led_to = {(table.name, column.name) for table, column in columns_of(subject, TABLES)}
        assert {(each.table, each.column.name) for each in everything(db, subject)} == led_to, subject


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_said_to_go_with_somebody_goes_and_what_is_said_to_stay_stays(db: Connection, subject: Subject) -> None:
    fill(db)
    before = everything(db, subject)
    assert all(holds(db, each) for each in before)
    assert {each.erased for each in before} >= {"with it", "apart"}
    db.execute(f"DELETE FROM {SUBJECTS[subject]} WHERE id = 1")
    for each in before:
        assert holds(db, each) is (each.erased != "with it"), each


def test_nothing_of_anybody_else_is_found(db: Connection) -> None:
    fill(db)
    other = conversations.find_or_open(db, "web", "another", AT)
    new = new_response(other.id, 1, first_name="Per", organisation_number="310000035", draft="d1")
    responses.insert(db, new, lambda: "R9")
    people.invite(db, "per@example.no", "reader", "other hash", AT + timedelta(days=1))
    for subject in SUBJECTS:
        values = {each.value for each in everything(db, subject)}
        assert not values & {"Per", "another", "R9", "310000035", "per@example.no", "other hash"}
        assert {each.value for each in found(db, subject, 99, TABLES)} == set()


def test_a_person_is_shown_what_they_wrote_and_no_secret(db: Connection) -> None:
    fill(db)
    shown = {each.value for each in everything(db, "response") if each.column.shown}
    assert {"Kari", "Nordmann", KARI, "+4722000000", "Jeg vil ha for\u00adtau.", "leder", "Postboks 1", "4242"} <= shown
    assert OLA not in shown
    shown = {each.value for each in everything(db, "staff") if each.column.shown}
    assert {OLA, "203.0.113.9", "Firefox", "Nordmann", "Kari ringte"} <= shown
    assert not shown & {"password", "secret", "session", "browser", "hash", "recovery"}
    assert not [value for value in shown if "Vi mener" in str(value)]


def test_the_receipt_of_a_response_is_found_though_its_draft_has_ended(db: Connection) -> None:
    fill(db)
    told = [each.value for each in everything(db, "response") if each.table == "outbox"]
    assert any("Takk. R1" in str(value) for value in told)


def test_what_somebody_else_did_to_one_of_the_staff_is_theirs_too(db: Connection) -> None:
    fill(db)
    done = [each.value for each in everything(db, "staff") if (each.table, each.column.name) == ("audit_log", "action")]
    assert "staff.disabled" in done
