"""Who leaves a computer, or does not come back to it, leaves nothing there that an old cookie would open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot import clock
from bot.channels.web.chat import CHANNEL
from bot.jobs.kind import Context
from bot.jobs.kinds import KINDS
from bot.staff.roles import Role
from bot.web.visit import Visitor
from storage.conversations import conversations, outbox
from storage.database.opening import open_for_reading, transaction
from storage.responses import responses
from tests.channels.web.plain_browser import PlainBrowser
from tests.running.running_program import RunningProgram, prepare
from tests.staff.desk import Client, StaffDesk, staff_desk
from tests.storage.examples import AT, add_consultation, new_response

DAY = timedelta(days=1)
WIPE = "Slett utkastet på denne maskinen"


class Shared:
    """A computer that several people use, one after the other."""

    def __init__(self, stage: StaffDesk, client: Client) -> None:
        self.stage, self.client, self.browser = stage, client, PlainBrowser(client)
        self.jobs = Context(stage.service, (CHANNEL,))
        clock.run_by(lambda: stage.now, lambda: stage.now.timestamp())

    @property
    def secret(self) -> str:
        return next((cookie.value for cookie in self.client.session.cookie_jar if cookie.key == "innspill"), "")

    async def send_in(self) -> None:
        """Begin a conversation, and have a response stand as sent in from it, with its receipt."""
        with transaction(self.stage.config.database) as db:
            consultation_id = add_consultation(db)
        await self.browser.open()
        await self.browser.press("Begynn")
        with transaction(self.stage.config.database) as db:
            found = conversations.find(db, CHANNEL, Visitor(self.secret).address)
            assert found is not None
            new = new_response(found.id, consultation_id, channel=CHANNEL, text="Vi vil ha fortau.")
            responses.insert(db, new, lambda: "KT7RB4XM")

    async def come_with(self, secret: str) -> None:
        """A browser with a cookie from a copy."""
        self.client.session.cookie_jar.update_cookies({"innspill": secret}, self.client.make_url("/"))
        await self.browser.open()

    async def sweep(self) -> None:
        """What `serve` does each hour."""
        await KINDS["sweep"].do(self.jobs, 0)

    def kept(self) -> tuple[list[str], int]:
        """The addresses of conversations, and how many messages there are."""
        with closing(open_for_reading(self.stage.config.database)) as db:
            addresses = [address for (address,) in db.execute("SELECT address FROM conversations ORDER BY id")]
            return addresses, db.execute("SELECT count(*) FROM outbox").fetchone()[0]

    async def is_a_stranger(self) -> bool:
        """Whether the browser is shown the start, and then nothing that was sent in."""
        if "KT7RB4XM" in self.browser.page.html or "Begynn" not in self.browser.page.labels:
            return False
        await self.browser.press("Begynn")
        page = await self.browser.press("Mine svar")
        return "KT7RB4XM" not in page.html and "Du har ikke sendt noe høringssvar herfra ennå." in page.text


@pytest.fixture
async def shared(tmp_path: Path) -> AsyncIterator[Shared]:
    async with staff_desk(tmp_path) as stage:
        yield Shared(stage, (await stage.browser()).client)


async def test_after_slett_there_is_nothing_under_mine_svar_and_the_old_cookie_opens_nothing(shared: Shared) -> None:
    await shared.send_in()
    old = shared.secret
    page = await shared.browser.press("Mine svar")
    assert "KT7RB4XM" in page.html
    await shared.browser.press(WIPE)
    await shared.browser.press(WIPE)
    (address,), said = shared.kept()
    assert (address == Visitor(old).address, said) == (False, 0)
    await shared.browser.open()
    assert shared.secret not in ("", old)
    assert await shared.is_a_stranger()
    await shared.come_with(old)
    assert await shared.is_a_stranger()
    reader = await shared.stage.browser(Role.READER)
    await reader.open("responses/KT7RB4XM")
    assert "Vi vil ha fortau." in reader.text


async def test_a_form_that_wipes_and_comes_twice_is_answered_twice_and_begins_nothing(shared: Shared) -> None:
    await shared.send_in()
    old = shared.secret
    await shared.browser.press(WIPE)
    form = shared.browser.page.form(WIPE)
    for _ in range(2):
        shared.client.session.cookie_jar.update_cookies({"innspill": old}, shared.client.make_url("/"))
        page = await shared.browser.post(form)
        assert page.heading == "Utkastet er slettet på denne maskinen."
    addresses, said = shared.kept()
    assert (len(addresses), said) == (1, 0)


@pytest.mark.parametrize("has_draft", [True, False])
async def test_a_secret_that_nobody_uses_ends_on_the_server_after_thirty_days(shared: Shared, has_draft: bool) -> None:
    await shared.send_in()
    old = shared.secret
    await shared.browser.press("Privatperson")
    for label in () if has_draft else ("Avbryt", "Ja, slett utkastet"):
        await shared.browser.press(label)
    shared.stage.now += 29 * DAY
    await shared.sweep()
    assert shared.kept()[0] == [Visitor(old).address]
    await shared.browser.open()
    await shared.browser.press("Mine svar")  # and with that it is used
    shared.stage.now += 29 * DAY
    await shared.sweep()
    assert "KT7RB4XM" in (await shared.browser.open()).html
    shared.stage.now += DAY + timedelta(hours=1)
    await shared.sweep()
    (address,), said = shared.kept()
    assert (address == Visitor(old).address, said) == (False, 0)
    await shared.browser.open()
    assert await shared.is_a_stranger()
    reader = await shared.stage.browser(Role.READER)
    assert "Vi vil ha fortau." in await reader.open("responses/KT7RB4XM")


async def test_who_is_known_by_no_secret_is_known_as_long_as_there_is_something(shared: Shared) -> None:
    with transaction(shared.stage.config.database) as db:
        number = conversations.find_or_open(db, "telegram", "42", AT).id
        outbox.show(db, number, "{}", kind="receipt", draft="", at=AT)
    shared.stage.now += 400 * DAY
    await shared.sweep()
    assert shared.kept() == (["42"], 1)


@pytest.mark.slow
async def test_serve_ends_the_secrets_of_the_web_chat(tmp_path: Path) -> None:
    database = tmp_path / "innspill.db"
    prepare(database)
    with transaction(database) as db:
        for channel in (CHANNEL, "telegram"):
            conversations.find_or_open(db, channel, "known", clock.now() - 31 * DAY)

    def addresses() -> dict[str, str]:
        with closing(open_for_reading(database)) as db:
            return dict(db.execute("SELECT channel, address FROM conversations"))

    settings = {"INNSPILL_DATABASE": str(database), "INNSPILL_ENTITY_REGISTER": "stand-in"}
    async with RunningProgram(settings), asyncio.timeout(20):
        while addresses()[CHANNEL] == "known":  # noqa: ASYNC110 - another process, which tells nobody
            await asyncio.sleep(0.05)
    assert addresses()["telegram"] == "known"
