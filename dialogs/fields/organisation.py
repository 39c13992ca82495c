"""Organisations: the number with its look-up and card, the name, and what the register says beside it."""

from __future__ import annotations

import re
from typing import Any

from msgspec import convert, to_builtins
from stdnum.no import orgnr

from dialogs.fields.base import (
    NO,
    YES,
    Accepted,
    Around,
    Field,
    Instead,
    Option,
    Pending,
    Prompt,
    Reading,
    Rejected,
    State,
)
from dialogs.fields.cleaning import has_letters, one_line
from dialogs.messages import AnswerBox, Entity, Found, NoAnswer, Question, Result, Said, Text, Unknown

_AROUND_THE_NUMBER = re.compile(
    r"^\s*(?:org(?:anisasjons|anisation)?\.?\s*-?(?:nummer|number|nr|no)?\.?\s*:?)?\s*(?:NO\b\.?|NO(?=\d))?(.*?)(?:\s*MVA)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_WITHOUT = Option("without", Text("label-without-number"))
_BY_HAND = Option("manual", Text("label-manual"))
_CHANGE_ADDRESS = Option("address", Text("label-change-address"))
_STUCK_FROM = 2  # errors in a row after which the way without a number is offered


def spaced(number: str) -> str:
    """`974540193` as people read it: `974 540 193`, with no-break spaces."""
    return "\u00a0".join((number[:3], number[3:6], number[6:]))


class OrganisationNumber(Field):
    """Nine digits with their check digit, confirmed on the card that the register gives for them.

    States: `number` (a look-up is out), with `found` (the card) or `unknown` (the register has no such number);
    `errors` counts mistakes in a row. The value is the nine digits; name, form and address are filled from the card.
    """

    box = AnswerBox("digits", max_length=60)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text)
        bare = _AROUND_THE_NUMBER.sub(r"\1", text)
        digits = re.sub(r"[\s.\-–]", "", bare)
        if error := self._mistake(digits):
            return self._again(error, state)
        return Pending({"number": digits})

    def _mistake(self, digits: str) -> Rejected | None:
        count = len(digits)
        if not digits.isascii() or not digits.isdigit():
            return Rejected("org-number-letters")
        if count == 8:
            return Rejected("org-number-eight")
        if count != 9:
            return Rejected("org-number-short" if count < 9 else "org-number-long", {"count": count})
        if not orgnr.is_valid(digits):
            return Rejected("org-number-check", {"org_number": spaced(digits)})
        return None

    def _again(self, error: Rejected, state: State) -> Rejected:
        return Rejected(error.code, error.params, {"errors": int(state.get("errors", 0)) + 1})

    def need(self, state: State) -> Question | None:
        if "number" in state and not ("found" in state or "unknown" in state):
            return Entity(state["number"])
        return None

    def learn(self, result: Result, state: State, around: Around) -> Reading | None:
        number = state["number"]
        match result:
            case Found():
                return Pending({"number": number, "found": to_builtins(result)})
            case Unknown():
                return Pending({"number": number, "unknown": True})
            case NoAnswer():
                return self._unverified(number, Text("register-no-answer"))
            case _:
                return self._unverified(number)

    def _unverified(self, number: str, *told: Text) -> Accepted:
        return Accepted(number, {"register_status": "unverified"}, told)

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        if "found" in state:
            return (YES, NO, _CHANGE_ADDRESS)
        if "unknown" in state or state.get("errors", 0) >= _STUCK_FROM or state.get("refused"):
            return (_WITHOUT,)
        return (_BY_HAND,) if "number" in state else ()

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if option not in (offered.id for offered in self.options(state, around)):
            return None
        if option == "without":
            return Instead({"respondent_type": "unregistered_organisation"})
        if option == "manual":
            return self._unverified(state["number"])
        if option == "no":
            return Pending({"refused": True}, (Text("org-card-no"),))
        return self._confirmed(convert(state["found"], Found), with_address=option == "yes")

    def _confirmed(self, found: Found, *, with_address: bool) -> Accepted:
        fills: dict[str, Any] = {"organisation_name": found.name, "register_status": found.status}
        if found.form:
            fills["organisation_form"] = found.form
        if with_address and found.street:
            fills["address"] = found.street
            if found.postal_town:
                fills["postal"] = {
                    "postal_code": found.postal_code,
                    "postal_town": found.postal_town,
                    "country": found.country,
                }
        return Accepted(found.number, fills)

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        options, example = self.options(state, around), around.key("example")
        if "found" in state:
            return Prompt((self._card(convert(state["found"], Found)),), None, options, self.box)
        if "unknown" in state:
            unknown = Text("register-unknown", {"org_number": spaced(state["number"])})
            return Prompt((unknown,), example, options, self.box)
        if "number" in state:
            return Prompt((Text("looking-up", {"org_number": spaced(state["number"])}),), None, options, self.box)
        stuck = (Text("org-number-stuck"),) if state.get("errors", 0) >= _STUCK_FROM else ()
        return Prompt((around.key("ask"), *stuck), example, options, self.box)

    def _card(self, found: Found) -> Text:
        code_and_town = f"{found.postal_code} {found.postal_town}".strip()
        abroad = found.country if found.country not in ("", "NO") else ""
        address = ", ".join(part for part in (found.street, code_and_town, abroad) if part)
        card = {"org_name": found.name, "org_form": found.form_name or found.form, "address": address}
        return Text("org-card" if address else "org-card-no-address", card)

    def help(self, state: State, around: Around) -> Text:
        return Text("help-card") if "found" in state else super().help(state, around)

    def shown(self, value: Any) -> Text:
        return Text("value-org-number", {"org_number": spaced(value)})

    def columns(self, value: Any) -> dict[str, Any]:
        return {"organisation_number": value}

    def understands(self, value: Any) -> bool:
        return isinstance(value, str) and orgnr.is_valid(value)


class OrganisationName(Field):
    """The name of an organisation as it writes it; while the register has not answered, with a way to try again."""

    box = AnswerBox("short", "organization", max_length=200)

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

    def columns(self, value: Any) -> dict[str, Any]:
        return {"organisation_name": value}


class Fact(Field):
    """Something that is read from another answer and never asked for."""

    def __init__(self, column: str) -> None:
        self.column = column

    def columns(self, value: Any) -> dict[str, Any]:
        return {self.column: value}
