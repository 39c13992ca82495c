"""What an export is told before it is written: the words of its readers, what was chosen, and the program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from msgspec.structs import asdict, replace

from storage.database.times import stamp
from storage.exports import FORMATS, Export, Row, is_public
from storage.responses.selection import Selection


def export_as(format_name: str, rows: Iterable[Row], selection: Selection, locale: str, config: Installation) -> Export:
    """The export of `rows`, which `selection` chose, in this format: with words where it has any."""
    # Loading them all takes longer than a small export.
    if FORMATS[format_name].KIND == "data":
        return Export(rows=rows, filter=in_short(selection))
    return described(rows, selection, locale, config)


class Installation(Protocol):
    """What an export needs to know of the settings; `bot.config.Config` has it all, and more."""

    @property
    def database(self) -> Path: ...
    @property
    def municipality(self) -> str: ...
    @property
    def contact(self) -> str: ...
    @property
    def privacy_url(self) -> str: ...
    @property
    def base_url(self) -> str: ...
    @property
    def journal_status(self) -> str: ...
    @property
    def document_type(self) -> str: ...


class NotForThePublic(ValueError):
    """What was withdrawn goes into no export that is meant for everybody."""


def narrowed(format_name: str, selection: Selection) -> Selection:
    """What of the choice this format takes. Raises NotForThePublic.

    One for the public takes what stands, where no status is named.
    """
    if not is_public(format_name):
        return selection
    if "withdrawn" in selection.named_statuses:
        raise NotForThePublic
    return selection if selection.named_statuses else replace(selection, status="received")


def described(rows: Iterable[Row], selection: Selection, locale: str, config: Installation) -> Export:
    """The export of `rows`, which `selection` chose, for somebody who reads `locale`.

    `shown` takes every export key, and `closes_at` with a moment (aware, or as `storage.database.times` keeps it).
    """
    from bot.exporting.words import Reader, Words
    from dialogs.texts import House

    reader = Reader(locale, House(config.municipality, config.contact, config.privacy_url, config.base_url))
    return Export(
        rows=rows,
        labels=Words(locale),
        shown=reader.shown,
        locale=locale,
        about=tuple(reader.about(selection)),
        filter=in_short(selection),
        program=f"Innspill {version('innspill')}",
        settings={
            "municipality": config.municipality,
            "journal_status": config.journal_status,
            "document_type": config.document_type,
        },
    )


def in_short(selection: Selection) -> dict[str, object]:
    """What was chosen, for machines: only what narrows the choice, moments as text in UTC."""
    everything = asdict(Selection())
    return {
        name: stamp(value) if isinstance(value, datetime) else value
        for name, value in asdict(selection).items()
        if value != everything[name]
    }
