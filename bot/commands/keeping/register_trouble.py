"""Why the entity register does not answer, in words for an operator."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import aiohttp

from bot.register import client

_SECONDS = 3


async def why_silent(base_url: str) -> str:
    """What is in the way of an answer of the register at `base_url`, asked once; within three seconds."""
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as http,
            http.get(f"{base_url}/enheter/974760673", allow_redirects=False) as response,
        ):
            await response.read()
    except TimeoutError:
        return f"it said nothing for {_SECONDS} seconds"
    except aiohttp.ClientSSLError:
        return "its certificate is not trusted here"
    except aiohttp.ClientConnectorDNSError as error:
        return f"the name {error.host} is not known here"
    except aiohttp.ClientConnectorError as error:
        return f"no connection to {error.host}, port {error.port}, can be made"
    except (aiohttp.ClientError, OSError):
        return "it broke off in the middle of its answer"
    if response.status != 200:
        return f"it answers with status {response.status}"
    return "what it says is not what the register documents"


@contextmanager
def without_warnings() -> Iterator[None]:
    """The client's own warnings stay unsaid: who asks here gets the answer in words."""
    logger = logging.getLogger(client.__name__)
    logger.addFilter(_drop)
    try:
        yield
    finally:
        logger.removeFilter(_drop)


def _drop(_: logging.LogRecord) -> bool:
    return False
