"""Finding responses: by words and the beginnings of words, with every choice that the desk and the exports offer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.responses import responses
from storage.responses.selection import Selection, match
from tests.storage.examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    """Four responses, R1 to R4."""
    with closing(open_for_writing(new_database(tmp_path))) as connection:
        first = add_consultation(connection, closes_at=AT + DAY)
        second = add_consultation(connection, case_number="19/7")
        draw = references()
        given: tuple[tuple[int, dict[str, Any]], ...] = (
            (first, {"text": "Skoleveien trenger fortau.", "first_name": "Åse", "last_name": "Ødegård"}),
            (first, {"text": "Skolen er for liten.\nBygg ut!", "received_at": AT + 2 * DAY}),
            (
                second,
                {"text": "Ja.", "organisation_name": "Vel & Vel", "register_status": "unverified"}
                | {"organisation_number": "310000019", "email": "post@example.no", "phone": "+4722000099"},
            ),
            (
                second,
                {"text": 'Hun sa "nei takk".', "channel": "web", "respondent_type": "unregistered_organisation"},
            ),
        )
        for number, (consultation_id, changes) in enumerate(given):
            conversation = open_conversation(connection, str(number))
            responses.insert(connection, new_response(conversation, consultation_id, **changes), draw)
        yield connection


def found(db: Connection, **choice: Any) -> list[object]:
    selection = Selection(**choice)
    rows = [row["reference"] for row in responses.Rows(db, selection)]
    assert responses.count(db, selection) == len(rows)
    return rows


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("skole", ["R1", "R2"]),
        ("SKOLEVEI", ["R1"]),
        ("skolen bygg", ["R2"]),
        ("ødegård", ["R1"]),
        ("odegard", []),
        ("åse", ["R1"]),
        ("vel & vel", ["R3"]),
        ('"nei takk"', ["R4"]),
        ('"takk nei"', []),
        ("«for liten»", ["R2"]),
        ("R3", ["R3"]),
        ("OR AND NOT *", []),
        ("310000019", ["R3"]),
        ("310 000 019", ["R3"]),
        ("vel 310 000 019", ["R3"]),
        ("000 310 019", []),
        ("22 00 00 99", ["R3"]),
        ("22000099", ["R3"]),
        ("+47 22 00 00 99", ["R3"]),
        ("220 00 099", ["R3"]),
        ("22 00 00 01", []),
        ("post@example.no", ["R3"]),
        ("no@example.post", []),
        ("", ["R1", "R2", "R3", "R4"]),
        ("  &&  ", ["R1", "R2", "R3", "R4"]),
    ],
)
def test_every_word_is_wanted_and_may_go_on(db: Connection, words: str, expected: list[str]) -> None:
    assert sorted(map(str, found(db, words=words))) == expected


@given(words=st.text())
def test_whatever_is_typed_is_a_search_and_no_error(words: str) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE search USING fts5 (text, tokenize = 'unicode61 remove_diacritics 0')")
        if wanted := match(words):
            db.execute("SELECT count(*) FROM search WHERE search MATCH ?", (wanted,)).fetchone()


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({"case_number": "2019/7"}, ["R3", "R4"]),
        ({"consultation_id": 1}, ["R1", "R2"]),
        ({"late": True}, ["R2"]),
        ({"late": False, "consultation_id": 1}, ["R1"]),
        ({"unverified": True}, ["R3"]),
        ({"channel": "web"}, ["R4"]),
        ({"respondent_type": "unregistered_organisation"}, ["R4"]),
        ({"received_from": AT + DAY}, ["R2"]),
        ({"received_before": AT + DAY}, ["R1", "R3", "R4"]),
        ({"received_from": AT, "received_before": AT}, []),
        ({"after_id": 2}, ["R3", "R4"]),
        ({"after_id": 2, "words": "ja"}, ["R3"]),
    ],
)
def test_all_that_is_chosen_must_hold(db: Connection, choice: dict[str, Any], expected: list[str]) -> None:
    assert sorted(map(str, found(db, **choice))) == expected


def test_what_changes_is_found_by_its_new_words_and_what_is_erased_is_not(db: Connection) -> None:
    db.execute("UPDATE responses SET organisation_name = 'Granlia' WHERE reference = 'R3'")
    assert found(db, words="granlia") == ["R3"]
    assert found(db, words="vel") == []
    db.execute("DELETE FROM responses WHERE reference = 'R3'")
    assert found(db, words="granlia") == []
    db.execute("INSERT INTO responses_search (responses_search, rank) VALUES ('integrity-check', 1)")


WRITTEN = (
    "bl\u00e5b\u00e6rstier",
    "bla\u030ab\u00e6rstier",
    "bl\u00e5\u00adb\u00e6r\u200bstier",
    "bl\ufeff\u00e5b\u00e6rstier",
)


@pytest.mark.parametrize("text", WRITTEN)
@pytest.mark.parametrize("words", [*WRITTEN, "bla\u030ab\u00e6r"])
def test_a_word_is_found_however_it_and_the_search_are_written_and_the_text_is_kept(
    db: Connection, text: str, words: str
) -> None:
    conversation, consultation = open_conversation(db, "new"), add_consultation(db)
    stored, _ = responses.insert(db, new_response(conversation, consultation, text=text), lambda: "NY2NY2NY")
    assert found(db, words=words) == ["NY2NY2NY"]
    (row,) = responses.Rows(db, Selection(words=words))
    assert row["text"] == text
    db.execute("DELETE FROM responses WHERE id = ?", (stored.id,))
    assert found(db, words=words) == []
    db.execute("INSERT INTO responses_search (responses_search) VALUES ('integrity-check')")


@pytest.mark.parametrize("words", ["e-post", "e\u2011post", "epost"])
def test_a_hyphen_that_does_not_break_is_a_hyphen(db: Connection, words: str) -> None:
    new = new_response(open_conversation(db, "new"), add_consultation(db), text="Send e\u2011post.")
    responses.insert(db, new, lambda: "NY2NY2NY")
    assert found(db, words=words) == (["NY2NY2NY"] if words != "epost" else [])


@pytest.mark.parametrize(
    "words", ["KR2DF2HH", "kr2df2hh", "KR2D F2HH", "KR2D-F2HH", "KR2 DF2 HH", " K R 2 D F 2 H H", "kr2d\u2011f2hh"]
)
def test_a_reference_is_found_in_the_groups_in_which_it_is_written(db: Connection, words: str) -> None:
    new = new_response(open_conversation(db, "new"), add_consultation(db))
    responses.insert(db, new, lambda: "KR2DF2HH")
    assert found(db, words=words) == ["KR2DF2HH"]
    assert found(db, words=f"{words} fortau") == ["KR2DF2HH"]


@pytest.mark.parametrize("words", ["Eksempelveien", "eksempelveien 12", "1385", "asker 1385"])
def test_who_lives_somewhere_is_found_by_the_address(db: Connection, words: str) -> None:
    place = {"address": "Eksempelveien 12", "postal_code": "1385", "postal_town": "ASKER"}
    responses.insert(db, new_response(open_conversation(db, "new"), add_consultation(db), **place), lambda: "NY2NY2NY")
    assert found(db, words=words) == ["NY2NY2NY"]
