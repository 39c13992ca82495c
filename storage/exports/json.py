"""JSON: one array of objects, one object a line, faithful to the letter; in UTF-8."""

from __future__ import annotations

from msgspec.json import encode

from storage.exports import Export, Files, Kind

SUFFIX = ".json"
SEVERAL = False
KIND: Kind = "data"


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`."""
    count = 0
    with files.new(f"responses{SUFFIX}") as out:
        for row in export.rows:
            out.write(b",\n" if count else b"[\n")
            out.write(encode(row))
            count += 1
        out.write(b"\n]\n" if count else b"[]\n")
    return count
