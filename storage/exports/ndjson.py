"""Newline-delimited JSON: one object a line, as in `json`, for programs that read line by line; in UTF-8."""

from __future__ import annotations

from msgspec.json import encode

from storage.exports import Export, Files, Kind

SUFFIX = ".ndjson"
SEVERAL = False
KIND: Kind = "data"


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`."""
    count = 0
    with files.new(f"responses{SUFFIX}") as out:
        for row in export.rows:
            out.write(encode(row) + b"\n")
            count += 1
    return count
