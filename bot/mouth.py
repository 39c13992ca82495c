"""What a program says on its way out of a fault that nobody foresaw: where it came to it, and no word of the error.

An error may quote what a person wrote ("Could not decode … with text '…'"), and so may the notes and the representation
of what it went through. What is left is the types of the errors, and the files, lines and functions of the code.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from types import TracebackType

_LOG_FORMAT = "%(message)s"


def own_the_way_out() -> None:
    """From now on this process writes no error's own words on standard error. For programs, not for tests."""
    sys.excepthook = _ended
    sys.unraisablehook = lambda fault: _say("innspill: something went wrong beside the work.", fault.exc_value)
    threading.excepthook = lambda fault: _say("innspill: a thread ended.", fault.exc_value)
    logging.raiseExceptions = False  # else a line that cannot be logged is written out with what was to be put into it
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(WordlessFormatter(_LOG_FORMAT))


class WordlessFormatter(logging.Formatter):
    """Writes of an exception where it was raised."""

    def formatException(self, ei: object) -> str:  # noqa: N802 - the name that logging calls it by
        """See `logging.Formatter`."""
        return where(ei[1] if isinstance(ei, tuple) else None)

    def format(self, record: logging.LogRecord) -> str:
        """See `logging.Formatter`. What asyncio says below its first line are tasks, with their errors' words."""
        if record.name == "asyncio":
            record = logging.makeLogRecord(record.__dict__ | {"msg": record.getMessage().split("\n")[0], "args": ()})
        record.exc_text = None  # another formatter may have left its own there
        return super().format(record)


def where(error: BaseException | None) -> str:
    """An exception with those that led to it, the last one first: the type of each, and the way to it."""
    return "\n".join(_lines(error, set()))


def _lines(error: BaseException | None, told: set[int]) -> Iterator[str]:
    if error is None or id(error) in told:
        return
    told.add(id(error))
    yield f"{type(error).__module__}.{type(error).__qualname__}, its words are left out"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _lines(each, told)
    yield from _lines(error.__cause__ or (None if error.__suppress_context__ else error.__context__), told)


def _ended(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    _say("innspill: a mistake of ours, please report these lines.", error)


def _say(what: str, error: BaseException | None) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{what}\n{where(error)}\n")
        sys.stderr.flush()
