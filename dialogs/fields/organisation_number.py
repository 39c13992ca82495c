"""The organisation number, from the first digit or the first letters of a name to the confirmed card."""

from __future__ import annotations

import re
from typing import Any

from msgspec import convert, to_builtins
from stdnum.no import orgnr

from dialogs.events import Said
from dialogs.facts import Deleted, Entity, EntitySearch, Found, Hits, Question, Removed, Result, Unknown
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
    choose_again,
)
from dialogs.fields.cleaning import one_line, repeats_some_of
from dialogs.messages import AnswerBox, Arg, Day, Text, verbatim
from dialogs.organisation_forms import kind_of

_AROUND_THE_NUMBER = re.compile(
    r"^\s*(?:org(?:anisasjons|anisation)?\.?\s*-?(?:nummer|number|nr|no)?\.?\s*:?)?\s*(?:NO\b\.?|NO(?=\d))?(.*?)(?:\s*MVA)?\s*$",
    re.IGNORECASE | re.DOTALL,
)
_FEWEST_LETTERS_OF_A_NAME = 2
_MOST_DIGITS_OF_A_NAME = 4  # with more of them it was meant as a number
_LEADS_NOWHERE = frozenset({"unknown", "deleted", "removed", "refused", "query"})
_STUCK_FROM = 2  # errors in a row after which the way without a number is offered

_WITHOUT = Option("without", Text("label-without-number"))
_BY_HAND = Option("manual", Text("label-manual"))
_AGAIN = Option("again", Text("label-try-again"))
_CHANGE_ADDRESS = Option("address", Text("label-change-address"))
_MORE = Option("more", Text("label-show-more"))
_PREVIOUS = Option("previous", Text("label-show-previous"))


def spaced(number: str) -> str:
    """`974540193` as people read it: `974 540 193`, with no-break spaces."""
    return "\u00a0".join((number[:3], number[3:6], number[6:]))


class OrganisationNumber(Field):
    """Nine digits with their check digit, confirmed on the card that the register gives for them.

    States: `number` (a look-up is out), with `found` (the card; a sub-entity is asked about first, until `chosen`),
    `deleted`, `removed` or `unknown`; `query` and `page` (a search is out), with `hits` or `silent`; `errors` counts
    mistakes in a row, `refused` says that a card was. The value is the nine digits; the rest is filled from the card.
    """

    box = AnswerBox(max_length=120)  # a part of the name will do too: phones show letters for it
    keys = ("organisation_number",)

    # --- What comes in -----------------------------------------------------------------------------------

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text)
        if "found" in state and _repeats_the_card(text, convert(state["found"], Found)):
            return choose_again(self.options(state, around))
        bare = _AROUND_THE_NUMBER.sub(r"\1", text)
        digits = re.sub(r"[\s.\-–]", "", bare)
        letters = sum(c.isalpha() for c in bare)
        if letters >= _FEWEST_LETTERS_OF_A_NAME and sum(c.isdigit() for c in bare) <= _MOST_DIGITS_OF_A_NAME:
            return Pending({"query": text, "page": 0})
        if error := _mistake(digits):
            errors = int(state.get("errors", 0)) + 1
            stuck = (Text("org-number-stuck"),) if errors >= _STUCK_FROM else ()
            return Rejected(error.code, error.params, {"errors": errors}, stuck)
        return Pending({"number": digits})

    def need(self, state: State) -> Question | None:
        if "number" in state and not state.keys() & {"found", "deleted", "removed", "unknown"}:
            return Entity(state["number"])
        if "query" in state and not state.keys() & {"hits", "silent"}:
            return EntitySearch(state["query"], state["page"])
        return None

    def learn(self, result: Result, state: State, around: Around) -> Reading | None:
        if "query" in state:
            return self._searched(result, state)
        number = state["number"]
        match result:
            case Found():
                return Pending({"number": number, "found": to_builtins(result)})
            case Deleted():
                return Pending({"number": number, "deleted": to_builtins(result)})
            case Removed():
                return Pending({"number": number, "removed": True})
            case Unknown():
                return Pending({"number": number, "unknown": True})
            case _:
                return _unverified(number, Text("register-no-answer"))

    def _searched(self, result: Result, state: State) -> Reading:
        if not isinstance(result, Hits):
            return Pending({**state, "silent": True})
        if not result.total or not result.items:
            return Rejected("search-none", {"query": state["query"]}, {"refused": True})
        if result.total == 1:
            return Pending({"number": result.items[0].number})
        return Pending({**state, "hits": to_builtins(result)})

    # --- Buttons -----------------------------------------------------------------------------------------

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        if "found" in state:
            return self._card_options(convert(state["found"], Found), state)
        if "hits" in state:
            return self._hit_options(convert(state["hits"], Hits))
        if "silent" in state:
            return (_AGAIN, _WITHOUT)
        if state.keys() & _LEADS_NOWHERE or state.get("errors", 0) >= _STUCK_FROM:
            return (_WITHOUT,)
        return (_BY_HAND,) if "number" in state else ()

    def _card_options(self, found: Found, state: State) -> tuple[Option, ...]:
        if _is_open(found, state):
            return (Option("sub", verbatim(found.name)), Option("main", verbatim(_main_name(found))))
        return (YES, NO) if found.address_is_doubtful else (YES, NO, _CHANGE_ADDRESS)

    def _hit_options(self, hits: Hits) -> tuple[Option, ...]:
        named = tuple(Option(f"o{hit.number}", Text("label-hit", _hit(hit.name, hit.town))) for hit in hits.items)
        before = (_PREVIOUS,) if hits.page > 0 else ()
        after = (_MORE,) if hits.page < hits.pages - 1 else ()
        return (*named, *before, *after, _WITHOUT)

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if option not in (offered.id for offered in self.options(state, around)):
            return None
        match option:
            case "without":
                return Instead({"respondent_type": "unregistered_organisation"})
            case "manual":
                return _unverified(state["number"])
            case "again":
                return Pending({"query": state["query"], "page": state["page"]})
            case "more" | "previous":
                return Pending({"query": state["query"], "page": state["page"] + (1 if option == "more" else -1)})
            case "no":
                return Pending({"refused": True}, (Text("org-card-no"),))
            case "sub":
                return Pending({**state, "chosen": True})
        if option.startswith("o"):
            return Pending({"number": option[1:]})
        found = convert(state["found"], Found)
        if option == "main":
            return Pending({"number": found.main_number})
        return _confirmed(found, changes_address=option == "address")

    # --- What is asked -----------------------------------------------------------------------------------

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        options, example = self.options(state, around), around.key("example")
        if "found" in state:
            return Prompt(self._card(convert(state["found"], Found), state), None, options)
        if "hits" in state:
            return self._hits_prompt(convert(state["hits"], Hits), options)
        if lines := self._dead_end(state):
            return Prompt(lines, example, options, self.box)
        if "number" in state:
            return Prompt((Text("looking-up", {"org_number": spaced(state["number"])}),), None, options, self.box)
        if "query" in state:
            return Prompt((Text("searching", {"query": state["query"]}),), None, options, self.box)
        return Prompt((around.key("ask"),), example, options, self.box)

    def _card(self, found: Found, state: State) -> tuple[Text, ...]:
        if _is_open(found, state):
            return (Text("sub-entity", {"sub_name": found.name, "main_name": _main_name(found)}),)
        notes = () if found.status == "active" else (Text("card-note", {"state": Text(_state(found))}),)
        doubt = (Text("card-address-doubtful"),) if found.address_is_doubtful else ()
        code_and_town = f"{found.postal_code} {found.postal_town}".strip()
        abroad = found.country if found.country not in ("", "NO") else ""
        place = ", ".join(part for part in (found.street, code_and_town) if part)
        shown = place and not found.address_is_doubtful
        address = Text("value-place", {"place": place, "country": abroad}) if abroad else place
        card = {"org_name": found.name, "org_form": found.form_name or found.form, "address": address}
        return (*notes, *doubt, Text("org-card" if shown else "org-card-no-address", card))

    def _hits_prompt(self, hits: Hits, options: tuple[Option, ...]) -> Prompt:
        lines = [Text("search-hits", {"count": hits.total})]
        lines += [Text("search-line", {**_hit(hit.name, hit.town), "org_form": hit.form_name}) for hit in hits.items]
        return Prompt(tuple(lines), None, options, self.box, edits=hits.page > 0)

    def _dead_end(self, state: State) -> tuple[Text, ...]:
        if "silent" in state:
            return (Text("search-no-answer"),)
        if "deleted" in state:
            gone = convert(state["deleted"], Deleted)
            old = ", ".join(gone.old_names)
            told: dict[str, Arg] = {"org_name": gone.name, "date": Day(gone.day), "old_names": old}
            return (Text("register-deleted-renamed" if old else "register-deleted", told),)
        number = {"org_number": spaced(state["number"])} if "number" in state else {}
        if "removed" in state:
            return (Text("register-removed", number),)
        return (Text("register-unknown", number),) if "unknown" in state else ()

    def help(self, state: State, around: Around) -> Text:
        return Text("help-card") if "found" in state else super().help(state, around)

    # --- What it becomes ---------------------------------------------------------------------------------

    def shown(self, value: Any) -> Text:
        return Text("value-org-number", {"org_number": spaced(value)})

    def understands(self, value: Any) -> bool:
        return isinstance(value, str) and orgnr.is_valid(value)


