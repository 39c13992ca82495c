"""Telegram's Bot API over HTTP, by python-telegram-bot's `Bot` on a transport of our own: the only place that knows it.

Importing this module costs half a second, so only what runs Telegram imports it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import aiohttp
import msgspec
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputFile
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

from bot.channels.telegram import updates
from bot.exchange.channel import (
    FatalChannelError,
    Keyboard,
    NotReached,
    Refused,
    TakenElsewhere,
    TryLater,
    Uncertain,
    Unreachable,
)

CONNECTIONS = 100
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0

# At DEBUG the library logs each call with its token and with what people are told.
logging.getLogger("telegram").setLevel(logging.WARNING)
logging.getLogger("httpx").setLevel(logging.WARNING)


class _FloodWait(TelegramError):
    """429, with its whole waiting time in seconds (the library's own error warns of itself when it is made)."""

    def __init__(self, seconds: float) -> None:
        super().__init__("Too Many Requests")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """The library's transport on aiohttp: pooled connections, and errors that tell whether the call left us.

    `TimedOut` means that it did and that the answer is missing; `NetworkError` that it did not.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return READ_SECONDS

    async def initialize(self) -> None:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS)
            self._session = aiohttp.ClientSession(connector=connector, headers={"User-Agent": self.USER_AGENT})

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One HTTP request. Its errors name no URL: the token stands in it."""
        if self._session is None:
            raise NetworkError("the connection is closed")
        read = READ_SECONDS if read_timeout is BaseRequest.DEFAULT_NONE else read_timeout
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=read)
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as response:
                payload = await response.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NetworkError(type(error).__name__) from None
        except (TimeoutError, aiohttp.ClientError) as error:
            raise TimedOut(type(error).__name__) from None
        if response.status == 429:
            answer = self.parse_json_payload(payload)
            raise _FloodWait(float((answer.get("parameters") or {}).get("retry_after") or 1))
        return response.status, payload

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Telegram's answer, read as `updates.decode` does."""
        try:
            answer = updates.decode(payload)
        except ValueError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict) or not answer.keys() & {"result", "description"}:
            raise TelegramError("the answer is not Telegram's")
        return answer


def _body(request_data: RequestData | None) -> aiohttp.FormData | dict[str, str] | None:
    if request_data is None:
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData(request_data.json_parameters)
    for name, (filename, content, mime_type) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form


