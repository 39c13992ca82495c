"""Telegram without a network: every call is answered at once, or after the same latency, for all who are compared."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from typing import Any

from telegram.request import BaseRequest, RequestData

TOKEN = "123456:made-up"
_ME = b'{"ok":true,"result":{"id":123456,"is_bot":true,"first_name":"Bot","username":"bot"}}'


class NullTransport(BaseRequest):
    """A transport of python-telegram-bot's that delivers nothing and answers as Telegram does.

    `latency`, in seconds, passes before each answer; 0: none at all, not even a turn of the loop.
    """

    def __init__(self, latency: float = 0.0) -> None:
        self.sent = 0
        self._latency = latency
        self._numbers = defaultdict[str, Iterator[int]](lambda: count(2, 2))
        self._awaited: dict[str, asyncio.Future[None]] = {}

    def next_message(self, chat: int) -> asyncio.Future[None]:
        """Is done once the next message into this chat has been sent."""
        awaited = self._awaited[str(chat)] = asyncio.get_running_loop().create_future()
        return awaited

    @property
    def read_timeout(self) -> float | None:
        return None

    async def initialize(self) -> None:
        """There is nothing to open."""

    async def shutdown(self) -> None:
        """There is nothing to close."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """One call; see the class."""
        if self._latency:
            await asyncio.sleep(self._latency)
        if not url.endswith("/sendMessage"):
            return 200, _ME
        assert request_data is not None
        chat = request_data.json_parameters["chat_id"]
        self.sent += 1
        if (awaited := self._awaited.pop(chat, None)) is not None:
            awaited.set_result(None)
        # The numbers of a chat grow, whoever speaks: a person's are the odd ones.
        return 200, answer_to_send(next(self._numbers[chat]), chat)


def answer_to_send(number: int, chat: str) -> bytes:
    """What Telegram answers to a message sent."""
    return (
        f'{{"ok":true,"result":{{"message_id":{number},"date":1793000000,"chat":{{"id":{chat},"type":"private",'
        f'"first_name":"Kari"}},"from":{{"id":123456,"is_bot":true,"first_name":"Bot"}},"text":"Takk."}}}}'
    ).encode()
