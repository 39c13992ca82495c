"""What Enhetsregisteret has really said, file by file: each means what its name tells."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from aiohttp import web

from bot.register import stand_in as made_up
from bot.register.client import Answer, EntityRegister
from dialogs.facts import Deleted, Found, Hits, NoAnswer, Removed
from tests import REFERENCE_DATA
from tests.stand_ins.register import server_saying

pytestmark = pytest.mark.shared("brreg")

RECORDED = {path.stem: path.read_bytes() for path in sorted((REFERENCE_DATA / "brreg").glob("*.json"))}
SEARCHES = [name for name in RECORDED if name.startswith(("sok-", "docexample-sok-"))]
ENTITIES = [name for name in RECORDED if name not in SEARCHES and not name.startswith("error-")]
ERRORS = [name for name in RECORDED if name.startswith("error-")]


async def answer_of(name: str, *, searching: bool = False) -> Answer:
    """What the client makes of a recorded answer; a sub-entity's is given where sub-entities are asked for."""
    recorded = json.loads(RECORDED[name])
    status = int(match[1]) if (match := re.search(r"-(\d{3})-", name)) else 200
    kind = "underenheter" if "underenhet-" in name else "enheter"

    async def say(request: web.Request) -> web.Response:
        if searching or request.path.startswith(f"/{kind}/"):
            return web.Response(status=status, body=RECORDED[name])
        return web.Response(status=404)

    async with server_saying(say) as url, EntityRegister(url) as client:
        if searching:
            return await client.search("asa", 0)
        return await client.entity(recorded.get("organisasjonsnummer", made_up.ASSOCIATION))


@pytest.mark.parametrize("name", ENTITIES or [""])
async def test_a_recorded_entity_means_what_its_file_name_says(name: str) -> None:
    recorded = json.loads(RECORDED[name])
    answer = await answer_of(name)

    if "410" in name:
        assert answer == Removed(recorded["organisasjonsnummer"])
    elif "slettet" in name:
        old = tuple(each["navn"] for each in recorded.get("historiskeNavn", ()))
        day = date.fromisoformat(recorded["slettedato"])
        assert answer == Deleted(recorded["organisasjonsnummer"], recorded["navn"], day, old)
    else:
        assert isinstance(answer, Found)
        check_found(answer, recorded, name)


def check_found(answer: Found, recorded: dict[str, Any], name: str) -> None:
    form = recorded["organisasjonsform"]
    assert (answer.name, answer.form, answer.form_name) == (recorded["navn"], form["kode"], form["beskrivelse"])
    assert answer.status == ("bankrupt" if recorded.get("konkurs") else "active")
    assert answer.street
    assert "c/o" not in answer.street
    assert answer.postal_town
    assert bool(re.fullmatch(r"\d{4}", answer.postal_code)) is (answer.country == "NO")
    assert (answer.country == "NO") is ("foreign" not in name)
    assert answer.main_number == (recorded.get("overordnetEnhet", "") if "underenhet" in name else "")
    assert answer.language == {"Bokmål": "nb", "Nynorsk": "nn"}.get(recorded.get("maalform", ""), "")


@pytest.mark.parametrize("name", SEARCHES or [""])
async def test_a_recorded_search_gives_its_hits_a_page_at_a_time(name: str) -> None:
    """A page of sub-entities has none for us: we search among main entities, and never ask for such a page."""
    recorded = json.loads(RECORDED[name])
    listed = recorded.get("_embedded", {}).get("enheter", [])
    answer = await answer_of(name, searching=True)

    assert isinstance(answer, Hits)
    assert [(hit.number, hit.name) for hit in answer.items] == [(e["organisasjonsnummer"], e["navn"]) for e in listed]
    assert all(hit.town and hit.form_name for hit in answer.items)
    assert answer.total == recorded["page"]["totalElements"]
    assert answer.pages == max(1, recorded["page"]["totalPages"])


@pytest.mark.parametrize("name", ERRORS or [""])
@pytest.mark.parametrize("searching", [False, True])
async def test_a_recorded_error_says_nothing_about_an_organisation(name: str, searching: bool) -> None:
    assert await answer_of(name, searching=searching) == NoAnswer()
