"""A stand-in for Telegram's Bot API server: the same answers over HTTP, the same refusals, and faults on demand."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from aiohttp import web

from tests.stand_ins.people import BOT_ID, BOT_USERNAME, Heard, Person, now, utf16_length
from tests.stand_ins.webhook_posts import WebhookPosts

TOKEN = f"{BOT_ID}:stand-in"
Update = dict[str, Any]
Parameters = dict[str, Any]


class Refusal(Exception):
    """An answer that is not ok, as Telegram words it."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters


def too_many(retry_after: int) -> Refusal:
    """429: leave this chat alone for `retry_after` seconds."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)


def blocked() -> Refusal:
    """403, as for a person who has blocked the bot."""
    return Refusal(403, "Forbidden: bot was blocked by the user")


def broken(code: int = 500) -> Refusal:
    """A failure of Telegram itself."""
    return Refusal(code, "Internal Server Error" if code == 500 else "Bad Gateway")


@dataclass(frozen=True)
class Hang:
    """No answer for `seconds`; then the connection is closed. Nothing is carried out."""

    seconds: float


@dataclass(frozen=True)
class Reset:
    """The connection is closed without an answer. Nothing is carried out."""


@dataclass(frozen=True)
class AnswerLost:
    """The call is carried out, but its answer never arrives."""


Fault = Refusal | Hang | Reset | AnswerLost


@dataclass
class Call:
    """A call as it came in; `at` in seconds of the event loop's clock."""

    method: str
    parameters: Parameters
    at: float


@dataclass
class _Planned:
    fault: Fault
    method: str
    chat_id: int | None
    times: int


