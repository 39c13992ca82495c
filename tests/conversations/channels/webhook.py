"""The same person, but Telegram brings the updates."""

from __future__ import annotations

from contextlib import AsyncExitStack

from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.conversations import chat
from tests.conversations.channels.telegram import TelegramStage


class WebhookStage(TelegramStage):
    """The server has another port after each restart, as behind a proxy."""

    async def surround(self, outside: AsyncExitStack) -> None:
        """See `TelegramStage`."""
        await super().surround(outside)
        self.settings |= {"INNSPILL_TELEGRAM_WEBHOOK_SECRET": "made-up_secret"}

    async def serve(self, routes: web.Application, up: AsyncExitStack) -> None:
        """Serve the webhook where its address leads."""
        server = TestServer(routes)
        await up.enter_async_context(server)
        self.server.hosts[chat.HOUSE.web_url] = str(server.make_url("")).rstrip("/")

    def check(self) -> None:
        """What was brought was taken, and nothing was asked for."""
        assert set(self.server.webhook_posts.statuses) == {200}
        assert self.server.called("getUpdates") == []


STAGE = WebhookStage
