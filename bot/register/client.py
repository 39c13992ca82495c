"""The client of Enhetsregisteret: a question in, what the register says out, and silence told from "no such thing".

No number, name or address is ever logged.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

import aiohttp
from msgspec.structs import replace

from bot.register.answers import NotAnAnswer, read_entity, read_hits
from dialogs.facts import Deleted, Found, Hits, NoAnswer, Removed, Unknown

log = logging.getLogger(__name__)

_ITS_OWN_NUMBER = "974760673"
_CONNECTIONS = 20
_TRIES = 2
_SECONDS_A_TRY = 1.5
_MOST_BYTES = 256 * 1024  # the longest real answers have some 20 kB
_HITS_A_PAGE = 5
_LONGEST_QUERY = 180  # characters; the register refuses longer ones
_FAILURES_BEFORE_A_BREAK = 3
_SECONDS_OF_A_BREAK = 30.0

Answer = Found | Deleted | Removed | Unknown | Hits | NoAnswer


class _Silent(Exception):
    """The register did not answer, and may do so at once; the text says how, without anything of the question."""


class _Refused(Exception):
    """The register answers, but not this question: asking again would not help."""


class _TooMany(Exception):
    """The register wants to be left alone for a while."""


class EntityRegister:
    """Asks the register over connections of its own; use it as `async with EntityRegister(…) as register`.

    `base_url` is the root of the API without a slash at the end, `contact` what the register's people can reach us by.
    After three silences in a row nobody is made to wait for half a minute; then one question tries again.
    """

    def __init__(self, base_url: str, contact: str = "") -> None:
        self._base_url = base_url
        self._headers = {"Accept": "application/json", "User-Agent": f"Innspill ({contact})" if contact else "Innspill"}
        self._http: aiohttp.ClientSession | None = None
        self._turn = asyncio.Semaphore(_CONNECTIONS)
        self._failures = 0
        self._closed_until = 0.0

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

    async def entity(self, number: str) -> Answer:
        """What the register has on `number`, within three seconds. Raises for nothing that the register may do.

        `Unknown` only where the register said so itself, of main entities and of sub-entities.
        """
        if not re.fullmatch(r"[0-9]{9}", number):
            return Unknown()
        return await self._tried(lambda: self._entity(number))

    async def answers(self) -> bool:
        """Whether the register can be asked now: what it says of itself, within three seconds."""
        return not isinstance(await self.entity(_ITS_OWN_NUMBER), NoAnswer)

    async def search(self, query: str, page: int) -> Answer:
        """`Hits` among the names of main entities, or `NoAnswer`, within three seconds; `page` counts from 0."""
        wanted = urlencode({"navn": query[:_LONGEST_QUERY], "size": _HITS_A_PAGE, "page": page})
        return await self._tried(lambda: self._search(wanted))

    async def _tried(self, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Two quick tries; none at all while the register is given a rest. What went wrong last is logged."""
        trouble = ""
        async with self._turn:
            for _ in range(_TRIES):
                if not self._may_ask():
                    break
                try:
                    async with asyncio.timeout(_SECONDS_A_TRY):
                        answer = await ask()
                except _Refused as refusal:
                    log.error("The entity register refuses our question: %s.", refusal)
                    return NoAnswer()
                except _TooMany:
                    log.warning("The entity register is asked too much of.")
                    self._rest()
                    return NoAnswer()
                except (_Silent, NotAnAnswer) as silence:
                    trouble = str(silence)
                    self._failed()
                except (aiohttp.ClientError, OSError) as failure:  # TimeoutError is one; their texts hold the number
                    trouble = type(failure).__name__
                    self._failed()
                else:
                    self._failures, self._closed_until = 0, 0.0
                    return answer
        if trouble:
            log.warning("The entity register gave no answer: %s.", trouble)
        return NoAnswer(asked=bool(trouble))

    def _may_ask(self) -> bool:
        """Whether a question may go out; after a rest it is one, and the others rest on until that is answered."""
        if asyncio.get_running_loop().time() < self._closed_until:
            return False
        if self._failures >= _FAILURES_BEFORE_A_BREAK:
            self._rest()
        return True

    def _failed(self) -> None:
        self._failures += 1
        if self._failures >= _FAILURES_BEFORE_A_BREAK:
            self._rest()

    def _rest(self) -> None:
        self._closed_until = asyncio.get_running_loop().time() + _SECONDS_OF_A_BREAK

    async def _entity(self, number: str) -> Answer:
        for kind in ("enheter", "underenheter"):
            status, body = await self._get(f"{self._base_url}/{kind}/{number}")
            if status == 404 and not body.strip():  # with a body it is not the register that speaks, or not of a number
                continue
            if status == 410:
                return Removed(number)
            found = read_entity(number, self._expected(status, body))
            if isinstance(found, Found) and kind == "underenheter" and found.main_number:
                return replace(found, main_name=await self._name_of(found.main_number))
            return replace(found, main_number="") if isinstance(found, Found) else found
        return Unknown()

    async def _name_of(self, number: str) -> str:
        """The name of a main entity, or "" where it cannot be had: its number will do."""
        try:
            status, body = await self._get(f"{self._base_url}/enheter/{number}")
            found = read_entity(number, self._expected(status, body))
        except (aiohttp.ClientError, NotAnAnswer, _Silent, _Refused, _TooMany):
            return ""
        return found.name if isinstance(found, Found) else ""

    async def _search(self, wanted: str) -> Answer:
        status, body = await self._get(f"{self._base_url}/enheter?{wanted}")
        return read_hits(self._expected(status, body))

    def _expected(self, status: int, body: bytes) -> bytes:
        if status >= 500:
            raise _Silent(f"status {status}")
        if status == 429:
            raise _TooMany
        if status != 200:
            raise _Refused(f"status {status}")
        return body

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
