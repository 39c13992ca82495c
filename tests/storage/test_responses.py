"""Responses: one for each intention, a reference for each, and consultations that are found when they take any."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from storage.consultations import consultations
from storage.database.errors import NoSuchConsultation, ReferenceTaken
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection, sqlite3
from storage.responses import responses
from tests.storage.examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references

A_MOMENT = timedelta(microseconds=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(new_database(tmp_path))) as connection:
        yield connection


# --- Responses ----------------------------------------------------------------------------------------------


def test_five_taps_give_one_response_and_the_same_reference(db: Connection) -> None:
    draw = references()
    new = new_response(open_conversation(db), add_consultation(db))
    taps = [responses.insert(db, new, draw) for _ in range(5)]
    assert [was_there for _, was_there in taps] == [False, True, True, True, True]
    assert {response.reference for response, _ in taps} == {"R1"}
    assert len(list(responses.Rows(db))) == 1


def test_another_draft_or_another_person_gives_another_response(db: Connection) -> None:
    draw = references()
    consultation_id = add_consultation(db)
    for conversation_id, draft in ((open_conversation(db, "1"), "d1"), (open_conversation(db, "1"), "d2")):
        responses.insert(db, new_response(conversation_id, consultation_id, draft=draft), draw)
    stored, was_there = responses.insert(db, new_response(open_conversation(db, "2"), consultation_id), draw)
    assert (stored.reference, was_there) == ("R3", False)


def test_a_taken_reference_is_drawn_again(db: Connection) -> None:
    consultation_id = add_consultation(db)
    drawn = iter(["KT7RB4XM", "KT7RB4XM", "KT7RB4XM", "AB2CD3EF"])
    for address, reference in (("1", "KT7RB4XM"), ("2", "AB2CD3EF")):
        new = new_response(open_conversation(db, address), consultation_id)
        assert responses.insert(db, new, drawn.__next__)[0].reference == reference


def test_drawing_that_leads_nowhere_ends(db: Connection) -> None:
    consultation_id = add_consultation(db)
    responses.insert(db, new_response(open_conversation(db, "1"), consultation_id), lambda: "R1")
    with pytest.raises(ReferenceTaken):
        responses.insert(db, new_response(open_conversation(db, "2"), consultation_id), lambda: "R1")


def test_a_response_shows_its_case(db: Connection) -> None:
    consultation_id = add_consultation(db, "Rådmannens forslag")
    conversation_id = open_conversation(db)
    stored, _ = responses.insert(db, new_response(conversation_id, consultation_id), lambda: "R1")
    assert (stored.case_number, stored.title, stored.received_at) == ("18/101", "Rådmannens forslag", AT)
    assert (stored.draft, stored.status, stored.consultation_id) == ("d1", "received", consultation_id)
    assert responses.by_draft(db, conversation_id, "d1") == stored
    assert responses.by_draft(db, conversation_id, "d2") is None


@pytest.mark.parametrize(("after", "late"), [(-A_MOMENT, False), (timedelta(0), True), (A_MOMENT, True)])
def test_the_deadline_is_the_first_moment_that_is_late(db: Connection, after: timedelta, late: bool) -> None:
    consultation_id = add_consultation(db, closes_at=AT)
    new = new_response(open_conversation(db), consultation_id, received_at=AT + after)
    assert responses.insert(db, new, lambda: "R1")[0].late is late
    assert [row["late"] for row in responses.Rows(db)] == [late]


def test_a_person_sees_their_own_responses_newest_first(db: Connection) -> None:
    draw = references()
    consultation_id = add_consultation(db)
    mine, theirs = open_conversation(db, "1"), open_conversation(db, "2")
    for conversation_id, draft in ((mine, "d1"), (theirs, "d1"), (mine, "d2")):
        responses.insert(db, new_response(conversation_id, consultation_id, draft=draft), draw)
    assert [response.reference for response in responses.of_conversation(db, mine)] == ["R3", "R1"]


def test_a_response_belongs_to_a_consultation(db: Connection) -> None:
    with pytest.raises(NoSuchConsultation):
        responses.insert(db, new_response(open_conversation(db), 999), lambda: "R1")


def test_a_status_is_one_of_three(db: Connection) -> None:
    new = new_response(open_conversation(db), add_consultation(db), status="lost")
    with pytest.raises(sqlite3.IntegrityError):
        responses.insert(db, new, lambda: "R1")


def test_responses_are_counted_for_each_consultation(db: Connection) -> None:
    draw = references()
    first, second, _ = (add_consultation(db) for _ in range(3))
    for draft, consultation_id in (("d1", first), ("d2", second), ("d3", second)):
        responses.insert(db, new_response(open_conversation(db), consultation_id, draft=draft), draw)
    assert responses.counts(db) == {first: 1, second: 2}


# --- Consultations ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("18/101", (2018, 101)), ("2018/101", (2018, 101)), (" 26 / 7 ", (2026, 7)), ("18/00101", (2018, 101))],
)
def test_a_case_number_is_a_year_and_a_sequence(text: str, number: tuple[int, int]) -> None:
    assert consultations.parse_case_number(text) == number


@pytest.mark.parametrize("text", ["", "18", "18/", "/101", "118/101", "18-101", "18/101-4", "18/x", "१८/१०१"])
def test_what_is_no_case_number_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="18/101"):
        consultations.parse_case_number(text)


def test_a_consultation_is_kept_as_it_was_written(db: Connection) -> None:
    consultation_id = add_consultation(db, " Rådmannens forslag 2020 – 2023 ", url="https://example.no/a", opens_at=AT)
    found = consultations.get(db, consultation_id)
    assert found is not None
    assert (found.case_number, found.case_year, found.case_sequence) == ("18/101", 2018, 101)
    assert (found.title, found.url) == ("Rådmannens forslag 2020 – 2023", "https://example.no/a")
    assert (found.opens_at, found.closes_at, found.created_at, found.closed_at) == (AT, AT + 7 * DAY, AT, None)
    assert consultations.get(db, 999) is None
    assert consultations.all(db) == [found]


def test_what_cannot_be_responded_to_is_refused(db: Connection) -> None:
    with pytest.raises(ValueError, match="empty"):
        add_consultation(db, "  ")
    with pytest.raises(ValueError, match="before it opens"):
        add_consultation(db, opens_at=AT + 7 * DAY)
    with pytest.raises(ValueError, match="case number"):
        add_consultation(db, case_number="eighteen")


def test_a_change_keeps_what_is_not_named(db: Connection) -> None:
    consultation_id = add_consultation(db, url="https://example.no/a")
    consultations.change(db, consultation_id, title="Ny Skolevei", case_number="2019/7", closes_at=AT + DAY)
    found = consultations.get(db, consultation_id)
    assert found is not None
    assert (found.title, found.case_year, found.case_sequence, found.closes_at) == ("Ny Skolevei", 2019, 7, AT + DAY)
    assert found.url == "https://example.no/a"
    assert consultations.find_words(db, "skolevei", AT) == [found]
    consultations.change(db, consultation_id, url="")
    assert consultations.all(db)[0].url is None


def test_changing_closing_and_reopening_need_a_consultation(db: Connection) -> None:
    with pytest.raises(NoSuchConsultation):
        consultations.change(db, 999, title="Ny")
    with pytest.raises(NoSuchConsultation):
        consultations.close(db, 999, AT)
    with pytest.raises(NoSuchConsultation):
        consultations.reopen(db, 999)


def open_titles(db: Connection, at: datetime, page: int = 0, size: int = 10) -> tuple[list[str], int]:
    found, total = consultations.open_at(db, at, page=page, size=size)
    return [consultation.title for consultation in found], total


def test_open_ones_are_listed_with_the_soonest_deadline_first(db: Connection) -> None:
    add_consultation(db, "later", closes_at=AT + 3 * DAY)
    add_consultation(db, "sooner", closes_at=AT + 1 * DAY)
    add_consultation(db, "soon", closes_at=AT + 2 * DAY)
    assert open_titles(db, AT) == (["sooner", "soon", "later"], 3)
    assert open_titles(db, AT, page=1, size=2) == (["later"], 3)
    assert open_titles(db, AT, page=2, size=2) == ([], 3)


def test_a_consultation_is_open_from_its_opening_until_its_deadline(db: Connection) -> None:
    add_consultation(db, "it", opens_at=AT, closes_at=AT + DAY)
    assert open_titles(db, AT - A_MOMENT)[1] == 0
    assert open_titles(db, AT)[1] == 1
    assert open_titles(db, AT + DAY - A_MOMENT)[1] == 1
    assert open_titles(db, AT + DAY)[1] == 0


def test_the_record_says_the_same_as_the_list(db: Connection) -> None:
    consultation_id = add_consultation(db, opens_at=AT, closes_at=AT + DAY)
    for at in (AT - A_MOMENT, AT, AT + DAY - A_MOMENT, AT + DAY):
        found = consultations.get(db, consultation_id)
        assert found is not None
        assert found.is_open(at) is bool(open_titles(db, at)[1])
        assert found.accepts(at) is bool(consultations.find_case(db, 2018, 101, at))


def test_what_staff_have_closed_is_neither_listed_nor_found_until_they_reopen_it(db: Connection) -> None:
    consultation_id = add_consultation(db, "Skolevei")
    consultations.close(db, consultation_id, AT)
    consultations.close(db, consultation_id, AT + DAY)
    closed = consultations.get(db, consultation_id)
    assert closed is not None
    assert closed.closed_at == AT
    assert not closed.accepts(AT + DAY)
    assert open_titles(db, AT)[1] == 0
    assert consultations.find_case(db, 2018, 101, AT) == consultations.find_words(db, "skolevei", AT) == []
    consultations.reopen(db, consultation_id)
    assert open_titles(db, AT)[1] == 1


def test_a_case_is_found_with_all_its_rounds_also_past_the_deadline(db: Connection) -> None:
    for title, days in (("long ago", -9), ("lately", -1), ("later", 9), ("soon", 1)):
        add_consultation(db, title, closes_at=AT + days * DAY)
    add_consultation(db, "not yet", opens_at=AT + DAY)
    add_consultation(db, "another case", case_number="19/101")
    assert [found.title for found in consultations.find_case(db, 2018, 101, AT)] == [
        "soon",
        "later",
        "lately",
        "long ago",
    ]


@pytest.mark.parametrize(
    "words", ["rådmannens", "RÅDMANNENS FORSLAG", "handling 2020", "ra\u030admann", "forslag  til", "–"]
)
def test_a_title_is_found_by_its_words(db: Connection, words: str) -> None:
    add_consultation(db, "Rådmannens forslag til handlingsprogram 2020 – 2023")
    add_consultation(db, "Ærfugl på Øya")
    assert [found.id for found in consultations.find_words(db, words, AT)] == [1]


@pytest.mark.parametrize("words", ["ærfugl", "ÆRFUGL", "ØYA på"])
def test_norwegian_letters_are_found_in_either_case(db: Connection, words: str) -> None:
    add_consultation(db, "Ærfugl på Øya")
    add_consultation(db, "Aerfugl paa Oya")
    assert [found.id for found in consultations.find_words(db, words, AT)] == [1]


def test_capitals_do_not_count_in_any_language(db: Connection) -> None:
    consultation_id = add_consultation(db, "Straße 3")
    assert [found.id for found in consultations.find_words(db, "STRASSE", AT)] == [consultation_id]


@pytest.mark.parametrize("words", ["", "  ", "skolevei fortau", "100%", "_", "' OR 1=1 --"])
def test_what_no_title_has_is_not_found(db: Connection, words: str) -> None:
    add_consultation(db, "Skolevei")
    assert consultations.find_words(db, words, AT) == []


def test_no_more_are_found_than_a_person_can_look_through(db: Connection) -> None:
    for number in range(consultations.FOUND_LIMIT + 5):
        add_consultation(db, f"Skolevei {number}")
    assert len(consultations.find_words(db, "skolevei", AT)) == consultations.FOUND_LIMIT
