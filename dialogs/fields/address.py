"""Where a respondent gets post: the street, then postal code, town and country."""

from __future__ import annotations

import re
from typing import Any

from dialogs.countries import ends_with_a_country
from dialogs.events import Said
from dialogs.facts import PostalCode, PostalTown, Question, Result
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
from dialogs.messages import AnswerBox, Text, verbatim

_CODE_AND_TOWN = re.compile(r"(?:NO?[ \-])?(\d{4})\b[ ,]*(.*)", re.IGNORECASE)
_ALL_IN_ONE = re.compile(r"(.*[^\s,])[\s,]+(\d{4}) +([^\d,]*[^\W\d_][^\d,]*)")
# The number of a box or of a house is no postal code.
_NUMBERED = re.compile(
    r"(?:.*[\s,])?(?:post(?:boks|box)|boks|box|p\.? ?b\.?|p\.? ?o\.? ?box)"
    r"|.*(?:vei|veien|veg|vegen|gate|gaten|gata|allé|alleen|alléen|stien|plass|plassen|street|road)",
    re.IGNORECASE,
)
_ABROAD = re.compile(r"((?:\S*\d\S*\s+)*)(\D+)")


def postal(code: str, town: str, country: str = "NO") -> dict[str, str]:
    """The value of `PostalPlace`: `country` is an ISO 3166 code, or what was written where we know none."""
    return {"postal_code": code, "postal_town": town, "country": country}


class Street(Field):
    """Street and number, a post box or the name of a farm. With postal code and town in it, it is split.

    States: `street`, `code` and `town` (the split that is asked about); `alone` after "no".
    """

    box = AnswerBox("short", "address-line1", max_length=200)
    keys = ("address",)
    says = ("ask", "example", "split")

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text).strip(" ,")
        if "town" in state and repeats_some_of(text, state["street"], state["code"], state["town"]):
            return choose_again((YES, NO))
        if not has_letters(text):
            return Rejected("address-empty")
        found = _ALL_IN_ONE.fullmatch(text)
        if "alone" not in state and found and not _NUMBERED.fullmatch(found[1]):
            return Pending({"street": found[1], "code": found[2], "town": found[3].strip()})
        return Accepted(text)

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        return (YES, NO) if "town" in state else ()

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if "town" not in state or option not in ("yes", "no"):
            return None
        if option == "no":
            return Pending({"alone": True})
        return Accepted(state["street"], pends={"postal": {"code": state["code"], "town": state["town"]}})

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        if "town" not in state:
            return super().prompt(state, around, known)
        parts = {"address": state["street"], "postal_code": state["code"], "postal_town": state["town"]}
        return Prompt((around.key("split", **parts),), None, self.options(state, around))


# Letters first, and then what stands in names of places: "Mo i Rana", "St. Hanshaugen", "Å", "Kárášjohka/Karasjok".
_TOWN = re.compile(r"[^\W\d_](?:[^\W\d_]|[ .,'’/()-])*")


class PostalPlace(Field):
    """Postal code and town; with the button for it, an address outside Norway.

    States: `code` with or without `town` (the town is looked up); with `register_town` (another one is asked about),
    `unknown` (the register has no such code), `ask` (the town is asked for); `foreign`.
    """

    box = AnswerBox("short", "off", max_length=120)
    keys = ("postal_code", "postal_town", "country")
    says = ("ask", "example", "mismatch", "unknown")

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text).strip(" ,.")
        if "foreign" in state:
            return self._read_abroad(text)
        if "register_town" in state and repeats_some_of(text, state["code"], state["town"], state["register_town"]):
            return choose_again((YES, NO))
        place, country = ends_with_a_country(text)
        if country and country != "NO":
            return self._abroad(place, country)
        found = _CODE_AND_TOWN.fullmatch(place if country else text)
        if found:
            town = found[2].strip(" ,")
            if town and not _TOWN.fullmatch(town):
                return Rejected("postal-invalid")
            return Pending({"code": found[1], "town": town})
        if "ask" in state:
            return self._read_town(text, state)
        return Rejected("postal-invalid")

    def _read_town(self, text: str, state: State) -> Reading:
        if not _TOWN.fullmatch(text):
            return Rejected("town-letters")
        return Accepted(postal(state["code"], text))

    def _read_abroad(self, text: str) -> Reading:
        place, code = ends_with_a_country(text)
        country = code or text.rpartition(",")[2].strip()
        if not code:
            place = text.rpartition(",")[0]
        if not has_letters(country) or not has_letters(place):
            return Rejected("foreign-country")
        return self._abroad(place, country)

    def _abroad(self, place: str, country: str) -> Reading:
        if not has_letters(place):
            return Rejected("foreign-country")
        found = _ABROAD.fullmatch(place.strip(" ,"))
        code, town = (found[1].strip(), found[2].strip(" ,")) if found else ("", place.strip(" ,"))
        return Accepted(postal(code, town, country))

    def need(self, state: State) -> Question | None:
        waiting = "code" in state and not ("register_town" in state or "unknown" in state or "ask" in state)
        return PostalCode(state["code"]) if waiting else None

    def learn(self, result: Result, state: State, around: Around) -> Reading | None:
        code, town = state["code"], state["town"]
        if not isinstance(result, PostalTown) or not result.known:
            return Accepted(postal(code, town)) if town else Pending({"code": code, "ask": True})
        if not result.town:
            return Pending({"code": code, "town": town, "unknown": True})
        if not town or town.casefold() == result.town.casefold():
            return Accepted(postal(code, town or result.town))
        return Pending({"code": code, "town": town, "register_town": result.town})

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        if "register_town" in state or "unknown" in state:
            return (YES, NO)
        abroad = "foreign" in state
        return (Option("home", Text("label-home")) if abroad else Option("foreign", Text("label-foreign")),)

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if option not in (offered.id for offered in self.options(state, around)):
            return None
        if option == "foreign":
            return Pending({"foreign": True})
        if "register_town" in state:
            town = state["register_town"] if option == "yes" else state["town"]
            return Accepted(postal(state["code"], town))
        if option in ("no", "home"):
            return Pending({})
        code, town = state["code"], state["town"]
        return Accepted(postal(code, town)) if town else Pending({"code": code, "ask": True})

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        options = self.options(state, around)
        if "register_town" in state:
            mismatch = {"postal_code": state["code"], "register_town": state["register_town"]}
            return Prompt((around.key("mismatch", **mismatch),), None, options)
        if "unknown" in state:
            return Prompt((around.key("unknown", postal_code=state["code"]),), None, options)
        if "foreign" in state:
            return Prompt((Text("foreign-ask"),), Text("foreign-example"), options, self.box)
        if "ask" in state:
            ask = Text("town-ask", {"postal_code": state["code"]})
            return Prompt((ask,), Text("town-example"), options, self.box)
        return super().prompt(state, around, known)

    def shown(self, value: Any) -> Text:
        place = f"{value['postal_code']} {value['postal_town']}".strip()
        if value["country"] == "NO":
            return verbatim(place)
        return Text("value-place", {"place": place, "country": value["country"]})

    def columns(self, value: Any) -> dict[str, str]:
        return {key: part for key, part in value.items() if part}

    def understands(self, value: Any) -> bool:
        keys = ("postal_code", "postal_town", "country")
        return isinstance(value, dict) and all(isinstance(value.get(key), str) for key in keys)
