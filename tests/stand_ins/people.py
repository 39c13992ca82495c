"""People in Telegram, as tests act them: they write, press, edit and attach, and hear what the bot says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot import clock

BOT_ID = 123456
BOT_USERNAME = "innspill_test_bot"

_FILE = {"file_id": "f1", "file_unique_id": "u1"}
_PERSON = {"id": 7, "is_bot": False, "first_name": "Kari"}

CONTENTS: dict[str, dict[str, Any]] = {
    "sticker": {"sticker": {**_FILE, "type": "regular", "width": 512, "height": 512, "emoji": "👍"}},
    "voice": {"voice": {**_FILE, "duration": 3}},
    "video_note": {"video_note": {**_FILE, "duration": 3, "length": 240}},
    "photo": {"photo": [{**_FILE, "width": 90, "height": 90}]},
    "photo with caption": {"photo": [{**_FILE, "width": 90, "height": 90}], "caption": "Her mangler fortau"},
    "album": {"photo": [{**_FILE, "width": 90, "height": 90}], "media_group_id": "1"},
    "video": {"video": {**_FILE, "duration": 3, "width": 90, "height": 90}},
    "document": {"document": {**_FILE, "file_name": "svar.pdf"}},
    "animation": {"animation": {**_FILE, "duration": 3, "width": 90, "height": 90}, "document": _FILE},
    "audio": {"audio": {**_FILE, "duration": 3}},
    "paid_media": {"paid_media": {"star_count": 1, "paid_media": []}},
    "location": {"location": {"latitude": 59.8, "longitude": 10.4}},
    "venue": {
        "venue": {
            "location": {"latitude": 59.8, "longitude": 10.4},
            "title": "Rådhuset",
            "address": "Eksempelveien 12",
        },
        "location": {"latitude": 59.8, "longitude": 10.4},
    },
    "contact": {"contact": {"phone_number": "22000000", "first_name": "Kari"}},
    "poll": {"poll": {"id": "1", "question": "Fortau?", "options": []}},
    "dice": {"dice": {"emoji": "🎲", "value": 4}},
    "game": {"game": {"title": "Spill", "description": "", "photo": []}},
    "story": {"story": {"id": 1, "chat": {"id": 7, "type": "private"}}},
    "checklist": {"checklist": {"title": "Liste", "tasks": []}},
    "invoice": {"invoice": {"title": "Faktura", "currency": "NOK", "total_amount": 1}},
    "giveaway": {"giveaway": {"winner_count": 1}},
    "something new": {"hologram": {"file_id": "1"}},
}


def now() -> int:
    """The time as Telegram gives it: whole seconds since 1970."""
    return int(clock.now().timestamp())


def utf16_length(text: str) -> int:
    """How long Telegram says that a text is."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True)
class Heard:
    """A message of the bot; `keyboard` holds rows of (label, data), `document` the text of an attached file."""

    text: str
    keyboard: tuple[tuple[tuple[str, str], ...], ...] = ()
    document: str = ""
    document_name: str = ""
    edited: bool = False

    @property
    def labels(self) -> list[str]:
        """The labels of the buttons, row by row."""
        return [label for row in self.keyboard for label, _ in row]


@dataclass
class Person:
    """One person in a private chat. `heard` is what they were told, `messages` the bot's messages as they stand now."""

    chat_id: int
    language_code: str
    push: Callable[[dict[str, Any]], int]
    heard: list[Heard] = field(default_factory=list)
    messages: dict[int, Heard] = field(default_factory=dict)
    own: list[int] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    typing: int = 0
    has_blocked: bool = False

    def __post_init__(self) -> None:
        self._last_message_id = 0
        self._presses = 0
        self._read = 0
        self._spoken = asyncio.Event()

    # --- what they do ------------------------------------------------------------------------------------

    async def send(self, text: str, **extra: Any) -> int:
        """Write a text; gives the id of the update."""
        self.transcript.append(f"> {text}")
        return self.push({"message": self.message(text=text, **extra)})

    async def attach(self, kind: str) -> int:
        """Send something that is not a text: a key of `CONTENTS`."""
        self.transcript.append(f"> [{kind}]")
        return self.push({"message": self.message(**CONTENTS[kind])})

    async def edit(self, number: int, text: str) -> int:
        """Change the text of one's own message, counted from 1."""
        self.transcript.append(f"> (edits {number}) {text}")
        edited = {**self._head(self.own[number - 1]), "edit_date": now(), "text": text}
        return self.push({"edited_message": edited})

    async def press(self, label: str, *, message_id: int | None = None) -> int:
        """Press the button with this label: the newest such one, or that of a given message."""
        numbers = [message_id] if message_id is not None else sorted(self.messages, reverse=True)
        for number in numbers:
            for row in self.messages[number].keyboard:
                for text, data in row:
                    if text == label:
                        return self.press_data(data, number, label)
        raise AssertionError(f"no button {label!r}; the last message has {self.heard[-1].labels if self.heard else []}")

    def press_data(self, data: str, message_id: int, label: str = "") -> int:
        """Press a button with any data, forged or not."""
        self.transcript.append(f"> [{label or data}]")
        self._presses += 1
        callback = {
            "id": f"{self.chat_id}-{self._presses}",
            "from": self._user(),
            "chat_instance": "1",
            "data": data,
            "message": {"message_id": message_id, "date": now(), "chat": self._chat(), "text": "…"},
        }
        return self.push({"callback_query": callback})

    def message(self, **content: Any) -> dict[str, Any]:
        """A message of this person in their private chat, with a new id."""
        self._last_message_id += 1
        self.own.append(self._last_message_id)
        return {**self._head(self._last_message_id), **content}

    # --- what they are told ------------------------------------------------------------------------------

    async def hears(self, count: int = 1, timeout: float = 5) -> Heard:
        """Wait for `count` further messages or edits of the bot, and give the last of them."""
        self._read += count
        async with asyncio.timeout(timeout):
            while len(self.heard) < self._read:
                self._spoken.clear()
                await self._spoken.wait()
        return self.heard[self._read - 1]

    async def hears_no_more(self, seconds: float = 0.2) -> None:
        """Fail if the bot says anything further within `seconds`."""
        await asyncio.sleep(seconds)
        assert self.heard[self._read :] == []

    def receive(self, heard: Heard, message_id: int | None = None) -> int:
        """The server's side: take a new message (or an edit of `message_id`) and give its id."""
        if message_id is None:
            self._last_message_id += 1
            message_id = self._last_message_id
        self.messages[message_id] = heard
        self.heard.append(heard)
        self.transcript.append(f"< {heard.text}")
        self._spoken.set()
        return message_id

    def _head(self, message_id: int) -> dict[str, Any]:
        return {"message_id": message_id, "date": now(), "chat": self._chat(), "from": self._user()}

    def _chat(self) -> dict[str, Any]:
        return {"id": self.chat_id, "type": "private", "first_name": "Kari"}

    def _user(self) -> dict[str, Any]:
        return {**_PERSON, "id": self.chat_id, "language_code": self.language_code}
