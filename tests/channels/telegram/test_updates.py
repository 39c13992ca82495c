"""What Telegram sends is read as what people did, whatever it is."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.updates import Bot, Incoming, UnreadableUpdate, read_update
from dialogs.events import Attached, Edited, InGroup, Picked, Said, Started
from tests.stand_ins.people import BOT_ID, BOT_USERNAME, CONTENTS, Person

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
SENT = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
DATE = int(SENT.timestamp())
BOT = Bot(BOT_ID, BOT_USERNAME)
KARI = Person(7, "nb", lambda update: 0)
GROUP = {"id": -100, "type": "supergroup", "title": "Velforeningen"}


def read(update: object) -> Incoming | None:
    return read_update(update, AT, BOT)


def written(text: str) -> dict[str, Any]:
    return {"update_id": 1, "message": {**KARI.message(text=text, date=DATE), "message_id": 5}}


def in_group(**content: Any) -> dict[str, Any]:
    return {"update_id": 1, "message": {**KARI.message(**content, date=DATE), "chat": GROUP}}


def test_a_text_is_said_at_the_time_when_it_reached_us() -> None:
    said = Said(at=AT, locale="nb", text="Kari Nordmann", message_id="5")
    assert read(written("Kari Nordmann")) == Incoming("7", said, sent_at=SENT)


def test_a_text_keeps_its_line_breaks_spaces_and_invisible_characters() -> None:
    text = "  Vi mener:\n\n• fortau\n\u200b\u202e\t– nå  "
    said = Said(at=AT, locale="nb", text=text, message_id="5")
    assert read(written(text)) == Incoming("7", said, sent_at=SENT)


@pytest.mark.parametrize(
    ("text", "link"),
    [("/start", ""), ("/start c12", "c12"), (f"/start@{BOT_USERNAME} c12", "c12"), ("/START  c12 ", "c12")],
)
def test_start_begins_with_what_the_link_named(text: str, link: str) -> None:
    assert read(written(text)) == Incoming("7", Started(at=AT, locale="nb", link=link), sent_at=SENT)


@pytest.mark.parametrize("text", ["/hjelp", f"/hjelp@{BOT_USERNAME}", "/started", "/start a b", "/", "start"])
def test_other_commands_stay_texts_for_the_conversation_to_read(text: str) -> None:
    incoming = read(written(text))
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert incoming.event.text == text


@pytest.mark.parametrize(
    ("text", "continues"),
    [("a" * 4096, True), ("a" * 4095, False), ("😀" * 2048, True), ("😀" * 4096, True), ("😀" * 2047, False)],
)
def test_a_piece_of_exactly_telegrams_limit_goes_on_in_the_next(text: str, continues: bool) -> None:
    incoming = read(written(text))
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert incoming.event.continues is continues


def test_what_no_text_file_can_hold_becomes_a_visible_mark_and_the_rest_stays() -> None:
    incoming = read(json.loads(json.dumps(written("a\0b\ud800c 😀"))))
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert incoming.event.text == "a\ufffdb\ufffdc 😀"
    assert incoming.event.text.encode()


def test_an_edited_text_names_the_message_that_it_changes() -> None:
    edited = {**KARI.message(text="rettet"), "message_id": 5, "edit_date": DATE}
    event = Edited(at=AT, locale="nb", message_id="5", text="rettet")
    assert read({"update_id": 1, "edited_message": edited}) == Incoming("7", event, sent_at=SENT)


def test_an_edited_caption_or_a_moving_live_location_is_no_answer() -> None:
    for kind in ("photo with caption", "location"):
        assert read({"update_id": 1, "edited_message": KARI.message(**CONTENTS[kind])}) is None


def pressed(**changes: Any) -> dict[str, Any]:
    message = {"message_id": 9, "date": 1, "chat": {"id": 7, "type": "private"}}
    query = {"id": "77", "from": {"id": 7, "language_code": "en"}, "message": message, "data": "d:type:person"}
    return {"update_id": 1, "callback_query": {**query, **changes}}


def test_a_press_carries_its_data_and_the_message_that_may_be_edited() -> None:
    assert read(pressed()) == Incoming("7", Picked(at=AT, locale="en", data="d:type:person"), "9", "77")


def test_a_press_on_a_message_that_telegram_no_longer_has_still_counts() -> None:
    picked = Picked(at=AT, locale="en", data="d:type:person")
    assert read(pressed(message=None)) == Incoming("7", picked, None, "77")


def test_a_press_without_data_is_a_press_that_nobody_knows() -> None:
    assert read(pressed(data=None)) == Incoming("7", Picked(at=AT, locale="en", data=""), "9", "77")


def test_a_press_in_a_group_collects_nothing() -> None:
    incoming = read(pressed(message={"message_id": 9, "date": 1, "chat": GROUP}))
    assert incoming is not None
    assert isinstance(incoming.event, InGroup)
    assert (incoming.address, incoming.edit_target, incoming.callback_id) == ("-100", None, "77")


EXPECTED_KINDS = {
    "sticker": "sticker",
    "voice": "voice",
    "video_note": "voice",
    "location": "location",
    "venue": "location",
    "contact": "other",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "checklist": "other",
    "invoice": "other",
    "giveaway": "other",
    "something new": "other",
}


@pytest.mark.parametrize("name", CONTENTS)
def test_everything_that_a_person_sends_gets_a_reply(name: str) -> None:
    kind = EXPECTED_KINDS.get(name, "photo")
    attached = Attached(at=AT, locale="nb", kind=kind)
    message = KARI.message(**CONTENTS[name], date=DATE)
    assert read({"update_id": 1, "message": message}) == Incoming("7", attached, sent_at=SENT)


@pytest.mark.parametrize(
    "extra",
    [
        {"forward_origin": {"type": "hidden_user", "sender_user_name": "Kari", "date": 1}},
        {"via_bot": {"id": 1, "is_bot": True, "first_name": "x"}},
        {"reply_to_message": {"message_id": 1, "from": {"id": BOT_ID}}},
        {"entities": [{"type": "bold", "offset": 0, "length": 1}]},
        {"is_from_offline": True, "has_protected_content": True},
    ],
)
def test_a_text_is_a_text_however_it_came(extra: dict[str, Any]) -> None:
    incoming = read({"update_id": 1, "message": KARI.message(text="ja", **extra)})
    assert incoming is not None
    assert isinstance(incoming.event, Said)


@pytest.mark.parametrize(
    "update",
    [
        {"my_chat_member": {"chat": {"id": 7, "type": "private"}, "new_chat_member": {"status": "kicked"}}},
        {"channel_post": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "text": "hei"}},
        {"edited_channel_post": {"message_id": 1}},
        {"message": {"message_id": 1, "chat": {"id": -1, "type": "channel"}, "text": "hei"}},
        {"message": KARI.message(pinned_message={"message_id": 1})},
        {"message": KARI.message(message_auto_delete_timer_changed={"message_auto_delete_time": 1})},
        {"message": KARI.message(write_access_allowed={})},
        {"edited_message": {"message_id": 1, "chat": GROUP, "text": "hei"}},
        {"poll_answer": {"poll_id": "1"}},
        {"message_reaction": {"chat": {"id": 7, "type": "private"}}},
        {"something_new": {}},
        {},
    ],
)
def test_what_nobody_said_to_us_is_acknowledged_without_a_reply(update: dict[str, Any]) -> None:
    assert read({"update_id": 1, **update}) is None


@pytest.mark.parametrize(
    "content",
    [
        {"text": "/start"},
        {"text": f"/start@{BOT_USERNAME}"},
        {"text": f"Hei @{BOT_USERNAME.upper()}, hva nå?"},
        {"text": "ja", "reply_to_message": {"message_id": 1, "from": {"id": BOT_ID}}},
        {**CONTENTS["photo"], "caption": f"@{BOT_USERNAME} se her"},
    ],
)
def test_in_a_group_we_answer_who_addresses_us_with_the_way_to_a_private_chat(content: dict[str, Any]) -> None:
    event = InGroup(at=AT, locale="nb", private_link=f"https://t.me/{BOT_USERNAME}")
    assert read(in_group(**content)) == Incoming("-100", event, sent_at=SENT)


@pytest.mark.parametrize("date", [None, "i går", 0, -1, 10**30, 1.5])
def test_a_date_that_is_none_says_nothing_of_when_it_was_sent(date: object) -> None:
    incoming = read({"update_id": 1, "message": KARI.message(text="hei", date=date)})
    assert incoming is not None
    assert incoming.sent_at is None


@pytest.mark.parametrize(
    "content",
    [
        {"text": "hei alle sammen"},
        {"text": "/start@another_bot"},
        {"text": f"@{BOT_USERNAME}2 hei"},
        {"text": f"kari@{BOT_USERNAME}"},
        {"text": "ja", "reply_to_message": {"message_id": 1, "from": {"id": 8}}},
        CONTENTS["sticker"],
        {"new_chat_members": [{"id": BOT_ID}]},
    ],
)
def test_in_a_group_what_is_said_to_others_is_left_alone(content: dict[str, Any]) -> None:
    assert read(in_group(**content)) is None


POISON: list[object] = [
    None,
    [],
    "x",
    {"update_id": "x"},
    {"update_id": 1, "message": None},
    {"update_id": 1, "message": {"chat": None}},
    {"update_id": 1, "message": {"chat": {"type": "private"}, "message_id": 1, "text": "hei"}},
    {"update_id": 1, "message": {"chat": {"type": "private", "id": "7"}, "message_id": 1, "text": "hei"}},
    {"update_id": 1, "message": {"chat": {"type": "private", "id": 7}, "text": "hei"}},
    {"update_id": 1, "message": {"chat": {"type": "private", "id": 7}, "message_id": 1, "text": 5}},
    {"update_id": 1, "message": {"chat": {"type": "private", "id": 10**5000}, "message_id": 1, "text": "hei"}},
    {"update_id": 1, "edited_message": []},
    {"update_id": 1, "callback_query": {}},
    {"update_id": 1, "callback_query": {"id": "1", "from": {"id": "7"}}},
]


@pytest.mark.parametrize("update", POISON)
def test_what_cannot_be_read_says_so(update: object) -> None:
    with pytest.raises(UnreadableUpdate):
        read(update)


MESSAGE_KEYS = ["chat", "id", "type", "text", "from", "data", "message_id", "language_code"]
KEYS = st.sampled_from(["update_id", "message", "edited_message", "callback_query", *MESSAGE_KEYS])
LEAVES = st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["private", "group", "/start"])
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=6))


@given(JSON)
def test_reading_never_fails_in_another_way(update: object) -> None:
    with suppress(UnreadableUpdate):
        read(update)


def hidden(text: str, words: str, url: str) -> dict[str, Any]:
    units = len(text[: text.index(words)].encode("utf-16-le")) // 2
    length = len(words.encode("utf-16-le")) // 2
    return {"type": "text_link", "offset": units, "length": length, "url": url}


LINKED = [
    ("Les planen her.", "planen", "https://example.no/plan", "Les planen (https://example.no/plan) her."),
    ("😀 se kartet", "kartet", "https://example.no/kart", "😀 se kartet (https://example.no/kart)"),
    ("example.no/plan", "example.no/plan", "https://www.example.no/plan/", ""),
]


@pytest.mark.parametrize(("text", "words", "url", "linked"), LINKED)
def test_the_address_behind_a_word_follows_it_in_a_message_and_in_a_changed_one(
    text: str, words: str, url: str, linked: str
) -> None:
    entities = [{"type": "bold", "offset": 0, "length": 1}, hidden(text, words, url)]
    for name, kind in (("message", Said), ("edited_message", Edited)):
        incoming = read({"update_id": 1, name: KARI.message(text=text, entities=entities)})
        assert incoming is not None
        assert isinstance(incoming.event, kind)
        assert incoming.event.text == text
        assert incoming.event.linked == linked


def test_several_addresses_stand_each_behind_its_own_words() -> None:
    entities = [hidden("a og b", "a", "https://a.example.no"), hidden("a og b", "b", "https://b.example.no")]
    incoming = read({"update_id": 1, "message": KARI.message(text="a og b", entities=entities)})
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert incoming.event.linked == "a (https://a.example.no) og b (https://b.example.no)"


@pytest.mark.parametrize(
    "entities",
    [
        None,
        [{}],
        [{"type": "text_link", "offset": 0, "length": 99, "url": "https://example.no"}],
        [{"type": "text_link", "offset": -1, "length": 1, "url": "https://example.no"}],
        [{"type": "text_link", "offset": 0, "length": 0, "url": "https://example.no"}],
        [{"type": "url", "offset": 0, "length": 1}],
    ],
)
def test_entities_that_do_not_fit_the_text_change_nothing(entities: Any) -> None:
    incoming = read({"update_id": 1, "message": KARI.message(text="hei", entities=entities)})
    assert incoming is not None
    assert isinstance(incoming.event, Said)
    assert (incoming.event.text, incoming.event.linked) == ("hei", "")
