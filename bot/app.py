"""The composition root: the only place where the parts are put together and taken down again."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from importlib import import_module
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast

from aiohttp.web import Application

from bot import clock, randomness, staff
from bot.channels.telegram import account
from bot.channels.web import chat
from bot.channels.web.page import Pages
from bot.config import STAND_IN, Config, command
from bot.exchange.service import Service
from bot.exchange.watching import NOBODY, Watch, WatchedRegister
from bot.jobs.kind import Context, Kind
from bot.jobs.kinds import KINDS, verification
from bot.jobs.worker import Worker
from bot.mouth import WordlessFormatter
from bot.register.client import EntityRegister
from bot.register.stand_in import RegisterStandIn
from bot.serving import Channel, Serving
from bot.staff.pages import ROOT
from bot.tasks import Tasks
from bot.web.listening import connections_with, descriptors, listen
from bot.web.look import Look
from dialogs import journey
from dialogs.consultation_response import FORM
from dialogs.texts import House
from storage.database.opening import Lease, migrate

if TYPE_CHECKING:
    from bot.exchange.metrics import Metrics


CHANNELS = ("telegram",)
"""The folders of `bot/channels/` that `serve` runs beside the web chat, on whose application all is mounted."""


def channel(name: str) -> Channel:
    """A channel by the name of its folder. It is imported here alone: what it stands on may be large."""
    return cast("Channel", import_module(f"bot.channels.{name}.serving"))


def house(config: Config) -> House:
    """Whose service this is, for the texts."""
    privacy_url = config.privacy_url or f"{config.base_url}/personvern"
    return House(config.municipality, config.contact, privacy_url, config.base_url)


@asynccontextmanager
async def running_service(config: Config, watch: Watch = NOBODY) -> AsyncIterator[Service]:
    """The service over the configured database and register, started, and stopped at the end.

    `watch` is told what it does, and what the register answers.
    """
    async with AsyncExitStack() as stack:
        url = config.entity_register
        if url == STAND_IN:
            url = (await stack.enter_async_context(RegisterStandIn())).url
        register = await stack.enter_async_context(EntityRegister(url, config.contact))
        is_real = config.entity_register != STAND_IN
        watched = WatchedRegister(register, watch)
        service = Service(config.database, FORM, watched, locale=config.locale, remembers=is_real, watch=watch)
        service.start()
        stack.push_async_callback(service.stop)
        yield service


async def serve(config: Config, *, demo: bool, say: Callable[[str], None]) -> None:
    """Run the web chat and, with a token, Telegram, until SIGTERM or Ctrl-C. `say` prints a line for the operator.

    Raises `StorageError`, `FatalChannelError` and `OSError` with what the operator has to change.
    """
    _log_to_stderr()
    loop = asyncio.get_running_loop()
    ended: asyncio.Future[None] = loop.create_future()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, partial(_end, ended, None))
    chat.refuse_a_taken_port(config.host, config.port)
    with Lease(config.database):
        migrate(config.database)
        if demo:
            from bot.demo.filling import fill  # nobody else needs it

            fill(config.database, clock.now())
            config = await _with_a_register(config)
        async with AsyncExitStack() as stack:
            metrics = metrics_of(config)
            service = await stack.enter_async_context(running_service(config, metrics or NOBODY))
            tasks = Tasks(partial(_end, ended))
            stack.push_async_callback(tasks.stop)
            demo_token = randomness.token() if demo and is_only_here(config.host) else ""
            application = application_of(config, service, metrics, demo_token=demo_token)
            serving = Serving(config, service, house(config), application, partial(_end, ended))
            for beside in CHANNELS:
                await stack.enter_async_context(channel(beside).running(serving))
            connections = connections_with(descriptors(), config.trusted_proxy)
            server = await listen(application, config.host, config.port, connections)
            stack.push_async_callback(server.cleanup)
            await service.resume()
            tasks.start(Worker(Context(service, (chat.CHANNEL,)), kinds_of(config), partial(_end, ended)).run(), "jobs")
            leave_what_stays_alone()
            say(_ready(config, demo_token))
            await ended


def is_only_here(host: str) -> bool:
    """Whether nobody but this machine reaches what listens on `host`."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def kinds_of(config: Config) -> dict[str, Kind]:
    """The jobs that can be done with these settings."""
    is_made_up = config.entity_register == STAND_IN
    # Made-up organisations verify nobody.
    return {name: kind for name, kind in KINDS.items() if not (is_made_up and name == verification.KIND)}


