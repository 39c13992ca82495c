"""A peer: the same conversation as people write it with aiogram's state machine, in memory (the extra `bench`)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from importlib import import_module
from itertools import count
from typing import Any

import msgspec

from tests.bench import people
from tests.bench.conversation_handler import EMAIL
from tests.bench.transport import TOKEN, answer_to_send

# Not in the lock: a checker sees them as Any whether they are installed or not.
aiogram: Any = import_module("aiogram")
_filters: Any = import_module("aiogram.filters")
_fsm: Any = import_module("aiogram.fsm.state")
_types: Any = import_module("aiogram.types")
_BaseSession: Any = import_module("aiogram.client.session.base").BaseSession
_MemoryStorage: Any = import_module("aiogram.fsm.storage.memory").MemoryStorage


class NullSession(_BaseSession):  # type: ignore[misc]  # its library is not always installed
    """A transport of aiogram's that delivers nothing and answers as Telegram does."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = 0
        self._numbers = count(1)

    async def close(self) -> None:
        """There is nothing to close."""

    async def make_request(self, bot: Any, method: Any, timeout: int | None = None) -> Any:
        """One call, answered at once."""
        self.sent += 1
        self.prepare_value(method.text, bot=bot, files={})
        answer = answer_to_send(next(self._numbers), str(method.chat_id)).decode()
        return self.check_response(bot=bot, method=method, status_code=200, content=answer).result

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        """Nothing is ever downloaded."""
        yield b""


class _Steps(_fsm.StatesGroup):  # type: ignore[misc]  # its library is not always installed
    who, mail, name, text, more, review = (_fsm.State() for _ in range(6))


def _keyboard(*labels: str) -> Any:
    button = _types.InlineKeyboardButton
    rows = [[button(text=label, callback_data=label)] for label in labels]
    always = [button(text=label, callback_data=label) for label in ("Tilbake", "Hjelp", "Avbryt")]
    return _types.InlineKeyboardMarkup(inline_keyboard=[*rows, always])


class StateMachineBot:
    """Updates in with `talk`, handled as they come, as aiogram does."""

    def __init__(self) -> None:
        self.transport = NullSession()
        self.responses: list[dict[str, Any]] = []
        self._bot = aiogram.Bot(TOKEN, session=self.transport)
        self._dispatcher = aiogram.Dispatcher(storage=_MemoryStorage())
        message, words = self._dispatcher.message, aiogram.F.text
        message.register(self._start, _filters.CommandStart())
        message.register(self._who, _Steps.who, words.in_({"Privatperson", "Organisasjon"}))
        message.register(self._mail, _Steps.mail, words)
        message.register(self._name, _Steps.name, words)
        message.register(self._review, _Steps.more, words == "Ferdig")
        message.register(self._text, _filters.or_f(_Steps.text, _Steps.more), words)
        message.register(self._send, _Steps.review, words == "Send inn")

    async def handle(self, raw: bytes) -> None:
        """One update, from its bytes to its answer sent."""
        await self._dispatcher.feed_raw_update(self._bot, msgspec.json.decode(raw))

    async def talk(self, persons: range) -> None:
        """Whole conversations, side by side: everybody's first line together, then everybody's second."""
        for turn in zip(*map(people.updates, persons), strict=True):
            await asyncio.gather(*map(self.handle, turn))

    async def _start(self, message: Any, state: Any) -> None:
        await state.clear()
        await state.set_state(_Steps.who)
        question = "Velkommen. Her kan du svare på høringer.\n\nHvem svarer du for?"
        await message.answer(question, reply_markup=_keyboard("Privatperson"))

    async def _who(self, message: Any, state: Any) -> None:
        await state.update_data(respondent_type=message.text)
        await state.set_state(_Steps.mail)
        await message.answer(
            "1 av 4. Hva er e-postadressen din?\nEksempel: kari.nordmann@example.no", reply_markup=_keyboard()
        )

    async def _mail(self, message: Any, state: Any) -> None:
        if not EMAIL.fullmatch(message.text):
            await message.answer("Det er ikke en e-postadresse.", reply_markup=_keyboard())
            return
        await state.update_data(email=message.text)
        await state.set_state(_Steps.name)
        await message.answer("2 av 4. Hva heter du?\nEksempel: Kari Nordmann", reply_markup=_keyboard())

    async def _name(self, message: Any, state: Any) -> None:
        await state.update_data(name=message.text)
        await state.set_state(_Steps.text)
        question = "3 av 4. Skriv høringssvaret ditt. Det kan være flere meldinger."
        await message.answer(question, reply_markup=_keyboard())

    async def _text(self, message: Any, state: Any) -> None:
        given = await state.get_data()
        await state.update_data(text=[*given.get("text", []), message.text])
        await state.set_state(_Steps.more)
        question = "Vi har tatt imot. Skriv mer, eller trykk Ferdig."
        await message.answer(question, reply_markup=_keyboard("Ferdig", "Angre siste", "Se hele"))

    async def _review(self, message: Any, state: Any) -> None:
        given = await state.get_data()
        rows = "\n".join(f"{key}: {value}" for key, value in given.items() if key != "text")
        await state.set_state(_Steps.review)
        whole = f"Se over svaret:\n{rows}\n" + "\n\n".join(given["text"])
        await message.answer(whole, reply_markup=_keyboard("Send inn", "Endre navn", "Endre svar"))

    async def _send(self, message: Any, state: Any) -> None:
        given = await state.get_data()
        self.responses.append(given)
        await state.clear()
        receipt = "Takk. Vi har mottatt svaret.\nKvittering: KT7RB4XM\n" + "\n\n".join(given["text"])
        await message.answer(receipt, reply_markup=_keyboard("Nytt svar"))
