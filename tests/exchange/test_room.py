"""Where the disk is nearly full nothing new is begun, so that what is begun comes to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot import clock
from bot.demo.filling import add_open
from bot.exchange import room
from bot.exchange.service import Service
from bot.register.client import EntityRegister
from dialogs.consultation_response import FORM
from dialogs.events import Said, Started
from dialogs.messages import Message
from storage.database.opening import ensure_schema, transaction
from tests.storage.examples import AT

PERSON = (
    "Privatperson",
    "Hopp over",
    "kari.nordmann@example.no",
    "Hopp over",
    "Kari",
    "Nordmann",
    "18/101",
    "Ja, det stemmer",
    "Vi vil ha fortau.",
    "Ferdig",
    "Send inn",
)


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    path = tmp_path / "innspill.db"
    ensure_schema(path)
    with transaction(path) as db:
        add_open(db, AT)
    async with EntityRegister("http://127.0.0.1:1") as register:
        service = Service(path, FORM, register, locale="nb")
        service.start()
        yield service
        await service.stop()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """A disk on which nothing is ever enough; `undo()` it and a look a while later finds enough."""
    seconds = [0.0]

    def passing() -> float:
        seconds[0] += 10
        return seconds[0]

    clock.run_by(lambda: AT, passing)
    monkeypatch.setattr(room, "ENOUGH", 2**62)
    monkeypatch.setattr(room, "_PART", 2.0)
    yield monkeypatch
    clock.run_by(None)


class Person:
    """Somebody on a channel."""

    def __init__(self, service: Service, channel: str) -> None:
        self.service, self.channel, self.events = service, channel, 0

    async def say(self, text: str) -> list[str]:
        """Type something; gives the keys of what is told, and of the labels of the buttons."""
        event = Started(at=AT) if text == "/start" else Said(at=AT, text=text, message_id=str(self.events))
        self.events += 1
        exchanged = await self.service.exchange(self.channel, "7", f"{self.channel} {self.events}", event)
        assert exchanged.message is not None
        return keys(exchanged.message)


def keys(message: Message) -> list[str]:
    return [text.key for text in message.told] + [button.label.key for button in message.buttons]


@pytest.mark.parametrize("channel", ["telegram", "web"])
async def test_on_a_nearly_full_disk_nobody_begins_and_all_can_once_there_is_room(
    service: Service, short: pytest.MonkeyPatch, channel: str
) -> None:
    person = Person(service, channel)
    refusal = ["no-room", "label-new-response", "label-mine"]
    assert await person.say("/start") == refusal
    assert await person.say("Nytt høringssvar") == refusal
    assert (await person.say("/mine"))[0] == "mine-empty"
    short.undo()
    assert (await person.say("/start"))[0] == "welcome"


async def test_on_a_nearly_full_disk_who_has_begun_sends_in(service: Service, short: pytest.MonkeyPatch) -> None:
    person = Person(service, "telegram")
    with pytest.MonkeyPatch.context() as enough:
        enough.setattr(room, "_PART", 0.0)
        await person.say("/start")
    for text in PERSON:
        said = await person.say(text)
    assert said == ["label-new-response", "label-mine"]
    kept = await service.writer.run(lambda db: db.execute("SELECT text FROM responses").fetchall())
    assert kept == [("Vi vil ha fortau.",)]
