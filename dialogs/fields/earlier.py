"""Whether a response replaces one that the same respondent has sent in before: one of those, or none."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from msgspec import convert

from dialogs.events import Said
from dialogs.facts import EarlierResponse, Result
from dialogs.fields.base import Accepted, Around, Field, Option, Prompt, Reading, State, choose_again
from dialogs.messages import Instant, Text

SENDER = ("respondent_type", "organisation_number", "organisation_name", "first_name", "last_name")
"""The answers, and the export keys, by which a respondent is known."""

NOTHING = ""
"""The value of an answer that replaces nothing: the earlier responses stand beside it."""

_MOST = 5  # so many have a button, the newest: the others are named by their references
_NONE = "none"


def sender(named: Mapping[str, Any]) -> str:
    """The same digest for the same respondent, to be compared and nothing else; `named` by `SENDER`.

    An organisation with a number is the same one whoever writes for it.
    """
    keys = SENDER[:2] if named.get("organisation_number") else SENDER
    names = "\n".join(str(named.get(key) or "").casefold() for key in keys)
    return hashlib.blake2b(names.encode(), digest_size=16).hexdigest()


def earlier(values: Mapping[str, Any]) -> list[EarlierResponse]:
    """What the respondent of these answers has sent in to their consultation before, newest first.

    Only their own: who shares a computer or an account is neither shown nor replaced by another.
    """
    sent = (values.get("consultation") or {}).get("earlier")
    if not sent:
        return []
    mine = sender(values)
    return [each for each in convert(sent, list[EarlierResponse]) if each.sender == mine]


class Replaces(Field):
    """The reference of the response that this one replaces, or `NOTHING`."""

    box = None
    keys = ("replaces",)
    says = ("ask", "reason")

    def read(self, said: Said, state: State, around: Around) -> Reading:
        typed = said.text.strip().upper()
        if any(each.reference == typed for each in earlier(around.values)):
            return Accepted(typed)
        return choose_again(self.options(state, around))

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if option == _NONE:
            return Accepted(NOTHING)
        return Accepted(option) if any(each.reference == option for each in earlier(around.values)) else None

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        sent = earlier(around.values)[:_MOST]
        replace = "label-replaces-it" if len(sent) == 1 else "label-replaces-one"
        return (
            *(Option(each.reference, Text(replace, {"reference": each.reference})) for each in sent),
            Option(_NONE, Text("label-replaces-nothing", {"count": len(sent)})),
        )

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        sent = earlier(around.values)
        lines = tuple(
            Text("replaces-line", {"reference": each.reference, "received_at": Instant(each.received_at)})
            for each in sent[:_MOST]
        )
        lines = (around.key("ask", count=len(sent)), *lines, around.key("reason"))
        return Prompt(lines, None, self.options(state, around), self.box)

    def shown(self, value: Any) -> Text:
        return Text("verbatim", {"text": value}) if value else Text("value-replaces-nothing")

    def columns(self, value: Any) -> dict[str, str]:
        return {"replaces": value} if value else {}
