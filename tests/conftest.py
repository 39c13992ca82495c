"""How Hypothesis searches: with new examples each time at a desk, with the same ones in CI."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests.channels.web.browser.window import browser, chat_url  # noqa: F401 - one of each for the whole run

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if "CI" in os.environ else "dev")  # noqa: TID251 - pytest's own start has no Config yet


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-chats` and `--screenshots`: see test_conversations.py and test_browser_conversations.py."""
    parser.addoption("--rewrite-chats", action="store_true", help="write what is said into the golden conversations")
    parser.addoption("--screenshots", action="store_true", help="keep pictures of the web chat in tests/screenshots/")
