"""Golden conversations: reading a `.chat` file, playing it on a stage, and writing down what really happened.

A file begins with a title (`# …`) and heads (`name: value`); then, in blocks that an empty line parts:

    > what the person writes (several lines are one message), a press `[Label]`, `(old) [Label]` on an earlier
      message, `[photo]` `[sticker]` `[voice]` `[location]` `[other]`, or `(edits 2) the new text of their 2nd text`
    < what we say, in the real words
    [Buttons] [of the message], without those that every question has
    * what was stored: the export keys that hold something; `* KT7RB4XM: superseded` where one was changed
    -- restart | at 2027-01-04T09:00 | register down | register up | close 18/101

Heads: `locale` (what the channel says that the person reads), `consultations: none`, `postcodes: yes` (a few are
loaded), `channels` (where it makes sense).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from dialogs.messages import Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import LOCALES, House, label, t
from storage.responses.responses import EXPORT_KEYS

HOUSE = House(
    "Asker kommune", "post@example.no", "https://innspill.example.no/personvern", "https://innspill.example.no"
)
OSLO = ZoneInfo("Europe/Oslo")
NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
REFERENCES = ("KT7RB4XM", "PW4HN6DE", "RB3KS7YT")
"""Those of the responses of a conversation, in the order received."""
FOLDER = Path(__file__).parent
ATTACHMENTS = ("photo", "sticker", "voice", "location", "other")
CHANNELS = ("telegram", "web", "terminal")
NOT_SHOWN = frozenset(
    {"reference", "status", "consultation", "consultation_id", "received_at", "attachments"}
    | {"channel", "locale", "form_version"}
)
"""What differs between stages, or says nothing in a conversation."""


class Round(Struct, frozen=True):
    """A consultation of the golden conversations: its case, its title, and the first instant after its last day."""

    case_number: str
    title: str
    closes_at: datetime


ROUNDS = (
    Round(
        "18/101",
        "Rådmannens forslag til handlingsprogram 2020 – 2023",
        datetime(2027, 1, 1, tzinfo=OSLO).astimezone(UTC),
    ),
    Round("26/2044", "Detaljregulering for Eksempelveien skole", datetime(2026, 12, 12, tzinfo=OSLO).astimezone(UTC)),
    Round("26/77", "Sykkelvei langs Eksempelelva", datetime(2026, 11, 16, tzinfo=OSLO).astimezone(UTC)),
)
"""Their ids are 1, 2 and 3. The last one is past its deadline."""

POSTAL_CODES = {"0150": "OSLO", "1384": "ASKER", "1385": "ASKER"}
"""What is loaded where a head says `postcodes: yes`."""


class Block(Struct, frozen=True):
    """Some lines of a chat: `person`, `us` (with the buttons), `stored`, `stage` (a direction) or `comment`."""

    kind: str
    lines: tuple[str, ...]

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


class Chat(Struct, frozen=True):
    """A golden conversation as it stands in its file."""

    name: str
    title: str
    heads: dict[str, str]
    blocks: tuple[Block, ...]

    @property
    def channels(self) -> Sequence[str]:
        """The channels in which it makes sense."""
        return self.heads["channels"].split(", ") if "channels" in self.heads else CHANNELS


class Heard(Struct, frozen=True):
    """What a person sees of one message."""

    text: str
    buttons: tuple[str, ...]


class Stage(Protocol):
    """Something that a conversation can be played on."""

    async def say(self, text: str) -> None:
        """The person sends a text."""

    async def press(self, label: str, *, old: bool) -> None:
        """The person presses a button of the last message, or of an older one."""

    async def attach(self, kind: str) -> None:
        """The person sends something that is not a text."""

    async def edit(self, number: int, text: str) -> None:
        """The person changes the `number`th text they sent, from 1."""

    async def direct(self, direction: str) -> None:
        """Something happens that the person does not do."""

    async def heard(self) -> Heard:
        """The reply to the last thing that the person did."""

    async def stored(self) -> list[Mapping[str, object]]:
        """Every response in the store, in the order received."""


_KINDS = {">": "person", "<": "us", "[": "us", "*": "stored", "-": "stage", "#": "comment"}


def read(path: Path) -> Chat:
    """The chat in a file. Raises ValueError with the line that cannot be read."""
    title, heads, blocks = "", {}, list[Block]()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            blocks.append(Block("gap", ()))
        elif not title and line.startswith("# "):
            title = line[2:]
        elif (head := re.fullmatch(r"([a-z]+): (.+)", line)) and all(block.kind == "gap" for block in blocks):
            heads[head[1]] = head[2]
        elif (kind := _KINDS.get(line[0])) is None:
            raise ValueError(f"{path.name}:{number}: no line begins with {line[0]!r}")
        else:
            if not blocks or blocks[-1].kind != kind:
                blocks.append(Block(kind, ()))
            bare = line if line[0] == "[" else line[1:].removeprefix(" ")
            content = bare.removeprefix("- ") if kind == "stage" else bare
            blocks[-1] = Block(kind, (*blocks[-1].lines, content))
    return Chat(path.stem, title, heads, tuple(block for block in blocks if block.kind != "gap"))


def always_offered() -> frozenset[str]:
    """The labels of the buttons that every question has, in every language."""
    return frozenset(label(locale, f"label-{name}") for locale in LOCALES for name in ("back", "help", "cancel"))


def shown(message: Message, channel: str = "telegram") -> Heard:
    """A message as the person sees it; the buttons without those of every question."""
    always = always_offered()
    text = as_text(message, HOUSE, channel)
    if message.document is not None:
        caption = message.document.caption
        text += ("\n\n" + t(message.locale, caption, HOUSE, channel) if caption else "") + "\n" + message.document.text
    labels = (button_text(button, message.locale, HOUSE) for button in message.buttons)
    return Heard(text, tuple(each for each in labels if each not in always))


async def play(chat: Chat, stage: Stage) -> str:
    """Play the chat's person on `stage` and write down what happened, as a file would say it."""
    out = [f"# {chat.title}", *(f"{name}: {value}" for name, value in chat.heads.items())]
    rows: list[Mapping[str, object]] = []
    for block in chat.blocks:
        if block.kind == "person":
            await _act(block.text, stage)
            heard = await stage.heard()
            before, rows = rows, await stage.stored()
            out += ["", *_prefixed(">", block.text), *_prefixed("<", heard.text), *_buttons(heard)]
            out += [line for row in rows[len(before) :] for line in _stored(row)]
            changed = [now for now, then in zip(rows, before, strict=False) if now["status"] != then["status"]]
            out += [f"* {row['reference']}: {row['status']}" for row in changed]
        elif block.kind == "stage":
            for direction in block.lines:
                await stage.direct(direction)
            out += ["", *(f"-- {direction}" for direction in block.lines)]
        elif block.kind == "comment":
            out += ["", *_prefixed("#", block.text)]
    return with_made_up_references("\n".join(out) + "\n", rows)


