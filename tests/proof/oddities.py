"""Oddities: at every step of whole conversations, every kind of message that Telegram has, and some that it has not."""

from __future__ import annotations

import json
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bot import clock
from bot.channels.telegram.messages import CHANNEL
from bot.channels.telegram.updates import Bot, UnreadableUpdate, read_update
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from bot.register.stand_in import RegisterStandIn
from dialogs.consultation_response import FORM
from dialogs.messages import Message
from dialogs.rendering import button_text
from storage.conversations import conversations, set_aside
from storage.database.opening import ensure_schema
from storage.database.sqlite import Connection
from tests.conversations import chat
from tests.proof.figures import Figure
from tests.proof.worlds.scripts import Script, add_rounds, reference_in, scripts
from tests.stand_ins.people import BOT_ID, BOT_USERNAME, CONTENTS, Person

Update = dict[str, Any]
Make = Callable[[Person], Update]
BOT = Bot(BOT_ID, BOT_USERNAME)

# Nobody answers the same question more often without trying another way.
_OFTEN = 4

_GROUP = {"id": -100, "type": "supergroup", "title": "Velforeningen"}
_OTHER = {"id": 99, "is_bot": False, "first_name": "Ola"}


def _message(**content: Any) -> Make:
    return lambda person: {"message": person.message(**content)}


def _elsewhere(kind: str, **content: Any) -> Make:
    return lambda person: {kind: person.message(**content)}


# A text may be an answer: then it is theirs, and no other answer changes.
TEXTS: dict[str, Make] = {
    "NUL in a text": _message(text="Ka\0ri"),
    "half a character": _message(text="Kari \ud83d"),
    "two halves in the wrong order": _message(text="\ude00\ud83d"),
    "only zero-width characters": _message(text="\u200b\u200c\u200d\ufeff"),
    "zero-width characters in a name": _message(text="Ka\u200bri"),
    "text that runs to the left": _message(text="\u202eiraK\u202c"),
    "isolated directions": _message(text="\u2067Kari\u2069"),
    "4,096 characters": _message(text="x" * 4096),
    "4,096 UTF-16 units": _message(text="🙂" * 2048),
    "only white space": _message(text=" \n\t\u00a0 "),
    "only a combining mark": _message(text="\u0301"),
    "a mark on a mark on a mark": _message(text="K" + "\u0301" * 500),
    "an emoji of a family": _message(text="👨\u200d👩\u200d👧\u200d👦"),
    "an unknown command": _message(text="/nothing"),
    "a command of another bot": _message(text="/hello@another_bot"),
    "markup": _message(text="<b>Kari</b> &amp; *Ola* {name} %s"),
    "a formula": _message(text='=HYPERLINK("https://example.no")'),
    "a forwarded text": _message(text="Fra en annen", forward_origin={"type": "user", "sender_user": _OTHER}),
    "a text via another bot": _message(text="Via en bot", via_bot={**_OTHER, "is_bot": True}),
    "a reply to our message": _message(text="Svar", reply_to_message={"message_id": 1, "from": {"id": BOT_ID}}),
    "a text in the name of a channel": _message(text="Kanal", sender_chat={"id": -5, "type": "channel"}),
    "a text without a sender": lambda person: {
        "message": {key: value for key, value in person.message(text="Hvem?").items() if key != "from"}
    },
    "a text from the year 1": _message(text="Fortid", date=-62135596800),
}

