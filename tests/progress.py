"""`pytest --progress -o console_output_style=classic`: for dots one line now and then; a failure is told at once."""

from __future__ import annotations

import time
from collections.abc import Generator

import pytest

EVERY = 20
"""Seconds from one line to the next."""


class Progress:
    """Counts the tests that have ended. With xdist it lives in the process that hands them out."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._began = self._told = time.monotonic()
        self._ended = self._failed = 0

    @property
    def _terminal(self) -> pytest.TerminalReporter:
        found: pytest.TerminalReporter = self._config.pluginmanager.getplugin("terminalreporter")
        return found

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test has been set up, run or cleared away."""
        if report.failed:
            self._failed += 1
            self._terminal.ensure_newline()
            self._terminal.write_line(f"failed: {report.nodeid}", red=True)
        if report.when == "teardown":
            self._ended += 1
            if time.monotonic() - self._told >= EVERY:
                self._tell()

    def pytest_sessionfinish(self) -> None:
        """All have ended, or it was stopped."""
        self._tell()

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, tuple[str, str, object], tuple[str, str, object]]:
        """No test leaves a dot or a letter; what became of them is told at the end, as always."""
        category, _, word = yield
        return category, "", word

    def _tell(self) -> None:
        self._told = time.monotonic()
        of = self._terminal._session.testscollected if self._terminal._session else 0
        minutes, seconds = divmod(int(self._told - self._began), 60)
        part = f"{100 * self._ended // of:3d} %  " if of else ""
        failed = f", {self._failed} failed" if self._failed else ""
        self._terminal.ensure_newline()
        self._terminal.write_line(f"{part}{self._ended} of {of} tests in {minutes}:{seconds:02d}{failed}")
