"""How exports speak to their readers: the words of one language for columns, headings, values and choices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import lru_cache

from phonenumbers import NumberParseException

from dialogs.consultation_response import FORM
from dialogs.fields.contact import Phone
from dialogs.fields.organisation_number import spaced
from dialogs.messages import Deadline, Instant, Text
from dialogs.texts import LOCALES, House, label, t
from storage.database.times import moment
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection

# What the form asks and the export has no fixed key for, and the one that the store adds.
_EXTRA_KEYS = (*(key for step in FORM.steps for key in step.field.keys if key not in EXPORT_KEYS), "replaced_by")


class Words(Mapping[str, str]):
    """The labels of an export in one language, as `dialogs/locales` has them, with `-` for `_`.

    The label of a key of a response, such as `first_name`, is the wording `column-first-name`; every other label that a
    format asks for, such as `summary`, is `export-summary`. Going through it gives the keys of a response.
    """

    def __init__(self, locale: str) -> None:
        self._locale = locale

    def __getitem__(self, key: str) -> str:
        name = key.replace("_", "-")
        with suppress(KeyError):
            return label(self._locale, f"column-{name}")
        return label(self._locale, f"export-{name}")

    def __iter__(self) -> Iterator[str]:
        yield from EXPORT_KEYS
        yield from _EXTRA_KEYS

    def __len__(self) -> int:
        return len(EXPORT_KEYS) + len(_EXTRA_KEYS)


class Reader:
    """Says values and choices in one language."""

    def __init__(self, locale: str, house: House) -> None:
        self._locale = locale
        self._house = house
        self._by_key = {
            "received_at": self._instant,
            "closes_at": self._deadline,
            "phone": _phone,
            "organisation_number": _organisation_number,
            "main_organisation_number": _organisation_number,
            "country": self._country,
            "locale": _language,
            "attachments": _listed,
            "part": self._part,
        }

    def shown(self, key: str, value: object) -> str:
        """The value of an export key: dates, numbers and enumerations in words, everything else to the letter.

        `part` has a volume's number and how many there are.
        """
        if value is None:
            return ""
        if say := self._by_key.get(key):
            return say(value)
        return _chosen(self._locale, key, str(value)) if key in _CHOICES else str(value)

    def about(self, selection: Selection) -> Iterator[tuple[str, str]]:
        """What was chosen: each with what it is called. Never nothing: everything is a choice too."""
        words = Words(self._locale)
        if selection == Selection():
            yield words["chosen"], words["everything"]
        for key in ("case_number", "consultation_id", "status", "respondent_type", "channel", "late"):
            if (value := getattr(selection, key)) is not None:
                yield words[key], self.shown(key, value)
        if selection.statuses:
            yield words["status"], ", ".join(self.shown("status", each) for each in selection.statuses)
        if selection.without:
            yield words["without"], ", ".join(selection.without)
        if selection.unverified:
            yield words["register_status"], self.shown("register_status", "unverified")
        if selection.received_from is not None:
            yield words["received_from"], self._instant(selection.received_from)
        if selection.received_before is not None:
            yield words["received_before"], self._instant(selection.received_before)
        if selection.after_id:
            yield words["chosen"], words["since_last"]
        if selection.words:
            yield words["words"], selection.words

    def _instant(self, value: object) -> str:
        return self._say("value-instant", at=Instant(_moment(value)))

    def _deadline(self, value: object) -> str:
        return self._say("value-instant", at=Deadline(_moment(value)))

    def _country(self, value: object) -> str:
        return self._say("value-country", country=str(value))

    def _part(self, value: object) -> str:
        assert isinstance(value, tuple)  # noqa: S101 - see `shown`
        number, of = value
        return self._say("value-part", number=str(number), of=str(of))

    def _say(self, key: str, **args: str | Instant | Deadline) -> str:
        return t(self._locale, Text(key, args), self._house)


_CHOICES = frozenset(
    {"status", "late", "channel", *(key for step in FORM.steps if step.field.is_chosen for key in step.field.keys)}
)
"""The keys whose values have words: `value-channel-web`, or without the key as the form's own choices have them."""


@lru_cache(maxsize=256)
def _chosen(locale: str, key: str, value: str) -> str:
    name = value.lower().replace("_", "-")
    for wording in (f"value-{key.replace('_', '-')}-{name}", f"value-{name}"):
        with suppress(KeyError):
            return label(locale, wording)
    return value


def _moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else moment(str(value))


def _phone(value: object) -> str:
    with suppress(NumberParseException):
        return str(_PHONE.shown(value).args["text"])
    return str(value)


_PHONE = Phone()


def _organisation_number(value: object) -> str:
    return spaced(str(value))


def _language(value: object) -> str:
    return LOCALES.get(str(value), str(value))


def _listed(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
