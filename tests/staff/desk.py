"""A staff desk to test with: over a database of its own, with people who come in with browsers, at a made-up time."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyotp
import pytest
from aiohttp import ClientResponse, CookieJar, web
from aiohttp.test_utils import TestClient, TestServer
from msgspec import Struct
from yarl import URL

from bot import app as root
from bot import clock, config, randomness
from bot.config import Config
from bot.exchange.service import Service
from bot.staff.access.security import cookie_name, hashed
from bot.staff.pages import ROOT
from bot.staff.roles import Role
from storage.database.opening import migrate, open_for_reading, transaction
from storage.staff import audit, sessions
from storage.staff import people as kept
from storage.staff.audit import Entry
from tests.storage.examples import AT
from tests.web.html_rules import complaints

KARI = "kari@example.no"
OLA = "ola@example.no"
PASSWORD = "tolv grønne epler i kurven"
Client = TestClient[web.Request, web.Application]


class Answer(Struct, frozen=True):
    """What a browser got for one request."""

    status: int
    path: str
    location: str
    text: str
    headers: Mapping[str, str]

    @classmethod
    async def of(cls, response: ClientResponse) -> Answer:
        """The answer, once all of it is there."""
        text = (await response.read()).decode(errors="replace")
        return cls(response.status, response.url.path_qs, response.headers.get("Location", ""), text, response.headers)

    @property
    def csrf(self) -> str:
        """The token of the page's forms."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.text)
        return found[1] if found else ""

    @property
    def words(self) -> str:
        """What a person reads, without the tags."""
        body = re.sub(r"<(script|style|title)\b.*?</\1>", "", self.text, flags=re.DOTALL)
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


class Browser:
    """Somebody's browser, without scripts. Paths are whole, or those of the desk without `/staff/`.

    It follows where an answer leads: `html`, `status` and `path` are those of the page that is open then. `last_csrf`
    is from the last page with a form.
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = Answer(0, "", "", "", {})
        self.last_csrf = ""

    async def open(self, path: str, **options: Any) -> str:
        """The HTML of a page. `options` are those of aiohttp."""
        await self._ask("GET", path, **options)
        return self.html

    async def get(self, path: str, **headers: str) -> Answer:
        """The answer to a request, which may only lead to a page."""
        return await self._ask("GET", path, headers=headers)

    async def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        /,
        headers: Mapping[str, str] | None = None,
        **more: str,
    ) -> Answer:
        """The answer to a form, with the token of the last page that had one unless another is given."""
        body = BytesIO(urlencode({"csrf": self.last_csrf, **(fields or {}), **more}).encode())
        headers = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return await self._ask("POST", path, data=body, headers=headers)

    @property
    def html(self) -> str:
        """The page that is open."""
        return self.page.text

    @property
    def status(self) -> int:
        """The status of the page that is open."""
        return self.page.status

    @property
    def path(self) -> str:
        """The address of the page that is open, from the slash on."""
        return self.page.path

    @property
    def text(self) -> str:
        """What can be read on the page that is open."""
        return self.page.words

    @property
    def references(self) -> list[str]:
        """The responses that the page links to, in their order."""
        return re.findall(r"/staff/responses/([A-Z0-9]+)", self.html)

    @property
    def secret(self) -> str:
        """What its cookie says, or ""."""
        return self._cookie("innspill-staff")

    @property
    def known(self) -> str:
        """By what it shows that somebody has logged in with it, or ""."""
        return self._cookie("innspill-staff-known")

    def _cookie(self, name: str) -> str:
        return next((cookie.value for cookie in self.client.session.cookie_jar if cookie.key == name), "")

    async def _ask(self, method: str, path: str, **options: Any) -> Answer:
        answer = first = await self._request(method, path if path.startswith("/") else ROOT + path, **options)
        while answer.location:
            answer = await self._request("GET", answer.location)
        self.page = answer
        return first

    async def _request(self, method: str, path: str, **options: Any) -> Answer:
        async with self.client.request(method, path, allow_redirects=False, **options) as response:
            answer = await Answer.of(response)
        self.last_csrf = answer.csrf or self.last_csrf
        assert complaints(answer.text) == [], path
        return answer


class StaffDesk:
    """A desk that runs. `now` is the time, which stands still until it is moved."""

    def __init__(self, config: Config, service: Service, application: web.Application) -> None:
        self.config = config
        self.service = service
        self.application = application
        self.now = AT
        self.secrets: dict[str, str] = {}
        self._server = TestServer(application)
        self._clients: list[Client] = []

    async def __aenter__(self) -> StaffDesk:
        clock.run_by(lambda: self.now)
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        for client in self._clients:
            await client.close()
        await self._server.close()
        clock.run_by(None)

    @property
    def url(self) -> str:
        """Where it can be reached."""
        return str(self._server.make_url("/"))

    def begin_session(self, role: Role) -> str:
        """A new session of the role's one person, `reader@example.no` and so on; returns the secret of its cookie."""
        secret = randomness.token()
        with transaction(self.config.database) as db:
            staff_id = kept.admit(db, f"{role.key}@example.no", role.key, self.now)
            sessions.begin(db, staff_id, hashed(secret), self.now, address="127.0.0.1", browser="a test")
        return secret

    async def browser(self, role: Role | None = None, /, **headers: str) -> Browser:
        """A new browser, which has never been here, or in which the person with a role has logged in."""
        jar = CookieJar(unsafe=True)
        if role is not None:
            jar.update_cookies({cookie_name(self.config): self.begin_session(role)}, URL(self.url))
        client = TestClient(self._server, cookie_jar=jar, headers={"Accept-Language": "nb", **headers})
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
        with transaction(self.config.database) as db:
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
        with closing(open_for_reading(self.config.database)) as db:
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
        application = root.application_of(settings, service, None, demo_token=demo_token)
        yield await stack.enter_async_context(StaffDesk(settings, service, application))


@pytest.fixture(name="desk")
async def running_desk(tmp_path: Path) -> AsyncIterator[StaffDesk]:
    """A desk with nobody at it."""
    async with staff_desk(tmp_path) as desk:
        yield desk
