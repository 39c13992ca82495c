"""What is wrong with a page is seen, by kind. The pages themselves are read wherever a test opens one."""

from __future__ import annotations

import pytest

from tests.web.html_rules import complaints

SOUND = '<table><tr><th scope="col">A</th></tr></table><nav aria-label="A"></nav><nav aria-label="B"></nav>'


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ('<table role="table"></table>', "<table"),
        ('<table><tr role="row"></tr></table>', "<tr"),
        ('<table><tr><th role="rowheader">A</th></tr></table>', "<th"),
        ('<nav role="navigation"></nav>', "<nav"),
        ('<nav aria-label="C"></nav><nav aria-label="C"></nav>', "2 navigation"),
        ('<section aria-label="A"></section><div role="region" aria-label="A"></div>', "2 region"),
        ("<nav></nav><nav></nav>", "2 navigation"),
        ('<p id="a"></p><p id="a"></p>', "two elements"),
        ('<label for="b">B</label>', "nothing has the id b"),
        ('<input aria-describedby="a b"><p id="a"></p>', "nothing has the id b"),
        ('<input autocomplete="street-address">', "several lines"),
        ('<input name="a" value="b\nc">', "line break"),
        ('<input name="a" type="date" value="2026-02-30">', "a date"),
        ('<input name="a" type="date" value="31.12.2026">', "a date"),
    ],
)
def test_what_is_wrong_is_told(body: str, told: str) -> None:
    assert [told in each for each in complaints(f"<!DOCTYPE html>{SOUND}{body}")] == [True]
    assert complaints(f"<!DOCTYPE html>{SOUND}") == []
