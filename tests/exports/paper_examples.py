"""Made-up responses as the formats get them, for the tests of what goes on paper and to the archive."""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZipFile

from bot.config import load
from bot.exporting.export import described
from storage.exports import FORMATS, Export, Row
from storage.exports.output.files import OneFile, Zip
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection

TEXT = "Vi mener at dette må til:\n- fortau langs veien\n- lys\n  - og bom\n\nHilsen styret"


def organisation(**changes: Any) -> Row:
    """What an organisation sent in after the deadline, with every fixed key that it can have."""
    values = {
        "reference": "KM2TX4RA",
        "status": "received",
        "case_number": "18/101",
        "consultation": "Rådmannens forslag til handlingsprogram 2020 – 2023",
        "consultation_id": 1,
        "received_at": "2026-11-24T23:30:00.123456Z",
        "late": True,
        "respondent_type": "registered_organisation",
        "organisation_number": "974540193",
        "organisation_name": "Asker næringsråd",
        "organisation_form": "FLI",
        "register_status": "active",
        "first_name": "Kari",
        "last_name": "Nordmann",
        "email": "post@example.no",
        "phone": "+4722000000",
        "address": "Drengsrudhagen 6",
        "postal_code": "1385",
        "postal_town": "Asker",
        "country": "NO",
        "text": TEXT,
        "attachments": [],
        "channel": "web",
        "locale": "nb",
        "form_version": 1,
    }
    return {**dict.fromkeys(EXPORT_KEYS), **values, **changes}


def person(**changes: Any) -> Row:
    """What a private person sent in, with no more than has to be there."""
    nothing = ("organisation_number", "organisation_name", "organisation_form", "register_status", "phone", "address")
    values = dict.fromkeys((*nothing, "postal_code", "postal_town", "country")) | {
        "reference": "AB2CD3EF",
        "respondent_type": "private_person",
        "received_at": "2026-11-20T08:00:00.000000Z",
        "late": False,
    }
    return organisation(**{**values, **changes})


def described_in(locale: str, *rows: Row) -> Export:
    """The export of these rows for somebody who reads `locale`."""
    return described(rows, Selection(case_number="18/101"), locale, load({}))


def one_file(name: str, *rows: Row, locale: str = "nb") -> bytes:
    """What a format that writes one file writes."""
    out = io.BytesIO()
    assert FORMATS[name].write(described_in(locale, *rows), OneFile(out)) == len(rows)
    return out.getvalue()


def several_files(name: str, *rows: Row, locale: str = "nb") -> dict[str, bytes]:
    """What a format that writes several files writes, by the names of the files."""
    out = io.BytesIO()
    with Zip(out) as files:
        assert FORMATS[name].write(described_in(locale, *rows), files) == len(rows)
    return unpacked(out.getvalue())


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP."""
    with ZipFile(io.BytesIO(content)) as files:
        return {name: files.read(name) for name in files.namelist()}
