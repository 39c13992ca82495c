"""How the benchmark measures: interleaved rounds, each run in a process of its own, medians, and the table."""

from __future__ import annotations

import gc
import os
import resource
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import ParamSpec, TypeVar

from msgspec import Struct

P = ParamSpec("P")
R = TypeVar("R")


class Effort(Struct, frozen=True):
    """How much is done: `rounds` of everything, `scale` of the people in each, and with `full` the million rows."""

    rounds: int = 5
    scale: float = 1.0
    full: bool = False

    def people(self, count: int) -> int:
        """`count` at this scale."""
        return max(1, round(count * self.scale))


class Row(Struct, frozen=True):
    """A line of the table. `ratio` is how many times as good ours is; `wanted` what was promised, and if it is met."""

    what: str
    ours: str
    theirs: str = ""
    ratio: str = ""
    wanted: str = ""


class Rates(Struct, frozen=True):
    """What each round gave, a second, in the order of the rounds."""

    each: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.each)

    def ratio(self, other: Rates) -> float:
        """The middle one of the ratios to the other's rate in the same round."""
        return median(ours / theirs for ours, theirs in zip(self.each, other.each, strict=True))


def alone(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `work` returns in a fresh process, so that nobody measures with another's heap."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(work, args, kwargs)


def interleaved(rounds: int, *contenders: Callable[[int], float]) -> list[Rates]:
    """The rates of each contender, which is told the round: all of them in each, in turns that alternate."""
    rates: list[list[float]] = [[] for _ in contenders]
    for number in range(rounds):
        turns = list(zip(contenders, rates, strict=True))
        for contender, gathered in turns if number % 2 == 0 else reversed(turns):
            gc.collect()
            gathered.append(contender(number))
    return [Rates(tuple(each)) for each in rates]


def wanted(value: float, *, at_least: float | None = None, below: float | None = None, unit: str = "") -> str:
    """What was promised, and whether `value` keeps it."""
    if at_least is not None:
        return f"≥ {at_least:,g}{unit}: {'yes' if value >= at_least else 'NO'}"
    return f"< {below:,g}{unit}: {'yes' if below is not None and value < below else 'NO'}"


def peak_megabytes() -> float:
    """The most memory that this process has had, in MB. Linux counts what its parent had at its start, but not here."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def written_kilobytes() -> float:
    """What this process has written to disk so far, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_oublock / 2


_HEAD = """# The benchmark

Ours beside what people build today, on one machine in one run: `make bench` writes this file, `make bench BENCH=--full`
with a million stored responses. Each figure is the median of {rounds} interleaved rounds, a ratio the median of the
rounds' ratios; each run has a process of its own. The ratios say more than the figures, which are those of a machine.
This one has {cores} cores and had a load of {load:.1f} before: where that is not near 0, others slowed it down.
"""


def table(sections: Sequence[tuple[str, Sequence[Row]]], rounds: int, load: float) -> str:
    """The Markdown of it all; `load` is the machine's load average as it began."""
    lines = [_HEAD.format(rounds=rounds, load=load, cores=os.cpu_count())]
    for title, rows in sections:
        lines += [f"## {title}", "", "| | ours | theirs | ratio | wanted |", "| --- | --- | --- | --- | --- |"]
        lines += [f"| {row.what} | {row.ours} | {row.theirs} | {row.ratio} | {row.wanted} |" for row in rows]
        lines.append("")
    return "\n".join(lines)