def _repeats_the_card(text: str, found: Found) -> bool:
    return repeats_some_of(text, found.name, found.form_name, found.street, found.postal_code, found.postal_town)


def _mistake(digits: str) -> Rejected | None:
    count = len(digits)
    if not digits.isascii() or not digits.isdigit():
        return Rejected("org-number-letters")
    if count == 8:
        return Rejected("org-number-eight")
    if count != 9:
        return Rejected("org-number-short" if count < 9 else "org-number-long", {"count": count})
    return None if orgnr.is_valid(digits) else Rejected("org-number-check", {"org_number": spaced(digits)})


def _unverified(number: str, *told: Text) -> Accepted:
    return Accepted(number, {"register_status": "unverified"}, told)


def _confirmed(found: Found, *, changes_address: bool) -> Accepted:
    facts = {
        "organisation_name": found.name,
        "organisation_form": found.form,
        "register_status": found.status,
        "main_number": found.main_number,
        "register_language": found.language,
        "organisation_kind": kind_of(found.form),
    }
    fills: dict[str, Any] = {step: fact for step, fact in facts.items() if fact}
    if found.street and not found.address_is_doubtful:
        fills["address"] = found.street
        if found.postal_town:
            place = {"postal_code": found.postal_code, "postal_town": found.postal_town, "country": found.country}
            fills["postal"] = place
    return Accepted(found.number, fills, then=("address", "postal") if changes_address else ())


def _is_open(found: Found, state: State) -> bool:
    """Whether it is still to be asked in whose name a sub-entity answers."""
    return bool(found.main_number) and not state.get("chosen")


def _main_name(found: Found) -> str:
    return found.main_name or spaced(found.main_number)


def _state(found: Found) -> str:
    return "state-compulsory" if found.is_compulsory else f"state-{found.status}"


def _hit(name: str, town: str) -> dict[str, str]:
    return {"org_name": name, "place": town or "–"}
