"""Impatient people: who sees no reply does again what they did last, as people do; and a Telegram that fails them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.proof.worlds.scripts import scripts
from tests.proof.worlds.willing import Willing, thinking
from tests.proof.worlds.worlds import READS, World
from tests.stand_ins.bot_api import BotApi, Fault

_SAYS = ("sendMessage", "editMessageText", "sendDocument", "sendChatAction")


@dataclass
class Impatient(Willing):
    """Willing people who wait so many seconds for a reply; `repeated` counts the answers in words given again."""

    waits: float = 1.0
    times: int = 3  # how often they do the same again before they only wait
    repeated: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._again = 0
        self._since = 0.0
        self._repeats_now = False

    async def act(self, number: int) -> None:
        """See `Willing`."""
        since = self.waits_since
        await super().act(number)
        self._since = time.monotonic()
        if self._repeats_now:
            self.waits_since = since  # they have waited since they did it first
        else:
            self._again = 0

    async def _look(self) -> None:
        await super()._look()
        is_waiting = self._at >= 0 and self.reference is None and self._seen == len(self.person.heard)
        if is_waiting and self._again < self.times and time.monotonic() - self._since > self.waits:
            self._again += 1
            self.repeated += self._at > 0 and not self.script.turns[self._at].act.startswith(("[", "("))
            self._repeats_now = True
            await self.act(self._at)
            self._repeats_now = False


@dataclass
class TroubledBotApi(BotApi):
    """While there is `trouble`, all that is said to people meets it; what they send is brought as ever."""

    trouble: Callable[[], Fault] | None = None
    hits: int = 0  # how often something was to be said, and met it

    def _fault(self, method: str, parameters: dict[str, Any]) -> Fault | None:
        if self.trouble is None or method not in _SAYS:
            return super()._fault(method, parameters)
        self.hits += 1
        return self.trouble()


class Coming:
    """So many people at any moment: who has the receipt gives way to somebody new, until it is `over`.

    Each does the same again `repeats` times where no reply comes, and is in silence after `patience` seconds.
    """

    def __init__(self, built: World, at_once: int, *, repeats: int, patience: float) -> None:
        self._built = built
        self._at_once = at_once
        self._repeats = repeats
        self._patience = patience
        self._numbers = count(1)
        self.over = asyncio.Event()
        self.people: list[Willing] = []
        self.silent: list[Willing] = []

    @property
    def confirmed(self) -> int:
        """The answers after which the next message was told."""
        return sum(each.confirmed for each in self.people)

    @property
    def repeated(self) -> int:
        """How often an answer in words was given again because no reply came."""
        return sum(each.repeated for each in self.people if isinstance(each, Impatient))

    async def talk(self) -> None:
        """Until it is over, and everybody who has begun has the receipt."""
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._come_and_go())

    async def _come_and_go(self) -> None:
        while not self.over.is_set():
            number = next(self._numbers)
            script = (known := scripts(number))[number % len(known)]
            person = self._built.server.person(number, language_code=script.locale)
            thinks = thinking(number, quick=(READS, 0.5), slow=(0.5, 1.0))
            willing = Impatient(person, script, thinks, times=self._repeats)
            self.people.append(willing)
            self._built.people.append(willing)
            try:
                is_answered = await willing.talk(is_silent=lambda since: time.monotonic() - since > self._patience)
            except (LookupError, AssertionError) as error:  # what is asked now comes much later in the script
                raise AssertionError(f"{script.name}: at a loss: {person.transcript[-8:]}") from error
            if not is_answered:
                self.silent.append(willing)

    def check(self) -> None:
        """Nobody was left in silence."""
        last = [f"{each.script.name} {each.person.transcript[-8:]}" for each in self.silent[:3]]
        assert not last, f"{len(self.silent)} of {len(self.people)} in silence: {last}"
