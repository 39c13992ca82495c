"""The people of the benchmark: the same raw updates, as Telegram sends them, for our program and for its peers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator

from msgspec.json import encode

from bot import clock

RESPONSE = (
    "Vi støtter forslaget, og ber om at skoleveien får fortau på begge sider og lys hele veien. "
    "Mange barn går her om morgenen, og snøen ligger lenge i svingen ved brua.\n\n"
    "- flere benker langs elva\n- færre skilt i krysset\n- lavere fart forbi barnehagen"
)
CONVERSATION = ("/start c1", "Privatperson", "kari.nordmann@example.no", "Kari", RESPONSE, "Ferdig", "Send inn")
"""Four questions (who, e-mail, name, response), from the start to the receipt: each line gets one message back."""

WARM_UP = 20
"""So many talk before the clock starts, for nobody is measured while filling caches. Their numbers are below 0."""

_FIRST_UPDATE = 1_000_000_000
_FIRST_CHAT = 1_000_000


def chat_of(person: int) -> int:
    """The id of a person's private chat; persons count from 0, those who warm up from -1 downwards."""
    return _FIRST_CHAT + person


def updates(person: int, sitting: int = 0) -> Iterator[bytes]:
    """What Telegram sends in one conversation: one update a line, as JSON. `sitting` counts those of a person."""
    chat = chat_of(person)
    for turn, text in enumerate(CONVERSATION, sitting * 100):
        message = {
            "message_id": 2 * turn + 1,
            "from": {"id": chat, "is_bot": False, "first_name": "Kari", "language_code": "nb"},
            "chat": {"id": chat, "first_name": "Kari", "type": "private"},
            "date": int(clock.now().timestamp()),  # an answer is sent after its question
            "text": text,
        }
        if text.startswith("/"):
            command = {"type": "bot_command", "offset": 0, "length": len(text.partition(" ")[0])}
            message["entities"] = [command]
        yield encode({"update_id": _FIRST_UPDATE + person * 10_000 + turn, "message": message})


async def in_flight(count: int, people: range, talk: Callable[[int], Awaitable[None]]) -> None:
    """Let `people` talk, `count` of them at any moment: who has finished makes room for the next."""
    waiting = iter(people)

    async def one_after_another() -> None:
        for person in waiting:
            await talk(person)

    async with asyncio.TaskGroup() as group:
        for _ in range(count):
            group.create_task(one_after_another())
