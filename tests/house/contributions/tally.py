"""A format that only counts: how many responses each case has."""

from __future__ import annotations

from collections import Counter

from storage.exports import Export, Files, Kind

SUFFIX = ".txt"
SEVERAL = False
KIND: Kind = "data"


def write(export: Export, files: Files) -> int:
    """See `storage.exports.Format`."""
    counts = Counter(str(row["case_number"]) for row in export.rows)
    with files.new("tally.txt") as file:
        file.write("".join(f"{case}: {count}\n" for case, count in sorted(counts.items())).encode())
    return counts.total()
