"""The made-up responses as the files in `responses/` have them, and who sent them: people, addresses, organisations."""

from __future__ import annotations

import tomllib
import unicodedata
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from bot.demo.places import NEAR_BY
from bot.register import stand_in
from bot.register.answers import read_entity
from dialogs.consultation_response import ROLES
from dialogs.facts import Found
from dialogs.organisation_forms import kind_of

_FILES = ("residents.toml", "campaign.toml", "organisations.toml")

# Letters that are no other letter with a mark on it.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ł": "l"})

# Most people write in the web chat, in the evening.
_CHANNELS = ("web", "web", "telegram", "web", "web", "telegram", "web", "terminal")
_TIMES = ("19:42", "20:15", "08:14", "21:33", "12:41", "17:26", "22:07", "10:05", "15:32", "18:50", "07:48")


class Sample(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One made-up response. `day`: so many days before the last one; negative: after it. `at`: the hour in Norway.

    `number` alone is an organisation that the stand-in for the register knows; `organisation` is a name typed by hand,
    and then `register` what became of the number: a value of `register_status`. `key` names a response that another
    one `replaces`; `withdrawn` is what staff noted when they withdrew it; `language` is that of the conversation.
    """

    name: str
    day: int
    text: str
    at: str = ""
    number: str = ""
    organisation: str = ""
    register: str = ""
    key: str = ""
    replaces: str = ""
    withdrawn: str = ""
    language: str = "nb"


class Respondent(Struct, frozen=True):
    """Who sent one or several of them, and from where. `columns`: as in a real response, but the text."""

    channel: str
    address: str
    columns: dict[str, str]


def samples() -> list[tuple[Sample, Respondent]]:
    """All of them with those who sent them, in the order of the files; the same each time."""
    found: list[Sample] = []
    for name in _FILES:
        text = (files("bot.demo") / "responses" / name).read_text(encoding="utf-8")
        found += msgspec.convert(tomllib.loads(text)["responses"], list[Sample])
    whose = {(each.name, each.number, each.organisation): each for each in found}
    respondents = {key: _respondent(each, turn) for turn, (key, each) in enumerate(whose.items())}
    return [
        (
            msgspec.structs.replace(each, text=each.text.strip(), at=each.at or _TIMES[turn % len(_TIMES)]),
            respondents[each.name, each.number, each.organisation],
        )
        for turn, each in enumerate(found)
    ]


def _respondent(sample: Sample, turn: int) -> Respondent:
    first_names, _, last_name = sample.name.rpartition(" ")
    columns = {"first_name": first_names or last_name, "last_name": last_name if first_names else ""}
    if turn % 6 != 2 or sample.number:
        code, town = list(NEAR_BY.items())[turn % len(NEAR_BY)]
        columns |= {"address": f"Eksempelveien {turn + 1}", "postal_code": code, "postal_town": town, "country": "NO"}
    if turn % 5 != 3:
        columns["email"] = _email(sample.name)
    if turn % 5 != 1:
        columns["phone"] = f"+472200{turn:04}"
    if not sample.number and not sample.organisation:
        columns["respondent_type"] = "private_person"
    elif not sample.number:
        columns |= {"respondent_type": "unregistered_organisation", "organisation_name": sample.organisation}
    else:
        columns |= {"respondent_type": "registered_organisation", "organisation_number": sample.number}
        if sample.organisation:
            columns |= {"register_status": "unverified", "organisation_name": sample.organisation}
        else:
            found = registered(sample.number)
            columns |= _of(found)
            columns |= {"register_language": found.language, "organisation_kind": kind_of(found.form)}
    if (sample.number or sample.organisation) and turn % 4:
        columns["role"] = ROLES[turn % len(ROLES)]
    return Respondent(_CHANNELS[turn % len(_CHANNELS)], f"demo-{turn + 1}", columns)


def registered(number: str) -> Found:
    """What the stand-in says of an organisation. Raises KeyError where it knows none of this number."""
    entity: dict[str, Any] = {**stand_in.ENTITIES["enheter"], **stand_in.ENTITIES["underenheter"]}[number]
    found = read_entity(number, msgspec.json.encode(entity))
    if not isinstance(found, Found):
        raise KeyError(number)
    return found


def _of(found: Found) -> dict[str, str]:
    """The answers that come from the number."""
    given = {
        "register_status": found.status,
        "organisation_name": found.name,
        "organisation_form": found.form,
        "main_organisation_number": found.main_number,
    }
    if found.street and not found.address_is_doubtful:
        given |= {"address": found.street, "postal_code": found.postal_code}
        given |= {"postal_town": found.postal_town, "country": found.country}
    return given


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_LETTERS))
    words = "".join(letter for letter in plain if letter.isascii() and (letter.isalpha() or letter == " ")).split()
    return f"{'.'.join(words)}@example.no"
