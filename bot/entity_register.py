"""The client of Enhetsregisteret: an organisation number in, what the register says of it out.

API: https://data.brreg.no/enhetsregisteret/api/dokumentasjon/no/index.html (no key; NLOD 2.0).
No number, name or address is ever logged: associations often live at a private person's home.
"""

from __future__ import annotations

import asyncio
import logging
import re
from types import TracebackType
from typing import Self

import aiohttp
import msgspec

from dialogs.messages import Found, NoAnswer, Unknown

log = logging.getLogger(__name__)

_CONNECTIONS = 20
_TRIES = 2
_SECONDS_A_TRY = 1.5
_MOST_BYTES = 256 * 1024  # the longest real answers have some 20 kB
_CARE_OF = re.compile(r"\s*(c\s*/\s*o\b|℅)", re.IGNORECASE)


class _Silent(Exception):
    """The register did not answer, and may do so at once; the text says how, without anything of the question."""


class _Address(msgspec.Struct, frozen=True):
    adresse: list[str | None] | None = None
    postnummer: str | None = None
    poststed: str | None = None
    landkode: str | None = None

    def street(self) -> str:
        """The lines that lead to the organisation: a "c/o" line names a private person and is left out."""
        lines = (line.strip() for line in self.adresse or () if line)
        return ", ".join(line for line in lines if line and not _CARE_OF.match(line))


class _Form(msgspec.Struct, frozen=True):
    kode: str | None = None
    beskrivelse: str | None = None


class _Entity(msgspec.Struct, frozen=True):
    """The fields we read of a main entity or a sub-entity, named as the register names them."""

    organisasjonsnummer: str
    navn: str | None = None
    organisasjonsform: _Form | None = None
    postadresse: _Address | None = None
    forretningsadresse: _Address | None = None
    beliggenhetsadresse: _Address | None = None
    konkurs: bool | None = None
    underAvvikling: bool | None = None  # noqa: N815 - the register's name
    underTvangsavviklingEllerTvangsopplosning: bool | None = None  # noqa: N815 - the register's name
    slettedato: str | None = None


class EntityRegister:
    """Asks the register over connections of its own; use it as `async with EntityRegister(…) as register`.

    `base_url` is the root of the API without a slash at the end, `contact` what the register's people can reach us by.
    """

    def __init__(self, base_url: str, contact: str = "") -> None:
        self._base_url = base_url
        self._headers = {"Accept": "application/json", "User-Agent": f"Innspill ({contact})" if contact else "Innspill"}
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=self._headers,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._http is not None:
            await self._http.close()
            self._http = None

    async def entity(self, number: str) -> Found | Unknown | NoAnswer:
        """What the register has on `number`, within three seconds. Raises for nothing that the register may do.

        `Unknown` only where the register said so itself, which it also does of what is deleted.
        """
        if not re.fullmatch(r"[0-9]{9}", number):
            return Unknown()
        for _ in range(_TRIES):
            try:
                async with asyncio.timeout(_SECONDS_A_TRY):
                    return await self._ask(number)
            except _Silent as silence:
                log.warning("The entity register gave no answer: %s.", silence)
            except (aiohttp.ClientError, OSError) as failure:  # TimeoutError is an OSError; their texts hold the number
                log.warning("The entity register gave no answer: %s.", type(failure).__name__)
        return NoAnswer()

    async def _ask(self, number: str) -> Found | Unknown | NoAnswer:
        for kind in ("enheter", "underenheter"):
            status, body = await self._get(f"{self._base_url}/{kind}/{number}")
            if status == 404 and not body.strip():  # with a body it is not the register that speaks, or not of a number
                continue
            if status == 410:
                return Unknown()
            if status == 200:
                return _found(number, body)
            if status >= 500:
                raise _Silent(f"status {status}")
            log.error("The entity register refuses our question with status %d.", status)
            return NoAnswer()
        return Unknown()

    async def _get(self, url: str) -> tuple[int, bytes]:
        if self._http is None:
            raise RuntimeError("EntityRegister is used outside its `async with`.")
        body = bytearray()
        async with self._http.get(url, allow_redirects=False) as response:
            async for chunk in response.content.iter_chunked(_MOST_BYTES):
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise _Silent("far too long")
        return response.status, bytes(body)


def _found(number: str, body: bytes) -> Found | Unknown:
    try:
        entity = msgspec.json.decode(body, type=_Entity)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _Silent("not the JSON that it documents") from None
    if entity.organisasjonsnummer != number:
        raise _Silent("about another number")
    if entity.slettedato:
        return Unknown()
    name = (entity.navn or "").strip()
    if not name:
        raise _Silent("an entity without a name")
    address = _address(entity)
    country = address.landkode or "NO"
    return Found(
        number=number,
        name=name,
        form=(entity.organisasjonsform or _Form()).kode or "",
        form_name=(entity.organisasjonsform or _Form()).beskrivelse or "",
        street=address.street(),
        postal_code=(address.postnummer or "") if country == "NO" else "",
        postal_town=address.poststed or "",
        country=country,
        status=_status(entity),
    )


def _address(entity: _Entity) -> _Address:
    """The postal address before the business address before the location; one with a street before one without."""
    addresses = (entity.postadresse, entity.forretningsadresse, entity.beliggenhetsadresse)
    given = [address for address in addresses if address and (address.street() or address.poststed)]
    return next((address for address in given if address.street()), given[0] if given else _Address())


def _status(entity: _Entity) -> str:
    if entity.konkurs:
        return "bankrupt"
    if entity.underTvangsavviklingEllerTvangsopplosning or entity.underAvvikling:
        return "dissolving"
    return "active"
