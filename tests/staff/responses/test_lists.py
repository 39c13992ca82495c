"""Lists and counts for the desk: quick however much is stored, and the words of a search where they stand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.consultations.chart import DAYS, chart
from bot.staff.responses.excerpts import excerpt, marked
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection
from storage.responses import counts, lists, responses, versions
from storage.responses.counts import Counts
from storage.responses.lists import ORDERS, Position, statement
from storage.responses.selection import Selection
from storage.staff import searches
from tests.staff.examples import fill
from tests.storage.examples import AT, add_consultation, new_database, new_response, open_conversation

SELECTIONS = (
    Selection(),
    Selection(consultation_id=1),
    Selection(late=True),
    Selection(unverified=True),
    Selection(channel="web"),
    Selection(respondent_type="private_person"),
    Selection(received_from=AT),
    Selection(words="skole"),
    Selection(status="superseded"),
    Selection(status="withdrawn", consultation_id=1),
)
MANY = (*SELECTIONS, Selection(status="received"), Selection(status="received", consultation_id=1))
"""What stands is nearly all that there is."""


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    with closing(open_for_writing(new_database(tmp_path_factory.mktemp("desk")))) as connection:
        fill(connection)
        for reference, status, by in (("R1", "superseded", "R6"), ("R4", "superseded", "R5"), ("R2", "withdrawn", "")):
            versions.decide(connection, reference, status, by=by, who="ola@example.no", at=AT)
        yield connection


def plan(db: Connection, selection: Selection, order: str, at: Position, *, many: bool) -> list[str]:
    """How SQLite goes about a page."""
    sql, values = statement(selection, order, at, many=many)
    return [str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", {**values, "size": 51})]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("selection", MANY)
@pytest.mark.parametrize("at", [Position(), Position(3), Position(3, before=True)])
def test_where_many_are_chosen_no_page_reads_or_sorts_them_all(
    db: Connection, selection: Selection, order: str, at: Position
) -> None:
    steps = plan(db, selection, order, at, many=True)
    assert not [step for step in steps if step.startswith("SCAN responses") and "INDEX" not in step]
    sorts = [step for step in steps if "TEMP B-TREE" in step]
    assert not [step for step in sorts if "LAST TERM" not in step]  # responses of one microsecond are sorted


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("selection", SELECTIONS[1:])
def test_where_few_are_chosen_they_are_found_without_reading_the_rest(
    db: Connection, selection: Selection, order: str
) -> None:
    steps = plan(db, selection, order, Position(), many=False)
    assert not [step for step in steps if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("selection", MANY)
@pytest.mark.parametrize("size", [1, 2, 4])
def test_pages_are_the_same_whether_many_or_few_are_chosen(
    db: Connection, selection: Selection, order: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {}
    for most in (0, 1000):
        monkeypatch.setattr(lists, "_MANY", most)
        pages = [lists.page(db, selection, order=order, size=size)]
        while not pages[-1].is_last:
            pages.append(lists.page(db, selection, order=order, at=Position(pages[-1].rows[-1].id), size=size))
        found[most] = [[row.reference for row in page.rows] for page in pages]
        assert sum(map(len, found[most])) == pages[0].count == lists.count(db, selection)
        assert pages[0].is_first
    assert found[0] == found[1000]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("selection", MANY)
@pytest.mark.parametrize("most", [0, 1000])
def test_the_neighbours_of_a_response_are_those_of_the_list_and_nobody_counts_the_list(
    db: Connection, selection: Selection, order: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "_MANY", most)
    rows = lists.page(db, selection, order=order).rows
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    for place, row in enumerate(rows):
        before = rows[place - 1].reference if place else None
        after = rows[place + 1].reference if place + 1 < len(rows) else None
        assert lists.neighbours(db, selection, order, row.id) == (before, after)
    db.set_trace_callback(None)
    assert not [sql for sql in asked if "count(*)" in sql and f"LIMIT {most + 1})" not in sql]


def test_a_page_begins_anew_where_the_response_beside_it_is_gone(db: Connection) -> None:
    page = lists.page(db, at=Position(99, before=True))
    assert (len(page.rows), page.is_first, page.is_last) == (6, True, True)


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(words="skole"), 2),
        (Selection(words="skole", status="received"), 0),
        (Selection(words="slutt", status="received"), 1),
        (Selection(words="skole", status="withdrawn"), 1),
        (Selection(words="skole", unverified=True), 0),
        (Selection(words="skole", status="received", consultation_id=2), 0),
        (Selection(words="--", status="received"), 3),
    ],
)
def test_what_is_searched_for_is_counted_with_one_search(db: Connection, selection: Selection, expected: int) -> None:
    asked: list[str] = []
    db.set_trace_callback(asked.append)
    found = lists.count(db, selection)
    db.set_trace_callback(None)
    assert found == expected == len(lists.page(db, selection).rows)
    assert len([sql for sql in asked if " MATCH " in sql]) <= 1


def test_norwegian_letters_come_after_z_whatever_their_case(db: Connection) -> None:
    rows = lists.page(db, Selection(), order="respondent").rows
    assert [row.organisation_name or row.last_name for row in rows][1:] == [
        *("Nordmann", "Zakariassen", "Ærlig vel", "Ødegård", "åsen")
    ]


NAMES = (
    *("Ánne", "Berg", "Carlsen", "Čohkka", "Dalen", "Đuoddar", "Eidem", "Élan", "Nilsen", "Ŋuorra", "Šaddu", "Yri"),
    *("Žarko", "Zorro", "Äng", "Ærlig", "Øst", "Östlund", "Åsen"),
)


def test_letters_of_the_neighbours_and_the_sami_stand_where_a_reader_looks_for_them(tmp_path: Path) -> None:
    with closing(open_for_writing(new_database(tmp_path))) as db:
        consultation = add_consultation(db)
        for number, name in enumerate(reversed(NAMES)):
            talk = open_conversation(db, str(number))
            new = new_response(talk, consultation, first_name="Kari", last_name=name)
            responses.insert(db, new, lambda number=number: f"R{number}")  # type: ignore[misc]  # used at once
        rows = lists.page(db, Selection(), order="respondent").rows
    assert tuple(row.last_name for row in rows) == NAMES


def test_consultations_are_counted(db: Connection) -> None:
    since = AT + timedelta(minutes=1)
    assert counts.by_consultation(db, since) == {
        1: Counts(3, 2, 0, 0, 1, 1),
        2: Counts(3, 3, 3, 1, 1, 0),
    }


def test_searches_are_kept_for_their_searcher_and_not_for_ever(db: Connection) -> None:
    first = searches.keep(db, "a@example.no", "skole")
    assert searches.keep(db, "a@example.no", "skole") == first
    assert searches.words_of(db, "a@example.no", first) == "skole"
    assert searches.words_of(db, "b@example.no", first) is None
    for number in range(searches.KEPT):
        searches.keep(db, "a@example.no", f"{number}" + "x" * 1000)
    searches.keep(db, "b@example.no", "skole")
    assert searches.words_of(db, "a@example.no", first) is None
    (count, longest) = db.execute("SELECT count(*), max(length(words)) FROM searches").fetchone()
    assert (count, longest) == (searches.KEPT + 1, searches.LONGEST)


# --- Excerpts -------------------------------------------------------------------------------------------------


def hits(text: str, words: str) -> list[str]:
    return [piece for piece, is_hit in marked(text, words) if is_hit]


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Skolevei og skole, ikke barneskole", "skole", ["Skolevei", "skole"]),
        ("Åse bor på ÅSEN", "åse", ["Åse", "ÅSEN"]),
        ("Hun sa: nei -- takk, nei", '"nei takk"', ["nei -- takk"]),
        ("nei takker", '"nei takk"', []),
        ("a b a.", "a", ["a", "a"]),
        ("aa", "a", []),
        ("(.*) [x]", ".* x", ["x"]),
        ("vel&vel", "vel&vel", ["vel&vel"]),
        ("", "x", []),
        ("x", "", []),
    ],
)
def test_words_are_marked_as_the_search_finds_them(text: str, words: str, expected: list[str]) -> None:
    assert hits(text, words) == expected


@given(text=st.text(), words=st.text())
def test_marking_changes_no_letter(text: str, words: str) -> None:
    assert "".join(piece for piece, _ in marked(text, words)) == text


def test_in_a_text_of_nothing_but_hits_the_first_thousand_are_marked_and_nothing_is_lost() -> None:
    pieces = marked("skole " * 16_000, "skole sko")
    assert len(pieces) == 2000
    assert [piece for piece, is_hit in pieces if is_hit] == ["skole"] * 1000
    assert "".join(piece for piece, _ in pieces) == "skole " * 16_000


@given(text=st.text(alphabet="ab \n", max_size=900), words=st.text(alphabet="ab ", max_size=5))
def test_an_excerpt_is_short_and_shows_a_hit_where_there_is_one(text: str, words: str) -> None:
    pieces = excerpt(text, words)
    assert sum(len(piece) for piece, _ in pieces) <= 230
    if max(map(len, hits(text, words)), default=999) < 100:
        assert any(is_hit for _, is_hit in pieces)


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("Ord " * 100 + "nål  og\n\ntråd " + "hale " * 100, "nål", "… " + "Ord " * 15 + "nål og tråd hale"),
        ("Ord\n\n nål " + "hale " * 100, "nål", "Ord nål hale"),
        ("x" * 5000 + " nål", "nål", "… nål"),
        ("Ord " * 100 + "x" * 70 + " nål", "nål", "… " + "x" * 70 + " nål"),
        ("Ord " * 100 + "barneskole " * 40 + "skole", "skole", "… " + "barneskole " * 6 + "skole"),
        ("kort", "", "kort"),
        ("kort" + " " * 1000 + "tekst", "", "kort…"),
        ("Ord " * 100, "finnes-ikke", "Ord " * 54 + "Ord…"),
    ],
)
def test_an_excerpt_begins_with_whole_words_before_the_hit(text: str, words: str, expected: str) -> None:
    assert "".join(piece for piece, _ in excerpt(text, words)).startswith(expected)


@pytest.mark.parametrize(("length", "goes_on"), [(219, False), (220, False), (221, True), (440, True), (5000, True)])
@pytest.mark.parametrize("space", [" ", "\n\n "])
def test_a_list_tells_where_a_text_goes_on(tmp_path: Path, space: str, length: int, goes_on: bool) -> None:
    check_the_list_shows(tmp_path, ("nittentegnhverteneste " * 300)[:length].replace(" ", space), goes_on=goes_on)


def test_a_list_tells_where_a_text_goes_on_behind_much_empty_space(tmp_path: Path) -> None:
    check_the_list_shows(tmp_path, "kort" + " " * 1000 + "tekst", goes_on=True)


def check_the_list_shows(tmp_path: Path, text: str, *, goes_on: bool) -> None:
    with closing(open_for_writing(new_database(tmp_path))) as db:
        fill(db)
        db.execute("UPDATE responses SET text = ? WHERE reference = 'R6'", (text,))
        shown = "".join(piece for piece, _ in excerpt(lists.page(db).rows[0].text, ""))
    assert shown.endswith("…") == goes_on
    assert " ".join(text.split()).startswith(shown.rstrip("…"))
    assert shown == "".join(piece for piece, _ in excerpt(text, ""))


def test_an_excerpt_of_the_longest_text_takes_hardly_longer_than_of_a_short_one() -> None:
    longest, shorter = "Ord nål og tråd. " * 6000, "Ord nål og tråd. " * 60

    def seconds(text: str) -> float:
        begun = time.process_time()
        for _ in range(50):
            excerpt(text, "nål ord")
        return time.process_time() - begun

    assert min(seconds(longest) for _ in range(3)) < 4 * min(seconds(shorter) for _ in range(3))


# --- The chart ------------------------------------------------------------------------------------------------


def test_a_chart_has_a_bar_for_each_norwegian_day_without_gaps() -> None:
    late_evening = datetime(2026, 11, 24, 23, tzinfo=UTC)  # past midnight in Norway
    drawn = chart({datetime(2026, 11, 22, 9, tzinfo=UTC): 4, late_evening: 2})
    assert drawn is not None
    assert [(bar.day, bar.count) for bar in drawn.bars] == [
        (date(2026, 11, 22), 4),
        (date(2026, 11, 23), 0),
        (date(2026, 11, 24), 0),
        (date(2026, 11, 25), 2),
    ]
    assert [bar.height for bar in drawn.bars] == [96, 0, 0, 48]
    assert all(bar.y + bar.height == drawn.height for bar in drawn.bars)
    assert chart({}) is None


def test_a_chart_tells_what_came_before_its_days() -> None:
    drawn = chart({AT + timedelta(days=day): 1 for day in range(200)})
    assert drawn is not None
    assert len(drawn.bars) == DAYS
    assert drawn.earlier == 200 - DAYS
    assert drawn.bars[-1].x + drawn.bars[-1].width <= drawn.width
