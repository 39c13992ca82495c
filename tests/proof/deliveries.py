"""Bad deliveries: what comes twice, swapped, late or all at once, and another side that fails in every way it can."""

from __future__ import annotations

import random  # noqa: TID251 - seeded: the same updates come twice each time
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from bot.register.stand_in import RegisterStandIn
from storage.conversations.outbox import LASTING
from storage.database.opening import transaction
from tests.conversations import chat
from tests.conversations.channels.telegram import TelegramStage
from tests.conversations.channels.webhook import WebhookStage
from tests.conversations.stages import MadeUpTime
from tests.proof.figures import Figure
from tests.proof.worlds import at_once, other_side
from tests.proof.worlds.scripts import plain, scripts
from tests.proof.worlds.worlds import all_talk, patiently, until, world
from tests.stand_ins.bot_api import AnswerLost, BotApi

DAY = timedelta(hours=24)

# The text, when it comes first, is a right answer to the question whose button is pressed: nobody can know better.
_SWAP_IS_AN_ANSWER = frozenset({"[Adresse utenfor Norge]", "[Ja, legg det til]"})

_figure = partial(Figure, "deliveries")


class DoublingBotApi(BotApi):
    """Hands out some updates twice in the same answer: each with the probability `doubles`."""

    doubles = 1.0
    doubled = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        self._draw = random.Random(1)

    async def _get_updates(self, parameters: dict[str, Any]) -> list[Any]:
        updates = await super()._get_updates(parameters)
        again = [update for update in updates if self._draw.random() < self.doubles]
        self.doubled += len(again)
        return [*updates, *again]


class AgainStage(TelegramStage):
    """Each update comes once more after it was confirmed, and after a restart all of them do."""

    async def heard(self) -> chat.Heard:
        """See `tests.conversations.chat.Stage`."""
        heard = await super().heard()
        await self.server.idle()
        self.server.replay(1)
        await self.server.idle()
        return heard

    async def restart_and_hear_nothing(self) -> None:
        """All that was ever sent comes again, to a program that has just been started."""
        await self.direct("restart")
        self.server.replay(10_000)
        await self.server.idle()
        await self.person.hears_no_more()


class LowerStage(TelegramStage):
    """After a few updates the ids begin again, lower."""

    _turns = 0

    async def heard(self) -> chat.Heard:
        """See `tests.conversations.chat.Stage`."""
        heard = await super().heard()
        await self.server.idle()
        self._turns += 1
        if self._turns == 4:
            self.server.next_update_id = 3
        return heard


async def _golden(stage: type[TelegramStage], server: BotApi, played: chat.Chat, register: RegisterStandIn) -> None:
    """Play a golden conversation, and see that everything said and stored is what its file has."""
    register.down = False
    with tempfile.TemporaryDirectory() as folder, MadeUpTime() as time:
        async with stage(played, time, Path(folder), register, server) as up:
            happened = await chat.play(played, up)
            if isinstance(up, AgainStage):
                before = await up.stored()
                await up.restart_and_hear_nothing()
                assert await up.stored() == before, f"{played.name}: something was stored once more"
    written = (chat.FOLDER / f"{played.name}.chat").read_text(encoding="utf-8")
    assert happened == written, f"{played.name} on {stage.__name__}:\n{happened}"


async def corpus(scale: float, register: RegisterStandIn) -> list[Figure]:
    """The golden conversations under duplicates: what is said and stored is the same to the letter."""
    known = [played for played in map(chat.read, sorted(chat.FOLDER.glob("*.chat"))) if "telegram" in played.channels]
    some = known[:: max(1, round(1 / scale))]
    for played in some:
        await _golden(TelegramStage, DoublingBotApi(), played, register)
        await _golden(AgainStage, BotApi(), played, register)
        await _golden(LowerStage, BotApi(), played, register)
        webhook = BotApi()
        webhook.fail(AnswerLost(), "webhook", times=1)
        await _golden(WebhookStage, webhook, played, register)
    what = "golden conversations, the same to the letter"
    return [
        _figure(f"{what}, when each update comes twice at once", len(some), "conversations"),
        _figure(f"{what}, when each update comes again later and all of them after a restart", len(some), ""),
        _figure(f"{what}, when update ids begin again lower", len(some), "conversations"),
        _figure(f"{what}, when a webhook's answer is lost", len(some), "conversations"),
    ]


async def one_in_a_hundred(scale: float, register: RegisterStandIn) -> list[Figure]:
    """1 % of the updates come twice, with many people at once."""
    server, count = DoublingBotApi(), max(20, round(200 * scale))
    server.doubles = 0.01
    async with world(server, register) as built:
        await all_talk(built.crowd(count))
    return [
        _figure("right responses, 1 % of the updates delivered twice", count, "responses"),
        _figure("updates delivered twice among them", server.doubled, "updates"),
    ]


async def swapped(scale: float, register: RegisterStandIn) -> list[Figure]:
    """A press and the text after it come together and swapped: the person goes on from what they see then."""
    pairs = 0
    for known in scripts(1)[:: max(1, round(0.4 / scale))]:
        acts = [turn.act for turn in known.turns]
        for number in range(1, len(acts) - 2):
            if acts[number] in _SWAP_IS_AN_ANSWER or not _press_then_text(acts, number):
                continue
            async with world(BotApi(), register) as built:
                willing = built.person(1, known)
                assert await patiently(willing, until_turn=number)
                willing.begins_again = number - 1
                await willing.act(number + 1)
                await willing.act(number)
                await built.server.idle()
                assert await patiently(willing), willing.person.transcript[-8:]
            pairs += 1
    return [_figure("right responses, a press and the text after it delivered swapped", pairs, "responses")]


