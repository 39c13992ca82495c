"""PDF for the public: as `pdf`, without address, e-mail and phone, and without answers beyond the fixed keys.

It holds what stands. What was replaced is there where the choice names that status; what was withdrawn, never. What
people write about themselves in the response stays in it.
"""

from __future__ import annotations

from storage.exports import Export, Files, Kind
from storage.exports.paper.document import file_name, paper_of_one
from storage.exports.paper.typesetting import Typesetter

SUFFIX = ".pdf"
SEVERAL = True
KIND: Kind = "paper"
PUBLIC = True


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The files are named after case number and reference."""
    typesetter, count = Typesetter(), 0
    named = {export.filter.get("status"), *_listed(export.filter.get("statuses"))}
    shown = {"received", *(named & {"superseded"})}
    for row in export.rows:
        if row["status"] not in shown:
            continue
        with files.new(file_name(row)) as out:
            out.write(typesetter.pdf(paper_of_one(export, row, public=True)))
        count += 1
    return count


def _listed(statuses: object) -> tuple[object, ...]:
    return tuple(statuses) if isinstance(statuses, list | tuple) else ()
