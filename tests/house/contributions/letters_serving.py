"""A channel of letters: each one comes in as a POST, and the answer goes to the address that it gives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from bot import clock
from bot.exchange.channel import NotReached, Piece
from bot.exchange.delivery import Delivery, Limits
from bot.serving import Serving
from dialogs.events import AnyEvent, Attached, Edited, Picked, Said, Started
from dialogs.messages import Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import House, t

CHANNEL = "letters"


class LettersSender:
    """A `bot.exchange.channel.Sender`: what is said is posted to the person's own address."""

    channel = CHANNEL

    def __init__(self, http: aiohttp.ClientSession, house: House) -> None:
        self._http = http
        self._house = house

    def pieces(self, message: Message) -> Sequence[Piece]:
        """All of it at once."""
        text = as_text(message, self._house, "telegram")
        if message.document is not None:
            caption = message.document.caption
            said = "" if caption is None else "\n\n" + t(message.locale, caption, self._house, "telegram")
            text += f"{said}\n{message.document.text}"
        row = tuple((button_text(button, message.locale, self._house), button.data) for button in message.buttons)
        return [Piece(text, (row,))]

    async def send(self, address: str, piece: Piece, edit_target: str | None) -> str:
        """Post it."""
        try:
            async with self._http.post(address, json={"text": piece.text, "buttons": piece.keyboard[0]}):
                return ""
        except aiohttp.ClientError as error:
            raise NotReached from error

    async def show_typing(self, address: str, topic: str | None = None) -> None:
        """Letters take their time anyway."""


def event_of(letter: dict[str, str]) -> AnyEvent:
    """What happened, as the engine knows it."""
    at, locale, number = clock.now(), letter["locale"], letter["number"]
    match letter:
        case {"button": data}:
            return Picked(at=at, locale=locale, data=data)
        case {"enclosed": kind}:
            return Attached(at=at, locale=locale, kind=kind)
        case {"replaces": earlier, "text": text}:
            return Edited(at=at, locale=locale, message_id=earlier, text=text)
        case {"text": text} if text.partition(" ")[0] == "/start":
            return Started(at=at, locale=locale, link=text.partition(" ")[2])
    return Said(at=at, locale=locale, message_id=number, text=letter["text"])


@asynccontextmanager
async def running(serving: Serving) -> AsyncIterator[None]:
    """See `bot.serving.Channel`."""
    service = serving.service

    async def take(request: web.Request) -> web.Response:
        letter = await request.json()
        await service.exchange(CHANNEL, letter["from"], letter["number"], event_of(letter))
        return web.Response(status=204)

    serving.application.router.add_post("/letters", take)
    async with aiohttp.ClientSession() as http:
        limits = serving.limits or Limits()
        delivery = Delivery(LettersSender(http, serving.house), service.writer, service, limits, serving.on_failure)
        service.senders[CHANNEL] = delivery.put
        await delivery.start()
        await delivery.resume()
        try:
            yield
        finally:
            await delivery.stop()
