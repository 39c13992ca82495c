"""Whether a response replaces an earlier one: asked of the same respondent alone, and true when it is sent in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.exchange import knowledge
from dialogs import events, messages
from dialogs.fields.earlier import sender
from storage.conversations import conversations
from storage.database.opening import open_for_writing
from storage.responses import responses, versions
from tests.conversations.chat import Chat
from tests.conversations.stages import EngineStage, MadeUpTime
from tests.storage.examples import AT, add_consultation, new_database, open_conversation, references

TO_THE_CASE = ("Hopp over", "kari.nordmann@example.no", "Hopp over")
ASKED = "Du har svart på denne høringen før."
ASKED_OF_AN_ORGANISATION = "Dere har svart på denne høringen før."


class Person:
    """Somebody at the bare engine, who sends in responses to 26/2044."""

    def __init__(self, stage: EngineStage) -> None:
        self.stage = stage

    async def says(self, *texts: str) -> str:
        """What is said to the last of them."""
        for text in texts:
            await self.stage.say(text)
        return (await self.stage.heard()).text

    async def begins(self, *who: str) -> str:
        """A draft by the link of the case, as far as the case."""
        return await self.says("/start c2", *who)

    async def sends(self, *then: str) -> None:
        """A response of Kari Nordmann's."""
        await self.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
        await self.says(*then, "Behold eiketrærne.", "Ferdig", "Send inn")

    async def presses_unseen(self, step: str, option: str) -> str:
        """What is said to a button that was never shown."""
        session = self.stage.session
        assert session is not None
        await self.stage.take(events.Picked(at=self.stage.time.now, data=f"{session.draft}:{step}:{option}"))
        return (await self.stage.heard()).text

    def becomes(self, number: int, status: str) -> None:
        """Staff decide on the response that was sent in as the `number`th, from 0."""
        rows = self.stage.rows
        rows[number] = {**rows[number], "status": status}


@pytest.fixture
async def person() -> AsyncIterator[Person]:
    with MadeUpTime() as time:
        yield Person(EngineStage(Chat("", "", {}, ()), time))


async def test_only_who_has_sent_one_in_is_asked(person: Person) -> None:
    assert ASKED not in await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    await person.sends()
    assert ASKED in await person.begins("Privatperson", *TO_THE_CASE, "KARI", "nordmann")


@pytest.mark.parametrize("who", [("Ola", "Nordmann"), ("Kari", "Hopp over")])
async def test_another_person_at_the_same_computer_is_neither_asked_nor_told(
    person: Person, who: tuple[str, str]
) -> None:
    await person.sends()
    said = await person.begins("Privatperson", *TO_THE_CASE, *who)
    assert "KT7RB4XM" not in said
    assert "Knappen hører til et tidligere spørsmål" in await person.presses_unseen("replaces", "KT7RB4XM")
    await person.says("Og bjørka.", "Ferdig", "Send inn")
    assert [row["status"] for row in person.stage.rows] == ["received", "received"]


async def test_an_organisation_is_asked_about_its_own_whoever_writes_for_it(person: Person) -> None:
    await person.sends()
    organisation = ("Organisasjon i Enhetsregisteret", "974540193", "Ja")
    contact = ("kari.nordmann@example.no", "Hopp over", "Kari", "Nordmann", "Styremedlem")
    assert ASKED_OF_AN_ORGANISATION not in await person.begins(*organisation, *contact)
    await person.says("Vi er enige.", "Ferdig", "Send inn")
    said = await person.begins(*organisation, *contact[:2], "Ola", "Nordmann", "Hopp over")
    assert ASKED_OF_AN_ORGANISATION in said
    assert "PW4HN6DE" in said
    assert "KT7RB4XM" not in said


async def test_one_of_several_is_chosen_by_its_button_or_its_reference(person: Person) -> None:
    await person.sends()
    await person.sends("Nei")
    said = await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    assert "Erstatter det nye svaret ett av de gamle?" in said
    assert (await person.stage.heard()).buttons == ("Erstatt PW4HN6DE", "Erstatt KT7RB4XM", "Nei, alle gjelder")
    await person.says(" kt7rb4xm ", "Nytt.", "Ferdig", "Send inn")
    assert [row["status"] for row in person.stage.rows] == ["superseded", "received", "received"]


async def test_a_forged_button_replaces_nothing(person: Person) -> None:
    await person.sends()
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    assert "Knappen hører til et tidligere spørsmål" in await person.presses_unseen("replaces", "AB2CD3EF")


