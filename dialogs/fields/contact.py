"""E-mail address and telephone number."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from dialogs.events import Said
from dialogs.facts import Result
from dialogs.fields.base import NO, YES, Accepted, Around, Field, Option, Pending, Prompt, Reading, Rejected, State
from dialogs.fields.cleaning import one_line
from dialogs.messages import AnswerBox, Text

_WELL_KNOWN = (
    "gmail.com",
    "hotmail.com",
    "hotmail.no",
    "outlook.com",
    "live.no",
    "live.com",
    "msn.com",
    "yahoo.com",
    "yahoo.no",
    "icloud.com",
    "me.com",
    "online.no",
    "broadpark.no",
    "getmail.no",
    "lyse.net",
    "altibox.no",
    "frisurf.no",
    "start.no",
    "c2i.net",
    "tele2.no",
    "protonmail.com",
)


class Email(Field):
    """One e-mail address. One typing mistake away from a well-known domain is asked about, not refused."""

    box = AnswerBox("email", "email", max_length=254)
    says = ("ask", "example", "typo")

    def __init__(self, key: str = "email") -> None:
        self.keys = (key,)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = _address_in(one_line(said.text))
        if text.count("@") > 1 and re.search(r"[\s,;]", text):
            return Rejected("email-several")
        if " " in text:
            return Rejected("email-space" if "@" in text else "email-at")
        if "@" not in text:
            return Rejected("email-at")
        if "." not in text.rpartition("@")[2].strip("."):
            return Rejected("email-domain")
        try:
            email = validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            return Rejected("email-other")
        suggestion = _suggestion(email)
        return Pending({"email": email, "suggestion": suggestion}) if suggestion else Accepted(email)

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        return (YES, NO) if "suggestion" in state else ()

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if "suggestion" not in state or option not in ("yes", "no"):
            return None
        return Accepted(state["suggestion" if option == "yes" else "email"])

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        if "suggestion" not in state:
            return super().prompt(state, around, known)
        typo = around.key("typo", email=state["email"], suggestion=state["suggestion"])
        return Prompt((typo,), None, self.options(state, around))


# What phones, word processors and address books put around an address, and for an apostrophe in it.
_AROUND = " \"'`´“”„‟‘’‚‛«»‹›<>()[]{}.,;:!?…"
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼ′´`", "'"))
_IN_BRACKETS = re.compile(r"[^<>]*<([^<>\s]+@[^<>\s]+)>[^<>@]*")


def _address_in(text: str) -> str:
    """The address as it was meant, without what stands around it."""
    text = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES))
    if found := _IN_BRACKETS.fullmatch(text):
        text = found[1]
    return re.sub(r"^mailto:", "", text.strip(_AROUND), flags=re.IGNORECASE).strip(_AROUND)


def _suggestion(email: str) -> str:
    """The address with the well-known domain that was probably meant, or ""."""
    local, _, domain = email.rpartition("@")
    meant = _meant(domain.lower())
    return f"{local}@{meant}" if meant else ""


@lru_cache(maxsize=1024)
def _meant(domain: str) -> str:
    """The well-known domain that is one slip away, or ""."""
    if domain in _WELL_KNOWN:
        return ""
    return next((known for known in _WELL_KNOWN if len(known) > 6 and _one_slip(domain, known)), "")


def _one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is missing, too many or another, or two neighbours are swapped."""
    if abs(len(typed) - len(meant)) > 1 or typed == meant:
        return False
    start = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    rest_typed, rest_meant = typed[start:], meant[start:]
    swapped = rest_typed[:2] == rest_meant[:2][::-1] and rest_typed[2:] == rest_meant[2:]
    return swapped or rest_typed[1:] == rest_meant or rest_typed == rest_meant[1:] or rest_typed[1:] == rest_meant[1:]


_NORWEGIAN_DIGITS = 8


class Phone(Field):
    """One telephone number, stored as E.164. Without a country code it is Norwegian."""

    box = AnswerBox("phone", "tel", max_length=40)

    def __init__(self, key: str = "phone") -> None:
        self.keys = (key,)

    def is_private_number(self, text: str) -> bool:
        """Foreign numbers may have eleven digits; they begin with + or 00."""
        return not text.lstrip().startswith(("+", "00")) and super().is_private_number(text)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = re.sub(r"^(?:tel|tlf|telefon|mobil|mob)\.?:?\s*", "", one_line(said.text), flags=re.IGNORECASE)
        text = re.sub(r"[,;:·•_|]+", " ", text).strip()
        digits = sum(c.isdigit() for c in text)
        if not digits or any(c.isalpha() for c in text):
            return Rejected("phone-letters")
        try:
            number = phonenumbers.parse(text, "NO")
        except phonenumbers.NumberParseException:
            return _of_a_wrong_length(digits)
        if not phonenumbers.is_possible_number(number):
            return _of_a_wrong_length(digits)
        if not phonenumbers.is_valid_number(number):
            return Rejected("phone-unknown")
        return Accepted(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

    def shown(self, value: Any) -> Text:
        """Norwegian numbers in pairs, `22 00 00 00`; others with their country code, `+46 8 465 004 00`."""
        number = phonenumbers.parse(value, None)
        national = str(number.national_number)
        if number.country_code == 47 and len(national) == 8:
            pretty = " ".join(national[i : i + 2] for i in range(0, 8, 2))
        else:
            pretty = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return Text("verbatim", {"text": pretty.replace(" ", "\u00a0").replace("-", "\u00a0")})

    def understands(self, value: Any) -> bool:
        return isinstance(value, str) and re.fullmatch(r"\+\d{4,15}", value) is not None


def _of_a_wrong_length(digits: int) -> Rejected:
    """Of as many digits as a Norwegian number has, something else is wrong."""
    return Rejected("phone-unknown") if digits == _NORWEGIAN_DIGITS else Rejected("phone-length", {"count": digits})