@dataclass
class BotApi:
    """The server: `async with BotApi() as server`, then point a bot with `TOKEN` at `server.root`."""

    root: str = ""
    calls: list[Call] = field(default_factory=list)
    people: dict[int, Person] = field(default_factory=dict)
    answered: list[str] = field(default_factory=list)
    commands: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    webhook: Parameters = field(default_factory=dict)
    hosts: dict[str, str] = field(default_factory=dict)
    token: str = TOKEN
    next_update_id: int = 1001

    def __post_init__(self) -> None:
        self._queue: dict[int, Any] = {}
        self._confirmed: list[Any] = []
        self._emptied = asyncio.Event()
        self._emptied.set()
        self._faults: list[_Planned] = []
        self._poll: asyncio.Future[bool] | None = None  # what waits in getUpdates; True: another one took its place
        self._runner: web.AppRunner | None = None
        self._hung: set[asyncio.Event] = set()
        self.webhook_posts = WebhookPosts(self._queue, self._taken, self._loses_the_answer, self.hosts)
        self._methods: dict[str, Callable[[Parameters], Awaitable[Any]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "setMyCommands": self._set_my_commands,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "sendChatAction": self._send_chat_action,
            "answerCallbackQuery": self._answer_callback_query,
            "sendDocument": self._send_document,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._get_webhook_info,
        }

    # --- for tests -------------------------------------------------------------------------------------

    def person(self, chat_id: int, language_code: str = "nb") -> Person:
        """Somebody with a private chat, the same one for the same id."""
        if chat_id not in self.people:
            self.people[chat_id] = Person(chat_id, language_code, self.push)
        return self.people[chat_id]

    def push(self, update: Any) -> int:
        """Queue an update and give its id. What is not a dict with an own `update_id` gets the next one."""
        number = self.next_update_id
        if isinstance(update, dict):
            number = update.setdefault("update_id", number)
        self.next_update_id = number + 1
        self._queue[number] = update
        self._emptied.clear()
        self._end_poll(conflict=False)
        self.webhook_posts.wake()
        return number

    def replay(self, count: int = 1) -> None:
        """Deliver the latest confirmed updates once more, under their own ids."""
        for update in self._confirmed[-count:]:
            self._queue[update["update_id"]] = update
        self._emptied.clear()
        self._end_poll(conflict=False)
        self.webhook_posts.wake()

    def fail(self, fault: Fault, method: str = "sendMessage", *, chat_id: int | None = None, times: int = 1) -> None:
        """Answer the next `times` calls of `method` (into one chat, if `chat_id` is given) with `fault`.

        The method `webhook` is our own: with `AnswerLost` an update that the bot has taken is posted once more.
        """
        self._faults.append(_Planned(fault, method, chat_id, times))

    def waiting(self) -> list[int]:
        """The ids of the updates that nobody has confirmed."""
        return sorted(self._queue)

    def called(self, method: str) -> list[Call]:
        """The calls of one method, oldest first."""
        return [call for call in self.calls if call.method == method]

    async def idle(self, timeout: float = 5) -> None:
        """Wait until every update is confirmed."""
        async with asyncio.timeout(timeout):
            await self._emptied.wait()

    # --- the server ------------------------------------------------------------------------------------

    async def __aenter__(self) -> BotApi:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/bot{token}/{method}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for hung in self._hung:
            hung.set()
        self._end_poll(conflict=False)
        await self.webhook_posts.end()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.Response:
        method, parameters = request.match_info["method"], await _parameters(request)
        self.calls.append(Call(method, parameters, asyncio.get_running_loop().time()))
        fault = self._fault(method, parameters)
        try:
            if request.match_info["token"] != self.token:
                raise Refusal(401, "Unauthorized")
            if method not in self._methods:
                raise Refusal(404, "Not Found")
            if isinstance(fault, Refusal):
                raise fault
            if isinstance(fault, Hang):
                await self._hang(fault.seconds)
            result = None if isinstance(fault, Hang | Reset) else await self._methods[method](parameters)
            if fault is not None:
                _close(request)
        except Refusal as refusal:
            body = {"ok": False, "error_code": refusal.code, "description": refusal.description}
            if refusal.parameters:
                body["parameters"] = refusal.parameters
            return web.json_response(body, status=refusal.code)
        return web.json_response({"ok": True, "result": result})

    def _fault(self, method: str, parameters: Parameters) -> Fault | None:
        for planned in self._faults:
            chat = planned.chat_id in (None, int(parameters.get("chat_id", 0)))
            if planned.method == method and planned.times and chat:
                planned.times -= 1
                return planned.fault
        return None

    async def _hang(self, seconds: float) -> None:
        hung = asyncio.Event()
        self._hung.add(hung)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(hung.wait(), seconds)
        self._hung.discard(hung)

    # --- the methods of the Bot API ----------------------------------------------------------------------

    async def _get_me(self, _parameters: Parameters) -> Update:
        return {"id": BOT_ID, "is_bot": True, "first_name": "Høringssvar", "username": BOT_USERNAME}

    async def _get_updates(self, parameters: Parameters) -> list[Any]:
        if self.webhook.get("url"):
            raise Refusal(409, "Conflict: can't use getUpdates method while webhook is active")
        self._end_poll(conflict=True)
        offset = int(parameters.get("offset", 0))
        self._confirm(offset)
        self._poll = asyncio.get_running_loop().create_future()
        conflict = False
        if not self._queue:
            with contextlib.suppress(TimeoutError):
                conflict = await asyncio.wait_for(self._poll, float(parameters.get("timeout", 0)))
        if conflict:
            raise Refusal(
                409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
            )
        asked_for = [number for number in self.waiting() if number >= offset]
        return [self._queue[number] for number in asked_for[: int(parameters.get("limit", 100))]]

    def _end_poll(self, *, conflict: bool) -> None:
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(conflict)

    def _confirm(self, offset: int) -> None:
        for number in self.waiting():
            if number < offset:
                self._taken(number)

    def _taken(self, number: int) -> None:
        self._confirmed.append(self._queue.pop(number))
        if not self._queue:
            self._emptied.set()

    def _loses_the_answer(self) -> bool:
        return isinstance(self._fault("webhook", {}), AnswerLost)

    async def _set_my_commands(self, parameters: Parameters) -> bool:
        self.commands[str(parameters.get("language_code", ""))] = json.loads(parameters["commands"])
        return True

    async def _send_message(self, parameters: Parameters) -> Update:
        person = self._receiver(parameters)
        heard = Heard(_text(parameters), _keyboard(parameters))
        return _sent(person, person.receive(heard))

    async def _edit_message_text(self, parameters: Parameters) -> Update:
        person = self._receiver(parameters)
        message_id = int(parameters["message_id"])
        old = person.messages.get(message_id)
        if old is None:
            raise Refusal(400, "Bad Request: message to edit not found")
        if old.document:
            raise Refusal(400, "Bad Request: there is no text in the message to edit")
        new = Heard(_text(parameters), _keyboard(parameters), edited=True)
        if (new.text, new.keyboard) == (old.text, old.keyboard):
            raise Refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the"
                " same as a current content and reply markup of the message",
            )
        return _sent(person, person.receive(new, message_id))

    async def _send_document(self, parameters: Parameters) -> Update:
        person = self._receiver(parameters)
        document = parameters.get("document")
        if not isinstance(document, web.FileField):
            raise Refusal(400, "Bad Request: there is no document in the request")
        caption = str(parameters.get("caption", ""))
        content = document.file.read().decode("utf-8")
        heard = Heard(caption, _keyboard(parameters), document=content, document_name=document.filename)
        return _sent(person, person.receive(heard))

    async def _send_chat_action(self, parameters: Parameters) -> bool:
        self._receiver(parameters).typing += 1
        return True

    async def _answer_callback_query(self, parameters: Parameters) -> bool:
        self.answered.append(str(parameters["callback_query_id"]))
        return True

    async def _get_file(self, parameters: Parameters) -> Update:
        return {"file_id": parameters["file_id"], "file_unique_id": "1", "file_path": f"files/{parameters['file_id']}"}

    async def _set_webhook(self, parameters: Parameters) -> bool:
        url, secret = parameters.get("url", ""), parameters.get("secret_token", "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise Refusal(400, "Bad Request: secret token contains unallowed characters")
        if not url.startswith(("https:", "http://127.0.0.1:", "http://localhost:")):
            raise Refusal(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        await self._delete_webhook(parameters)
        self._end_poll(conflict=True)
        self.webhook = parameters
        self.webhook_posts.begin(url, secret)
        return True

    async def _delete_webhook(self, parameters: Parameters) -> bool:
        self.webhook = {}
        await self.webhook_posts.end()
        if parameters.get("drop_pending_updates") == "true":
            self._queue.clear()
            self._emptied.set()
        return True

    async def _get_webhook_info(self, _parameters: Parameters) -> Update:
        return {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._queue),
            **({"last_error_message": self.webhook_posts.last_error} if self.webhook_posts.last_error else {}),
        }

    def _receiver(self, parameters: Parameters) -> Person:
        person = self.people.get(int(parameters["chat_id"]))
        if person is None:
            raise Refusal(400, "Bad Request: chat not found")
        if person.has_blocked:
            raise blocked()
        return person


async def _parameters(request: web.Request) -> Parameters:
    if request.content_type == "application/json":
        return {
            name: value if isinstance(value, str) else json.dumps(value)
            for name, value in (await request.json()).items()
        }
    return {**request.query, **await request.post()}


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


def _sent(person: Person, message_id: int) -> Update:
    heard = person.messages[message_id]
    chat = {"id": person.chat_id, "type": "private"}
    content = {"document": {"file_id": "1", "file_unique_id": "1"}} if heard.document else {"text": heard.text}
    return {"message_id": message_id, "date": now(), "chat": chat, **content}


def _text(parameters: Parameters) -> str:
    text = str(parameters.get("text", "")).strip()
    if not text:
        raise Refusal(400, "Bad Request: message text is empty")
    if utf16_length(text) > 4096:
        raise Refusal(400, "Bad Request: message is too long")
    return text


def _keyboard(parameters: Parameters) -> tuple[tuple[tuple[str, str], ...], ...]:
    """The rows of (label, data); refuses what Telegram refuses."""
    markup = json.loads(parameters.get("reply_markup") or "{}")
    rows: Iterable[Iterable[dict[str, str]]] = markup.get("inline_keyboard", [])
    keyboard = tuple(tuple((button.get("text", ""), button.get("callback_data", "")) for button in row) for row in rows)
    for label, data in (button for row in keyboard for button in row):
        if not label.strip():
            raise Refusal(400, "Bad Request: can't parse inline keyboard button: text must be non-empty")
        if not 1 <= len(data.encode()) <= 64:
            raise Refusal(400, "Bad Request: BUTTON_DATA_INVALID")
    return keyboard
