"""Which responses are meant: the same choice for a list on the desk, a search, and an export."""

from __future__ import annotations

import re
from datetime import datetime

from msgspec import Struct

from storage.consultations.consultations import parse_case_number
from storage.database.times import stamp
from storage.database.word_index import folded


class Selection(Struct, frozen=True, kw_only=True):
    """All that is given must hold; without anything it is every response.

    `case_number` is such as 18/101 (ValueError elsewhere for another form); `received_from` is in, `received_before` is
    not; `after_id`: stored later than the response with this number; `words` as `match` takes them; `unverified`: the
    entity register has not been heard about them. `statuses`: each has one of these; `without`: none has one of these
    references.
    """

    case_number: str | None = None
    consultation_id: int | None = None
    reference: str | None = None
    status: str | None = None
    respondent_type: str | None = None
    channel: str | None = None
    late: bool | None = None
    unverified: bool = False
    received_from: datetime | None = None
    received_before: datetime | None = None
    after_id: int = 0
    words: str = ""
    statuses: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def named_statuses(self) -> frozenset[str]:
        """Those that are chosen by name; none: nobody has asked for one rather than another."""
        return frozenset((*self.statuses, *(() if self.status is None else (self.status,))))

    def where(self) -> tuple[str, dict[str, object]]:
        """A condition in SQL over `responses` joined with `consultations`, and its values. ValueError as above."""
        parts, values = ["TRUE"], dict[str, object]()
        if self.case_number is not None:
            parts.append("case_year = :year AND case_sequence = :sequence")
            values["year"], values["sequence"] = parse_case_number(self.case_number)
        for name in ("consultation_id", "reference", "respondent_type", "channel", "late"):
            if (value := getattr(self, name)) is not None:
                parts.append(f"responses.{name} = :{name}")
                values[name] = value
        if self.status is not None:
            parts.append("responses.status = :status")
            values["status"] = self.status
            if self.status != "received":
                parts.append("responses.status <> 'received'")  # it says nothing new, but that the index holds them
        for column, condition, chosen in (
            ("status", "IN", self.statuses),
            ("reference", "NOT IN", self.without),
        ):
            if chosen:
                names = {f"{column}_{number}": value for number, value in enumerate(chosen)}
                parts.append(f"responses.{column} {condition} ({', '.join(f':{name}' for name in names)})")
                values.update(names)
        if self.unverified:
            parts.append("register_status = 'unverified'")
        if self.received_from is not None:
            parts.append("received_at >= :received_from")
            values["received_from"] = stamp(self.received_from)
        if self.received_before is not None:
            parts.append("received_at < :received_before")
            values["received_before"] = stamp(self.received_before)
        if self.after_id:
            parts.append("responses.id > :after_id")
            values["after_id"] = self.after_id
        if words := match(self.words):
            parts.append("responses.id IN (SELECT rowid FROM responses_search WHERE responses_search MATCH :words)")
            values["words"] = words
        return " AND ".join(parts), values


# Of two letters and a digit, twice, and two letters; see `bot.randomness.reference`.
_LETTER, _DIGIT, _GAP = "[A-HJ-NPR-Y]", "[2-9]", r"[\s-]?"
_REFERENCE = re.compile(
    r"(?<!\w)" + _GAP.join(f"({sign})" for sign in (_LETTER, _LETTER, _DIGIT) * 2 + (_LETTER, _LETTER)) + r"(?!\w)",
    re.IGNORECASE,
)

# In the groups in which people write them, and we show them.
_NUMBER = r"(?:\+47\s?)?(?:\d{2}(?:\s\d{2}){3}|\d{3}\s\d{2}\s\d{3}|\d{8})|\d{3}(?:\s\d{3}){2}"
_WANTED = re.compile(rf"""["«“”]([^"»“”]*)["»“”]?|(?<!\S)({_NUMBER})(?!\S)|([^\s"«»“”]+)""")


def match(words: str) -> str:
    """What a person typed into a search box, for FTS5; empty where there is nothing to look for."""
    return " AND ".join(_term(text, is_phrase) for text, is_phrase in wanted(words))


def _term(text: str, is_phrase: bool) -> str:
    if not is_phrase:
        return f'"{text}"*'
    digits = re.sub(r"\D", "", text)
    # As they are kept: an organisation number is 9 digits, a phone number has the country in front.
    kept = digits if len(digits) == 9 else f"47{digits[-8:]}"
    return f'("{text}" OR "{kept}")' if re.fullmatch(_NUMBER, text) else f'"{text}"'


def _in_one_piece(found: re.Match[str]) -> str:
    return "".join(found.groups())


def wanted(words: str) -> list[tuple[str, bool]]:
    """What a person typed into a search box: all of these are wanted, and each may go on, unless it is a phrase.

    `skole` finds `skoleveien`; a single letter is a whole word. What stands between quotation marks is wanted as it
    is, in that order; so is an organisation number or a phone number in groups. None holds a quotation mark.
    """
    found = []
    for phrase, number, word in _WANTED.findall(_REFERENCE.sub(_in_one_piece, folded(words.replace("\0", "")))):
        text = phrase or number or word
        if any(character.isalnum() for character in text):
            found.append((text, not word or len(text) == 1))
    return found
