"""What the HTML of a page has to keep to; every page that a test's browser opens is read by it.

What axe does not look for, and the Nu HTML checker complains of: roles that an element has by itself, two landmarks of
one name, values and tokens that a field cannot have, a name that leads nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser

_OWN_ROLES = {
    **{"a": "link", "article": "article", "aside": "complementary", "button": "button", "dialog": "dialog"},
    **{"details": "group", "dl": "list", "fieldset": "group", "footer": "contentinfo", "header": "banner"},
    **{"hr": "separator", "main": "main", "nav": "navigation", "ol": "list", "ul": "list", "li": "listitem"},
    **{"option": "option", "output": "status", "progress": "progressbar", "section": "region", "select": "listbox"},
    **{"table": "table", "tbody": "rowgroup", "thead": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"},
    **{"th": "columnheader", "textarea": "textbox", "img": "img", "form": "form", "search": "search"},
}
_OF_TABLES = {"table", "tbody", "thead", "tfoot", "tr", "td", "th", "caption", "col", "colgroup"}
_LANDMARKS = {"aside": "complementary", "main": "main", "nav": "navigation", "section": "region", "search": "search"}
_POINTERS = ("for", "form", "aria-labelledby", "aria-describedby", "aria-controls")
_OF_LINES = {"street-address"}
"""Tokens of `autocomplete` for what stands in several lines."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.ids: Counter[str] = Counter()
        self.pointed_at: set[str] = set()
        self.landmarks: Counter[tuple[str, str]] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        role = given.get("role", "")
        if role and (role == _OWN_ROLES.get(tag) or tag in _OF_TABLES):
            self.wrong.append(f'<{tag} role="{role}">: it is one by itself, and a table is made of its own elements')
        if landmark := role if role in _LANDMARKS.values() else _LANDMARKS.get(tag):
            name = given.get("aria-label") or given.get("aria-labelledby", "")
            if name or landmark != "region":  # a section without a name is none
                self.landmarks[landmark, name] += 1
        self.ids.update([given["id"]] if "id" in given else [])
        self.pointed_at.update(*(given[name].split() for name in _POINTERS if name in given))
        if tag == "a" and given.get("href", "").startswith("#"):
            self.pointed_at.add(given["href"][1:])
        if tag == "input":
            self._field(given)

    def _field(self, given: dict[str, str]) -> None:
        kind, value = given.get("type", "text"), given.get("value", "")
        if given.get("autocomplete") in _OF_LINES:
            self.wrong.append(f"autocomplete={given['autocomplete']} is for a field of several lines")
        if kind != "hidden" and re.search(r"[\r\n]", value):
            self.wrong.append(f"{given.get('name')} holds a line break, which a field of one line cannot")
        if kind == "date" and value and not _is_day(value):
            self.wrong.append(f"{given.get('name')} is a date and holds none, so the browser shows nothing")


def complaints(html: str) -> list[str]:
    """What is wrong with a page, a line for each; nothing for what is no page."""
    if not html.lstrip().lower().startswith("<!doctype html"):
        return []
    reader = _Reader()
    reader.feed(html)
    twice = [f"two elements have the id {name}" for name, count in reader.ids.items() if count > 1]
    nowhere = [f"nothing has the id {name}" for name in sorted(reader.pointed_at - set(reader.ids))]
    alike = [
        f"{count} {kind} landmarks are called {name!r}" for (kind, name), count in reader.landmarks.items() if count > 1
    ]
    return reader.wrong + twice + nowhere + alike


def _is_day(value: str) -> bool:
    with suppress(ValueError):
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", value) and date.fromisoformat(value))
    return False
