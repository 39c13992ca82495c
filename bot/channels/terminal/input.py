"""What a person types or pastes into a terminal, as texts."""

from __future__ import annotations

import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

# A paste arrives at once, a person's next line never does. GNU readline tells pastes apart by itself (bracketed
# paste); this is for terminals and readlines that do not.
_SECONDS_OF_A_PASTE = 0.05

# An empty line ends the response only where nothing comes after it: over a slow line a paste comes in bursts.
_SECONDS_AFTER_AN_EMPTY_LINE = 0.5


class Keyboard:
    """Reads from a terminal with line editing; from a pipe or a file each line is a text.

    Readline reads key by key: the kernel's own line reading cuts a line at 4,095 bytes, and long pastes are longer.
    """

    def __init__(self, source: TextIO = sys.stdin) -> None:
        self._source = source
        self._typed = source.isatty()
        if self._typed:
            _edit_lines()

    def read(self, prompt: str, *, whole_pastes: bool) -> str:
        """The next text. Blocks.

        With `whole_pastes` lines that arrive together are one text, with their line breaks.
        Raises EOFError at the end of the input (Ctrl-D) and KeyboardInterrupt on Ctrl-C.
        """
        if not self._typed:
            line = self._source.readline()
            if not line:
                raise EOFError
            return line.removesuffix("\n")
        with _ctrl_c_interrupts():
            lines = [input(prompt)]
            with suppress(EOFError):
                while whole_pastes and self._more_comes_after(lines[-1]):
                    lines.append(input())
        return "\n".join(lines)

    def _more_comes_after(self, line: str) -> bool:
        seconds = _SECONDS_OF_A_PASTE if line.strip() else _SECONDS_AFTER_AN_EMPTY_LINE
        return bool(select.select([self._source], [], [], seconds)[0])


def _edit_lines() -> None:
    try:
        import readline
    except ImportError:  # a Python without it: lines are read as the kernel gives them
        return
    if "GNU" in (readline.__doc__ or ""):
        readline.parse_and_bind("set enable-bracketed-paste on")
        readline.parse_and_bind("tab: self-insert")


@contextmanager
def _ctrl_c_interrupts() -> Iterator[None]:
    """While somebody types, Ctrl-C ends the typing: asyncio's own handler would wait for the end of the line."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
