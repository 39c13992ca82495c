"""Wording by key and locale: the files in `locales/`, read once, and the one function that every text goes through."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from fluent.runtime import FluentBundle, FluentResource
from fluent.runtime.types import FluentInt
from msgspec import Struct

from dialogs.messages import Day, Deadline, Instant, Text

FALLBACK = "nb"
OSLO = ZoneInfo("Europe/Oslo")

# Fluent refuses to put in more than 2,500 characters at once. A longer argument is shown cut; what has to be shown
# whole is a line of its own with the key `verbatim`.
LONGEST_ARGUMENT = 1000

# Values that choose a variant of a wording, and say nothing of anybody.
_CHOICES = frozenset({"", "person", "organisation", "yes", "no"})

# Tags that devices send for the written standards of Norwegian: bokmål until a standard has a file of its own.
NORWEGIAN = frozenset({"no", "nb", "nn"})

Arguments = tuple[tuple[str, str | int], ...]


class House(Struct, frozen=True):
    """Whose service this is. Every text may use these: `{$municipality}`, `{$contact}` and so on."""

    municipality: str
    contact: str
    privacy_url: str
    web_url: str


def _countdown(value: Any) -> Any:
    """`COUNTDOWN` in a text: everything below zero chooses the variant [-1], where Fluent only knows "equal"."""
    return FluentInt(max(value, -1))


def _read(path: Path) -> FluentBundle:
    territories = Locale(path.stem).territories

    def country(code: Any) -> Any:
        """`COUNTRY` in a text: the name of an ISO 3166 code in its language; what is no code stays as it is."""
        return territories.get(code, code)

    functions = {"COUNTDOWN": _countdown, "COUNTRY": country}
    bundle = FluentBundle([path.stem], functions=functions, use_isolating=False)
    bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))
    return bundle


_files = sorted((Path(__file__).parent / "locales").glob("*.ftl"), key=lambda path: (path.stem != FALLBACK, path.stem))
_BUNDLES = {path.stem: _read(path) for path in _files}


def t(locale: str, text: Text, house: House, channel: str = "") -> str:
    """Say `text` in `locale`; a locale or a text that is not there is said in bokmål.

    `channel` is `telegram`, `web`, `terminal` or "": some texts name a button in one and a command in another.
    Raises KeyError for a key that bokmål does not have, and for an argument that the wording uses and `text` lacks.
    """
    if not text.args:
        return _say_plainly(locale, text.key, house, channel)
    if text.key == "verbatim":
        return str(text.args["text"])
    speaking = _speaking(locale, text.key)
    args: Arguments = tuple(
        (name, value if isinstance(value, int) else _argument(speaking, value, house, channel))
        for name, value in text.args.items()
    )
    # What people wrote is not kept in memory longer than it takes to say it.
    say = _say if any(isinstance(value, str) and value not in _CHOICES for _, value in args) else _say_again
    return say(speaking, text.key, _common(house, channel) + args)


def label(locale: str, key: str) -> str:
    """A wording without arguments, such as a button's; raises KeyError like `t`."""
    return _say_again(_speaking(locale, key), key, ())


def locales_without(key: str) -> list[str]:
    """The languages that lack a wording; a key that is there in all of them gives nothing."""
    return [locale for locale, bundle in _BUNDLES.items() if not bundle.has_message(key)]


def named(prefix: str) -> tuple[str, ...]:
    """What the wordings that begin with `prefix` are of, in their order in bokmål: `web` of `value-channel-web`."""
    source = (Path(__file__).parent / "locales" / f"{FALLBACK}.ftl").read_text(encoding="utf-8")
    return tuple(re.findall(rf"^{re.escape(prefix)}([a-z0-9-]+) =", source, re.MULTILINE))


def is_there(key: str) -> bool:
    """Whether any language has a wording with this key."""
    return any(bundle.has_message(key) for bundle in _BUNDLES.values())


def is_offered(locale: str) -> bool:
    """Whether somebody can choose this language."""
    return locale in LOCALES


def match_locale(tag: str) -> str | None:
    """The offered language for a language tag such as "nb-NO" or "en_GB"; None where there is none."""
    language = tag.replace("_", "-").partition("-")[0].lower()
    if language in LOCALES:
        return language
    return FALLBACK if language in NORWEGIAN else None


def excerpt(text: str, limit: int) -> str:
    """`text` in at most `limit` characters, cut between words where that can be, and then ended with "…"."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace():
        head = head.rpartition(" ")[0] or head
    return head.rstrip(" \n,.;:–-") + "…"


def _speaking(locale: str, key: str) -> str:
    bundle = _BUNDLES.get(locale)
    return locale if bundle is not None and bundle.has_message(key) else FALLBACK


def _argument(locale: str, value: str | Instant | Deadline | Day | Text, house: House, channel: str) -> str:
    match value:
        case str():
            return excerpt(value, LONGEST_ARGUMENT)
        case Text():
            return excerpt(t(locale, value, house, channel), LONGEST_ARGUMENT)
        case Instant(at):
            return _moment(locale, "pattern-instant", at)
        case Deadline(closes_at):
            return _moment(locale, "pattern-deadline", closes_at - timedelta(minutes=1))
        case Day(day):
            return format_date(day, label(locale, "pattern-day"), locale=locale)


@lru_cache(maxsize=1024)
def _moment(locale: str, pattern: str, at: datetime) -> str:
    said = format_datetime(at, label(locale, pattern), tzinfo=OSLO, locale=locale)
    local = at.astimezone(OSLO)
    if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
        return said
    # The hour that comes twice, when clocks are put back: which of the two it was.
    return f"{said} ({label(locale, 'summer-time' if local.dst() else 'winter-time')})"


@lru_cache(maxsize=16)
def _common(house: House, channel: str) -> Arguments:
    return (
        ("municipality", house.municipality),
        ("contact", house.contact),
        ("privacy_url", house.privacy_url),
        ("web_url", house.web_url),
        ("channel", channel),
    )


def _say(locale: str, key: str, args: Arguments) -> str:
    bundle = _BUNDLES[locale]
    pattern = bundle.get_message(key).value
    if pattern is None:
        raise KeyError(key)
    said, errors = bundle.format_pattern(pattern, dict(args))
    if errors:
        raise KeyError(f"{key} ({locale}): {'; '.join(map(str, errors))}")
    return str(said)


_say_again = lru_cache(maxsize=4096)(_say)


@lru_cache(maxsize=4096)
def _say_plainly(locale: str, key: str, house: House, channel: str) -> str:
    return _say(_speaking(locale, key), key, _common(house, channel))


LOCALES: dict[str, str] = {locale: label(locale, "language-name") for locale in _BUNDLES}
"""Each language that is offered, with its own name for itself; bokmål first."""
