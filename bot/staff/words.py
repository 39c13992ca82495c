"""How the desk says moments, days, numbers and answers, in the language of who reads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime

from aiohttp import web
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from msgspec.structs import asdict

from bot.exporting.export import described
from bot.staff.pages import desk, locale_of, render
from dialogs.texts import OSLO, label
from storage.database.times import moment
from storage.responses.lists import Listed
from storage.responses.respondents import respondent_of
from storage.responses.selection import Selection


class Words:
    """Says things briefly, as tables need it: `24.11.2026 kl. 09.30`."""

    def __init__(self, request: web.Request) -> None:
        self._locale = locale_of(request)
        self._export = described((), Selection(), self._locale, desk(request).config)

    def moment(self, at: datetime) -> str:
        """A moment in Norwegian time."""
        return format_datetime(at, label(self._locale, "desk-pattern-moment"), tzinfo=OSLO, locale=self._locale)

    def day(self, day: date) -> str:
        """A day."""
        return format_date(day, label(self._locale, "desk-pattern-day"), locale=self._locale)

    def number(self, number: int) -> str:
        """A number, in groups of three digits."""
        return str(format_decimal(number, locale=self._locale))

    def label(self, key: str) -> str:
        """What readers call an export key."""
        return self._export.label(key)

    def shown(self, key: str, value: object) -> str:
        """The value of an export key."""
        return self._export.shown(key, value)

    def detail(self, name: str, value: object) -> str:
        """One of the details of the audit log: what it is called, and its value; a choice is taken apart."""
        if isinstance(value, Mapping):
            return "; ".join(self.detail(*each) for each in value.items()) or self.named("desk-detail", "everything")
        called = self.named("desk-detail", name)
        if isinstance(value, bool):
            return f"{called}: {self.named('desk-detail', 'yes' if value else 'no')}"
        if isinstance(value, str) and name in ("received_from", "received_before"):
            return f"{called}: {self.moment(moment(value))}"
        return f"{called}: {self.named(f'desk-detail-{name}', str(value)) if isinstance(value, str) else value}"

    def named(self, kind: str, name: str) -> str:
        """The wording `kind-name` of a list that may have grown further than the wordings; else the name itself."""
        with suppress(KeyError):
            return label(self._locale, f"{kind}-{name.replace('.', '-').replace('_', '-')}")
        return name


def respondent(row: Listed | Mapping[str, object]) -> str:
    """Whose response it is: the organisation, else the person."""
    return respondent_of(row if isinstance(row, Mapping) else asdict(row))


def draw(request: web.Request, template: str, /, *, status: int = 200, **values: object) -> web.Response:
    """A page as `render` makes it, whose template also has `words`, and `respondent` for a row."""
    return render(request, template, status=status, words=Words(request), respondent=respondent, **values)
