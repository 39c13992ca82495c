"""What a channel that `serve` runs is given, and what it has to have: a file `serving.py` with `running`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import NamedTuple, Protocol

from aiohttp.web import Application

from bot.config import Config
from bot.exchange.delivery import Limits
from bot.exchange.service import Service
from dialogs.texts import House


class Serving(NamedTuple):
    """What a channel serves with. `application` is served after it has had its routes from it.

    `on_failure` ends the program where the channel cannot go on. `limits` are for tests; None: the settings' own.
    """

    config: Config
    service: Service
    house: House
    application: Application
    on_failure: Callable[[BaseException], None]
    limits: Limits | None = None


class Channel(Protocol):
    """The module `bot.channels.NAME.serving`."""

    def running(self, serving: Serving) -> AbstractAsyncContextManager[None]:
        """The channel, in both directions, as long as the block lasts; nothing where the settings do not want it."""
        ...