# None of these is an answer.
REPLIED_TO: dict[str, Make] = {
    **{kind: _message(**content) for kind, content in CONTENTS.items()},
    "a forwarded photo": _message(**CONTENTS["photo"], forward_origin={"type": "channel"}),
    "a sticker via another bot": _message(**CONTENTS["sticker"], via_bot={**_OTHER, "is_bot": True}),
    "a message without content": _message(),
    "shared users": _message(users_shared={"request_id": 1, "users": []}),
    "data of a web app": _message(web_app_data={"data": "x", "button_text": "y"}),
    "passport data": _message(passport_data={"data": []}),
    "a forged button": lambda person: _press(person, "zzzzzzzzz:email:skip"),
    "a button without data": lambda person: _press(person, None),
    "a button full of nonsense": lambda person: _press(person, "\0\ud800:::" * 5),
    "a button of nobody": lambda person: _press(person, "-:text:done"),
    "a command in a group": _elsewhere("message", chat=_GROUP, text="/start"),
    "a mention in a group": _elsewhere("message", chat=_GROUP, text=f"@{BOT_USERNAME} hei"),
    "an edit of a message that we never got": lambda person: {
        "edited_message": {**person.message(text="Endret"), "message_id": 987654, "edit_date": 1}
    },
}

# Nobody said anything to us, so nobody waits for a reply. This list is the whole of it.
SILENT: dict[str, Make] = {
    "a pinned message": _message(pinned_message={"message_id": 1}),
    "a timer that deletes": _message(message_auto_delete_timer_changed={"message_auto_delete_time": 1}),
    "another background": _message(chat_background_set={"type": {}}),
    "leave to write": _message(write_access_allowed={}),
    "a connected website": _message(connected_website="example.no"),
    "a gift": _message(gift={"gift": {}}),
    "a payment": _message(successful_payment={"currency": "NOK", "total_amount": 1}),
    "a new topic": _message(forum_topic_created={"name": "Fortau", "icon_color": 1}, is_topic_message=True),
    "done tasks of a list": _message(checklist_tasks_done={"marked_as_done_task_ids": [1]}),
    "a kind of service message that nobody knows": _message(price_of_holograms_changed={"price": 3}),
    "a text of another bot": _elsewhere("message", text="hei", **{"from": {**_OTHER, "is_bot": True}}),
    "talk in a group": _elsewhere("message", chat=_GROUP, text="hei alle"),
    "an edit in a group": _elsewhere("edited_message", chat=_GROUP, text="hei alle sammen"),
    "an edited caption": _elsewhere("edited_message", caption="ny"),
    "a post in a channel": _elsewhere("channel_post", chat={"id": -5, "type": "channel"}, text="nytt"),
    "a message in a channel": _elsewhere("message", chat={"id": -5, "type": "channel"}, text="nytt"),
    "a reaction": lambda person: {"message_reaction": {"chat": {"id": person.chat_id}, "new_reaction": []}},
    "who has blocked us": lambda person: {"my_chat_member": {"chat": {"id": person.chat_id}}},
    "an inline query": lambda person: {"inline_query": {"id": "1", "query": ""}},
    "a vote in a poll": lambda person: {"poll_answer": {"poll_id": "1", "option_ids": []}},
    "a kind of update that nobody knows": lambda person: {"teleported": {}},
}

# What the Bot API does not describe is set aside where staff see it, and acknowledged; nobody can be told.
UNREADABLE: dict[str, Make] = {
    "a text that is a number": _message(text=7),
    "a message that is a list": lambda person: {"message": []},
    "a chat without an id": _message(chat={"type": "private"}, text="hei"),
    "a press without a person": lambda person: {"callback_query": {"id": "1", "data": "x"}},
}


def _press(person: Person, data: str | None) -> Update:
    query = {"id": "1", "from": {"id": person.chat_id}, "message": {"message_id": 1}, "data": data}
    return {"callback_query": {key: value for key, value in query.items() if value is not None}}