def with_made_up_references(text: str, rows: Sequence[Mapping[str, object]]) -> str:
    """What was said, with `REFERENCES` in place of those that were drawn for these responses."""
    for row, made_up in zip(rows, REFERENCES, strict=False):
        text = text.replace(str(row["reference"]), made_up)
    return text


async def _act(text: str, stage: Stage) -> None:
    if found := re.fullmatch(r"(\(old\) )?\[(.+)\]", text):
        if found[2] in ATTACHMENTS:
            await stage.attach(found[2])
        else:
            await stage.press(found[2], old=bool(found[1]))
    elif found := re.fullmatch(r"\(edits (\d+)\) (.*)", text, re.DOTALL):
        await stage.edit(int(found[1]), found[2])
    else:
        await stage.say(text)


def _prefixed(mark: str, text: str) -> list[str]:
    return [f"{mark} {line}".rstrip(" ") for line in text.split("\n")]


def _buttons(heard: Heard) -> list[str]:
    return [" ".join(f"[{each}]" for each in heard.buttons)] if heard.buttons else []


def _stored(row: Mapping[str, object]) -> list[str]:
    lines = []
    for key in (*EXPORT_KEYS, *sorted(row.keys() - set(EXPORT_KEYS))):
        value = row.get(key)
        if value not in (None, "") and key not in NOT_SHOWN:
            lines += _prefixed("*", f"{key}: {str(value).lower() if isinstance(value, bool) else value}")
    return lines
