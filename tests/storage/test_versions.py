"""Versions: a new response takes the place of an earlier one, staff decide on others, and what was before is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.register import verifications
from storage.responses import responses, versions
from storage.responses.responses import Response
from storage.responses.selection import Selection
from tests.storage.examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(new_database(tmp_path))) as connection:
        yield connection


@pytest.fixture
def sent(db: Connection) -> tuple[Response, Response, Response]:
    """Three responses of one person to one consultation: R1, R2 and R3."""
    draw, person, consultation_id = references(), open_conversation(db), add_consultation(db)
    one, two, three = (
        responses.insert(db, new_response(person, consultation_id, draft=f"d{n}"), draw)[0] for n in range(3)
    )
    return one, two, three


Sent = tuple[Response, Response, Response]


def status(db: Connection) -> dict[object, object]:
    return {row["reference"]: row["status"] for row in responses.Rows(db)}


def test_a_persons_new_response_takes_the_place_of_the_old_one(db: Connection, sent: Sent) -> None:
    versions.supersede_own(db, "R1", by=sent[1].id, at=AT + DAY)
    assert status(db) == {"R1": "superseded", "R2": "received", "R3": "received"}
    assert versions.changes(db, "R1") == [
        versions.Change(AT + DAY, versions.RESPONDENT, "status", "received", "superseded", ""),
        versions.Change(AT + DAY, versions.RESPONDENT, "replaced_by", None, "R2", ""),
    ]
    assert [row["replaced_by"] for row in responses.Rows(db)] == ["R2", None, None]
    assert [each.reference for each in versions.standing(db, 1, 1)] == ["R3", "R2"]


def test_nobody_replaces_what_came_from_another_conversation_or_consultation(db: Connection, sent: Sent) -> None:
    draw, other = iter(["X1", "X2"]), add_consultation(db, case_number="19/7")
    stranger, _ = responses.insert(db, new_response(open_conversation(db, "2"), 1), lambda: next(draw))
    elsewhere, _ = responses.insert(db, new_response(1, other, draft="d9"), lambda: next(draw))
    for later in (stranger, elsewhere, sent[0]):
        versions.supersede_own(db, "R1", by=later.id, at=AT)
    assert set(status(db).values()) == {"received"}
    assert versions.changes(db, "R1") == []


def test_what_staff_have_decided_is_not_changed_by_a_later_response(db: Connection, sent: Sent) -> None:
    versions.decide(db, "R1", "withdrawn", who="ola@example.no", at=AT)
    versions.supersede_own(db, "R1", by=sent[1].id, at=AT)
    assert status(db)["R1"] == "withdrawn"


def test_staff_decide_and_take_it_back_and_all_of_it_is_kept(db: Connection, sent: Sent) -> None:
    before = [
        versions.decide(db, "R1", "withdrawn", who="ola@example.no", at=AT, note="By letter."),
        versions.decide(db, "R1", "superseded", by="R3", who="ola@example.no", at=AT),
        versions.decide(db, "R1", "received", who="kari@example.no", at=AT),
    ]
    assert before == ["received", "withdrawn", "superseded"]
    told = [(each.who, each.before, each.after, each.note) for each in versions.changes(db, "R1")]
    assert told == [
        ("ola@example.no", "received", "withdrawn", "By letter."),
        ("ola@example.no", "withdrawn", "superseded", ""),
        ("ola@example.no", None, "R3", ""),
        ("kari@example.no", "superseded", "received", ""),
        ("kari@example.no", "R3", None, ""),
    ]
    assert versions.chain(db, "R1") == [versions.Version("R1", AT, "received", None)]


def test_a_note_alone_is_kept_and_where_there_is_nothing_to_keep_it_is_said(db: Connection, sent: Sent) -> None:
    for note in ("One.", "Two."):
        versions.decide(db, "R1", "superseded", by="R2", who="ola@example.no", at=AT, note=note)
    told = [(each.key, each.before, each.after, each.note) for each in versions.changes(db, "R1")]
    assert told == [
        ("status", "received", "superseded", "One."),
        ("replaced_by", None, "R2", "One."),
        ("status", "superseded", "superseded", "Two."),
    ]
    with pytest.raises(versions.ChangesNothing, match="R1 is superseded already"):
        versions.decide(db, "R1", "superseded", by="R2", who="ola@example.no", at=AT)
    assert len(versions.changes(db, "R1")) == 3
    assert [versions.state(db, each) for each in ("R1", "R2", "NONE")] == [
        ("superseded", "R2"),
        ("received", None),
        None,
    ]


def test_a_withdrawn_response_stands_in_nobodys_place(db: Connection, sent: Sent) -> None:
    versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=AT)
    with pytest.raises(versions.CannotReplace, match="that was not withdrawn"):
        versions.decide(db, "R1", "superseded", by="R2", who="ola@example.no", at=AT)
    assert versions.state(db, "R1") == ("received", None)


def test_a_response_there_is_not_cannot_be_decided_on(db: Connection, sent: Sent) -> None:
    assert versions.decide(db, "NONE", "withdrawn", who="ola@example.no", at=AT) is None
    assert versions.chain(db, "NONE") == []
    with pytest.raises(sqlite3.IntegrityError):
        versions.decide(db, "R1", "lost", who="ola@example.no", at=AT)


def test_responses_never_replace_one_another_in_a_circle(db: Connection, sent: Sent) -> None:
    versions.decide(db, "R1", "superseded", by="R2", who="ola@example.no", at=AT)
    versions.decide(db, "R2", "superseded", by="R3", who="ola@example.no", at=AT)
    for by in ("R1", "R3", "NONE"):
        with pytest.raises(versions.CannotReplace, match=f"^{by} cannot replace R3"):
            versions.decide(db, "R3", "superseded", by=by, who="ola@example.no", at=AT)
    assert status(db)["R3"] == "received"


def test_one_cannot_stand_in_for_a_response_to_another_consultation(db: Connection, sent: Sent) -> None:
    other = add_consultation(db, case_number="19/7")
    responses.insert(db, new_response(1, other, draft="d9"), lambda: "X1")
    with pytest.raises(versions.CannotReplace):
        versions.decide(db, "R1", "superseded", by="X1", who="ola@example.no", at=AT)


def test_all_versions_are_found_from_each_of_them(db: Connection, sent: Sent) -> None:
    versions.supersede_own(db, "R1", by=sent[2].id, at=AT)
    versions.supersede_own(db, "R2", by=sent[2].id, at=AT)
    assert [each.reference for each in versions.chain(db, "R3")] == ["R1", "R2", "R3"]
    assert [(each.reference, each.replaced_by) for each in versions.chain(db, "R2")] == [("R2", "R3"), ("R3", None)]


def test_what_the_register_fills_in_later_is_kept_with_what_stood_there(db: Connection) -> None:
    new = new_response(
        open_conversation(db),
        add_consultation(db),
        register_status="unverified",
        organisation_number="310000019",
        organisation_form=None,
        main_organisation_number="310000027",
    )
    stored, _ = responses.insert(db, new, lambda: "R1")
    verifications.begin(db, stored.id, AT)
    verifications.settle(db, stored.id, "active", at=AT + DAY, form="FLI", main_number="310000035")
    assert [(each.who, each.key, each.before, each.after) for each in versions.changes(db, "R1")] == [
        ("entity_register", "register_status", "unverified", "active"),
        ("entity_register", "organisation_form", None, "FLI"),
    ]
    (row,) = responses.Rows(db)
    assert (row["organisation_form"], row["main_organisation_number"]) == ("FLI", "310000027")
    verifications.settle(db, stored.id, "deleted", at=AT + DAY)
    assert len(versions.changes(db, "R1")) == 2


def test_what_stands_and_what_does_not_can_be_chosen(db: Connection, sent: Sent) -> None:
    versions.supersede_own(db, "R1", by=sent[1].id, at=AT)
    versions.decide(db, "R3", "withdrawn", who="ola@example.no", at=AT)
    chosen = {
        each: [row["reference"] for row in responses.Rows(db, Selection(status=each))]
        for each in ("received", "superseded", "withdrawn")
    }
    assert chosen == {"received": ["R2"], "superseded": ["R1"], "withdrawn": ["R3"]}


def test_an_erased_response_takes_its_changes_along_and_frees_those_that_it_replaced(
    db: Connection, sent: Sent
) -> None:
    versions.supersede_own(db, "R1", by=sent[1].id, at=AT)
    versions.decide(db, "R2", "withdrawn", who="ola@example.no", at=AT)
    db.execute("DELETE FROM responses WHERE reference = 'R2'")
    assert {key for (key,) in db.execute("SELECT DISTINCT response_id FROM response_changes")} == {sent[0].id}
    assert versions.chain(db, "R1") == [versions.Version("R1", AT, "superseded", None)]


@pytest.mark.slow
def test_what_one_person_has_sent_is_found_without_reading_what_all_others_have(db: Connection) -> None:
    add_consultation(db)

    def store(count: int) -> None:
        draw = references()
        for number in range(count):
            new = new_response(open_conversation(db, f"{count} {number}"), 1)
            responses.insert(db, new, lambda: f"{count}-{draw()}")

    def steps() -> int:
        taken: list[None] = []
        db.set_progress_handler(lambda: taken.append(None), 1)
        versions.standing(db, 1, 1)
        db.set_progress_handler(None, 0)
        return len(taken)

    store(10)
    few = steps()
    store(1000)
    assert steps() <= few * 1.5
