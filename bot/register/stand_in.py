"""A stand-in for Enhetsregisteret on this machine: made-up organisations, and every way in which a register can fail.

The numbers have a right check digit and begin with 31, which the real register gives to nobody. The one real entry is
the reference organisation of this product, with public data.
"""

from __future__ import annotations

import asyncio
from types import TracebackType
from typing import Any, Self

from aiohttp import web

REFERENCE = "974540193"
ASSOCIATION = "310000019"
CARE_OF = "310000027"
FOREIGN = "310000035"
BANKRUPT = "310000043"
DISSOLVING = "310000051"
SUB_ENTITY = "310000078"
DELETED = "310000086"
REMOVED = "310000094"
SLOW = "310000108"
FAILING = "310000116"
HANGING = "310000124"
NOT_JSON = "310000132"
UNKNOWN = "310000140"
COMPULSORY = "310000159"
DOUBTFUL = "310000167"
NYNORSK = "310000175"
AT_HOME = "310000264"
PUBLIC = "310000272"
SOLE_PROPRIETOR = "310000280"
NEIGHBOURS = ("310000183", "310000191", "310000205", "310000213", "310000221")

_SLOW_SECONDS = 0.6


def _address(*lines: str, code: str = "1385", town: str = "ASKER") -> dict[str, Any]:
    return {"land": "Norge", "landkode": "NO", "postnummer": code, "poststed": town, "adresse": list(lines)}


_FORMS = {
    "AS": "Aksjeselskap",
    "BEDR": "Underenhet til næringsdrivende og offentlig forvaltning",
    "BRL": "Borettslag",
    "ENK": "Enkeltpersonforetak",
    "FLI": "Forening/lag/innretning",
    "KOMM": "Kommune",
    "UTLA": "Utenlandsk enhet",
}


def _entity(number: str, name: str, form: str = "FLI", **more: Any) -> dict[str, Any]:
    return {
        "organisasjonsnummer": number,
        "navn": name,
        "organisasjonsform": {"kode": form, "beskrivelse": _FORMS[form]},
        "konkurs": False,
        "underAvvikling": False,
        "underTvangsavviklingEllerTvangsopplosning": False,
        "respons_klasse": "Enhet",
        **more,
    }


