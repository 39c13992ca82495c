"""A staff desk to test with: over a database of its own, with people who come in with browsers, at a made-up time."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from msgspec import Struct

from bot import app as root
from bot import clock, config, randomness, staff
from bot.config import Config
from bot.service import Service
from bot.staff.pages import ROOT
from bot.staff.security import hashed
from storage import audit
from storage import staff as kept
from storage.audit import Entry
from storage.database import migrate, open_for_reading, transaction
from tests.storage_examples import AT

KARI = "kari@example.no"
OLA = "ola@example.no"
PASSWORD = "tolv grønne epler i kurven"
Client = TestClient[web.Request, web.Application]


class Answer(Struct, frozen=True):
    """What a browser got."""

    status: int
    location: str
    text: str
    headers: Mapping[str, str]

    @property
    def csrf(self) -> str:
        """The token of the page's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What a person reads, without the tags."""
        return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", self.text)))


class Browser:
    """Someone's browser. `last_csrf` is from the last page with a form."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.last_csrf = ""

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page; a redirection is not followed."""
        return await self._ask("GET", path, headers)

    async def post(self, path: str, headers: Mapping[str, str] | None = None, /, **fields: str) -> Answer:
        """Post a form, with the token of the last page that had one unless another is given."""
        return await self._ask("POST", path, headers or {}, {"csrf": self.last_csrf, **fields})

    @property
    def secret(self) -> str:
        """What its cookie says, or ""."""
        return next((cookie.value for cookie in self.client.session.cookie_jar if cookie.key == "innspill-staff"), "")

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str], form: Mapping[str, str] | None = None
    ) -> Answer:
        async with self.client.request(method, path, data=form, headers=headers, allow_redirects=False) as response:
            text = await response.text()
            answer = Answer(response.status, response.headers.get("Location", ""), text, response.headers)
        self.last_csrf = answer.csrf or self.last_csrf
        return answer


class StaffDesk:
    """A desk that runs. `now` is the time, which stands still until it is moved."""

    def __init__(self, settings: Config, service: Service, application: web.Application) -> None:
        self.settings = settings
        self.service = service
        self.application = application
        self.now = AT
        self.secrets: dict[str, str] = {}
        self._server = TestServer(application)
        self._clients: list[Client] = []

    async def __aenter__(self) -> StaffDesk:
        clock.run_by(lambda: self.now)
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.close()
        await self._server.close()
        clock.run_by(None)

    async def browser(self, **headers: str) -> Browser:
        """A new browser, which has never been here."""
        client = TestClient(self._server, headers={"Accept-Language": "nb", **headers})
        self._clients.append(client)
        await client.start_server()
        return Browser(client)

    def later(self, **passing: float) -> datetime:
        """Time goes by: `later(minutes=5)`."""
        self.now += timedelta(**passing)
        return self.now

    def invite(self, email: str = KARI, role: str = "reader") -> str:
        """Invite somebody; the path of the link."""
        token = randomness.token()
        with transaction(self.settings.database) as db:
            kept.invite(db, email, role, hashed(token), self.now)
        return f"{ROOT}link/{token}"

    async def enrolled(self, email: str = KARI, role: str = "reader", password: str = PASSWORD) -> Browser:
        """A browser of somebody who has just enrolled, and so is logged in."""
        path, browser = self.invite(email, role), await self.browser()
        assert (await browser.get(path)).status == 200
        assert (await browser.post(path, password=password, again=password)).location == path
        page = await browser.get(path)
        self.secrets[email] = secret_on(page)
        assert (await browser.post(path, code=self.code(email))).status == 200
        return browser

    def code(self, email: str = KARI, *, seconds: float = 0) -> str:
        """What somebody's app shows now, or in a while."""
        return pyotp.TOTP(self.secrets[email]).at(self.now + timedelta(seconds=seconds))

    async def log_in(self, browser: Browser, email: str = KARI, password: str = PASSWORD, code: str = "") -> Answer:
        """Fill in the form; without a code, with that of the app after a minute, which is always a fresh one."""
        await browser.get(f"{ROOT}login")
        if not code:
            self.later(minutes=1)
            code = self.code(email)
        return await browser.post(f"{ROOT}login", email=email, password=password, code=code)

    def log(self) -> list[Entry]:
        """The audit log, oldest first."""
        with closing(open_for_reading(self.settings.database)) as db:
            audit.verify(db)
            return audit.entries(db, limit=1000)[::-1]


def secret_on(page: Answer) -> str:
    """The app's secret that a page shows."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page.text)
    assert found is not None
    return found[1].replace(" ", "")


@asynccontextmanager
async def staff_desk(folder: Path, *, demo_token: str = "", **variables: str) -> AsyncIterator[StaffDesk]:
    """A desk over the database in `folder`, as the chat's application has it."""
    variables = {"INNSPILL_ENTITY_REGISTER": "stand-in", **variables}
    settings = config.load({"INNSPILL_DATABASE": str(folder / "innspill.db"), **variables})
    migrate(settings.database)
    async with AsyncExitStack() as stack:
        service = await stack.enter_async_context(root.running_service(settings))
        application = root.web_chat(settings, service).application()
        desk = staff.application(service, settings, root.house(settings), demo_token=demo_token)
        application.add_subapp(ROOT, desk)
        yield await stack.enter_async_context(StaffDesk(settings, service, application))


@pytest.fixture(name="desk")
async def running_desk(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    """A desk with nobody at it."""
    async with staff_desk(tmp_path) as desk:
        yield desk
