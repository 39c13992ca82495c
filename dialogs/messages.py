"""What goes out of the engine: what is said, as data, and the effects, which are what is to be done. All frozen.

They are `msgspec.Struct`s, as in `dialogs.events` and `dialogs.facts`: frozen like dataclasses, several times quicker
to make, and their JSON form (stored sessions, outbox rows, waiting look-ups) is read back by the same declaration that
typed them. All times are aware datetimes in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from msgspec import Struct

from dialogs.facts import Question

# --- What is said, as data: rendered in the reader's language at delivery ------------------------------


class Instant(Struct, frozen=True, tag="instant"):
    """A moment, shown with weekday, date and time of day in Norwegian time."""

    at: datetime


class Deadline(Struct, frozen=True, tag="deadline"):
    """The first instant after the last day, shown as that last day at 23.59."""

    closes_at: datetime


class Day(Struct, frozen=True, tag="day"):
    """A calendar day, shown with its weekday."""

    day: date


class Text(Struct, frozen=True, tag="text"):
    """A wording by its key in `locales/`, with its arguments. The key `verbatim` shows its argument `text` as it is."""

    key: str
    args: Mapping[str, Arg] = {}


Arg = str | int | Instant | Deadline | Day | Text


def verbatim(text: str) -> Text:
    """What somebody wrote, shown to the letter and never translated."""
    return Text("verbatim", {"text": text})


class Button(Struct, frozen=True):
    """Something to press. `data` is `draft:step:option` and at most 64 bytes of UTF-8."""

    data: str
    label: Text
    primary: bool = False


class AnswerBox(Struct, frozen=True):
    """What a typed answer looks like, for channels that draw a field for it.

    `kind` is one of `short`, `digits`, `email`, `phone`, `long`; `autocomplete` is the HTML token of that name;
    `value` what stands in it already; `max_length` in characters.
    """

    kind: str = "short"
    autocomplete: str = "off"
    value: str = ""
    max_length: int = 500


class Row(Struct, frozen=True):
    """A line of the review or of the receipt; `change` reopens what it shows."""

    label: Text
    value: Text
    change: Button | None = None


class Document(Struct, frozen=True):
    """A long text that goes with a message: in it where the channel has room, else as the text file `name`.

    `caption` says what it is, right above it.
    """

    name: str
    text: str
    caption: Text | None = None


class Message(Struct, frozen=True, omit_defaults=True):
    """One outgoing message. Read in this order: `told`, `lines`, `rows`, `after`, `example`, then the document.

    `kind`: `question`, `review`, `receipt`, `notice` (no question is open) or `waiting` (a look-up is out).
    `told` is what became of the last answer; `error` says that it was not taken as an answer: channels without a
    page then leave out `lines`, for the question stands just above. `lines` is the question with its reason.
    `progress` is (this step, steps in all) once the kind of respondent is known.
    `edits` asks the channel to edit the message whose button was pressed instead of sending a new one.
    `draft` is the draft that a question belongs to: one whose draft has ended is not said again.
    """

    locale: str
    kind: str = "notice"
    told: tuple[Text, ...] = ()
    error: bool = False
    lines: tuple[Text, ...] = ()
    rows: tuple[Row, ...] = ()
    after: tuple[Text, ...] = ()
    example: Text | None = None
    buttons: tuple[Button, ...] = ()
    step: str = ""
    progress: tuple[int, int] | None = None
    box: AnswerBox | None = None
    document: Document | None = None
    edits: bool = False
    draft: str = ""


# --- Effects: what is to be done --------------------------------------------------------------------------


class Tell(Struct, frozen=True):
    """What became of the last answer, or a side remark."""

    text: Text
    error: bool = False


class Ask(Struct, frozen=True):
    """The current question, as the rest of one message. It stands last among the effects of an event."""

    message: Message


class LookUp(Struct, frozen=True):
    """Find the answer to `question` and come back with `LookedUp`."""

    question: Question


class Submit(Struct, frozen=True):
    """Store this response, once, and come back with `Stored`. `columns` are what it fills, by export key."""

    draft: str
    consultation_id: int
    columns: dict[str, str]
    form_version: int = 1


class Forget(Struct, frozen=True):
    """The draft is gone: what was kept for it (waiting look-ups) goes too."""

    draft: str


Effect = Tell | Ask | LookUp | Submit | Forget