class Walk:
    """A conversation with the service, by raw updates; one for each address, as many as one likes."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.person = Person(1, "nb", lambda update: 0)
        self.said: Message | None = None
        self._updates = 0

    def as_somebody_else(self, chat_id: int, session: str) -> Walk:
        """Another person who stands where `session` does, and has heard the same."""
        walk = Walk(self.service)
        walk.person.chat_id, walk.said = chat_id, self.said
        walk._session = session
        return walk

    _session: str | None = None

    async def take(self, update: Update) -> Message | None:
        """What is said to an update, None where nothing is. Raises UnreadableUpdate."""
        self._updates += 1
        raw = json.loads(json.dumps({"update_id": self._updates, **update}))
        try:
            incoming = read_update(raw, clock.now(), BOT)
        except UnreadableUpdate as error:
            await self.service.set_aside(CHANNEL, f"{self.address} {self._updates}", json.dumps(raw), str(error))
            raise
        if incoming is None:
            return None
        if self._session is not None:
            await self.service.writer.run(partial(_stand_at, self.address, self._session))
            self._session = None
        event_id = f"{self.address} {self._updates}"
        exchanged = await self.service.exchange(CHANNEL, incoming.address, event_id, incoming.event)
        await self.service.settled(CHANNEL, incoming.address, 10)
        if incoming.address == self.address and exchanged.message is not None:
            self.said = self.service.view(CHANNEL, self.address).message
        return exchanged.message

    @property
    def address(self) -> str:
        """The private chat."""
        return str(self.person.chat_id)

    @property
    def session(self) -> str:
        """The session as it is stored."""
        return self._session or self.service.view(CHANNEL, self.address).session or "{}"

    def answers(self) -> dict[str, Any]:
        """The answers so far, by step."""
        answers: dict[str, Any] = json.loads(self.session).get("answers", {})
        return answers

    async def act(self, script: Script, number: int) -> None:
        """Do what a turn of the script says."""
        act = script.turns[number].act
        label = act.removeprefix("[").removesuffix("]")
        data = self._button(label) if act.startswith("[") else None
        await self.take(_press(self.person, data) if data else {"message": self.person.message(text=label)})

    def _button(self, label: str) -> str | None:
        assert self.said is not None
        for button in self.said.buttons:
            if label == button_text(button, self.said.locale, chat.HOUSE):
                return button.data
        return None

    def place(self, script: Script, near: int) -> int | None:
        """The turn of the script that the latest message answers."""
        assert self.said is not None
        heard = chat.shown(self.said)
        return script.place(heard.text, heard.buttons, near, by_labels=False)

    def reference(self) -> str | None:
        """The reference that was told."""
        return reference_in(chat.shown(self.said).text) if self.said is not None else None


def _stand_at(address: str, session: str, db: Connection) -> None:
    at = clock.now()
    conversation = conversations.find_or_open(db, CHANNEL, address, at)
    draft = json.loads(session).get("draft", "")
    conversations.save(db, conversation.id, session, draft=draft, locale="nb", at=at)


async def _goes_on(walk: Walk, script: Script, steps: Sequence[str], after: int) -> bool:
    """Whether the person, who answers what they see last, reaches the receipt. `steps`: what each turn has led to."""
    near, answer, at_a_loss, visits = after, after + 1, 0, Counter[str]()
    for _ in range(3 * len(script.turns)):
        if walk.reference() is not None:
            return True
        assert walk.said is not None
        place = walk.place(script, near)
        labels = chat.shown(walk.said).buttons
        of_step = [n for n, step in enumerate(steps) if step == walk.said.step]
        same = [n for n in of_step if script.turns[n].labels == labels]
        # A question that the script does not have, or that comes again and again, is agreed to where one can.
        agree = next((button.data for button in walk.said.buttons if button.primary), None)
        visits[walk.said.step] += 1
        is_strange = (place is None and not same) or visits[walk.said.step] > _OFTEN
        if is_strange and agree is not None:
            await walk.take(_press(walk.person, agree))
            continue
        same = same or of_step[:1]
        if place is None and not walk.said.error and same:
            place = min(same, key=lambda n: abs(n - near))
        if place is not None and place + 1 < len(script.turns):
            near = answer = place + 1
            await walk.act(script, answer)
            continue
        # What no line of the script answers: the same answer again, or none, or a step back.
        if at_a_loss % 3 == 0:
            await walk.act(script, answer)
        else:
            text = "Hopp over" if at_a_loss % 3 == 1 else "/tilbake"
            await walk.take({"message": walk.person.message(text=text)})
        at_a_loss += 1
    return walk.reference() is not None


async def _oddity(walk: Walk, kind: str, make: Make, tally: Counter[str]) -> None:
    """Send one, and see that it is answered as its list says, and that no answer changes but perhaps the open one."""
    before, told = walk.answers(), None
    assert walk.said is not None
    open_step = walk.said.step
    try:
        told = await walk.take(make(walk.person))
        readable = True
    except UnreadableUpdate:
        readable = False
    after = walk.answers()
    assert readable == (kind not in UNREADABLE), f"{kind}: read {readable}"
    assert (told is not None) == (kind in TEXTS or kind in REPLIED_TO), f"{kind}: {told}"
    assert told is None or all(text.key != "our-error" for text in told.told), f"{kind} at {open_step} was too much"
    kept = {step: answer for step, answer in after.items() if step in before}
    if kind not in TEXTS:
        assert after == before, f"{kind} changed {before} into {after}"
    changed = {step for step in before if kept.get(step) != before[step]}
    assert changed <= ({"text", open_step} if kind in TEXTS else set()), f"{kind} at {open_step} changed {changed}"
    tally["replied" if told is not None else "silent" if readable else "set aside"] += 1


def every_kind() -> dict[str, Make]:
    """All of them by name."""
    return {**TEXTS, **REPLIED_TO, **SILENT, **UNREADABLE}


async def run(scale: float) -> list[Figure]:
    """Every kind at every step of the golden conversations, and on to the receipt. Raises AssertionError."""
    tally: Counter[str] = Counter()
    steps = 0
    numbers = iter(range(1000, 10**9))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "innspill.db"
        ensure_schema(path)
        add_rounds(path)
        async with RegisterStandIn() as stand_in, EntityRegister(stand_in.url) as register:
            service = Service(path, FORM, register, locale="nb")
            service.senders[CHANNEL] = lambda *_: None
            service.start()
            for script in _some(scale):
                steps += await _walk_through(service, script, numbers, tally)
            kept = await service.writer.run(lambda db: len(set_aside.recent(db, 10**9)))
            await service.stop()
    assert kept == tally["set aside"], f"{kept} set aside of {tally['set aside']}"
    figure = partial(Figure, "oddities")
    return [
        figure("kinds of message", len(every_kind()), "kinds"),
        figure("steps at which each of them came", steps, "steps"),
        figure("messages that got a reply", tally["replied"], "messages"),
        figure("messages that nobody waits for a reply to, without one", tally["silent"], "messages"),
        figure("updates that are none, set aside", tally["set aside"], "updates"),
        figure("other answers changed", 0, "answers"),
        figure("people who reached the receipt afterwards", tally["receipts"], "people"),
    ]


def _some(scale: float) -> list[Script]:
    known = [each for each in scripts() if each.locale == "nb" and not re.search(r"\((edits|old)", str(each.turns))]
    return known[: max(1, round(len(known) * scale))]


async def _walk_through(service: Service, script: Script, numbers: Iterator[int], tally: Counter[str]) -> int:
    walk = Walk(service)
    walk.person.chat_id = next(numbers)
    steps = await _steps(service, script, next(numbers))
    for number in range(len(script.turns) - 1):
        await walk.act(script, number)
        for kind, make in every_kind().items():
            other = walk.as_somebody_else(next(numbers), walk.session)
            await _oddity(other, kind, make, tally)
            assert await _goes_on(other, script, steps, number), f"{script.name}, {number}: after {kind}: {other.said}"
            tally["receipts"] += 1
    return len(script.turns) - 1


async def _steps(service: Service, script: Script, chat_id: int) -> list[str]:
    """The step that each turn of a script leads to, where nothing odd happens."""
    walk, steps = Walk(service), list[str]()
    walk.person.chat_id = chat_id
    for number in range(len(script.turns)):
        await walk.act(script, number)
        assert walk.said is not None
        steps.append(walk.said.step)
    assert walk.reference() is not None, f"{script.name} does not lead to a receipt"
    return steps
