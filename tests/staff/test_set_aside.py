"""What was set aside stays for 30 days, and the page says so."""

from __future__ import annotations

from datetime import timedelta

from bot.staff.roles import Role
from storage.database.opening import transaction
from storage.keeping.sweep import sweep
from tests.staff.desk import StaffDesk
from tests.staff.examples import stages
from tests.storage.examples import AT

__all__ = ["stages"]


async def test_what_was_set_aside_is_deleted_after_thirty_days(stage: StaffDesk) -> None:
    for days, is_there in ((30, True), (31, False)):
        with transaction(stage.config.database) as db:
            sweep(db, AT + timedelta(days=days))
        reader = await stage.browser(Role.READER)  # the sweep has ended the session of the one before
        await reader.open("set-aside")
        assert "Etter 30 dager sletter vi det." in reader.text
        assert ("no such kind of update" in reader.text) is is_there
    assert "Det vi ikke klarte å lese, sletter vi også etter 30 dager." in await reader.open("/personvern")
