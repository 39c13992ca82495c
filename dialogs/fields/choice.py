"""One of a few fixed choices."""

from __future__ import annotations

import re
from typing import Any

from dialogs.events import Said
from dialogs.facts import Result
from dialogs.fields.base import Accepted, Around, Field, Option, Prompt, Reading, State, choose_again
from dialogs.messages import Text

_CHOICE = re.compile(r"[a-z][a-z0-9_]{0,30}")

# Buttons that mean something else, or have another wording, whatever the question is.
_OF_EVERY_QUESTION = frozenset({"back", "skip", "keep", "change", "help", "cancel", "yes", "no"})


class Choice(Field):
    """One of `choices`, which are also the values of the export key `key`.

    Each has a label for its button, `label-CHOICE`, and its words for readers, `value-CHOICE`, with `-` for `_`.
    """

    box = None
    says = ("ask",)
    is_chosen = True

    def __init__(self, key: str, *choices: str) -> None:
        self.keys = (key,)
        self.choices = choices
        self.wordings = tuple(f"{kind}-{_dashed(choice)}" for choice in choices for kind in ("label", "value"))

    def problem(self) -> str:
        if not self.choices or len(set(self.choices)) < len(self.choices):
            return "a choice needs at least one value, and each only once: Choice(key, value, …)"
        if reserved := sorted(_OF_EVERY_QUESTION & set(self.choices)):
            return f"{reserved[0]!r} is a button that questions have anyway; call the choice something else"
        wrong = [choice for choice in self.choices if not _CHOICE.fullmatch(choice)]
        return f"{wrong[0]!r} is no value: at most 31 of a-z, 0-9 and _, a letter first" if wrong else ""

    def read(self, said: Said, state: State, around: Around) -> Reading:
        return choose_again(self.options(state, around))

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        return Accepted(option) if option in self.choices else None

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        return tuple(Option(choice, Text(f"label-{_dashed(choice)}")) for choice in self.choices)

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        return Prompt((around.key("ask"),), None, self.options(state, around), self.box)

    def shown(self, value: Any) -> Text:
        return Text(f"value-{_dashed(str(value))}")

    def understands(self, value: Any) -> bool:
        return value in self.choices


def _dashed(choice: str) -> str:
    return choice.replace("_", "-")