_MAIN = [
    _entity(REFERENCE, "ASKER NÆRINGSRÅD", forretningsadresse=_address("Drengsrudhagen 6")),
    _entity(
        ASSOCIATION,
        "EKSEMPELVEIEN VELFORENING",
        postadresse=_address("Postboks 1", "", code="1371"),
        forretningsadresse=_address("Eksempelveien 12"),
    ),
    _entity(
        CARE_OF,
        "EKSEMPELDALEN IDRETTSLAG",
        postadresse=_address("c/o Kari Nordmann", code="1384"),
        forretningsadresse=_address("c/o Kari Nordmann", "Eksempelveien 14"),
    ),
    _entity(AT_HOME, "EKSEMPELHEIA KOR", forretningsadresse=_address("c/o Kari Nordmann")),
    _entity(
        FOREIGN,
        "EKSEMPEL VINDUER",
        "UTLA",
        forretningsadresse={
            "land": "Danmark",
            "landkode": "DK",
            "poststed": "DK-8700 HORSENS",
            "adresse": ["Eksempelvej 23"],
        },
    ),
    _entity(BANKRUPT, "EKSEMPEL BYGG AS", "AS", konkurs=True, forretningsadresse=_address("Eksempelveien 16")),
    _entity(DISSOLVING, "EKSEMPEL HANDEL AS", "AS", underAvvikling=True, postadresse=_address("Eksempelveien 18")),
    _entity(
        COMPULSORY,
        "EKSEMPEL TRANSPORT AS",
        "AS",
        underTvangsavviklingEllerTvangsopplosning=True,
        postadresse=_address("Eksempelveien 24"),
    ),
    _entity(
        DOUBTFUL,
        "EKSEMPEL MALER AS",
        "AS",
        forretningsadresse=_address("Eksempelveien 26"),
        paategninger=[{"infotype": "FADR", "tekst": "Antatt feil adresse"}],
    ),
    _entity(PUBLIC, "EKSEMPEL KOMMUNE", "KOMM", postadresse=_address("Eksempeltorget 1")),
    _entity(SOLE_PROPRIETOR, "KARI NORDMANN SNEKKER", "ENK", forretningsadresse=_address("Eksempelveien 28")),
    _entity(NYNORSK, "DØMEVEGEN MÅLLAG", postadresse=_address("Dømevegen 2"), maalform="Nynorsk"),
    *(
        _entity(number, f"NABOLAGET VEL {letter}", postadresse=_address(f"Nabolaget {letter}"))
        for number, letter in zip((*NEIGHBOURS, "310000248", "310000256"), "ABCDEFG", strict=True)
    ),
    _entity(SLOW, "EKSEMPELBAKKEN SANGLAG", forretningsadresse=_address("Eksempelveien 20")),
    {
        "organisasjonsnummer": DELETED,
        "navn": "EKSEMPELTUNET BORETTSLAG",
        "organisasjonsform": {"kode": "BRL"},
        "slettedato": "2021-07-01",
        "historiskeNavn": [{"navn": "EKSEMPELHAUGEN BORETTSLAG", "fraDato": "1999-11-18", "tilDato": "2003-12-04"}],
        "respons_klasse": "SlettetEnhet",
    },
]
_SUB = [
    _entity(
        SUB_ENTITY,
        "EKSEMPELVEIEN VELFORENING AVD BARNEHAGE",
        "BEDR",
        overordnetEnhet=ASSOCIATION,
        beliggenhetsadresse=_address("Eksempelveien 22"),
        respons_klasse="Underenhet",
    )
]
ENTITIES = {
    "enheter": {entity["organisasjonsnummer"]: entity for entity in _MAIN},
    "underenheter": {entity["organisasjonsnummer"]: entity for entity in _SUB},
}


def found(query: str, size: int, page: int) -> dict[str, Any]:
    """A page of the main entities whose names hold every word; `page` counts from 0."""
    words = query.casefold().split()
    hits = [each for each in _MAIN if "slettedato" not in each and all(w in each["navn"].casefold() for w in words)]
    numbers = {"size": size, "totalElements": len(hits), "totalPages": -(-len(hits) // size), "number": page}
    shown = hits[page * size : (page + 1) * size]
    return {"page": numbers} | ({"_embedded": {"enheter": shown}} if shown else {})


class RegisterStandIn:
    """The register at `url` while `async with RegisterStandIn() as register` lasts.

    While `down` is true it answers every question with 503, as the real one does when it is closed.
    """

    def __init__(self) -> None:
        self.down = False
        self.url = ""
        routes = web.Application()
        routes.router.add_get("/enheter", self._search)
        routes.router.add_get("/{kind:enheter|underenheter}/{number}", self._answer)
        self._runner = web.AppRunner(routes, access_log=None, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _search(self, request: web.Request) -> web.Response:
        """Names that hold every word, a page of them, in the register's way of saying that there are none."""
        if self.down:
            return web.Response(status=503)
        return web.json_response(found(request.query["navn"], int(request.query["size"]), int(request.query["page"])))

    async def _answer(self, request: web.Request) -> web.Response:
        number = request.match_info["number"]
        if self.down:
            return web.Response(status=503)
        if number == FAILING:
            return web.Response(status=500)
        if number == NOT_JSON:
            return web.Response(text="<html>Vi er straks tilbake</html>", content_type="text/html")
        if number == REMOVED:
            return web.json_response({"organisasjonsnummer": number, "slettedato": "2026-09-05"}, status=410)
        if number == HANGING:
            await asyncio.Event().wait()
        if number == SLOW:
            await asyncio.sleep(_SLOW_SECONDS)
        entity = ENTITIES[request.match_info["kind"]].get(number)
        return web.Response(status=404) if entity is None else web.json_response(entity)
