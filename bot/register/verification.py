"""What an answer of the register means for a response that came in while it was silent."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from dialogs.facts import Deleted, Found, Removed, Result, Unknown
from storage.register.verifications import Unverified


class Verdict(NamedTuple):
    """What an answer means for a response; `differences` is the register's value by export key."""

    status: str
    form: str
    main_number: str
    differences: dict[str, str]


def verdict(response: Unverified, answer: Result) -> Verdict | None:
    """None: the register has not said anything."""
    match answer:
        case Found() as found:
            return Verdict(found.status, found.form, found.main_number, _differences(response.typed, found))
        case Deleted(name=name, old_names=old):
            typed = response.typed["organisation_name"]
            same = any(_bare(typed) == _bare(each) for each in (name, *old))
            return Verdict("deleted", "", "", {} if same else {"organisation_name": name})
        case Unknown() | Removed():  # of a removed one the register shows no more than of one that never was
            return Verdict("not_found", "", "", {})
        case _:
            return None


def _differences(typed: dict[str, str], found: Found) -> dict[str, str]:
    """What the register has otherwise; an address only where it has one that it does not itself doubt."""
    registered = {"organisation_name": found.name}
    if found.street and not found.address_is_doubtful:
        place = {"postal_code": found.postal_code, "postal_town": found.postal_town, "country": found.country}
        registered |= {"address": found.street, **place}
    return {key: value for key, value in registered.items() if value and _bare(value) != _bare(typed[key])}


def _bare(text: str) -> str:
    """A name or an address without what is no difference: capitals, spaces, marks."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())
