"""Downloads at the desk: how many of each status are chosen, and what is for everybody's eyes."""

from __future__ import annotations

import asyncio
import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.staff.roles import Role
from storage.database.opening import transaction
from storage.responses import versions
from tests.staff.desk import Browser, StaffDesk
from tests.staff.examples import stages
from tests.storage.examples import AT

__all__ = ["stages"]

pytestmark = pytest.mark.slow


@pytest.fixture
async def reader(stage: StaffDesk) -> Browser:
    """R1 stands as the others do, R2 was replaced by it, R3 was withdrawn."""
    with transaction(stage.config.database) as db:
        versions.decide(db, "R2", "superseded", by="R1", who="staff@example.no", at=AT)
        versions.decide(db, "R3", "withdrawn", who="staff@example.no", at=AT)
    return await stage.browser(Role.READER)


async def downloaded(reader: Browser, **fields: str) -> bytes:
    await reader.post("downloads", {"format": "pdf-public", **fields})
    page = reader.path.removeprefix("/staff/")
    for _ in range(600):
        if json.loads(await reader.open(f"{page}/state"))["state"] == "ready":
            break
        await asyncio.sleep(0.05)
    answer = await reader.client.get(f"/staff/{page}/file")
    assert answer.status == 200
    return await answer.read()


async def test_the_form_says_how_many_of_each_status_are_chosen(reader: Browser) -> None:
    await reader.open("downloads")
    assert "6 svar var valgt da siden ble åpnet. Av dem: 4 gjelder, 1 erstattet, 1 trukket." in reader.text
    await reader.open("downloads?status=withdrawn")
    assert "Av dem: 1 trukket." in reader.text


async def test_a_pdf_for_everybody_holds_what_stands(reader: Browser) -> None:
    await reader.open("downloads")
    names = ZipFile(BytesIO(await downloaded(reader))).namelist()
    assert len(names) == 4
    assert not any(name.endswith(("-R2.pdf", "-R3.pdf")) for name in names)


async def test_what_was_replaced_is_there_for_who_asks_for_it(reader: Browser) -> None:
    await reader.open("downloads")
    (name,) = ZipFile(BytesIO(await downloaded(reader, status="superseded"))).namelist()
    assert name.endswith("R2.pdf")
    await reader.open("responses/R2")
    assert (await downloaded(reader, reference="R2")).startswith(b"%PDF-")


@pytest.mark.parametrize("fields", [{"status": "withdrawn"}, {"reference": "R3"}])
async def test_what_was_withdrawn_is_refused_for_everybody(reader: Browser, fields: dict[str, str]) -> None:
    await reader.open("downloads")
    await reader.post("downloads", {"format": "pdf-public", **fields})
    assert reader.status == 422
    assert "Trukne svar blir ikke med i en PDF for alle." in reader.text
