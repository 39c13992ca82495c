"""`innspill postcodes`: the register of Norwegian postal codes, as Posten/Bring publishes it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import click

from bot.commands.operator import record
from bot.config import load
from storage.database.opening import ensure_schema, transaction
from storage.register import postal_codes

_MOST_BYTES = 10 * 1024 * 1024  # the register has some 200 kB
_SECONDS = 30


@click.group()
def postcodes() -> None:
    """The register of postal codes, by which a town is found and checked."""


@postcodes.command(name="load")
@click.argument("source", metavar="PATH_OR_URL")
def load_register(source: str) -> None:
    """Put the register of postal codes in PATH_OR_URL in place of the one that is loaded, all of it or nothing.

    It is the tab-separated file that Bring offers for download: a line for each code, first the four digits, then the
    town; further columns and a line of headings are skipped. It is in UTF-8 or, as Bring writes it, in Windows-1252.
    """
    content = asyncio.run(_fetch(source)) if source.startswith(("https://", "http://")) else Path(source).read_bytes()
    try:
        pairs = list(_pairs(_text(content)))
    except ValueError as error:
        raise click.UsageError(f"{source} is not a register of postal codes: {error}") from None
    database = load().database
    ensure_schema(database)
    with transaction(database) as db:
        count = postal_codes.replace_all(db, pairs)
        record(db, "postcodes.loaded", source.rpartition("/")[2], count=count)
    click.echo(f"{count} postal codes")


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    """Code and town of each line. Raises ValueError at a line without them, with its number, or if there is none."""
    found = False
    for number, line in enumerate(text.splitlines(), start=1):
        code, _, rest = line.partition("\t")
        town = rest.partition("\t")[0].strip()
        if re.fullmatch(r"[0-9]{4}", code) and town:
            found = True
            yield code, town
        elif line.strip() and not (number == 1 and rest):
            raise ValueError(f"line {number} does not begin with four digits, a tab and a town.")
    if not found:
        raise ValueError("it has no line with a postal code.")


async def _fetch(url: str) -> bytes:
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    try:
        async with aiohttp.ClientSession(timeout=timeout) as http, http.get(url, raise_for_status=True) as response:
            content = bytearray()
            async for chunk in response.content.iter_chunked(64 * 1024):
                content += chunk
                if len(content) > _MOST_BYTES:
                    raise click.UsageError(f"{url} is not a register of postal codes: it is far too long.")
    except aiohttp.ClientResponseError as error:
        raise click.UsageError(f"{url} answers with status {error.status}.") from error
    except (aiohttp.ClientError, TimeoutError) as error:
        raise click.UsageError(f"{url} does not answer.") from error
    return bytes(content)
