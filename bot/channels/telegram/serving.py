"""Telegram as `serve` runs it, in both directions; its library is imported only where there is a token."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.exchange.delivery import Delivery, Limits
from bot.exchange.watching import WatchedSender
from bot.serving import Serving
from bot.tasks import Tasks


@asynccontextmanager
async def running(serving: Serving) -> AsyncIterator[None]:
    """See `bot.serving.Channel`. With a webhook, the application gets its route."""
    if not serving.config.telegram_token:
        yield
        return
    async with _with_a_token(serving):
        yield


@asynccontextmanager
async def _with_a_token(serving: Serving) -> AsyncIterator[None]:
    from bot.channels.telegram import webhook as door  # here: the library takes longer than all the rest
    from bot.channels.telegram.api import Api
    from bot.channels.telegram.incoming import Telegram, Webhook
    from bot.channels.telegram.messages import CHANNEL, TelegramSender

    config, service, on_failure = serving.config, serving.service, serving.on_failure
    api = Api(config.telegram_token, config.telegram_api)
    sender = WatchedSender(TelegramSender(api, serving.house), service.watch)
    limits = serving.limits or Limits(overall=config.telegram_rate)
    delivery = Delivery(sender, service.writer, service, limits, on_failure)
    service.senders[CHANNEL] = delivery.put
    secret = config.telegram_webhook_secret
    webhook = Webhook(f"{config.base_url}{door.PATH}", secret) if secret else None
    incoming = Telegram(
        api,
        service,
        locale=config.locale,
        on_begun=delivery.resume_what_has_waited,
        on_caught_up=delivery.resume,
        webhook=webhook,
    )
    if webhook is not None:
        door.add_route(serving.application, secret, incoming.take)
    await delivery.start()
    tasks = Tasks(on_failure)
    tasks.start(incoming.run(), "telegram")
    try:
        yield
    finally:
        await incoming.stop()
        await delivery.stop()
        await tasks.stop()
        await api.close()
