"""What the columns of the CSV are, for programs: a Data Package with a Table Schema (datapackage.org, version 1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# What is no text. A code such as `0150` is a text of four digits, whatever it looks like.
_TYPES: dict[str, dict[str, Any]] = {
    "consultation_id": {"type": "integer"},
    "form_version": {"type": "integer"},
    "late": {"type": "boolean", "trueValues": ["true"], "falseValues": ["false"]},
    "received_at": {"type": "datetime", "format": "%Y-%m-%dT%H:%M:%S.%fZ"},
}


def described(path: str, keys: Sequence[str], titles: Sequence[str]) -> dict[str, Any]:
    """The description of the CSV at `path` with these columns, and what readers call each of them."""
    fields = [
        {"name": key, "title": title, **_TYPES.get(key, {"type": "string"})}
        for key, title in zip(keys, titles, strict=True)
    ]
    return {
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": "responses",
                "path": path,
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {
                    "delimiter": ";",
                    "lineTerminator": "\r\n",
                    "quoteChar": '"',
                    "doubleQuote": True,
                    "header": True,
                },
                "schema": {"fields": fields, "missingValues": [""], "primaryKey": ["reference"]},
            }
        ],
    }
