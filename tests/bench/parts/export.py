"""Export of 100,000 responses, beside the sqlite3 shell writing the same columns without guarding anything."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.measuring import Effort, Row, alone, interleaved, wanted
from tests.bench.stored import stored_database
from tests.running.running_program import INNSPILL

TITLE = "Export of 100,000 responses, the whole command"

RESPONSES = 100_000
SECONDS = {"csv": 5.0, "json": 5.0, "ndjson": 5.0, "docx": 30.0, "xlsx": 30.0}
"""Those that are wanted in such numbers, and how long so many may take."""

MEGABYTES = 150.0
_SAME_COLUMNS = """
    SELECT reference, status, case_number, title, consultation_id, received_at,
        CASE late WHEN 1 THEN 'true' ELSE 'false' END, respondent_type, organisation_number, main_organisation_number,
        organisation_name, organisation_form, register_status, first_name, last_name, email, phone, address,
        postal_code, postal_town, country, text, '', channel, locale, form_version
    FROM responses JOIN consultations ON consultations.id = consultation_id ORDER BY received_at, responses.id
"""


# Linux counts the most memory that a command's parent has had as the command's own. So its parent is a program that
# has next to none (8 MB), and says on its last line how many seconds the command took, and how many kB it had.
_PARENT = """
import os, sys, time
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, usage = os.wait4(child, 0)
sys.stderr.write(f"\\n{time.perf_counter() - began} {usage.ru_maxrss}")
sys.exit(os.waitstatus_to_exitcode(status) != 0)
"""


def run_command(command: Sequence[str], environment: Mapping[str, str], output: Path) -> tuple[float, float]:
    """Seconds that a command takes, and the most memory it had, in MB. Raises AssertionError when it fails."""
    program = shutil.which(command[0])
    assert program is not None, command
    parent = [sys.executable, "-I", "-S", "-c", _PARENT, program, *command[1:]]
    with output.open("wb") as file:
        done = subprocess.run(parent, env=dict(environment), stdout=file, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 0, command
    seconds, kilobytes = done.stderr.splitlines()[-1].split()
    return float(seconds), int(kilobytes) / 1024


class _Exports:
    """The commands over one database, and the memory that each has needed."""

    def __init__(self, database: Path, count: int) -> None:
        self.memory: dict[str, float] = {}
        self._database = database
        self._count = count
        path = os.environ["PATH"]  # noqa: TID251 - the child's environment
        self._environment = {"INNSPILL_DATABASE": str(database), "PATH": path}

    def ours(self, format_name: str, _round: int) -> float:
        """Rows a second of `innspill export`."""
        return self._rate(format_name, [str(INNSPILL), "export", "--format", format_name])

    def shell(self, _round: int) -> float:
        """Rows a second of the sqlite3 shell."""
        return self._rate("sqlite3", ["sqlite3", "-readonly", "-csv", str(self._database), _SAME_COLUMNS])

    def _rate(self, name: str, command: Sequence[str]) -> float:
        output = self._database.with_suffix(f".{name}")
        seconds, memory = run_command(command, self._environment, output)
        self.memory[name] = max(memory, self.memory.get(name, 0.0))
        is_packed = name in ("docx", "xlsx")
        assert output.stat().st_size > self._count * (10 if is_packed else 400)
        return self._count / seconds


def run(effort: Effort) -> list[Row]:
    """See the module."""
    count = effort.people(RESPONSES)
    has_shell = shutil.which("sqlite3") is not None
    with TemporaryDirectory() as folder:
        paths = [Path(folder) / "few.db", Path(folder) / "many.db"]
        for path, size in zip(paths, (max(1, count // 10), count), strict=True):
            alone(stored_database, path, size)
        few = _Exports(paths[0], max(1, count // 10))
        for name in SECONDS:
            few.ours(name, 0)
        many = _Exports(paths[1], count)
        contenders = [partial(many.ours, name) for name in SECONDS] + ([many.shell] if has_shell else [])
        rates = dict(zip([*SECONDS, "sqlite3"], interleaved(effort.rounds, *contenders), strict=False))
    rows = []
    for name, seconds in SECONDS.items():
        took = RESPONSES / rates[name].median
        ours = f"{rates[name].median:,.0f} rows/s, {took:.1f} s, {many.memory[name]:.0f} MB"
        flat = many.memory[name] / few.memory[name]
        promise = [
            wanted(took, below=seconds, unit=" s"),
            wanted(many.memory[name], below=MEGABYTES, unit=" MB"),
            f"memory flat: {flat:.2f} of a tenth's",
        ]
        theirs = ratio = ""
        if name == "csv" and has_shell:
            theirs = f"sqlite3 -csv: {rates['sqlite3'].median:,.0f} rows/s"
            ratio = f"{rates[name].ratio(rates['sqlite3']):.2f}"
            promise.append(wanted(rates[name].ratio(rates["sqlite3"]), at_least=0.15))
        elif name == "csv":
            theirs = "sqlite3 is not installed: left out"
        rows.append(Row(name, ours, theirs, ratio, "; ".join(promise)))
    return rows
