"""Conversations, what they were told, what they wait for, and what is swept away in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from storage.conversations import conversations, lookups, outbox, set_aside
from storage.conversations.outbox import OutboxRow
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection
from storage.database.times import moment, stamp
from storage.keeping.sweep import AT_ONCE, KEPT_FOR, sweep
from storage.register import postal_codes
from tests.storage.examples import AT, new_database, open_conversation, whose

SOON = AT + timedelta(seconds=1)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Connection]:
    with closing(open_for_writing(new_database(tmp_path))) as connection:
        yield connection


def say(db: Connection, conversation_id: int, message: str, kind: str = "question") -> OutboxRow:
    return outbox.put(db, whose(db, conversation_id), message, kind=kind, draft="d1", edit_target=None, at=AT)


def unsent(db: Connection) -> list[str]:
    return [row.message for row in outbox.unsent(db, "telegram")]


# --- Times --------------------------------------------------------------------------------------------------


def test_a_moment_is_kept_in_utc_to_the_microsecond() -> None:
    oslo = timezone(timedelta(hours=1))
    assert stamp(datetime(2026, 11, 24, 9, 30, tzinfo=oslo)) == "2026-11-24T08:30:00.000000Z"
    assert stamp(AT) == "2026-11-24T08:30:00.123456Z"
    assert moment(stamp(AT)) == AT
    assert moment(stamp(AT)).utcoffset() == timedelta(0)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        stamp(datetime(2026, 11, 24))  # noqa: DTZ001 - a moment without a zone is what is refused


# --- Conversations ------------------------------------------------------------------------------------------


def test_an_event_is_claimed_once_on_its_channel(db: Connection) -> None:
    assert conversations.claim(db, "telegram", "7", AT) is True
    assert conversations.claim(db, "telegram", "7", SOON) is False
    assert conversations.claim(db, "telegram", "6", AT) is True  # ids may start again lower
    assert conversations.claim(db, "web", "7", AT) is True


def test_an_address_has_one_conversation_on_its_channel(db: Connection) -> None:
    first = conversations.find_or_open(db, "telegram", "1", AT)
    assert (first.session, first.draft, first.locale, first.active_at) == (None, "", "", AT)
    assert conversations.find_or_open(db, "telegram", "1", SOON) == first
    assert conversations.find_or_open(db, "web", "1", AT).id != first.id
    assert conversations.find(db, "telegram", "2") is None


def test_a_conversation_goes_on_where_it_was(db: Connection) -> None:
    conversation_id = open_conversation(db)
    conversations.save(db, conversation_id, '{"svar": "æøå"}', draft="d1", locale="nn", at=SOON)
    found = conversations.find(db, "telegram", "1")
    assert found is not None
    assert (found.session, found.draft, found.locale, found.active_at) == ('{"svar": "æøå"}', "d1", "nn", SOON)


def test_a_person_who_writes_again_can_be_reached_again(db: Connection) -> None:
    conversation_id = open_conversation(db)
    conversations.mark_unreachable(db, conversation_id, AT)
    assert conversations.find_or_open(db, "telegram", "1", AT).unreachable_at == AT
    conversations.save(db, conversation_id, None, draft="", locale="nb", at=SOON)
    assert conversations.find_or_open(db, "telegram", "1", AT).unreachable_at is None


def test_only_drafts_that_nobody_came_back_to_are_untouched(db: Connection) -> None:
    for address, draft, at in (("old", "d1", AT), ("new", "d1", SOON), ("without a draft", "", AT)):
        conversations.save(db, open_conversation(db, address), "{}", draft=draft, locale="nb", at=at)
    assert conversations.untouched(db, before=AT) == []
    assert [conversation.address for conversation in conversations.untouched(db, before=SOON)] == ["old"]


# --- The outbox ---------------------------------------------------------------------------------------------


def test_what_is_said_carries_where_it_goes(db: Connection) -> None:
    conversation_id = open_conversation(db, "42")
    row = outbox.put(db, whose(db, conversation_id), "{}", kind="review", draft="d1", edit_target="9", at=AT)
    assert (row.channel, row.address, row.kind, row.draft, row.edit_target) == ("telegram", "42", "review", "d1", "9")
    assert (row.conversation_id, row.message, row.tried_at) == (conversation_id, "{}", None)
    assert outbox.unsent(db, "telegram") == [row]
    assert outbox.latest(db, conversation_id) == row


def test_ten_pieces_of_a_paste_get_one_count(db: Connection) -> None:
    conversation_id = open_conversation(db)
    for number in range(10):
        say(db, conversation_id, f"{number}")
    assert unsent(db) == ["9"]


def test_a_receipt_is_never_replaced(db: Connection) -> None:
    conversation_id = open_conversation(db)
    say(db, conversation_id, "the receipt", kind="receipt")
    say(db, conversation_id, "a question")
    say(db, conversation_id, "another question")
    assert unsent(db) == ["the receipt", "another question"]


def test_what_may_have_been_said_is_not_replaced(db: Connection) -> None:
    conversation_id = open_conversation(db)
    tried = say(db, conversation_id, "tried")
    outbox.mark_tried(db, tried.id, SOON)
    say(db, conversation_id, "new")
    assert [(row.message, row.tried_at) for row in outbox.unsent(db, "telegram")] == [("tried", SOON), ("new", None)]


def test_one_conversation_does_not_replace_what_another_is_told(db: Connection) -> None:
    say(db, open_conversation(db, "1"), "to the first")
    say(db, open_conversation(db, "2"), "to the second")
    say(db, open_conversation(db, "1", "web"), "on another channel")
    assert unsent(db) == ["to the first", "to the second"]


def test_what_was_sent_is_not_sent_again_and_stays_the_latest(db: Connection) -> None:
    conversation_id = open_conversation(db)
    row = say(db, conversation_id, "sent")
    outbox.mark_sent(db, row.id, "1001", SOON)
    assert unsent(db) == []
    assert outbox.count_unsent(db) == 0
    latest = outbox.latest(db, conversation_id)
    assert latest is not None
    assert latest.message == "sent"


# --- Look-ups -----------------------------------------------------------------------------------------------


def test_a_question_waits_until_it_is_answered_once(db: Connection) -> None:
    conversation_id = open_conversation(db, "42")
    lookup_id = lookups.ask(db, conversation_id, '{"number":"974540193"}', AT)
    waiting = lookups.pending(db)
    assert [(row.id, row.channel, row.address, row.question, row.asked_at) for row in waiting] == [
        (lookup_id, "telegram", "42", '{"number":"974540193"}', AT)
    ]
    assert lookups.finish(db, lookup_id) == waiting[0]
    assert lookups.finish(db, lookup_id) is None
    assert lookups.pending(db) == []


def test_the_same_question_twice_is_one_look_up(db: Connection) -> None:
    conversation_id = open_conversation(db)
    first = lookups.ask(db, conversation_id, "{}", AT)
    assert lookups.ask(db, conversation_id, "{}", SOON) == first
    assert [(row.asked_at, row.attempts) for row in lookups.pending(db)] == [(SOON, 2)]


def test_forgetting_a_draft_forgets_what_it_waits_for_and_no_more(db: Connection) -> None:
    lookups.ask(db, open_conversation(db, "1"), "{}", AT)
    other = lookups.ask(db, open_conversation(db, "2"), "{}", AT)
    lookups.forget(db, open_conversation(db, "1"))
    assert [row.id for row in lookups.pending(db)] == [other]


# --- Set aside ----------------------------------------------------------------------------------------------


def test_an_event_is_set_aside_whatever_is_in_it(db: Connection) -> None:
    set_aside.put(db, "telegram", "1", 'half of a pair: \ud83d, and "\0"', "not \udc80 readable", AT)
    set_aside.put(db, "telegram", "2", "{", "not JSON", SOON)
    assert set_aside.count(db) == 2
    newest, oldest = set_aside.recent(db, 10)
    assert (newest.event_id, newest.raw, newest.reason, newest.at) == ("2", "{", "not JSON", SOON)
    assert (oldest.raw, oldest.reason) == ('half of a pair: \\ud83d, and "\0"', "not \\udc80 readable")
    assert set_aside.recent(db, 1) == [newest]


# --- Postal codes -------------------------------------------------------------------------------------------


def test_a_postal_code_keeps_its_zeros_and_has_a_town(db: Connection) -> None:
    assert postal_codes.loaded(db) is False
    assert postal_codes.replace_all(db, [("0150", "OSLO"), ("1385", "ASKER")]) == 2
    assert postal_codes.loaded(db) is True
    assert postal_codes.town(db, "0150") == "OSLO"
    assert postal_codes.town(db, "150") is None


def test_a_new_register_takes_the_place_of_the_old_one(db: Connection) -> None:
    postal_codes.replace_all(db, [("0150", "OSLO"), ("1385", "ASKER")])
    assert postal_codes.replace_all(db, [("1385", "Asker")]) == 1
    assert (postal_codes.town(db, "0150"), postal_codes.town(db, "1385")) == (None, "Asker")


# --- The sweep ----------------------------------------------------------------------------------------------


def test_claims_are_kept_for_48_hours(db: Connection) -> None:
    conversations.claim(db, "telegram", "old", AT)
    conversations.claim(db, "telegram", "new", SOON)
    assert sweep(db, AT + KEPT_FOR) == 0
    assert sweep(db, SOON + KEPT_FOR) == 1
    assert conversations.claim(db, "telegram", "old", SOON) is True
    assert conversations.claim(db, "telegram", "new", SOON) is False


def test_messages_sent_are_swept_but_the_latest_and_the_unsent_stay(db: Connection) -> None:
    conversation_id = open_conversation(db)
    for message in ("first", "second", "latest"):
        outbox.mark_sent(db, say(db, conversation_id, message).id, None, AT)
    other = open_conversation(db, "2")
    say(db, other, "a receipt that never got there", kind="receipt")
    outbox.mark_sent(db, say(db, other, "its latest").id, None, AT)
    assert sweep(db, AT + KEPT_FOR) == 0
    assert sweep(db, SOON + KEPT_FOR) == 2
    kept = [message for (message,) in db.execute("SELECT message FROM outbox ORDER BY id")]
    assert kept == ["latest", "a receipt that never got there", "its latest"]


def test_a_message_that_is_no_longer_the_latest_is_swept_though_the_sweep_has_passed_it(db: Connection) -> None:
    conversation_id = open_conversation(db)
    outbox.mark_sent(db, say(db, conversation_id, "old").id, None, AT)
    assert sweep(db, SOON + KEPT_FOR) == 0
    outbox.mark_sent(db, say(db, conversation_id, "new").id, None, AT)
    assert sweep(db, SOON + KEPT_FOR) == 1
    assert [message for (message,) in db.execute("SELECT message FROM outbox")] == ["new"]


@pytest.mark.slow
def test_more_than_one_sweep_holds_is_swept_in_several(db: Connection) -> None:
    many = 2 * AT_ONCE + 1
    for number in range(many):
        conversations.claim(db, "telegram", str(number), AT)
    assert [sweep(db, SOON + KEPT_FOR) for _ in range(4)] == [AT_ONCE, AT_ONCE, 1, 0]


@pytest.mark.slow
def test_a_sweep_reads_none_of_what_is_not_over(db: Connection) -> None:
    """As SQLite counts its own steps: with 30 times as much stored, it takes as many."""

    def steps() -> int:
        counted = 0

        def count() -> int:
            nonlocal counted
            counted += 1
            return 0

        db.set_progress_handler(count, 1)
        sweep(db, SOON + KEPT_FOR)
        conversations.untouched(db, AT)
        conversations.unused(db, "web", AT, AT_ONCE)
        db.set_progress_handler(None, 1)
        return counted

    def store(names: range) -> None:
        for name in names:
            conversation_id = open_conversation(db, str(name))
            conversations.claim(db, "telegram", str(name), SOON)
            conversations.save(db, conversation_id, "{}", draft="d", locale="nb", at=SOON)
            outbox.mark_sent(db, say(db, conversation_id, "the latest").id, None, AT)
            for draft in ("", "d"):
                at_rest = open_conversation(db, f"{name} {draft}", "web")
                conversations.save(db, at_rest, "{}", draft=draft, locale="nb", at=SOON)
            conversations.take_leave(db, open_conversation(db, f"{name} left", "web"), f"{name} unknown", AT)

    store(range(20))
    sweep(db, SOON + KEPT_FOR)
    few = steps()
    store(range(20, 600))
    while sweep(db, SOON + KEPT_FOR):
        pass
    assert steps() < 1.5 * few
