"""The name of a person: first and middle names, last name. What they write is never changed."""

from __future__ import annotations

from dialogs.events import Said
from dialogs.facts import Result
from dialogs.fields.base import (
    NO,
    YES,
    Accepted,
    Around,
    Field,
    Option,
    Pending,
    Prompt,
    Reading,
    Rejected,
    State,
    choose_again,
)
from dialogs.fields.cleaning import has_letters, one_line, repeats_some_of
from dialogs.first_names import FIRST_NAMES
from dialogs.messages import AnswerBox, Text

_MAX = 100


def _mistake(name: str) -> Rejected | None:
    if any(c.isdigit() for c in name):
        return Rejected("name-digits")
    if not has_letters(name):
        return Rejected("name-empty")
    return Rejected("too-long", {"max_chars": _MAX}) if len(name) > _MAX else None


class FirstName(Field):
    """First and middle names. Several words may hold the last name too: the split is shown to be confirmed.

    States: `first` and `last` (the split that is asked about); `alone` after "no": one name at a time.
    """

    box = AnswerBox("short", "name", max_length=2 * _MAX)
    keys = ("first_name",)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        name = one_line(said.text)
        if "last" in state and repeats_some_of(name, state["first"], state["last"]):
            return choose_again((YES, NO))
        if error := _mistake(name):
            return Rejected(error.code, error.params, {"alone": True} if "alone" in state else None)
        first, last = _split(name)
        return Accepted(name) if not last or "alone" in state else Pending({"first": first, "last": last})

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        return (YES, NO) if "last" in state else ()

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if "last" not in state or option not in ("yes", "no"):
            return None
        if option == "no":
            return Pending({"alone": True}, (Text("name-split-no"),))
        return Accepted(state["first"], {"last_name": state["last"]}, own=True)

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        if "last" not in state:
            return super().prompt(state, around, known)
        split = Text("name-split", {"first_name": state["first"], "last_name": state["last"]})
        return Prompt((split,), None, self.options(state, around))


def _split(name: str) -> tuple[str, str]:
    """First names and last name; words in small letters ("van", "de") go with the last name.

    "Nordmann, Kari" has the last name first. What are all common first names is left together.
    """
    last_name, comma, first_names = (part.strip() for part in name.partition(","))
    if comma and last_name and first_names and "," not in first_names:
        return first_names, last_name
    words = name.split(" ")
    if all(word.casefold() in FIRST_NAMES for word in words):
        return name, ""
    at = len(words) - 1
    while at > 1 and words[at - 1].islower():
        at -= 1
    return " ".join(words[:at]), " ".join(words[at:]) if at else ""


class LastName(Field):
    """The last name."""

    box = AnswerBox("short", "family-name", max_length=_MAX)
    keys = ("last_name",)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        name = one_line(said.text)
        return _mistake(name) or Accepted(name)
