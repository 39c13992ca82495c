"""The other side fails: 429, 403, 400, 500, 502, resets, hangs and lost answers, in the middle of conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

from bot.register.stand_in import RegisterStandIn
from tests.proof.figures import Figure
from tests.proof.worlds.scripts import scripts
from tests.proof.worlds.worlds import all_talk, patiently, until, world
from tests.stand_ins.bot_api import AnswerLost, BotApi, Fault, Hang, Refusal, Reset, broken, too_many

_figure = partial(Figure, "deliveries")

# The one whose chat is in trouble, and how many others there are.
_HIT = 1
_OTHERS = 5

# Whatever happens to the one, the others need at most twice as long as where nothing happens, and so many seconds.
_UNTROUBLED = 3.0

_RETRY_AFTER = 2

FAULTS: dict[str, Callable[[], Fault]] = {
    "500": lambda: broken(500),
    "502": lambda: broken(502),
    "a reset": Reset,
    "a hang": lambda: Hang(0.5),
    "a lost answer": AnswerLost,
    "429": lambda: too_many(_RETRY_AFTER),
}

# After these it is certain whether the message was said. After the others it is sent again once, and then let be.
_CERTAIN = ("500", "502", "429")

# What happens when Telegram is asked for updates; the calls that send are hit above.
FAULTS_OF_POLLING: dict[str, Callable[[], Fault]] = {
    "500": lambda: broken(500),
    "502": lambda: broken(502),
    "a reset": Reset,
    "a hang": lambda: Hang(0.3),
    "a lost answer": AnswerLost,
    "429": lambda: too_many(1),
}


async def everything(scale: float, register: RegisterStandIn) -> list[Figure]:
    """All of it, each fault in a world of its own; with a small scale a message fails once, else three times too."""
    took: dict[str, float] = {}
    worlds = [
        *(sending(register, *each, 1, took) for each in FAULTS.items()),
        *(sending(register, name, FAULTS[name], 3, took) for name in (_CERTAIN if scale >= 1 else ())),
        in_peace(register, took),
        *(polling(register, *each) for each in FAULTS_OF_POLLING.items()),
        blocked_and_back(register),
        refused(register),
    ]
    figures = [figure for figures in await asyncio.gather(*worlds) for figure in figures]
    longest = 2 * took["peace"] + _UNTROUBLED
    assert max(took.values()) < longest, f"others had to wait (peace: {took['peace']:.1f} s): {took}"
    return figures


async def in_peace(register: RegisterStandIn, took: dict[str, float]) -> list[Figure]:
    """Nobody is in trouble: how long that takes, at the same time and on the same machine as the others."""
    async with world(BotApi(), register) as built:
        one, *others = built.crowd(1 + _OTHERS)
        assert await patiently(one, until_turn=2)
        await one.act(2)
        begun = asyncio.get_running_loop().time()
        await all_talk(others)
        took["peace"] = asyncio.get_running_loop().time() - begun
        assert await patiently(one)
    return []


async def sending(
    register: RegisterStandIn, name: str, fault: Callable[[], Fault], times: int, took: dict[str, float]
) -> list[Figure]:
    """Two messages to one person fail, `times` in a row: they get their receipt, and nobody else has to wait."""
    server = BotApi()
    async with world(server, register) as built:
        one, *others = built.crowd(1 + _OTHERS)
        assert await patiently(one, until_turn=2)
        server.fail(fault(), chat_id=_HIT, times=times)
        sent = len(server.called("sendMessage"))
        await one.act(2)
        await until(lambda: len(server.called("sendMessage")) > sent)
        refused_at = server.called("sendMessage")[sent].at
        begun = asyncio.get_running_loop().time()
        await all_talk(others)
        took[f"{name}, {times}"] = asyncio.get_running_loop().time() - begun
        assert await patiently(one, until_turn=5), name
        server.fail(fault(), chat_id=_HIT, times=times)
        await one.act(5)
        assert await patiently(one)
        if name == "429":
            _check_leave(server, refused_at)
    return [_figure(f"right responses when {times} messages in a row met {name}, twice", 1 + _OTHERS, "responses")]


def _check_leave(server: BotApi, refused_at: float) -> None:
    """After a 429 that chat is left alone for all of the time that it says."""
    after = [call.at for call in server.called("sendMessage") if call.parameters.get("chat_id") == str(_HIT)]
    too_early = [at for at in after if refused_at < at < refused_at + _RETRY_AFTER - 0.05]
    assert not too_early, f"a chat was written to {too_early[0] - refused_at:.2f} s after a 429 of {_RETRY_AFTER} s"


async def polling(register: RegisterStandIn, name: str, fault: Callable[[], Fault]) -> list[Figure]:
    """Asking for updates fails now and then."""
    server = BotApi()
    async with world(server, register) as built:
        for _ in range(2):
            server.fail(fault(), "getUpdates")
        await all_talk(built.crowd(_OTHERS))
    return [_figure(f"right responses when asking for updates met {name}", _OTHERS, "responses")]


async def blocked_and_back(register: RegisterStandIn) -> list[Figure]:
    """One has blocked us in the middle; when they are back, and write, they go on."""
    server = BotApi()
    async with world(server, register) as built:
        one, *others = built.crowd(1 + _OTHERS)
        assert await patiently(one, until_turn=5)
        one.person.has_blocked = True
        await one.act(5)
        await all_talk(others)
        one.person.has_blocked = False
        await one.person.send("/hjelp")
        assert await patiently(one)
    return [_figure("right responses when one had blocked us (403) and came back", 1 + _OTHERS, "responses")]


async def refused(register: RegisterStandIn) -> list[Figure]:
    """A message is refused once as it is: it is said without its buttons, and the person goes on by typing."""
    server = BotApi()
    known = next(each for each in scripts(_HIT) if each.name == "taps_and_old_buttons")
    async with world(server, register) as built:
        one = built.person(_HIT, known)
        assert await patiently(one, until_turn=3)
        server.fail(Refusal(400, "Bad Request: BUTTON_DATA_INVALID"), chat_id=_HIT)
        await one.act(3)
        await until(lambda: len(one.person.heard) > 3)
        assert one.person.heard[-1].keyboard == ()
        assert await patiently(one)
    return [_figure("right responses when a message was refused (400) once", 1, "responses")]
