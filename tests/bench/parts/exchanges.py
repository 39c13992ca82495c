"""The exchange alone, beside a loop written by hand that does the same row writes with the same grouping: the limit."""

from __future__ import annotations

import asyncio
import time
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from bot import clock
from bot.app import leave_what_stays_alone
from bot.channels.telegram.messages import CHANNEL
from bot.channels.telegram.updates import Bot, Incoming, read_update
from bot.exchange.metrics import Metrics
from bot.exchange.service import Service
from bot.exchange.watching import NOBODY, Watch
from storage.database.opening import open_for_writing
from storage.database.sqlite import Connection
from tests.bench import people
from tests.bench.measuring import Effort, Rates, Row, alone, interleaved, wanted
from tests.bench.ours import FOUR_QUESTIONS, Nobody, new_database

TITLE = "Exchanges: one event, one transaction, one message into the outbox"

LINES = len(people.CONVERSATION)
AT = "2026-11-24T08:30:00.000000Z"


class Kept(msgspec.Struct, frozen=True):
    """What one exchange leaves in the database."""

    session: str
    message: str


def events_of(person: int) -> list[Incoming]:
    """What a person says in one conversation, read."""
    us, at = Bot(id=1, username="bot"), clock.now()
    read = (read_update(msgspec.json.decode(raw), at, us) for raw in people.updates(person))
    return [incoming for incoming in read if incoming is not None]


async def started(path: Path, watch: Watch = NOBODY) -> Service:
    """A service over a new database, as `serve` runs it, whose messages nobody sends: it ends at the commit."""
    service = Service(new_database(path), FOUR_QUESTIONS, Nobody(), locale="nb", watch=watch)
    service.start()
    service.senders[CHANNEL] = lambda *_: None
    leave_what_stays_alone()
    return service


def ours(count: int, persons: int, *, counted: bool = False) -> float:
    """Exchanges a second, `count` in flight; `counted` for `/metrics`, or not."""

    async def measure(path: Path) -> float:
        service = await started(path, Metrics(path) if counted else NOBODY)
        events = {person: events_of(person) for person in range(-people.WARM_UP, persons)}

        async def talk(person: int) -> None:
            for turn, incoming in enumerate(events[person]):
                done = await service.exchange(CHANNEL, incoming.address, f"{person}-{turn}", incoming.event)
                assert done.message is not None

        await people.in_flight(count, range(-people.WARM_UP, 0), talk)
        began = time.perf_counter()
        await people.in_flight(count, range(persons), talk)
        seconds = time.perf_counter() - began
        await service.stop()
        return persons * LINES / seconds

    with TemporaryDirectory() as folder:
        return asyncio.run(measure(Path(folder) / "innspill.db"))


def kept() -> list[Kept]:
    """What our exchanges leave behind, line by line of the conversation."""

    async def talk(path: Path) -> list[Kept]:
        service = await started(path)
        gathered = []
        for turn, incoming in enumerate(events_of(0)):
            done = await service.exchange(CHANNEL, incoming.address, str(turn), incoming.event)
            gathered.append(Kept(done.session or "", msgspec.json.encode(done.message).decode()))
        await service.stop()
        return gathered

    with TemporaryDirectory() as folder:
        return asyncio.run(talk(Path(folder) / "innspill.db"))


def by_hand(count: int, persons: int, rows: list[Kept]) -> float:
    """The same rows, a second, `count` exchanges in each transaction, without a dialogue, threads or futures."""
    turns = (
        (person, turn)
        for first in range(0, persons, count)
        for turn in range(LINES)
        for person in range(first, min(first + count, persons))
    )
    with TemporaryDirectory() as folder:
        db = open_for_writing(new_database(Path(folder) / "innspill.db"))
        began = time.perf_counter()
        while batch := list(islice(turns, count)):
            db.execute("BEGIN IMMEDIATE")
            for person, turn in batch:
                _write(db, person, turn, rows[turn])
            db.execute("COMMIT")
        seconds = time.perf_counter() - began
        db.close()
    return persons * LINES / seconds


def _write(db: Connection, person: int, turn: int, row: Kept) -> None:
    db.execute(
        "INSERT INTO events (channel, event_id, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        (CHANNEL, f"{person}-{turn}", AT),
    )
    address = str(people.chat_of(person))
    found = db.execute(
        "SELECT id, session FROM conversations WHERE channel = ? AND address = ?", (CHANNEL, address)
    ).fetchone()
    if found is None:
        number = db.execute(
            "INSERT INTO conversations (channel, address, created_at, active_at) VALUES (?, ?, ?, ?)",
            (CHANNEL, address, AT, AT),
        ).lastrowid
    else:
        number = found[0]
    if turn == LINES - 1:
        db.execute(
            "INSERT INTO responses (reference, conversation_id, draft, consultation_id, received_at, late, status,"
            " respondent_type, first_name, email, channel, locale, form_version, text)"
            " VALUES (?, ?, 'd', 1, ?, 0, 'received', 'private_person', 'Kari', 'kari@example.no', ?, 'nb', 1, ?)",
            (f"R{person}", number, AT, CHANNEL, people.RESPONSE),
        )
    db.execute(
        "UPDATE conversations SET session = ?, draft = ?, locale = ?, active_at = ?, unreachable_at = NULL"
        " WHERE id = ?",
        (row.session, "mfx3k2a1b", "nb", AT, number),
    )
    db.execute(
        "DELETE FROM outbox WHERE conversation_id = ? AND sent_at IS NULL AND tried_at IS NULL AND kind <> ?",
        (number, "receipt"),
    )
    db.execute(
        "INSERT INTO outbox (conversation_id, message, kind, draft, edit_target, created_at) VALUES (?, ?, ?, ?, ?, ?)",
        (number, row.message, "question", "mfx3k2a1b", None, AT),
    )


def compared(rounds: int, count: int, persons: int, rows: list[Kept]) -> tuple[Rates, Rates]:
    """Ours and that by hand, `count` in flight."""
    own, hand = interleaved(
        rounds,
        lambda _: alone(ours, count, persons),
        lambda _: alone(by_hand, count, persons, rows),
    )
    return own, hand


def run(effort: Effort) -> list[Row]:
    """See the module."""
    rows, result = kept(), []
    for count, persons, is_promised in ((1, 60, False), (50, 1000, False), (500, 2000, True)):
        own, hand = compared(effort.rounds, count, effort.people(persons), rows)
        ratio = own.ratio(hand)
        promise = f"{wanted(ratio, at_least=0.25)}; {wanted(own.median, at_least=10_000, unit='/s')}"
        result.append(
            Row(
                f"{count} in flight",
                f"{own.median:,.0f}/s",
                f"by hand: {hand.median:,.0f}/s",
                f"{ratio:.2f}",
                promise if is_promised else "",
            )
        )
    return [*result, counted_and_not(effort)]


def counted_and_not(effort: Effort) -> Row:
    """What it costs that an operator can watch."""
    count, persons = 50, effort.people(1000)
    counted, plain = interleaved(
        effort.rounds,
        lambda _: alone(ours, count, persons, counted=True),
        lambda _: alone(ours, count, persons),
    )
    ratio = counted.ratio(plain)
    what, beside = f"{count} in flight, counted for /metrics", f"ours, not counted: {plain.median:,.0f}/s"
    return Row(what, f"{counted.median:,.0f}/s", beside, f"{ratio:.2f}", wanted(ratio, at_least=0.95))
