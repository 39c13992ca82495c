"""From our messages to Telegram's: pieces that fit its limits, with their buttons under the last one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from bot.channels.telegram.api import Api
from bot.exchange.channel import Keyboard, Piece, Refused
from dialogs.messages import Button, Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import House, t

CHANNEL = "telegram"

# Telegram's own limit, in UTF-16 units.
LONGEST_TEXT = 4096

# Two labels of at most this many characters stand side by side on the narrowest phones.
SHORT_LABEL = 18

# These stand under every question, in one row of their own.
ALWAYS = frozenset({"label-back", "label-help", "label-cancel"})


class TelegramSender:
    """A `bot.exchange.channel.Sender` for Telegram."""

    channel = CHANNEL

    def __init__(self, api: Api, house: House) -> None:
        self._api = api
        self._house = house

    def pieces(self, message: Message) -> Sequence[Piece]:
        """The message, its document in it where there is room and as a text file where there is not."""
        text = as_text(message, self._house, CHANNEL)
        keyboard = self._keyboard(message)
        if message.document is None:
            return _with_keyboard([Piece(part) for part in cut(text)], keyboard)
        gap = "\n\n"
        if message.document.caption is not None:
            text, gap = text + gap + t(message.locale, message.document.caption, self._house, CHANNEL), "\n"
        whole = f"{text}{gap}{message.document.text}"
        if utf16_length(whole) <= LONGEST_TEXT:
            return [Piece(whole, keyboard)]
        file = Piece(message.document.text, file_name=message.document.name)
        return _with_keyboard([*(Piece(part) for part in cut(text)), file], keyboard)

    async def send(self, address: str, piece: Piece, edit_target: str | None) -> str:
        """Say one piece. An edit that Telegram refuses becomes a new message, a topic that is gone the chat's end."""
        if piece.topic is None:
            return await self._send(address, piece, edit_target)
        try:
            return await self._send(address, piece, edit_target)
        except Refused as refused:
            if "thread not found" not in str(refused).lower():
                raise
            return await self._send(address, replace(piece, topic=None), None)

    async def _send(self, address: str, piece: Piece, edit_target: str | None) -> str:
        if piece.file_name:
            return await self._api.send_document(address, piece.file_name, piece.text, piece.keyboard, piece.topic)
        if edit_target is not None:
            try:
                await self._api.edit_message(address, edit_target, piece.text, piece.keyboard)
            except Refused:
                pass
            else:
                return edit_target
        return await self._api.send_message(address, piece.text, piece.keyboard, piece.topic)

    async def show_typing(self, address: str, topic: str | None = None) -> None:
        """Show "typing" for some seconds."""
        await self._api.send_typing(address, topic)

    def _keyboard(self, message: Message) -> Keyboard:
        """Short neighbours side by side, the rest one a row; Back, Help and Cancel in one last row."""

        def shown(button: Button) -> tuple[str, str]:
            return button_text(button, message.locale, self._house), button.data

        rows: list[list[tuple[str, str]]] = []
        room = False
        for button in message.buttons:
            if button.label.key in ALWAYS:
                continue
            pair = shown(button)
            short = len(pair[0]) <= SHORT_LABEL and not button.primary
            if short and room:
                rows[-1].append(pair)
            else:
                rows.append([pair])
            room = short and len(rows[-1]) == 1
        if always := [shown(button) for button in message.buttons if button.label.key in ALWAYS]:
            rows.append(always)
        return tuple(map(tuple, rows))


def utf16_length(text: str) -> int:
    """How long Telegram says that a text is."""
    return len(text.encode("utf-16-le")) // 2


def cut(text: str) -> Iterator[str]:
    """`text` in pieces that Telegram takes: cut at a line's end, else between words, else where it has to be.

    A piece of nothing but white space is left out: Telegram refuses it.
    """
    while utf16_length(text) > LONGEST_TEXT:
        head = text.encode("utf-16-le")[: LONGEST_TEXT * 2].decode("utf-16-le", "ignore")
        line, word = (head.rfind(mark, len(head) // 2) for mark in "\n ")
        at = next((at for at in (line, word) if at > 0), None)
        piece, text = (head, text[len(head) :]) if at is None else (head[:at], text[at + 1 :])
        if piece.strip():
            yield piece
    if text.strip():
        yield text


def _with_keyboard(pieces: list[Piece], keyboard: Keyboard) -> list[Piece]:
    *others, last = pieces
    return [*others, Piece(last.text, keyboard, last.file_name)]
