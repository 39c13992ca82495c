"""A short answer in one's own words, on one line."""

from __future__ import annotations

from dialogs.events import Said
from dialogs.fields.base import Accepted, Around, Field, Reading, Rejected, State
from dialogs.fields.cleaning import is_visible, one_line
from dialogs.messages import AnswerBox

MAX_CHARACTERS = 100


class ShortText(Field):
    """At most `MAX_CHARACTERS` characters for the export key `key`."""

    box = AnswerBox("short", max_length=MAX_CHARACTERS)

    def __init__(self, key: str) -> None:
        self.keys = (key,)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text)
        if not is_visible(text):
            return Rejected("short-text-empty")
        if len(text) > MAX_CHARACTERS:
            return Rejected("too-long", {"max_chars": MAX_CHARACTERS})
        return Accepted(text)
