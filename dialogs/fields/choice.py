"""One of a few fixed choices."""

from __future__ import annotations

from typing import Any

from dialogs.events import Said
from dialogs.facts import Result
from dialogs.fields.base import Accepted, Around, Field, Option, Prompt, Reading, Rejected, State
from dialogs.messages import Text


class Choice(Field):
    """One of `choices`, which are also the values of the export key `column`."""

    box = None

    def __init__(self, column: str, *choices: str) -> None:
        self.column = column
        self.choices = choices

    def read(self, said: Said, state: State, around: Around) -> Reading:
        first = {"first_choice": self.options(state, around)[0].label}
        return Rejected("choose-again", told=(Text("choose-example", first),))

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        return Accepted(option) if option in self.choices else None

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        return tuple(Option(choice, Text(f"label-{choice.replace('_', '-')}")) for choice in self.choices)

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        return Prompt((around.key("ask"),), None, self.options(state, around), self.box)

    def shown(self, value: Any) -> Text:
        return Text(f"value-{str(value).replace('_', '-')}")

    def columns(self, value: Any) -> dict[str, Any]:
        return {self.column: value}

    def understands(self, value: Any) -> bool:
        return value in self.choices
