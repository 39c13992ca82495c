"""What every kind of answer can do: its whole life from a reply to a column of the export."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from dialogs.events import Said
from dialogs.facts import Question, Result
from dialogs.fields.cleaning import may_hold_national_id
from dialogs.messages import AnswerBox, Arg, Text

State = dict[str, Any]
"""What is known of an answer that is not finished: a doubt, a page of a list, a look-up that is out. Plain JSON."""


class Accepted(Struct, frozen=True):
    """The answer is finished. `fills` are answers of other steps that were read from it (by step).

    `own`: the person wrote them in the same message, so they count as answered by the person.
    `pends` are states that other steps go on from, `then` the steps that are opened again after it.
    """

    value: Any
    fills: dict[str, Any] = {}
    told: tuple[Text, ...] = ()
    own: bool = False
    pends: dict[str, State] = {}
    then: tuple[str, ...] = ()


class Pending(Struct, frozen=True):
    """The answer is not finished: `state` is asked about, or looked up, next. An empty state asks from the start."""

    state: State
    told: tuple[Text, ...] = ()


class Gathered(Struct, frozen=True):
    """The answer has grown or shrunk and is stored as it is; the person says when it is finished."""

    value: Any
    told: tuple[Text, ...] = ()


class Rejected(Struct, frozen=True):
    """Not an answer. `code` is the key of the text that says what is wrong, `told` what else is said.

    `state` replaces the state if given.
    """

    code: str
    params: Mapping[str, Arg] = {}
    state: State | None = None
    told: tuple[Text, ...] = ()


class Instead(Struct, frozen=True):
    """The reply answers another step: `answers` by step. `state`, with `step`, is where that step goes on."""

    answers: dict[str, Any] = {}
    step: str = ""
    state: State = {}
    told: tuple[Text, ...] = ()


Reading = Accepted | Pending | Gathered | Rejected | Instead


class Option(Struct, frozen=True):
    """A choice of one's own: `id` is at most 31 characters of `A-Za-z0-9._-`."""

    id: str
    label: Text
    primary: bool = False


class Prompt(Struct, frozen=True):
    """How an answer is asked for. `edits`: the same place shown differently (paging, a preview)."""

    lines: tuple[Text, ...]
    example: Text | None = None
    options: tuple[Option, ...] = ()
    box: AnswerBox | None = None
    edits: bool = False


class Around(Struct, frozen=True):
    """What a kind of answer may know of the rest: the finished answers by step, its own value, the time.

    `text` is the stem of the step's texts, `optional` whether the step can be skipped now.
    """

    text: str
    at: datetime
    values: Mapping[str, Any]
    value: Any = None
    optional: bool = False

    @property
    def kind(self) -> str:
        """Whom the texts speak to: `person` or `organisation`."""
        return "person" if self.values.get("respondent_type", "private_person") == "private_person" else "organisation"

    def key(self, suffix: str, **params: Arg) -> Text:
        """The text of this step with `suffix`, such as `email-ask`, with what every question may use."""
        name = self.values.get("organisation_name") or ""
        optional = "yes" if self.optional else "no"
        return Text(f"{self.text}-{suffix}", {"kind": self.kind, "org_name": name, "optional": optional, **params})


class Field:
    """A kind of answer. One with nothing but a typed reply defines `keys`, `read` and `shown`."""

    box: AnswerBox | None = AnswerBox()
    keys: tuple[str, ...] = ()
    """The export keys that it may fill, those of `columns`. One that the export does not have comes after its own."""
    says: tuple[str, ...] = ("ask", "example")
    """What it asks with, after the stem of its step's texts (see `Around.key`); a help it has always."""
    wordings: tuple[str, ...] = ()
    """The keys of the texts that its values and buttons have, whatever its step is called."""
    is_chosen = False
    """Its values are few, and readers are shown words for them: `value-KEY-VALUE`, or `value-VALUE`."""
    can_be_kept = True
    """Opened again, it offers to keep the answer (the long text is kept by being finished again)."""
    is_long = False
    """A text of its own that grows; it looks after its length, and after numbers that nobody may send, itself."""

    def read(self, said: Said, state: State, around: Around) -> Reading:
        """What a typed reply becomes."""
        raise NotImplementedError

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        """What a button of one's own becomes; None: it is not offered here."""
        return None

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        """The buttons that can be told without asking the store; their labels may also be typed."""
        return ()

    def also_typed(self, state: State, around: Around) -> tuple[Option, ...]:
        """Buttons that are not shown here and whose labels still do what they say."""
        return ()

    def is_private_number(self, text: str) -> bool:
        """Whether the text may hold a fødselsnummer, which is refused before the field sees it."""
        return may_hold_national_id(text)

    def need(self, state: State) -> Question | None:
        """What has to be looked up before this state can be asked about."""
        return None

    def learn(self, result: Result, state: State, around: Around) -> Reading | None:
        """What the result of `need` makes of the answer; None: it is shown (see `prompt`)."""
        return None

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        """How the answer is asked for in this state."""
        return Prompt((around.key("ask"),), around.key("example"), self.options(state, around), self.box)

    def help(self, state: State, around: Around) -> Text:
        """What helps with this question, with an example."""
        return Text(f"help-{around.text}", {"kind": around.kind})

    def is_inside(self, state: State) -> bool:
        """Whether the state is a question of its own, which "back" leaves, and not a note for the next reply."""
        return bool(state.keys() - {"errors", "refused", "alone"})

    def shown(self, value: Any) -> Text:
        """The answer as people see it."""
        return Text("verbatim", {"text": str(value)})

    def columns(self, value: Any) -> dict[str, str]:
        """What it fills of its `keys`: a text each; what is left out, or "", is nothing."""
        (key,) = self.keys
        return {key: value}

    def problem(self) -> str:
        """What is wrong with how it was made, and how to mend it, for whoever writes the form; "": nothing."""
        return ""

    def understands(self, value: Any) -> bool:
        """Whether a stored value is one of ours; else it is asked again."""
        return isinstance(value, str)


YES = Option("yes", Text("label-yes"), primary=True)
NO = Option("no", Text("label-no"))


def choose_again(options: tuple[Option, ...]) -> Rejected:
    """What was typed is none of the choices."""
    return Rejected("choose-again", told=(Text("choose-example", {"first_choice": options[0].label}),))