class Api:
    """The calls that we make. What goes wrong with them is told by the errors of `bot.exchange.channel`.

    `root` is that of a Bot API server, without a slash at its end. `chat` and message ids are decimal texts.
    Where calls are many they are made without the library's typed objects, which cost more than the call.
    """

    def __init__(self, token: str, root: str) -> None:
        self._request = AiohttpRequest()
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )

    async def open(self) -> updates.Bot:
        """Connect, check the token and tell who we are. It can be tried again after an error."""
        with _our_errors():
            await self._bot.initialize()
            return updates.Bot(id=self._bot.id, username=self._bot.username)

    async def close(self) -> None:
        """Close the connections."""
        await self._request.shutdown()

    async def delete_webhook(self) -> None:
        """Let updates be asked for. Those that wait stay."""
        with _our_errors():
            await self._bot.delete_webhook(drop_pending_updates=False)

    async def set_webhook(self, url: str, secret: str) -> None:
        """Let updates be posted to `url`, with `secret` in a header. Those that wait stay, and come there.

        Raises FatalChannelError where Telegram does not take the address.
        """
        with _our_errors():
            try:
                await self._bot.set_webhook(
                    url,
                    secret_token=secret,
                    allowed_updates=updates.ALLOWED_UPDATES,
                    drop_pending_updates=False,
                )
            except BadRequest as error:
                raise FatalChannelError(f"Telegram refuses the webhook {url}: {error.message}.") from None

    async def count_waiting(self) -> int:
        """How many updates wait at Telegram for our webhook to take them."""
        with _our_errors():
            return (await self._bot.get_webhook_info()).pending_update_count

    async def set_commands(self, commands: Sequence[tuple[str, str]], language: str = "") -> None:
        """Show these commands, (word, description), to readers of a language; "": to everybody else."""
        with _our_errors():
            await self._bot.set_my_commands([BotCommand(*command) for command in commands], language_code=language)

    async def get_updates(self, offset: int, timeout: int) -> list[object]:
        """Wait up to `timeout` seconds for updates, up to 100. Those before `offset` are confirmed by it (0: none)."""
        allowed = list(updates.ALLOWED_UPDATES)
        fields = {"timeout": timeout, "allowed_updates": allowed, **({"offset": offset} if offset else {})}
        return cast("list[object]", await self._call("getUpdates", fields, timeout + READ_SECONDS))

    async def send_message(self, chat: str, text: str, keyboard: Keyboard = (), topic: str | None = None) -> str:
        """Send a plain text, into a topic of the chat if one is given; gives the message's id."""
        sent = await self._call("sendMessage", {**_message_fields(chat, text, keyboard), **_topic_field(topic)})
        return str(cast("dict[str, Any]", sent)["message_id"])

    async def edit_message(self, chat: str, message_id: str, text: str, keyboard: Keyboard = ()) -> None:
        """Put this text and these buttons in place of a message's own. That it has them already is no error."""
        try:
            await self._call("editMessageText", {**_message_fields(chat, text, keyboard), "message_id": message_id})
        except Refused as refused:
            if "message is not modified" not in str(refused).lower():
                raise

    async def send_document(
        self, chat: str, name: str, text: str, keyboard: Keyboard = (), topic: str | None = None
    ) -> str:
        """Send a text as a file; gives the message's id."""
        rows = [[InlineKeyboardButton(label, callback_data=data) for label, data in row] for row in keyboard]
        with _our_errors():
            sent = await self._bot.send_document(
                chat,
                InputFile(text.encode(), filename=name),
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                message_thread_id=None if topic is None else int(topic),
            )
        return str(sent.message_id)

    async def send_typing(self, chat: str, topic: str | None = None) -> None:
        """Show for some seconds that an answer is on its way."""
        await self._call("sendChatAction", {"chat_id": chat, "action": "typing", **_topic_field(topic)})

    async def answer_callback(self, callback_id: str) -> None:
        """End the waiting mark on a pressed button."""
        with _our_errors():
            await self._bot.answer_callback_query(callback_id)

    async def _call(self, method: str, fields: dict[str, Any], read_seconds: float = READ_SECONDS) -> object:
        # As text already: the library would write each value with the standard library's encoder.
        data = RequestData([RequestParameter(name, _written(value), None) for name, value in fields.items()])
        with _our_errors():
            return await self._request.post(f"{self._bot.base_url}/{method}", data, read_timeout=read_seconds)


def _written(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _topic_field(topic: str | None) -> dict[str, Any]:
    return {} if topic is None else {"message_thread_id": topic}


def _message_fields(chat: str, text: str, keyboard: Keyboard) -> dict[str, Any]:
    fields: dict[str, Any] = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    if keyboard:
        rows = [[{"text": label, "callback_data": data} for label, data in row] for row in keyboard]
        fields["reply_markup"] = {"inline_keyboard": rows}
    return fields


@contextmanager
def _our_errors() -> Iterator[None]:
    """The library's errors as ours; the order matters, for several of them are kinds of NetworkError."""
    try:
        yield
    except _FloodWait as error:
        raise TryLater(error.seconds) from None
    except InvalidToken:
        raise FatalChannelError(
            "Telegram does not know this bot: check INNSPILL_TELEGRAM_TOKEN and INNSPILL_TELEGRAM_API."
        ) from None
    except Conflict as error:
        raise TakenElsewhere(error.message) from None
    except (Forbidden, ChatMigrated) as error:
        raise Unreachable(error.message) from None
    except BadRequest as error:
        if "chat not found" in error.message.lower():
            raise Unreachable(error.message) from None
        raise Refused(error.message) from None
    except TimedOut as error:
        raise Uncertain(error.message) from None
    except NetworkError as error:
        raise NotReached(error.message) from None
    except TelegramError as error:
        raise Uncertain(error.message) from None