def metrics_of(config: Config) -> Metrics | None:
    """What is counted for whoever has the token; None where there is no token."""
    if not config.metrics_token:
        return None
    from bot.exchange.metrics import Metrics  # only where it is wanted: its library takes 50 ms

    return Metrics(config.database, tuple(KINDS))


def application_of(config: Config, service: Service, metrics: Metrics | None, *, demo_token: str = "") -> Application:
    """All that is served: the web chat, the staff desk and, where something is counted, `/metrics`."""
    application = web_chat(config, service).application()
    bot_name = partial(account.bot_name, config) if config.telegram_token else None
    desk = staff.application(service, config, house(config), demo_token=demo_token, bot_name=bot_name)
    application.add_subapp(ROOT, desk)
    if metrics is not None:
        metrics.show_on(application, config.metrics_token)
    return application


def web_chat(config: Config, service: Service) -> chat.WebChat:
    """The web chat as the settings say."""
    pages = Pages(
        house(config),
        partial(journey.outline_of, FORM),
        look=Look(config.colour, config.logo),
        accessibility_url=config.accessibility_url,
        made_up=config.entity_register == STAND_IN,
    )
    return chat.WebChat(
        service,
        pages,
        base_url=config.base_url,
        locale=config.locale,
        frames=config.embed_origins,
        proxy=config.trusted_proxy,
    )


async def _with_a_register(config: Config) -> Config:
    """To try it out: the stand-in where the real register cannot be reached now."""
    if config.entity_register == STAND_IN:
        return config
    async with EntityRegister(config.entity_register, config.contact) as register:
        return config if await register.answers() else replace(config, entity_register=STAND_IN)


def _end(ended: asyncio.Future[None], error: BaseException | None) -> None:
    """Stop serving: in peace, or because of what went wrong. The first reason counts."""
    if ended.done():
        return
    if error is None:
        ended.set_result(None)
    else:
        ended.set_exception(error)


def _ready(config: Config, demo_token: str) -> str:
    telegram = "on" if config.telegram_token else "off (no INNSPILL_TELEGRAM_TOKEN)"
    if config.telegram_token and config.telegram_webhook_secret:
        telegram = f"on, by webhook at {config.base_url}/telegram/webhook"
    is_made_up = config.entity_register == STAND_IN
    register = "made-up organisations, their numbers stand in the README" if is_made_up else config.entity_register
    innspill = command(config)
    desk = f"demo/{demo_token} (lets the first one in, as an admin)" if demo_token else ""
    return (
        f"Innspill is ready for {config.municipality}. Stop it with Ctrl-C.\n"
        f"  Web chat   {config.base_url}/\n"
        f"  Staff desk {config.base_url}{ROOT}{desk}\n"
        f"  Terminal   {innspill} chat\n"
        f"  Telegram   {telegram}\n"
        f"  Register   {register}\n"
        f"  Export     {innspill} export --format csv --output responses.csv\n"
        f"  Database   {config.database}"
    )


def leave_what_stays_alone() -> None:
    """What is there now stays for good: the collector need not walk it again and again (a fifth of an exchange)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _log_to_stderr() -> None:
    """Warnings of our own and of libraries, never a request: their addresses hold Telegram's token."""
    handler = logging.StreamHandler()
    handler.setFormatter(WordlessFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    for name in ("httpx", "httpcore", "aiohttp.access"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
