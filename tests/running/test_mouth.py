"""A program that ends by a fault that nobody foresaw says where, and not a word of what the error quotes."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.config import load
from bot.exporting.process import COMMAND, Order
from storage.responses.selection import Selection
from tests import ROOT

WORDS = "Kari Nordmann i Eksempelveien"
FAULTS = {
    "at the end of the program": "raise fault",
    "that came of another": """
        try: raise fault
        except ValueError as error: raise TypeError(str(fault)) from error""",
    "with a note": "fault.add_note(str(fault)); raise fault",
    "of several at once": "raise ExceptionGroup(str(fault), [fault, TypeError(str(fault))])",
    "in a thread": """
        def work(): raise fault
        thread = threading.Thread(target=work, name=str(fault)); thread.start(); thread.join()""",
    "where nobody waits for it": """
        async def work(): raise fault
        async def main(): asyncio.get_running_loop().create_task(work(), name="work"); await asyncio.sleep(0.01)
        asyncio.run(main(), debug=True)""",
    "when a thing is let go of": """
        class Thing:
            def __del__(self): raise fault
        Thing()""",
    "that is logged": """
        try: raise fault
        except ValueError: logging.getLogger("some.library").exception("it failed")""",
    "of a line that cannot be logged": """logging.getLogger("x").warning("%d", str(fault))""",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_without_its_words(fault: str) -> None:
    lines = FAULTS[fault].replace("\n        ", "\n")
    program = "\n".join(
        [
            "import asyncio, logging, threading",
            "from bot.cli import main",
            "try: main()",  # as a program: the version is told, and from then on the way out is ours
            "except SystemExit: pass",
            f"fault = ValueError({WORDS!r})",
            lines,
        ]
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "--version"], cwd=ROOT, check=False, capture_output=True, text=True
    )

    assert done.stdout.startswith("innspill ") or done.stdout.startswith("-c "), done.stderr
    assert "Eksempelveien" not in done.stderr
    assert "Nordmann" not in done.stderr
    if fault != "of a line that cannot be logged":
        assert "ValueError, its words are left out" in done.stderr
        assert "<string>" in done.stderr


def test_the_process_of_an_export_says_it_in_the_same_way() -> None:
    order = Order(load({}), WORDS, Selection(), "nb")
    with subprocess.Popen(COMMAND, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(order.written())
        process.stdin.flush()  # and left open: its end tells the process that nobody waits any more
        said = process.stderr.read()

    assert process.returncode == 1
    assert b"KeyError, its words are left out" in said
    assert b"Kari" not in said
