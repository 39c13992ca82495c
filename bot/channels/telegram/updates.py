"""From Telegram's updates, as raw JSON, to events: one small total function, for one update at a time."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from bot.channels.telegram.kinds import NOBODY, TEXT, is_of_a_bot, kind_of, topic_of
from dialogs.events import AnyEvent, Attached, Edited, InGroup, Picked, Said, Started

Json = dict[str, Any]

# What getUpdates and the webhook ask for. Everything else of Telegram's is not for us.
ALLOWED_UPDATES = ("message", "edited_message", "callback_query")

LONGEST_TEXT = 4096

# Seconds since 1970, near the year 5000: a date past it is none.
_LATEST = 10**11

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S+))?\s*", re.IGNORECASE)
_LONE_SURROGATE_OR_NUL = re.compile("[\ud800-\udfff\x00]")


class UnreadableUpdate(Exception):
    """The update is not what the Bot API describes. It has to be set aside and acknowledged."""


class Bot(Struct, frozen=True):
    """Who we are in Telegram; `username` without the @."""

    id: int
    username: str

    @property
    def private_link(self) -> str:
        """Opens a private chat with us."""
        return f"https://t.me/{self.username}"


class Incoming(Struct, frozen=True):
    """An event and where it belongs. `edit_target` is the message whose button was pressed, `callback_id` the press.

    `sent_at` is when the person sent it, to the second, where Telegram says so: of a press it does not.
    """

    address: str
    event: AnyEvent
    edit_target: str | None = None
    callback_id: str | None = None
    sent_at: datetime | None = None


def chat_of(raw: object) -> str:
    """The address of the private chat that an update is from which cannot be read otherwise; "" where none is named."""
    update = raw if isinstance(raw, dict) else {}
    for name in ALLOWED_UPDATES:
        match update.get(name):
            case {"chat": {"id": int(number)}} | {"message": {"chat": {"id": int(number)}}} if number > 0:
                return str(number)
            case {"from": {"id": int(number)}} if number > 0:  # a private chat has its person's number
                return str(number)
    return ""


def decode(payload: bytes) -> object:
    """JSON as Telegram sends it. Halves of characters and broken UTF-8 are let through, for one update may hold them.

    Raises ValueError where it is no JSON.
    """
    try:
        return msgspec.json.decode(payload)
    except (ValueError, RecursionError):
        try:
            return json.loads(payload.decode("utf-8", "replace"))
        except RecursionError:
            raise ValueError("nested too deeply") from None


def read_update(raw: object, at: datetime, bot: Bot) -> Incoming | None:
    """The event in one update that reached us `at`; None: there is nothing to answer, only to acknowledge.

    Raises UnreadableUpdate, and nothing else, whatever `raw` is.
    """
    try:
        match raw:
            case {"message": dict(message)} | {"edited_message": dict(message)} if is_of_a_bot(message):
                return None
            case {"message": {"chat": {"type": "private"}} as message}:
                return _private(message, at)
            case {"message": {"chat": {"type": "group" | "supergroup"}} as message}:
                return _group(message, at, bot)
            case {"edited_message": {"chat": {"type": "private"}, "text": str(text)} as message}:
                piece = _clean(text)
                locale, number = _locale(message), _id(message)
                topic = topic_of(message)
                changed = Edited(
                    at=at,
                    locale=locale,
                    topic=topic,
                    message_id=number,
                    text=piece,
                    continues=_fills(piece),
                    linked=_linked(message),
                )
                return Incoming(_chat(message), changed, sent_at=_sent_at(message, "edit_date"))
            case {"callback_query": {"id": str(press), "from": {"id": int()} as person} as query}:
                return _pressed(query, press, person, at, bot)
            case {"message": {"chat": {"type": "channel"}}} | {"edited_message": {"chat": {"type": str()}}}:
                return None
            case {"message": _} | {"edited_message": _} | {"callback_query": _}:
                raise UnreadableUpdate("a message or a press without what each of them has")
            case {"update_id": int()}:
                return None
            case _:
                raise UnreadableUpdate("not an update")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableUpdate(f"{type(error).__name__} while reading") from error


def _private(message: Json, at: datetime) -> Incoming | None:
    address, locale, sent_at = _chat(message), _locale(message), _sent_at(message, "date")
    kind, topic = kind_of(message), topic_of(message)
    match message:
        case {"text": str(text)} if started := _START.fullmatch(text):
            event: AnyEvent = Started(at=at, locale=locale, topic=topic, link=_clean(started[1] or ""))
        case {"text": str(text)}:
            piece, number = _clean(text), _id(message)
            event = Said(
                at=at,
                locale=locale,
                topic=topic,
                text=piece,
                message_id=number,
                continues=_fills(piece),
                linked=_linked(message),
            )
        case _ if kind == TEXT:
            raise UnreadableUpdate("a text that is not a text")
        case _ if kind == NOBODY:
            return None
        case _:
            event = Attached(at=at, locale=locale, topic=topic, kind=kind)
    return Incoming(address, event, sent_at=sent_at)


def _group(message: Json, at: datetime, bot: Bot) -> Incoming | None:
    """In a group only what is said to us is answered: a command, a mention, or a reply to our own message."""
    text = str(message.get("text") or message.get("caption") or "")
    name = f"@{bot.username}".lower()
    first_word = text.partition(" ")[0].lower()
    command = first_word.startswith("/") and ("@" not in first_word or first_word.endswith(name))
    mention = re.search(rf"(?<!\w){re.escape(name)}\b", text, re.IGNORECASE) is not None
    match message:
        case {"reply_to_message": {"from": {"id": int(author)}}} if author == bot.id:
            addressed = True
        case _:
            addressed = command or mention
    if not addressed:
        return None
    event = InGroup(at=at, locale=_locale(message), topic=topic_of(message), private_link=bot.private_link)
    return Incoming(_chat(message), event, sent_at=_sent_at(message, "date"))


def _pressed(query: Json, press: str, person: Json, at: datetime, bot: Bot) -> Incoming:
    locale = _clean(str(person.get("language_code") or ""))
    match query:
        case {"message": {"chat": {"type": "group" | "supergroup", "id": int(chat)}} as message}:
            topic = topic_of(message)
            event: AnyEvent = InGroup(at=at, locale=locale, topic=topic, private_link=bot.private_link)
            return Incoming(str(chat), event, callback_id=press)
        case {"message": {"message_id": int(target)}}:
            edit_target: str | None = str(target)
        case _:
            edit_target = None
    topic = topic_of(query.get("message") or {})
    event = Picked(at=at, locale=locale, topic=topic, data=_clean(str(query.get("data") or "")))
    return Incoming(str(person["id"]), event, edit_target, press)


def _chat(message: Json) -> str:
    match message:
        case {"chat": {"id": int(number)}}:
            return str(number)
        case _:
            raise UnreadableUpdate("a message from no chat")


def _sent_at(message: Json, name: str) -> datetime | None:
    match message.get(name):
        case int(seconds) if 0 < seconds < _LATEST:
            return datetime.fromtimestamp(seconds, UTC)
        case _:
            return None


def _locale(message: Json) -> str:
    match message:
        case {"from": {"language_code": str(language)}}:
            return _clean(language)
        case _:
            return ""


def _id(message: Json) -> str:
    match message:
        case {"message_id": int(number)}:
            return str(number)
        case _:
            raise UnreadableUpdate("a message without a number")


def _clean(text: str) -> str:
    """`text` with U+FFFD for each NUL and each half of a character: neither can be kept as UTF-8 text in SQLite.

    Two halves that belong together become the character that they are. Nothing else is changed.
    """
    if _LONE_SURROGATE_OR_NUL.search(text) is None:
        return text
    joined = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return joined.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _linked(message: Json) -> str:
    """The text with each address that is hidden behind words of it, in brackets after them; "" where none is.

    Telegram counts in UTF-16 units. What does not fit the text is left out, and so is what its words say themselves.
    """
    if not (entities := message.get("entities")):
        return ""
    text = message["text"].encode("utf-16-le", "surrogatepass")
    hidden = []
    for entity in entities:
        match entity:
            case {"type": "text_link", "url": str(url), "offset": int(start), "length": int(length)}:
                end = 2 * (start + length)
                words = text[2 * start : end].decode("utf-16-le", "replace").strip()
                if start >= 0 and length > 0 and end <= len(text) and _bare(words) != _bare(url):
                    hidden.append((end, f" ({url})"))
    if not hidden:
        return ""
    for end, address in sorted(hidden, reverse=True):
        text = text[:end] + address.encode("utf-16-le", "surrogatepass") + text[end:]
    return _clean(text.decode("utf-16-le", "surrogatepass"))


def _bare(address: str) -> str:
    return re.sub(r"^(?:https?://)?(?:www\.)?|/$", "", address.casefold())


def _fills(text: str) -> bool:
    """Whether Telegram may have cut a longer text right after this piece.

    Clients have counted its limit of 4,096 in characters and in UTF-16 units, so a piece of exactly that many of
    either is taken to go on in the next message.
    """
    if len(text) < LONGEST_TEXT // 2:
        return False
    return LONGEST_TEXT in (len(text), len(text.encode("utf-16-le")) // 2)
