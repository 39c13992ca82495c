"""Silence of the register says nothing about an organisation, and no wording of ours lets it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dialogs
from dialogs.messages import Text
from dialogs.texts import LOCALES, t
from tests.conversations import chat

FOLDER = Path(dialogs.__file__).parent / "locales"
SILENT = ("register-no-answer", "search-no-answer", "review-unverified", "looking-up", "still-looking", "searching")
SAYS_THERE_IS_NONE = re.compile(
    r"finnes ikke|fantes ikke|finn(er|e|es)? ikke|fant (ikke|ingen)|ikke (registrert|funnet|gyldig)|ugyldig"
    r"|does(n.t| not) exist|no such|not (found|registered|valid)|(can|could)(n.t|not| not) find|found no|invalid"
    r"|no organisation|ingen organisasjon",
    re.IGNORECASE,
)
ARGUMENTS = {"org_number": "974 760 673", "query": "vel", "municipality": "Asker kommune"}


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("key", SILENT)
def test_no_text_about_silence_says_that_there_is_none(locale: str, key: str) -> None:
    assert not SAYS_THERE_IS_NONE.search(t(locale, Text(key, ARGUMENTS), chat.HOUSE))


@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_that_says_there_is_none_is_for_a_register_that_answered(locale: str) -> None:
    source = (FOLDER / f"{locale}.ftl").read_text(encoding="utf-8")
    texts = dict(re.findall(r"^((?:register|search|org)-[a-z-]+) =(.*(?:\n[ }].*)*)", source, re.MULTILINE))
    assert {*SILENT[:2], "register-deleted"} < texts.keys()
    saying = {key for key, text in texts.items() if SAYS_THERE_IS_NONE.search(text)}
    assert saying == {"register-unknown", "search-none"}


def test_no_golden_conversation_hears_so_while_the_register_is_down() -> None:
    heard = 0
    for path in chat.FOLDER.glob("*.chat"):
        down = False
        for block in chat.read(path).blocks:
            if block.kind == "stage":
                down = {"register down": True, "register up": False}.get(block.lines[-1], down)
            elif block.kind == "us" and down:
                heard += 1
                assert not SAYS_THERE_IS_NONE.search(block.text), path.name
    assert heard > 10
