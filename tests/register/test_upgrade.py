"""A look-up that is out while the program is upgraded to another form: whoever waits for it is not left in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.register import stand_in as made_up
from dialogs import events
from dialogs.consultation_response import FORM
from storage.database.opening import transaction
from tests.conversations import stages
from tests.conversations.stages import MadeUpTime
from tests.register.register_desk import RegisterDesk


@pytest.mark.parametrize("version", [FORM.version, FORM.version - 1])
async def test_whoever_waits_for_the_register_over_an_upgrade_is_told_where_they_are(
    tmp_path: Path, version: int
) -> None:
    desk = RegisterDesk(tmp_path / "innspill.db", MadeUpTime())
    with desk.time:
        async with desk.open():
            stages.add_rounds(desk.path)
            await desk.say("1", "/start", "Organisasjon i Enhetsregisteret")
            desk.late = 30
            number = events.Said(at=desk.time.now, text=made_up.ASSOCIATION)
            await desk.service.exchange("telegram", "1", "number", number)
            assert desk.service.view("telegram", "1").message.kind == "waiting"  # type: ignore[union-attr]  # it is there
        with transaction(desk.path) as db:
            older = f'"form_version":{version}'
            db.execute(
                "UPDATE conversations SET session = replace(session, ?, ?)", (f'"form_version":{FORM.version}', older)
            )
        desk.late = 0.0
        async with desk.open():
            await desk.service.settled("telegram", "1", 10)
            message = desk.service.view("telegram", "1").message
    assert message is not None
    assert (message.kind, message.step) == ("question", "organisation_number")
