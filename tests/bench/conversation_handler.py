"""A peer: the same conversation as people write it with python-telegram-bot's ConversationHandler."""

from __future__ import annotations

import re
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    Application,
    CallbackContext,
    CommandHandler,
    ConversationHandler,
    MessageHandler,
    PicklePersistence,
    filters,
)

from tests.bench import people
from tests.bench.transport import TOKEN, NullTransport

Context = CallbackContext[Any, dict[str, Any], Any, Any]
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
WHO, MAIL, NAME, TEXT, MORE, REVIEW = range(6)


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """The labels, one a row, and the three that stand under every question."""
    rows = [[InlineKeyboardButton(label, callback_data=label)] for label in labels]
    return InlineKeyboardMarkup(
        [*rows, [InlineKeyboardButton(x, callback_data=x) for x in ("Tilbake", "Hjelp", "Avbryt")]]
    )


async def _say(update: Update, text: str, *labels: str) -> None:
    assert update.message is not None
    await update.message.reply_text(text, reply_markup=keyboard(*labels))


def _answers(context: Context) -> dict[str, Any]:
    assert context.user_data is not None
    return context.user_data


def _typed(update: Update) -> str:
    assert update.message is not None
    return update.message.text or ""


async def start(update: Update, context: Context) -> int:
    """Welcome, and who it is."""
    _answers(context).clear()
    await _say(update, "Velkommen. Her kan du svare på høringer.\n\nHvem svarer du for?", "Privatperson")
    return WHO


async def who(update: Update, context: Context) -> int:
    """Who it is; then the e-mail address."""
    _answers(context)["respondent_type"] = _typed(update)
    await _say(update, "1 av 4. Hva er e-postadressen din?\nEksempel: kari.nordmann@example.no")
    return MAIL


async def mail(update: Update, context: Context) -> int:
    """The e-mail address; then the name."""
    if not EMAIL.fullmatch(_typed(update)):
        await _say(update, "Det er ikke en e-postadresse.")
        return MAIL
    _answers(context)["email"] = _typed(update)
    await _say(update, "2 av 4. Hva heter du?\nEksempel: Kari Nordmann")
    return NAME


async def name(update: Update, context: Context) -> int:
    """The name; then the response."""
    _answers(context)["name"] = _typed(update)
    await _say(update, "3 av 4. Skriv høringssvaret ditt. Det kan være flere meldinger.")
    return TEXT


async def text(update: Update, context: Context) -> int:
    """One piece of the response."""
    _answers(context).setdefault("text", []).append(_typed(update))
    await _say(update, "Vi har tatt imot. Skriv mer, eller trykk Ferdig.", "Ferdig", "Angre siste", "Se hele")
    return MORE


async def review(update: Update, context: Context) -> int:
    """All of it."""
    given = _answers(context)
    rows = "\n".join(f"{key}: {value}" for key, value in given.items() if key != "text")
    await _say(
        update, f"Se over svaret:\n{rows}\n" + "\n\n".join(given["text"]), "Send inn", "Endre navn", "Endre svar"
    )
    return REVIEW


async def send(update: Update, context: Context) -> int:
    """The receipt; what was sent in is kept in memory."""
    given = dict(_answers(context))
    context.bot_data.setdefault("responses", []).append(given)
    await _say(update, "Takk. Vi har mottatt svaret.\nKvittering: KT7RB4XM\n" + "\n\n".join(given["text"]), "Nytt svar")
    return ConversationHandler.END


def _handler(*, persistent: bool) -> ConversationHandler[Any]:
    words = filters.TEXT & ~filters.COMMAND
    return ConversationHandler(
        entry_points=[CommandHandler("start", start)],
        states={
            WHO: [MessageHandler(filters.Regex("^(Privatperson|Organisasjon)$"), who)],
            MAIL: [MessageHandler(words, mail)],
            NAME: [MessageHandler(words, name)],
            TEXT: [MessageHandler(words, text)],
            MORE: [MessageHandler(filters.Regex("^Ferdig$"), review), MessageHandler(words, text)],
            REVIEW: [MessageHandler(filters.Regex("^Send inn$"), send)],
        },
        fallbacks=[CommandHandler("start", start)],
        name="response",
        persistent=persistent,
    )


class ConversationHandlerBot:
    """`async with ConversationHandlerBot()`. With `pickle` everything is written there after each update.

    Updates are handled one after another, which ConversationHandler asks for.
    """

    def __init__(self, transport: NullTransport | None = None, *, pickle: Path | None = None) -> None:
        self.transport = transport or NullTransport()
        self._flushes = pickle is not None
        builder = Application.builder().token(TOKEN).updater(None)
        builder = builder.request(self.transport).get_updates_request(self.transport)
        if pickle is not None:
            builder = builder.persistence(PicklePersistence(pickle))
        self._application: Any = builder.build()
        self._application.add_handler(_handler(persistent=pickle is not None))

    async def __aenter__(self) -> Self:
        await self._application.initialize()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._application.shutdown()

    async def handle(self, raw: bytes) -> None:
        """One update, from its bytes to its answer sent."""
        await self._application.process_update(Update.de_json(msgspec.json.decode(raw), self._application.bot))
        if self._flushes:
            await self._application.update_persistence()

    async def learn(self, persons: range) -> None:
        """Whole conversations, written down once at the end."""
        self._flushes = False
        await self.talk(persons)
        await self._application.update_persistence()

    async def talk(self, persons: range) -> None:
        """Whole conversations, side by side: everybody's first line, then everybody's second."""
        for turn in zip(*map(people.updates, persons), strict=True):
            for raw in turn:
                await self.handle(raw)

    @property
    def received(self) -> int:
        """How many responses there are."""
        return len(self._application.bot_data.get("responses", ()))
