"""One PDF of all responses: contents with page numbers, then case by case, each consultation in the order received."""

from __future__ import annotations

from typing import Final

from storage.consultations import parse_case_number
from storage.exports import Export, Files, Kind, Row, TooManyResponses
from storage.exports._binding import AT_ONCE, bind
from storage.exports._document import paper_of_many
from storage.exports._typesetting import Typesetter

SUFFIX = ".pdf"
SEVERAL = False
KIND: Kind = "paper"

MOST: Final = 1000
"""The pages that stand for others take memory: some 0.6 GB for so many. `pdf` has no such bound."""


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The texts of all responses are in memory at the same time, their pages are not."""
    groups: dict[tuple[int, int, int], list[Row]] = {}
    count = 0
    for count, row in enumerate(export.rows, start=1):
        if count > MOST:
            raise TooManyResponses(MOST)
        groups.setdefault(_place(row), []).append(row)
    paper = paper_of_many(export, (rows for _, rows in sorted(groups.items())))
    with files.new(f"responses{SUFFIX}") as out:
        if count <= AT_ONCE:
            out.write(Typesetter().pdf(paper))
        else:
            bind(paper, Typesetter(), out)
    return count


def _place(row: Row) -> tuple[int, int, int]:
    """The case, and within it the consultation: rounds are numbered as they begin."""
    return (*parse_case_number(str(row["case_number"])), int(str(row["consultation_id"])))
