"""What people say in the proofs: the golden conversations as scripts, each with what is stored in the end."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from msgspec import Struct

from bot import clock
from dialogs.texts import label
from storage.consultations import consultations
from storage.database import opening
from tests.conversations import chat
from tests.conversations.chat import Chat

PERSONAL = ("kari.nordmann@example.no", "post@example.no")

# As a text nearly as much as Telegram takes; with anything around it more, so that it is said in pieces.
LONG = "Vi er enige, og vil si hvorfor. " * 125

# What is another each time, or depends on the day: the texts are compared without it.
_VOLATILE = re.compile(
    r"(?:Frist|Deadline|Mottatt|Received): [^\n]*|\d+ (?:tegn|characters)|https?://\S+|\b[A-Z]{2}\d[A-Z]{2}\d[A-Z]{2}\b"
)
_RECEIPT = re.compile(r"(?:Kvitteringsnummer|Reference number): (\w{8})")


class Turn(Struct, frozen=True):
    """What a person does, and the answer to it: its text without what is volatile, and its own buttons."""

    act: str
    reply: str
    labels: tuple[str, ...]


class Script(Struct, frozen=True):
    """A conversation from its first message to the receipt. `stored` holds the export keys that are not empty."""

    name: str
    locale: str
    turns: tuple[Turn, ...]
    stored: dict[str, str]

    def place(self, text: str, labels: tuple[str, ...], near: int, *, by_labels: bool = True) -> int | None:
        """The turn that this message answers, the nearest to `near` of several; None: there is none.

        `by_labels`: where no text fits, the same buttons are enough, as for what stands in a file.
        """
        said = plain(text)
        for matches in (
            [n for n, turn in enumerate(self.turns) if turn.reply == said and turn.labels == labels],
            [n for n, turn in enumerate(self.turns) if turn.reply == said and not labels],
            [n for n, turn in enumerate(self.turns) if turn.labels == labels and _ends_alike(turn.reply, said)],
            [n for n, turn in enumerate(self.turns) if by_labels and labels and turn.labels == labels],
        ):
            if matches:
                return min(matches, key=lambda n: (abs(n - near), n))
        return None


def plain(text: str) -> str:
    """A message's text without what is another each time."""
    return _VOLATILE.sub("…", text).strip()


def reference_in(text: str) -> str | None:
    """The reference that a receipt tells."""
    found = _RECEIPT.search(text)
    return None if found is None else found[1]


def scripts(number: int = 0) -> list[Script]:
    """The golden conversations that end in a receipt without anybody's help, with what `number` has of its own."""
    read = [chat.read(path) for path in sorted(chat.FOLDER.glob("*.chat"))]
    whole = [each for each in read if _can_be_played(each)]
    assert len(whole) >= 8, "too few golden conversations end in a receipt"
    return [_script(each, number) for each in whole] + [
        _script(each, number, {"Vi er enige.": LONG.strip()}) for each in whole if each.name.startswith("unregistered")
    ]


def add_rounds(path: Path) -> None:
    """Put the consultations of the golden conversations into a database, with deadlines that lie ahead by now."""
    now = clock.now()
    first = max(each.closes_at for each in chat.ROUNDS)
    with opening.transaction(path) as db:
        for each in chat.ROUNDS:
            closes_at = now + timedelta(days=400) - (first - each.closes_at)
            if each.closes_at > chat.NOW:
                consultations.add(db, case_number=each.case_number, title=each.title, closes_at=closes_at, at=chat.NOW)


def _can_be_played(played: Chat) -> bool:
    stored = sum(block.kind == "stored" for block in played.blocks)
    helped = any(block.kind == "stage" for block in played.blocks)
    late = any("late: true" in block.lines for block in played.blocks)
    own_world = played.heads.keys() - {"locale", "channels"}
    return stored == 1 and not helped and not late and not own_world and "telegram" in played.channels


def _script(played: Chat, number: int, changes: dict[str, str] | None = None) -> Script:
    """What comes after the receipt is left out. What is personal is `number`'s, so that nobody's gets mixed up."""
    turns, stored = list[Turn](), dict[str, str]()
    response = _columns(next(block for block in played.blocks if block.kind == "stored").text)["text"]
    first_line = response.partition("\n")[0]
    own = {**{email: email.replace("@", f"{number}@") for email in PERSONAL}, **(changes or {})}
    own |= {first_line: f"{number}. {own.pop(first_line, first_line)}"}

    def change(text: str) -> str:
        for old, new in own.items():
            text = re.sub(rf"(?<![\w.]){re.escape(old)}", lambda _, new=new: new, text)  # type: ignore[misc]  # bound now
        return text

    act = ""
    for block in played.blocks:
        if block.kind == "person":
            act = change(block.text)
        elif block.kind == "us":
            said = "\n".join(line for line in block.lines if not line.startswith("["))
            labels = re.findall(r"\[([^\]]+)\]", "\n".join(line for line in block.lines if line.startswith("[")))
            if changes and labels[:1] == [label("nb", "label-send")]:
                labels.insert(1, label("nb", "label-show-whole"))  # the review cuts a long text
            turns.append(Turn(act, plain(change(said)), tuple(labels)))
        elif block.kind == "stored":
            stored = _columns(change(block.text))
            break
    name = played.name + (" (long)" if changes else "")
    return Script(name, played.heads.get("locale", "nb"), tuple(turns), stored)


def _columns(text: str) -> dict[str, str]:
    columns, key = dict[str, list[str]](), ""
    for line in text.split("\n"):
        if found := re.fullmatch(r"([a-z_]+):(?: (.*))?", line):
            key = found[1]
            columns[key] = [found[2] or ""]
        else:
            columns[key].append(line)
    return {key: "\n".join(lines) for key, lines in columns.items() if any(lines)}


def _ends_alike(one: str, other: str) -> bool:
    return one.split("\n")[-2:] == other.split("\n")[-2:]