def _press_then_text(acts: list[str], number: int) -> bool:
    return acts[number].startswith("[") and not acts[number + 1].startswith(("[", "("))


async def edits_of_old_messages(register: RegisterStandIn) -> list[Figure]:
    """After the receipt all that was ever sent is edited: each edit is answered, and nothing stored changes."""
    edits = 0
    async with world(BotApi(), register) as built:
        people = built.crowd(len(scripts()))
        await all_talk(people)
        for willing in people:
            person = willing.person
            for number in range(1, len(person.own) + 1):
                before = len(person.heard)
                await person.edit(number, "Noe helt annet")
                await until(lambda p=person, heard=before: len(p.heard) > heard)  # type: ignore[misc]  # used at once
                edits += 1
    return [_figure("edits of what was sent in long ago, each answered, nothing stored changed", edits, "edits")]


async def a_day_later(scale: float, register: RegisterStandIn) -> list[Figure]:
    """The program is away for 24 hours at every turn: texts have waited for it, presses of buttons are gone."""
    known = next(each for each in scripts(1) if each.name == "organisation_reference_case")
    gaps = range(1, len(known.turns), max(1, round(0.3 / scale)))
    for number in gaps:
        with MadeUpTime() as clock:
            async with world(BotApi(), register) as built:
                willing = built.person(1, known)
                assert await patiently(willing, until_turn=number)
                await built.take_down()
                is_lost = known.turns[number].act.startswith("[")
                if not is_lost:
                    await willing.act(number)
                clock.now += DAY
                await built.put_up()
                if is_lost:
                    await willing.act(number)
                assert await patiently(willing)
    return [_figure("right responses, 24 hours without the program, presses lost in it", len(gaps), "responses")]


async def answered_while_away(scale: float, register: RegisterStandIn) -> list[Figure]:
    """The program ends after a message was said and before it is marked; when it is back the answer is there already.

    Then nothing old is said again, but that something was not taken; and the last word is the answer's own reply.
    """
    restarts = 0
    for known in scripts(1)[:: max(1, round(0.5 / scale))]:
        async with world(BotApi(), register) as built:
            willing = built.person(1, known)
            for number in range(1, len(known.turns)):
                assert await patiently(willing, until_turn=number)
                heard = len(willing.person.heard)
                await built.marked()
                await built.take_down()
                kind = _unmark_the_last(built.path)
                await willing.act(number)
                await built.put_up()
                await built.marked()
                where = f"{known.name}, {number}"
                before, after = willing.person.heard[:heard][-1:], willing.person.heard[heard:]
                # Who says the same as the turn before may not have seen what came between: it is said again.
                may_repeat = known.turns[number].act == known.turns[number - 1].act
                if not may_repeat and known.turns[number].reply not in (plain(message.text) for message in before):
                    again = [each.text for each in after if each in before]
                    assert not again or kind in LASTING, f"{where}: said again though answered: {again[0]:.80}"
                    assert after[-1:] != before, f"{where}: said again after the answer's own reply: {again[0]:.80}"
                restarts += 1
            assert await patiently(willing)
    return [_figure("restarts with an answer waiting, nothing old said again", restarts, "restarts")]


async def answered_twice(scale: float, register: RegisterStandIn) -> list[Figure]:
    """The program ends as above and asks once more; the person types the answer to both of the questions.

    The second one is no answer to what comes after it.
    """
    restarts = 0
    # To press an old button, or edit an old message, is something else where there are two of them.
    some = [each for each in scripts(1) if not any(turn.act.startswith("(") for turn in each.turns)]
    for known in some[:: max(1, round(0.5 / scale))]:
        async with world(BotApi(), register) as built:
            willing = built.person(1, known)
            for number, turn in enumerate(known.turns):
                is_twice = False
                if number and not turn.act.startswith(("[", "(")):
                    heard = len(willing.person.heard)
                    await built.take_down()
                    _unmark_the_last(built.path)
                    await built.put_up()
                    await built.marked()
                    is_twice = len(willing.person.heard) > heard  # but of a message that was edited there is only one
                    restarts += is_twice
                for _ in range(1 + is_twice):
                    await willing.act(number)
                    await built.marked()
            willing.listen()
    assert restarts
    return [_figure("questions asked twice after a restart and answered twice, answers right", restarts, "questions")]


def _unmark_the_last(path: Path) -> str:
    """As after a kill between sending and marking; gives the kind of the message."""
    with transaction(path) as db:
        (row_id, kind), *_ = db.execute("SELECT id, kind FROM outbox ORDER BY id DESC")
        db.execute("UPDATE outbox SET sent_at = NULL WHERE id = ?", (row_id,))
    return str(kind)


async def run(scale: float) -> list[Figure]:
    """All of it; `scale` bounds how many conversations and people. Raises AssertionError where a promise is broken."""
    async with RegisterStandIn() as register:
        return [
            *await corpus(scale, register),
            *await one_in_a_hundred(scale, register),
            *await swapped(scale, register),
            *await edits_of_old_messages(register),
            *await a_day_later(scale, register),
            *await answered_while_away(scale, register),
            *await answered_twice(scale, register),
            *await at_once.everything(scale, register),
            *await other_side.everything(scale, register),
        ]
