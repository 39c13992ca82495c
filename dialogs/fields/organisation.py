"""What there is to an organisation beside its number: its name, and what the register says and nobody is asked."""

from __future__ import annotations

from dialogs.events import Said
from dialogs.fields.base import Accepted, Around, Field, Instead, Option, Reading, Rejected, State
from dialogs.fields.cleaning import has_letters, one_line
from dialogs.messages import AnswerBox, Text


class OrganisationName(Field):
    """The name of an organisation as it writes it; while the register has not answered, with a way to try again."""

    box = AnswerBox("short", "organization", max_length=200)
    keys = ("organisation_name",)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        name = one_line(said.text)
        return Accepted(name) if has_letters(name) else Rejected("org-name-empty")

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        unverified = around.values.get("register_status") == "unverified"
        return (Option("again", Text("label-try-again")),) if unverified else ()

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if option != "again" or not self.options(state, around):
            return None
        return Instead(step="organisation_number", state={"number": around.values["organisation_number"]})


class Fact(Field):
    """Something that is read from another answer and never asked for. `is_chosen`: see `Field`."""

    def __init__(self, key: str, *, is_chosen: bool = False) -> None:
        self.keys = (key,)
        self.is_chosen = is_chosen
