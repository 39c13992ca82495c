"""Only what a person wrote is answered, whatever else Telegram writes into a chat."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message
from telegram.constants import MessageType
from telegram.ext import filters

from bot.channels.telegram import kinds
from bot.channels.telegram.updates import Bot, Incoming, read_update
from dialogs.events import Attached, InGroup
from tests.stand_ins.people import BOT_ID, BOT_USERNAME, CONTENTS, Person

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
KARI = Person(7, "nb", lambda update: 0)
GROUP = {"id": -100, "type": "supergroup", "title": "Velforeningen", "is_forum": True}
SILENT = sorted(name for name, kind in kinds.KINDS.items() if kind == kinds.NOBODY)

# What the library has another word for than the Bot API.
_OTHERWISE = {"from_user": "from"}


def read(message: dict[str, Any], name: str = "message") -> Incoming | None:
    return read_update({"update_id": 1, name: message}, AT, Bot(BOT_ID, BOT_USERNAME))


def test_each_kind_of_the_bot_api_has_a_row_or_belongs_to_the_envelope() -> None:
    known = kinds.KINDS.keys() | kinds.ENVELOPE
    fields = {_OTHERWISE.get(name, name) for name in Message.__slots__ if not name.startswith("_")}
    assert fields | {kind.value for kind in MessageType} <= known
    assert not kinds.KINDS.keys() & kinds.ENVELOPE


def test_what_the_library_calls_a_change_of_status_has_no_reply_but_for_what_a_person_shares() -> None:
    kept = {"ALL", "CHAT_CREATED", "MIGRATE", "USERS_SHARED", "CHAT_SHARED", "WEB_APP_DATA"}
    names = {name.lower() for name in vars(filters.StatusUpdate) if name.isupper() and name not in kept}
    assert names
    assert names <= set(SILENT)


@pytest.mark.parametrize("name", SILENT)
def test_what_telegram_writes_by_itself_has_no_reply(name: str) -> None:
    in_a_topic = {"is_topic_message": True, "message_thread_id": 42, "reply_to_message": {"message_id": 1}}
    assert read(KARI.message(**{name: {"text": "Kari har endret noe"}})) is None
    assert read(KARI.message(**{name: True}, **in_a_topic)) is None


@pytest.mark.parametrize(
    "content",
    [{"hologram_price_changed": {"price": 3}}, {"nothing_at_all": True}, {"chat_dissolved": [{"id": 7}]}],
)
def test_a_kind_that_is_newer_than_we_are_is_silent_where_no_person_wrote(content: dict[str, Any]) -> None:
    assert read(KARI.message(**content)) is None


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"hologram": {"file_id": "1"}},
        {"hologram": [{"file_id": "1", "width": 9}, {"file_id": "2", "width": 90}]},
        {"hologram": {"length": 3, "thumbnail": {"file_id": "1"}}},
        {"riddle": {"question": "?"}, "caption": "Hva er dette"},
        {"riddle": {"question": "?"}, "forward_origin": {"type": "user"}},
        {"riddle": {"question": "?"}, "quote": {"text": "fortau"}},
    ],
)
def test_a_kind_that_is_newer_than_we_are_has_a_reply_where_a_person_sent_it(content: dict[str, Any]) -> None:
    incoming = read(KARI.message(**content))
    assert incoming is not None
    assert incoming.event == Attached(at=AT, locale="nb", kind="other")


def test_a_live_photo_is_a_picture() -> None:
    incoming = read(KARI.message(live_photo={"file_id": "1"}, photo=[{"file_id": "2"}]))
    assert incoming is not None
    assert incoming.event == Attached(at=AT, locale="nb", kind="photo")


@pytest.mark.parametrize("name", ["message", "edited_message"])
@pytest.mark.parametrize("content", [{"text": "hei"}, {"text": "/start c1"}, CONTENTS["photo"], CONTENTS["sticker"]])
def test_another_bot_is_no_person(name: str, content: dict[str, Any]) -> None:
    bot = {"id": 99, "is_bot": True, "first_name": "En annen bot", "username": "another_bot"}
    assert read({**KARI.message(**content), "from": bot}, name) is None
    assert read({**KARI.message(**content), "from": bot, "chat": GROUP, "text": f"@{BOT_USERNAME} hei"}, name) is None


def test_who_speaks_for_a_group_is_a_person_though_telegram_calls_it_a_bot() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    message = {**KARI.message(text="/start"), "from": anonymous, "chat": GROUP, "sender_chat": GROUP}
    incoming = read(message)
    assert incoming is not None
    assert isinstance(incoming.event, InGroup)
