"""A world without kills: the service and Telegram in this process, and people who talk to it."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from bot import app, config
from bot.channels.telegram import serving
from bot.register.stand_in import RegisterStandIn
from bot.serving import Serving
from storage.conversations import lookups, outbox
from storage.database.opening import ensure_schema
from tests.conversations import chat, stages
from tests.conversations.channel_stage import NO_LIMITS
from tests.proof.worlds.scripts import Script, add_rounds, scripts
from tests.proof.worlds.willing import Willing, compare
from tests.stand_ins.bot_api import TOKEN, BotApi

# Seconds to read a message.
READS = 0.1

# Nobody waits for longer in a world without kills: seconds.
PATIENCE = 40.0


class World:
    """The service and Telegram in this process, without limits of our own, and people who talk to it."""

    def __init__(self, server: BotApi, settings: config.Config, *, webhook: bool) -> None:
        self.server = server
        self.path = settings.database
        self.people: list[Willing] = []
        self.told_elsewhere: frozenset[str] = frozenset()  # the references of those who are not in Telegram
        self.settings = settings
        self._webhook = webhook
        self._up = AsyncExitStack()

    async def put_up(self) -> None:
        """Start it."""
        up, settings = self._up, self.settings
        self.service = await up.enter_async_context(app.running_service(settings))
        routes = web.Application()
        telegram = Serving(settings, self.service, chat.HOUSE, routes, _fail, NO_LIMITS)
        await up.enter_async_context(serving.running(telegram))
        if self._webhook:
            host = TestServer(routes)
            await up.enter_async_context(host)
            self.server.hosts[chat.HOUSE.web_url] = str(host.make_url("")).rstrip("/")
        await self.service.resume()

    async def marked(self) -> None:
        """Wait until every update is confirmed, and all that came of it is marked as said."""
        await self.server.idle()
        async with asyncio.timeout(PATIENCE):
            while await self.service.writer.run(lambda db: lookups.pending(db) or outbox.count_unsent(db)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)

    async def take_down(self) -> None:
        """Stop it in peace."""
        await self._up.aclose()

    def person(self, number: int, script: Script) -> Willing:
        """Somebody who answers as fast as anybody can read, and has then seen all that came at the same time."""
        person = self.server.person(number, language_code=script.locale)
        self.people.append(Willing(person, script, lambda: READS))
        return self.people[-1]

    def crowd(self, count: int, first: int = 1) -> list[Willing]:
        """So many people, with all the scripts that there are in turn."""
        numbers = range(first, first + count)
        return [self.person(number, (known := scripts(number))[number % len(known)]) for number in numbers]

    def check(self) -> None:
        """What everybody was told is what is stored, once each, and nobody was left in silence or at a loss."""
        without = [each for each in self.people if each.reference is None]
        assert not without, f"no receipt: {[(each.script.name, each.person.transcript[-6:]) for each in without[:3]]}"
        rows = [row for row in stages.stored_rows(self.path) if row["reference"] not in self.told_elsewhere]
        compared = compare(self.people, rows)
        assert compared.is_clean, str(compared)


@asynccontextmanager
async def world(server: BotApi, register: RegisterStandIn, *, webhook: bool = False) -> AsyncIterator[World]:
    """Put a world up on a database of its own, and check it in the end."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "innspill.db"
        ensure_schema(path)
        add_rounds(path)
        async with server:
            names = {"DATABASE": str(path), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API": server.root}
            names |= {"ENTITY_REGISTER": register.url, "BASE_URL": chat.HOUSE.web_url, "CONTACT": "kontakt@example.no"}
            names |= {"TELEGRAM_WEBHOOK_SECRET": "made-up"} if webhook else {}
            settings = config.load({f"INNSPILL_{name}": value for name, value in names.items()})
            built = World(server, settings, webhook=webhook)
            try:
                await built.put_up()
                yield built
                built.check()
            finally:
                await built.take_down()


async def until(happened: Callable[[], bool]) -> None:
    """Wait until something has happened. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not happened():  # noqa: ASYNC110 - what happens on the other side tells nobody
            await asyncio.sleep(0.01)


def _fail(error: BaseException) -> None:
    asyncio.get_running_loop().call_exception_handler({"message": "a channel failed", "exception": error})


async def patiently(willing: Willing, until_turn: int | None = None) -> bool:
    """Talk; False when nothing was said for `PATIENCE` seconds."""
    return await willing.talk(is_silent=lambda since: time.monotonic() - since > PATIENCE, until_turn=until_turn)


async def all_talk(people: list[Willing]) -> None:
    """Everybody talks at once, until the receipt."""
    await asyncio.gather(*map(patiently, people))
