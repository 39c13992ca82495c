"""Newline-delimited JSON: one object a line, as in `json`, for programs that read line by line; in UTF-8."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from msgspec.json import encode


def write(rows: Iterator[Mapping[str, object]], out: BinaryIO, _labels: Mapping[str, str], /) -> int:
    """See `storage.exports.Format`."""
    count = 0
    for row in rows:
        out.write(encode(row) + b"\n")
        count += 1
    return count
