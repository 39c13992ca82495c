"""What comes into the engine: everything that can happen, frozen. `at` is the engine's only clock."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from dialogs.facts import Question, Result


class Event(Struct, frozen=True, kw_only=True):
    """Something that reached us. `at` is when; `locale` is what the channel believes the person reads, or "".

    `topic` is where in its chat a channel with topics had it from, and is to put what we say to it; else "".
    """

    at: datetime
    locale: str = ""
    topic: str = ""


class Started(Event, frozen=True, tag="started", kw_only=True):
    """/start, or the chat was opened. `link` is the deep link's payload, such as `c12`."""

    link: str = ""


class Said(Event, frozen=True, tag="said", kw_only=True):
    """A text, commands and typed labels among them.

    `message_id` is the person's own message, for later edits. `continues`: the channel cut a longer text right
    after this piece. `whole`: the text stands in place of all that was written at this step (a form field).
    `after_repeat`: the last question may have been said twice, so the same text again is a repeat.
    `linked`: the text with the addresses that stand behind its words, where it has such; a long answer is that.
    `unheard`: it was sent before what we said last was said. It is an answer to a question that was said before, or to
    none.
    """

    text: str
    message_id: str = ""
    continues: bool = False
    whole: bool = False
    after_repeat: bool = False
    linked: str = ""
    unheard: bool = False


class Picked(Event, frozen=True, tag="picked", kw_only=True):
    """A button was pressed; `data` is whatever came in, forged or not."""

    data: str


class Attached(Event, frozen=True, tag="attached", kw_only=True):
    """Not a text: `kind` is `sticker`, `voice`, `photo` (any file or moving picture), `location` or `other`."""

    kind: str


class Edited(Event, frozen=True, tag="edited", kw_only=True):
    """The person changed a text that they had sent. `linked` and `unheard`: see `Said`."""

    message_id: str
    text: str
    continues: bool = False
    linked: str = ""
    unheard: bool = False


class WentBack(Event, frozen=True, tag="went-back", kw_only=True):
    """/tilbake."""


class Cancelled(Event, frozen=True, tag="cancelled", kw_only=True):
    """/avbryt."""


class AskedHelp(Event, frozen=True, tag="asked-help", kw_only=True):
    """/hjelp."""


class AskedLanguage(Event, frozen=True, tag="asked-language", kw_only=True):
    """/sprak."""


class AskedMine(Event, frozen=True, tag="asked-mine", kw_only=True):
    """/mine."""


class AskedReview(Event, frozen=True, tag="asked-review", kw_only=True):
    """The web chat's "show all on one page" and its reload: say again where the person is."""


class InGroup(Event, frozen=True, tag="in-group", kw_only=True):
    """Somebody addressed us in a group: nothing is collected there. `private_link` opens a private chat."""

    private_link: str = ""


class LookedUp(Event, frozen=True, tag="looked-up", kw_only=True):
    """The answer to a question; one that no longer fits is dropped."""

    question: Question
    result: Result = None


class Stored(Event, frozen=True, tag="stored", kw_only=True):
    """The response of `draft` is in the store, or was before (`again`)."""

    draft: str
    reference: str
    received_at: datetime
    again: bool = False


class Left(Event, frozen=True, tag="left", kw_only=True):
    """They leave the computer: what is begun shall be gone, and nobody come back to this conversation.

    The channel has asked whether they are sure.
    """


class Expired(Event, frozen=True, tag="expired", kw_only=True):
    """`draft` has lain untouched since before `untouched_since`; one that was touched after all is left alone."""

    draft: str
    untouched_since: datetime


AnyEvent = (
    Started
    | Said
    | Picked
    | Attached
    | Edited
    | WentBack
    | Cancelled
    | AskedHelp
    | AskedLanguage
    | AskedMine
    | AskedReview
    | InGroup
    | LookedUp
    | Stored
    | Expired
    | Left
)
