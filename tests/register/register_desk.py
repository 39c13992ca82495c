"""A service beside a register that says what a test tells it to, and a clock that the test turns."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from bot.exchange.service import Service
from bot.jobs.kind import Context
from bot.jobs.kinds import KINDS, verification
from bot.jobs.worker import Worker
from bot.register import stand_in as made_up
from bot.register.client import EntityRegister
from dialogs import events
from dialogs.consultation_response import FORM
from dialogs.events import AnyEvent
from dialogs.messages import Message
from storage.database.opening import ensure_schema, open_for_reading
from tests.conversations import stages
from tests.conversations.stages import MadeUpTime
from tests.jobs.working import work_off
from tests.stand_ins.register import server_saying

TYPED = ("Eksempelveien vel", "Eksempelveien 12", "1385 Asker")
"""Name, street, and place, as somebody gives them by hand."""
REST = (
    "post@example.no",
    "Hopp over",
    "Kari",
    "Nordmann",
    "Styremedlem",
    "26/2044",
    "Ja",
    "Vi er enige.",
    "Ferdig",
    "Send inn",
)
"""What comes after the address, up to the receipt."""


class RegisterDesk:
    """One person after another on one service. `asked` are the paths that reached the register, in order.

    The register answers as the product's stand-in does, but with 503 while `down`, and `late` seconds late.
    """

    def __init__(self, path: Path, time: MadeUpTime) -> None:
        self.path = path
        self.time = time
        self.down = False
        self.late = 0.0
        self.asked: list[str] = []
        self.reached = asyncio.Event()
        self._events = 0

    async def answer(self, request: web.Request) -> web.Response:
        """What the register says."""
        self.asked.append(request.path)
        self.reached.set()
        await asyncio.sleep(self.late)
        if self.down:
            return web.Response(status=503)
        if request.path == "/enheter":
            return web.json_response(made_up.found(request.query["navn"], 5, int(request.query["page"])))
        number = request.path.rpartition("/")[2]
        if number == made_up.REMOVED:
            return web.json_response({"organisasjonsnummer": number, "slettedato": "2026-09-05"}, status=410)
        entity = made_up.ENTITIES[request.path.split("/")[1]].get(number)
        return web.Response(status=404) if entity is None else web.json_response(entity)

    @asynccontextmanager
    async def open(self, *, remembers: bool = True) -> AsyncIterator[None]:
        """Run the service; once more is a restart."""
        ensure_schema(self.path)
        async with AsyncExitStack() as stack:
            url = await stack.enter_async_context(server_saying(self.answer))
            self.register = await stack.enter_async_context(EntityRegister(url))
            self.service = Service(self.path, FORM, self.register, locale="nb", remembers=remembers)
            self.service.start()
            stack.push_async_callback(self.service.stop)
            await self.service.resume()
            self.worker = Worker(Context(self.service), {verification.KIND: KINDS[verification.KIND]})
            yield

    async def happens(self, person: str, event: AnyEvent) -> tuple[Message | None, Message]:
        """An event of somebody's: what is said at once, and what stands there when the register has answered."""
        self._events += 1
        exchanged = await self.service.exchange("telegram", person, str(self._events), event)
        await self.service.settled("telegram", person, 10)
        message = self.service.view("telegram", person).message
        assert message is not None
        return exchanged.message, message

    async def say(self, person: str, *texts: str) -> Message:
        """Somebody writes; gives what stands there after the last text."""
        for text in texts:
            self.time.pass_by()
            _, message = await self.happens(person, events.Said(at=self.time.now, text=text))
        return message

    async def gives(self, person: str, number: str) -> tuple[Message | None, Message]:
        """Somebody begins and gives an organisation number: what is said at once, and in the end."""
        await self.say(person, "/start", "Organisasjon i Enhetsregisteret")
        self.time.pass_by()
        return await self.happens(person, events.Said(at=self.time.now, text=number))

    async def sends_unverified(self, person: str, number: str, typed: tuple[str, ...] = TYPED) -> None:
        """A whole response while the register is down; afterwards it is as it was."""
        before, self.down = self.down, True
        await self.gives(person, number)
        message = await self.say(person, *typed, *REST)
        assert message.kind == "receipt"
        self.down = before

    async def verify(self, **later: float) -> None:
        """Time goes by (as `timedelta` takes it), and the job does what is due; the register's rest is over."""
        self.time.now += timedelta(**later)
        self.end_the_rest()
        await work_off(self.worker)

    def end_the_rest(self) -> None:
        """As if half a minute had gone by since the register was last silent."""
        self.register._closed_until = 0.0

    def stored(self) -> list[Mapping[str, object]]:
        """Every response, as exported."""
        return stages.stored_rows(self.path)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What a query gives."""
        db = open_for_reading(self.path)
        try:
            return list(db.execute(sql))
        finally:
            db.close()
