"""Somebody with the token for `/metrics`, beside all that `serve` serves, and what they read there."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.parser import text_string_to_metric_families

from bot import app, clock, config
from bot.config import Config
from bot.demo.filling import add_open
from bot.exchange.service import Service
from bot.exchange.watching import NOBODY
from bot.register import stand_in
from dialogs.events import Said
from storage.database.opening import migrate, transaction
from tests.channels.web.plain_browser import PlainBrowser

METRICS_TOKEN = "made-up_metrics_token"
BEARER = {"Authorization": f"Bearer {METRICS_TOKEN}"}

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]

AT = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)


class Operator:
    """Somebody with the token, beside all that `serve` serves."""

    def __init__(self, settings: Config, service: Service, client: TestClient[web.Request, web.Application]) -> None:
        self.settings = settings
        self.service = service
        self.client = client
        self._before: Samples = {}

    async def text(self) -> str:
        """What stands at `/metrics`."""
        async with self.client.get("/metrics", headers=BEARER) as response:
            assert response.status == 200
            return await response.text()

    async def value(self, name: str, **labels: str) -> float:
        """One figure; nan where there is none."""
        return samples(await self.text()).get((name, frozenset(labels.items())), math.nan)

    async def note(self) -> None:
        """Remember how it stands now, for `rise`."""
        self._before = samples(await self.text())

    async def rise(self, name: str, **labels: str) -> float:
        """How much a figure has risen since `note`."""
        return await self.value(name, **labels) - self._before.get((name, frozenset(labels.items())), 0)


def samples(text: str) -> Samples:
    """Each figure by its name and labels. Raises where it is not the text format."""
    families = text_string_to_metric_families(text)
    return {(each.name, frozenset(each.labels.items())): each.value for family in families for each in family.samples}


def said_of(samples: Samples, label: str) -> set[str]:
    """All values of a label."""
    return {value for _, labels in samples for name, value in labels if name == label}


def settings_for(folder: Path, **more: str) -> Config:
    """A database with consultations, and a register that is made up."""
    given = {"INNSPILL_DATABASE": str(folder / "innspill.db"), "INNSPILL_ENTITY_REGISTER": "stand-in", **more}
    settings = config.load(given)
    migrate(settings.database)
    with transaction(settings.database) as db:
        add_open(db, clock.now())
    return settings


async def serving(settings: Config, stack: AsyncExitStack) -> Operator:
    """All that is served, as the composition root puts it together."""
    metrics = app.metrics_of(settings)
    service = await stack.enter_async_context(app.running_service(settings, metrics or NOBODY))
    application = app.application_of(settings, service, metrics)
    return Operator(settings, service, await stack.enter_async_context(TestClient(TestServer(application))))


@pytest.fixture(name="operator")
async def operator_with_token(tmp_path: Path) -> AsyncIterator[Operator]:
    async with AsyncExitStack() as stack:
        yield await serving(settings_for(tmp_path, INNSPILL_METRICS_TOKEN=METRICS_TOKEN), stack)


async def fill_in(
    browser: PlainBrowser, text: str, name: str = "Kari", email: str = "kari@example.no"
) -> dict[str, str]:
    """Answer for an organisation, from the first page to the review; gives the form that sends the response in."""
    await browser.open()
    await browser.press("Begynn")
    await browser.press("Organisasjon i Enhetsregisteret")
    await browser.press("Neste", stand_in.REFERENCE)
    await browser.press("Ja, det stemmer")
    await browser.press("Neste", email)
    await browser.press("Hopp over")
    await browser.press("Neste", name)
    await browser.press("Neste", "Nordmann")
    await browser.press("Hopp over")
    await browser.press(next(label for label in browser.page.labels if "18/101" in label))
    await browser.press("Ferdig", text)
    return browser.page.form("Send inn")


async def respond(
    browser: PlainBrowser, text: str, name: str = "Kari", email: str = "kari@example.no"
) -> dict[str, str]:
    """Send in a response for an organisation, from the first page to the receipt; gives the form that sent it in."""
    form = await fill_in(browser, text, name, email)
    await browser.post(form)
    assert "Kvitteringsnummer" in browser.page.text
    return form


async def say(service: Service, number: str, channel: str = "web") -> None:
    await service.exchange(channel, "7", number, Said(at=AT, text="hei", message_id=number))
