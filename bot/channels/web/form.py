"""What a posted form says, as events."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct

from dialogs.events import (
    AnyEvent,
    AskedHelp,
    AskedLanguage,
    AskedMine,
    AskedReview,
    Cancelled,
    Picked,
    Said,
    Started,
    WentBack,
)
from dialogs.fields.consultation import linked_id
from dialogs.messages import Message

DONE, SAVE = "done", "save"
"""Commands of the long answer: keep what stands in the field, and (done) go on."""

WIPE, WIPED = "wipe", "wiped"
"""Commands that leave this computer: asked for, and confirmed."""

TRAP = "website"
"""A field that nobody sees, and programs fill in."""

_COMMANDS: dict[str, Callable[[datetime, str], AnyEvent]] = {
    "help": lambda at, locale: AskedHelp(at=at, locale=locale),
    "mine": lambda at, locale: AskedMine(at=at, locale=locale),
    "language": lambda at, locale: AskedLanguage(at=at, locale=locale),
    "back": lambda at, locale: WentBack(at=at, locale=locale),
    "cancel": lambda at, locale: Cancelled(at=at, locale=locale),
}


class Posted(Struct, frozen=True):
    """The fields of a form.

    `nonce`: see `web_visit`. `shown`: the question that stood above the field. `text`: what was typed, None where
    there was no field. `whole`: the field holds all of the long answer. `button`: data of what was pressed.
    `command`: a button that is always there, or `DONE` or `SAVE`. `link`: the consultation's id from the address.
    `is_a_trap`: the field that nobody sees was filled in.
    """

    nonce: str = ""
    shown: str = ""
    text: str | None = None
    whole: bool = False
    button: str = ""
    command: str = ""
    link: str = ""
    is_a_trap: bool = False

    @property
    def saves(self) -> bool:
        """Whether the long answer is kept first, whatever else was pressed: nothing that was typed gets lost."""
        return self.whole and self.text is not None and (bool(self.text.strip()) or self.command in (DONE, SAVE))

    @property
    def first_id(self) -> str:
        """The id of the first event; see `second_id`."""
        return self._id("t" if self.saves else "p")

    @property
    def second_id(self) -> str:
        """The id of the press that follows what was saved first.

        Ids depend on nothing but what was posted: the same form twice is seen as such, and the same page with another
        text (by way of the browser's back button) is not.
        """
        return self._id("p")

    def _id(self, which: str) -> str:
        posted = "\0".join((self.text or "", self.button, self.command, self.link))
        return f"{self.nonce}{which}{hashlib.blake2b(posted.encode(), digest_size=8).hexdigest()}"

    @property
    def answers(self) -> bool:
        """Whether it means the question that was shown, and no other. (Buttons carry their question themselves.)"""
        return self.saves or self.command in ("back", "cancel") or not (self.button or self.command)

    def said(self, at: datetime, locale: str) -> Said:
        """The text as an event."""
        return Said(at=at, locale=locale, text=self.text or "", whole=self.whole)

    def pressed(self, at: datetime, locale: str) -> AnyEvent | None:
        """What was pressed as an event; None: nothing but what sends the field."""
        if self.command == "start":
            return Started(at=at, locale=locale, link=f"c{self.link}" if self.link else "")
        if command := _COMMANDS.get(self.command):
            return command(at, locale)
        if self.button:
            return Picked(at=at, locale=locale, data=self.button)
        return AskedReview(at=at, locale=locale) if self.text is None else None


def read_form(fields: Mapping[str, object]) -> Posted:
    """The form as it was typed: browsers send line breaks as CR LF, and no field of ours can hold a NUL."""

    def field(name: str) -> str:
        value = fields.get(name)
        return value if isinstance(value, str) else ""

    text = field("text").replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return Posted(
        nonce=field("nonce"),
        shown=field("shown"),
        text=text if "text" in fields else None,
        whole=field("whole") == "1",
        button=field("button"),
        command=field("command"),
        link=linked_id(field("c")),
        is_a_trap=bool(field(TRAP)),
    )


def question_id(message: Message | None) -> str:
    """What a form remembers of the question above its field, and of a long answer what stood in the field.

    So the text of one tab does not take the place of what another has written in the meantime.
    """
    if message is None:
        return ""
    question = f"{message.draft}:{message.step}"
    if message.box is None or message.box.kind != "long":
        return question
    return f"{question}:{hashlib.blake2b(message.box.value.encode(), digest_size=8).hexdigest()}"
