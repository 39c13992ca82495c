"""JSON: one array of objects, one object a line, faithful to the letter; in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from msgspec.json import encode


def write(rows: Iterator[Mapping[str, object]], out: BinaryIO, _labels: Mapping[str, str], /) -> int:
    """See `storage.exports.Format`."""
    count = 0
    for row in rows:
        out.write(b",\n" if count else b"[\n")
        out.write(encode(row))
        count += 1
    out.write(b"\n]\n" if count else b"[]\n")
    return count
