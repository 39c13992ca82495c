"""The stand-in for Telegram, which tells of the moments at which a program that talks to it can be killed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from aiohttp import web

from tests.stand_ins.bot_api import BotApi

POLLING_POINTS = ("updates handed out", "updates confirmed")
WEBHOOK_POINTS = ("update taken, its answer not yet received", "update taken and confirmed")
BOTH_POINTS = (
    "message sent, not yet carried out",
    "message said, not yet answered",
    "message said and answered",
    "edit made, not yet answered",
    "press answered",
)


class WatchedBotApi(BotApi):
    """Calls `reached` with the name of each point as it comes to it. True: the program was killed there."""

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    def watch(self, reached: Callable[[str], bool]) -> None:
        """Tell `reached` from now on."""
        self._reached = reached

    async def _answer(self, request: web.Request) -> web.Response:
        # The call of a program that was killed meanwhile is nobody's any more.
        method = request.match_info["method"]
        if method == "sendMessage" and self._is_alive(request) and self._reached(BOTH_POINTS[0]):
            raise web.HTTPServiceUnavailable
        response = await super()._answer(request)
        if not self._is_alive(request):
            return response
        match method:
            case "sendMessage":
                if not self._reached(BOTH_POINTS[1]):
                    await self._give(request, response)
                    self._reached(BOTH_POINTS[2])
            case "editMessageText":
                self._reached(BOTH_POINTS[3])
            case "answerCallbackQuery":
                self._reached(BOTH_POINTS[4])
            case "getUpdates" if b'"update_id"' in bytes(response.body or b""):  # type: ignore[arg-type]  # it is JSON
                await self._give(request, response)
                self._reached(POLLING_POINTS[0])
        return response

    async def _get_updates(self, parameters: dict[str, Any]) -> list[Any]:
        before = len(self.waiting())
        self._confirm(int(parameters.get("offset", 0)))
        if len(self.waiting()) < before:
            self._reached(POLLING_POINTS[1])
        return await super()._get_updates(parameters)

    def _loses_the_answer(self) -> bool:
        return self._reached(WEBHOOK_POINTS[0]) or super()._loses_the_answer()

    def _taken(self, number: int) -> None:
        super()._taken(number)
        if self.webhook:
            self._reached(WEBHOOK_POINTS[1])

    @staticmethod
    def _is_alive(request: web.Request) -> bool:
        return request.transport is not None and not request.transport.is_closing()

    @staticmethod
    async def _give(request: web.Request, response: web.Response) -> None:
        await response.prepare(request)
        await response.write_eof()
