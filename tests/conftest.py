"""How the tests run: with new examples of Hypothesis at a desk and the same in CI, and without what is not here."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import programs
from tests.channels.web.browser.window import browser, chat_url  # noqa: F401 - one of each for the whole run
from tests.progress import Progress

settings.register_profile("dev", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
settings.load_profile("ci" if "CI" in os.environ else "dev")  # noqa: TID251 - pytest's own start has no Config yet


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--rewrite-chats` and `--screenshots`: see test_conversations.py and test_browser_conversations.py."""
    parser.addoption("--progress", action="store_true", help="one line now and then instead of dots")
    parser.addoption("--rewrite-chats", action="store_true", help="write what is said into the golden conversations")
    parser.addoption("--screenshots", action="store_true", help="keep pictures of the web chat in tests/screenshots/")


def pytest_configure(config: pytest.Config) -> None:
    """With `--progress`, in the process that speaks to the terminal."""
    if config.getoption("--progress") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(config))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nothing fails for a program that is missing: what needs it is skipped, and says so."""
    programs.skip_what_cannot_run(items)