async def test_with_another_respondent_at_the_review_nothing_of_the_first_ones_is_replaced(person: Person) -> None:
    await person.sends()
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    review = await person.says("Ja", "Og bjørka.", "Ferdig")
    assert "Erstatter: KT7RB4XM" in review
    review = await person.says("Endre navn", "Ola", "Nordmann")
    assert "KT7RB4XM" not in review
    assert "Erstatter: KT7RB4XM" in await person.says("Endre navn", "Kari", "Nordmann")  # the same source again
    await person.says("Endre navn", "Ola", "Nordmann", "Send inn")
    assert [row["status"] for row in person.stage.rows] == ["received", "received"]


async def test_two_respondents_with_an_earlier_one_each_answer_for_themselves(person: Person) -> None:
    await person.sends()
    await person.begins("Privatperson", *TO_THE_CASE, "Ola", "Nordmann")
    await person.says("Mitt svar.", "Ferdig", "Send inn")
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    await person.says("Ja", "Og bjørka.", "Ferdig")
    said = await person.says("Endre navn", "Ola", "Nordmann")
    assert ASKED in said
    assert "PW4HN6DE" in said
    assert "KT7RB4XM" not in said


async def test_what_staff_have_given_back_meanwhile_is_asked_about_before_it_is_sent(person: Person) -> None:
    await person.sends()
    person.becomes(0, "withdrawn")
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    await person.says("Og bjørka.", "Ferdig")
    person.becomes(0, "received")
    assert ASKED in await person.says("Send inn")
    assert len(person.stage.rows) == 1
    await person.says("Ja", "Send inn")
    assert [row["status"] for row in person.stage.rows] == ["superseded", "received"]


async def test_of_several_what_staff_have_withdrawn_meanwhile_is_asked_about_again(person: Person) -> None:
    await person.sends()
    await person.sends("Nei")
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    await person.says("KT7RB4XM", "Og bjørka.", "Ferdig")
    person.becomes(0, "withdrawn")
    said = await person.says("Send inn")
    assert ASKED in said
    assert "PW4HN6DE" in said
    await person.says("Ja", "Send inn")
    assert [row["status"] for row in person.stage.rows] == ["withdrawn", "superseded", "received"]


async def test_more_than_have_buttons_are_named_by_their_references(person: Person) -> None:
    await person.sends()
    row = person.stage.rows[0]
    person.stage.rows += [{**row, "reference": f"AB2CD3E{letter}"} for letter in "FGHJK"]
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    offered = (await person.stage.heard()).buttons
    assert len(offered) == 6
    assert "Erstatt KT7RB4XM" not in offered
    assert "Erstatter: KT7RB4XM" in await person.says("KT7RB4XM", "Nytt.", "Ferdig")


def test_who_it_is_from_is_kept_as_nothing_that_can_be_read() -> None:
    named = {"respondent_type": "private_person", "first_name": "Kari", "last_name": "Nordmann"}
    assert re.fullmatch(r"[0-9a-f]{32}", sender(named))
    assert sender(named) == sender({**named, "first_name": "KARI"}) != sender({**named, "first_name": "Ola"})


def test_the_same_draft_once_more_replaces_nothing_that_staff_have_given_back(tmp_path: Path) -> None:
    with closing(open_for_writing(new_database(tmp_path))) as db:
        open_conversation(db)
        add_consultation(db)
        person = conversations.find(db, "telegram", "1")
        assert person is not None
        names = {"respondent_type": "private_person", "first_name": "Kari", "last_name": "Nordmann", "text": "Ja."}

        def send(draft: str, **extra: str) -> str:
            submit = messages.Submit(draft, 1, {**names, **extra})
            return knowledge.store(db, person, submit, locale="nb", at=AT, draw_reference=draw).reference

        draw = references()
        first = send("d1")
        assert send("d2", replaces=first) == "R2"
        assert versions.decide(db, first, "received", who="ola@example.no", at=AT) == "superseded"
        assert send("d2", replaces=first) == "R2"
        assert [row["status"] for row in responses.Rows(db)] == ["received", "received"]


async def test_what_staff_have_withdrawn_meanwhile_is_not_replaced(person: Person) -> None:
    await person.sends()
    await person.begins("Privatperson", *TO_THE_CASE, "Kari", "Nordmann")
    await person.says("Ja", "Og bjørka.", "Ferdig")
    person.becomes(0, "withdrawn")
    said = await person.says("Send inn")
    assert "Kvitteringsnummer: PW4HN6DE" in said
    assert "Erstatter" not in said
    assert "replaces" not in person.stage.rows[1]
