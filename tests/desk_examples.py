"""A staff desk to test with: consultations, responses of every kind, and people of every role at their browsers."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import BaseTestServer, TestClient, TestServer
from yarl import URL

from bot import clock, staff
from bot.app import house
from bot.config import Config, load
from bot.entity_register import EntityRegister
from bot.randomness import token
from bot.service import Service
from bot.staff.access import Role
from bot.staff.security import cookie_name, hashed
from dialogs.consultation_response import FORM
from storage import audit, responses, set_aside, staff_sessions
from storage import staff as members
from storage.audit import Entry
from storage.database import open_for_reading, open_for_writing, transaction
from storage.sqlite import Connection
from tests.storage_examples import AT, DAY, add_consultation, new_database, new_response, open_conversation, references

NOW = AT + timedelta(hours=1)

HOSTILE = "<script>alert(1)</script> \"'&{{ 7*7 }}{% raw %}"
"""What nothing may take for its own: markup, quotation marks, and a template."""


class Browser:
    """One member of staff, or a stranger (without a role), at a browser without scripts."""

    def __init__(self, client: TestClient[Any, Any]) -> None:
        self.client = client
        self.html = ""
        self.status = 0

    async def open(self, path: str, **options: Any) -> str:
        """The HTML of a page, after redirects."""
        return await self._see(await self.client.get(f"/staff/{path}", **options))

    async def post(self, path: str, fields: Mapping[str, str], **options: Any) -> str:
        """Post a form with the token of the page that is open, and follow where it leads."""
        token = re.search(r'name="csrf" value="([0-9a-f]+)"', self.html)
        body = urlencode({"csrf": token[1] if token else "", **fields}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = await self.client.post(f"/staff/{path}", data=BytesIO(body), headers=headers, **options)
        return await self._see(answer)

    async def _see(self, answer: ClientResponse) -> str:
        self.status, self.html = answer.status, (await answer.read()).decode(errors="replace")
        self.path = answer.url.path_qs
        return self.html

    @property
    def references(self) -> list[str]:
        """The responses that the page links to, in their order."""
        return re.findall(r"/staff/responses/([A-Z0-9]+)", self.html)

    @property
    def text(self) -> str:
        """What can be read on the page."""
        body = re.sub(r"<(script|style|title)\b.*?</\1>", "", self.html, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


class DeskStage:
    """A desk that runs; `browser(Role.READER)` is somebody who has logged in."""

    def __init__(self, config: Config, server: BaseTestServer, stack: AsyncExitStack) -> None:
        self.config = config
        self._server = server
        self._stack = stack

    @property
    def url(self) -> str:
        """Where it can be reached."""
        return str(self._server.make_url("/"))

    def log_in(self, role: Role) -> str:
        """A new session of the role's one person, `reader@example.no` and so on; returns the secret of its cookie."""
        secret = token()
        with transaction(self.config.database) as db:
            staff_id = members.admit(db, f"{role.key}@example.no", role.key, NOW)
            staff_sessions.begin(db, staff_id, hashed(secret), NOW, address="127.0.0.1", browser="a test")
        return secret

    async def browser(self, role: Role | None) -> Browser:
        """Somebody with this role, logged in, or a stranger; each call is another browser."""
        jar = CookieJar(unsafe=True)
        if role is not None:
            jar.update_cookies({cookie_name(self.config): self.log_in(role)}, URL(self.url))
        client: TestClient[Any, Any] = TestClient(self._server, cookie_jar=jar)
        self._stack.push_async_callback(client.session.close)
        return Browser(client)


@asynccontextmanager
async def desk_of(path: Path) -> AsyncIterator[DeskStage]:
    """The desk over a database; its clock stands at NOW."""
    clock.run_by(lambda: NOW)
    try:
        async with AsyncExitStack() as stack:
            config = load({"INNSPILL_DATABASE": str(path), "INNSPILL_MUNICIPALITY": "Eksempel kommune"})
            register = await stack.enter_async_context(EntityRegister("http://127.0.0.1:9"))
            service = Service(path, FORM, register, locale="nb")
            service.start()
            stack.push_async_callback(service.stop)
            app = web.Application()
            app.add_subapp("/staff/", staff.application(service, config, house(config)))
            server = await stack.enter_async_context(TestServer(app))
            yield DeskStage(config, server, stack)
    finally:
        clock.run_by(None)


def fill(db: Connection) -> None:
    """Two consultations and a closed one, six responses R1 to R6, the oldest first, and something set aside."""
    first = add_consultation(db, "Handlingsprogram", closes_at=AT + 7 * DAY)
    second = add_consultation(db, f"Vei {HOSTILE}", case_number="19/7", closes_at=AT - DAY)
    add_consultation(db, "Gammel plan", case_number="17/3", closes_at=AT - 30 * DAY)
    db.execute("UPDATE consultations SET closed_at = closes_at WHERE id = 3")
    draw = references()
    given: tuple[tuple[int, dict[str, Any]], ...] = (
        (first, {"text": "Skoleveien trenger fortau.\n\nOg lys!", "first_name": "Åse", "last_name": "Ødegård"}),
        (first, {"text": "Skolen er for liten.", "first_name": "Ane", "last_name": "Zakariassen", "channel": "web"}),
        (
            second,
            {
                "respondent_type": "registered_organisation",
                "organisation_name": "Ærlig vel",
                "organisation_number": "310000019",
                "register_status": "unverified",
                "text": HOSTILE,
            },
        ),
        (second, {"text": 'Hun sa "nei takk".', "last_name": HOSTILE, "channel": "terminal"}),
        (second, {"text": "Ord " * 500 + "nål " + "hale " * 500, "last_name": "åsen", "first_name": "Å"}),
        (first, {"text": "Til slutt.", "extra": {"priority": "Barn"}}),
    )
    for number, (consultation_id, changes) in enumerate(given):
        conversation = open_conversation(db, str(number))
        new = new_response(
            conversation, consultation_id, **{"received_at": AT + number * timedelta(minutes=1), **changes}
        )
        responses.insert(db, new, draw)
    db.execute("INSERT INTO register_differences VALUES (3, 'organisation_name', 'Ærlig velforening')")
    set_aside.put(db, "telegram", "77", f'{{"text": "{HOSTILE}"}}', "no such kind of update", AT)


def log(stage: DeskStage) -> list[Entry]:
    """What was written down, oldest first."""
    with closing(open_for_reading(stage.config.database)) as db:
        return audit.entries(db, limit=1000)[::-1]


@pytest.fixture(name="stage")
async def stages(tmp_path: Path) -> AsyncIterator[DeskStage]:
    path = new_database(tmp_path)
    with closing(open_for_writing(path)) as db:
        fill(db)
    async with desk_of(path) as stage:
        yield stage
