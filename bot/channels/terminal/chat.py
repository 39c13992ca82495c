"""The conversation in a terminal, for `innspill chat`: same service, same texts, own process."""

from __future__ import annotations

import asyncio
import re
import shutil
import textwrap
from collections.abc import Callable
from typing import Protocol

from bot.clock import now
from bot.exchange.channel import ReadableService
from bot.randomness import token
from dialogs.events import AnyEvent, Picked, Said, Started
from dialogs.messages import Button, Message, Text
from dialogs.rendering import as_text, button_text
from dialogs.texts import House, t
from storage.database.errors import NotSaved

CHANNEL = "terminal"
PROMPT = "> "
_FEET = ("label-back", "label-help", "label-cancel")  # offered in one line; one types the word
_WIDEST = 80  # columns: longer lines are hard to read
_PATIENCE = 5.0  # seconds until the person is told that we still wait
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Reader(Protocol):
    """Where answers come from; see `terminal_input.Keyboard`."""

    def read(self, prompt: str, *, whole_pastes: bool) -> str:
        """The next text; raises EOFError at the end and KeyboardInterrupt on Ctrl-C."""
        ...


class Terminal:
    """One person's conversation. `user` is whose it is: the same user finds the draft again.

    `say` prints a text and a line break. `styled` allows bold and dim; nothing is told by them alone.
    """

    def __init__(
        self,
        service: ReadableService,
        house: House,
        *,
        user: str,
        locale: str,
        reader: Reader,
        say: Callable[[str], None],
        styled: bool = False,
    ) -> None:
        self._service = service
        self._house = house
        self._user = user
        self._locale = locale
        self._reader = reader
        self._say = say
        self._styled = styled
        self._message = Message(locale)

    async def run(self) -> None:
        """Talk until the person leaves (Ctrl-D, Ctrl-C, the end of the input), and say how to go on.

        Reading blocks the event loop: nothing else happens in this process while somebody thinks.
        """
        try:
            await self._handle(Started(at=now(), locale=self._locale))
            self._tell("terminal-hint")
            while True:
                text = self._reader.read(PROMPT, whole_pastes=self._is_long)
                await self._handle(self._event(text))
        except (EOFError, KeyboardInterrupt, asyncio.CancelledError):  # asyncio cancels on a Ctrl-C outside the reader
            self._say("")
            if self._message.draft:
                self._tell("terminal-draft-kept")

    @property
    def _is_long(self) -> bool:
        return self._message.box is not None and self._message.box.kind == "long"

    def _event(self, text: str) -> AnyEvent:
        """What was typed as an event. In the response a number is what it says, and an empty line finishes."""
        if self._is_long:
            done = next((b for b in self._message.buttons if b.label.key == "label-done"), None)
            if done and not text.strip():
                return Picked(at=now(), locale=self._locale, data=done.data)
        elif re.fullmatch(r"\s*[1-9][0-9]?\s*", text) and int(text) <= len(self._own_buttons()):
            return Picked(at=now(), locale=self._locale, data=self._own_buttons()[int(text) - 1].data)
        return Said(at=now(), locale=self._locale, text=text)

    async def _handle(self, event: AnyEvent) -> None:
        try:
            message = (await self._service.exchange(CHANNEL, self._user, token(), event)).message
        except NotSaved:
            self._tell("not-saved")
            return
        if message is not None:
            self._show(message)
        if self._message.kind == "waiting":
            await self._wait()

    async def _wait(self) -> None:
        """Until the register has answered, or is given up."""
        while True:
            await self._service.settled(CHANNEL, self._user, _PATIENCE)
            latest = self._service.view(CHANNEL, self._user).message
            if latest is not None and latest.kind != "waiting":
                return self._show(latest)
            self._tell("still-looking")
            await asyncio.sleep(0.2)

    # --- What is shown -------------------------------------------------------------------------------------

    def _show(self, message: Message) -> None:
        self._message = message
        shown = [self._wrapped(as_text(message, self._house, CHANNEL))]
        if message.document:
            if message.document.caption is not None:
                shown.append(self._wrapped(t(message.locale, message.document.caption, self._house, CHANNEL)))
            shown.append(_visible(message.document.text))
        if message.kind != "waiting":
            shown += filter(None, [self._choices(), self._feet()])
        self._say("")
        self._say("\n\n".join(shown))

    def _own_buttons(self) -> tuple[Button, ...]:
        return tuple(button for button in self._message.buttons if button.label.key not in _FEET)

    def _choices(self) -> str:
        labels = [self._label(button) for button in self._own_buttons()]
        if self._is_long:
            lines = [" · ".join(labels), self._in_words("terminal-finish")] if labels else []
        else:
            lines = [f"{self._style('1', f'{number:>2}')}  {label}" for number, label in enumerate(labels, 1)]
        return "\n".join(lines)

    def _feet(self) -> str:
        labels = [self._label(button) for button in self._message.buttons if button.label.key in _FEET]
        return self._style("2", " · ".join(labels)) if labels else ""

    def _label(self, button: Button) -> str:
        return _visible(button_text(button, self._message.locale, self._house))

    def _in_words(self, key: str) -> str:
        return t(self._message.locale, Text(key), self._house, CHANNEL)

    def _tell(self, key: str) -> None:
        self._say(self._wrapped(self._in_words(key)))

    def _wrapped(self, text: str) -> str:
        width = min(_WIDEST, shutil.get_terminal_size().columns)
        lines = (
            textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False) if len(line) > width else [line]
            for line in _visible(text).split("\n")
        )
        return "\n".join("\n".join(line) for line in lines)

    def _style(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._styled else text


def _visible(text: str) -> str:
    """What others wrote must not steer the terminal: control characters are shown as U+FFFD."""
    return _CONTROL.sub("\ufffd", text)
