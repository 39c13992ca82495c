"""How the cost grows with what is stored: throughput, memory, and the time until the program is ready."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from tests.bench import people
from tests.bench.measuring import Effort, Row, alone, interleaved, peak_megabytes, wanted, written_kilobytes
from tests.bench.stored import stored_database
from tests.running.running_program import RunningProgram
from tests.stand_ins import bot_api

TITLE = "Growth: stored conversations and responses"

SIZES = (1_000, 100_000)
FULL_SIZES = (*SIZES, 1_000_000)


def talking(path: Path, stored: int, number: int, persons: int) -> tuple[float, float, float]:
    """Exchanges a second, 100 in flight, of people from all over the database; MB of memory; kB written for each."""
    from tests.bench.ours import OurBot

    async def measure() -> tuple[float, float]:
        async with OurBot(path) as bot:
            step = max(1, stored // persons)
            talk = partial(bot.talk, sitting=number)
            await people.in_flight(100, range(-people.WARM_UP, 0), talk)
            said_before, written_before, began = bot.transport.sent, written_kilobytes(), time.perf_counter()
            await people.in_flight(100, range(number % step, stored, step), talk)
            await bot.finish()
            seconds, said = time.perf_counter() - began, bot.transport.sent - said_before
            written = written_kilobytes() - written_before
            await bot.check()
            return said / seconds, written / said

    rate, written = asyncio.run(measure())
    return rate, peak_megabytes(), written


def starting(path: Path) -> tuple[float, float]:
    """Seconds until `innspill serve` says that it is ready, with Telegram on; and the memory it has then, in MB."""

    async def measure() -> tuple[float, float]:
        async with bot_api.BotApi() as telegram:
            settings = {
                "INNSPILL_DATABASE": str(path),
                "INNSPILL_TELEGRAM_TOKEN": bot_api.TOKEN,
                "INNSPILL_TELEGRAM_API": telegram.root,
            }
            program = RunningProgram(settings)
            began = time.perf_counter()
            async with program:
                seconds = time.perf_counter() - began
                memory = _peak_of(program.pid)
                await program.stop()
            return seconds, memory

    return asyncio.run(measure())


def _peak_of(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def run(effort: Effort) -> list[Row]:
    """See the module."""
    sizes = [effort.people(size) for size in (FULL_SIZES if effort.full else SIZES)]
    persons = min(sizes[0], effort.people(500))
    memory = dict.fromkeys(sizes, 0.0)
    written: dict[int, list[float]] = {size: [] for size in sizes}
    ready: dict[int, list[float]] = {size: [] for size in sizes}
    with TemporaryDirectory() as folder:
        paths = {size: Path(folder) / f"{size}.db" for size in sizes}
        for size, path in paths.items():
            alone(stored_database, path, size)

        def one(size: int, number: int) -> float:
            rate, used, kilobytes = alone(talking, paths[size], size, number, persons)
            seconds, used_at_start = starting(paths[size])
            memory[size] = max(memory[size], used, used_at_start)
            ready[size].append(seconds)
            written[size].append(kilobytes)
            return rate

        rates = dict(zip(sizes, interleaved(effort.rounds, *(partial(one, size) for size in sizes)), strict=True))
    rows = []
    for size in sizes:
        ratio, seconds = rates[size].ratio(rates[sizes[0]]), median(ready[size])
        speed = f"{rates[size].median:,.0f}/s, {median(written[size]):.0f} kB written for each"
        ours = f"{speed}, ready in {seconds:.1f} s, {memory[size]:.0f} MB"
        promise = (wanted(memory[size], below=150, unit=" MB"), wanted(seconds, below=2, unit=" s"))
        if size == sizes[0]:
            rows.append(Row(f"{size:,} stored", ours, "", "", "; ".join(promise)))
        else:
            theirs = f"{sizes[0]:,} stored: {rates[sizes[0]].median:,.0f}/s"
            rows.append(
                Row(
                    f"{size:,} stored", ours, theirs, f"{ratio:.2f}", "; ".join([wanted(ratio, at_least=0.8), *promise])
                )
            )
    return rows
