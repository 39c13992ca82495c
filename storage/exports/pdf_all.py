"""PDFs of many responses, one for each consultation: contents with page numbers, then all of them as they came in.

A consultation with many pages becomes several volumes, for what a PDF is made of is in memory until it is written. Each
is whole in itself and says which part it is; the numbers of the responses go on from one to the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from msgspec import Struct

from storage.consultations.consultations import parse_case_number
from storage.exports import Export, Files, Kind, Row
from storage.exports.output.files import scratch_folder
from storage.exports.paper.binding import AT_ONCE, bind
from storage.exports.paper.document import pages_of, paper_of_many
from storage.exports.paper.typesetting import Typesetter

SUFFIX = ".pdf"
SEVERAL = True
KIND: Kind = "paper"

VOLUME = 400
"""A volume has about so many pages, or a single response: that is written with less than 250 MB."""


def write(export: Export, files: Files, /, *, volume: int = VOLUME) -> int:
    """See `storage.exports.Format`. The files are named after case number and consultation.

    The texts of one volume are in memory at the same time.
    """
    typesetter = Typesetter()
    with scratch_folder() as folder:
        consultations = sorted(_gathered(export.rows, folder, volume), key=lambda each: each.order)
        rows = iter(export.watched(_again(consultations)))
        for consultation in consultations:
            first, parts = 1, len(consultation.volumes)
            for part, count in enumerate(consultation.volumes, start=1):
                paper = paper_of_many(export, list(islice(rows, count)), first, (part, parts))
                with files.new(_name(consultation, part)) as out:
                    if sum(response["pages"] for response in paper["responses"]) <= AT_ONCE:
                        out.write(typesetter.pdf(paper))
                    else:
                        bind(paper, typesetter, out)
                first += count
        next(rows, None)  # whoever watches sees that it was the last
    return sum(sum(consultation.volumes) for consultation in consultations)


class _Consultation(Struct):
    """One with responses.

    `order`: by case, and the rounds of a case in the order in which they were added. `rows`: where they are kept.
    `volumes`: how many responses each has; the last has this number of pages.
    """

    order: tuple[int, int, int]
    rows: Path
    case_number: str
    volumes: list[int]
    pages: int = 0


def _gathered(rows: Iterable[Row], folder: Path, volume: int) -> Iterable[_Consultation]:
    """Write the rows of each consultation to a file of its own, a line of JSON each, and divide them into volumes."""
    consultations: dict[object, _Consultation] = {}
    for row in rows:
        number = int(str(row["consultation_id"]))
        if (consultation := consultations.get(number)) is None:
            case_number = str(row["case_number"])
            order = (*parse_case_number(case_number), number)
            consultation = _Consultation(order, folder / str(number), case_number, [0])
            consultations[number] = consultation
        with consultation.rows.open("a", encoding="ascii") as lines:
            lines.write(json.dumps(dict(row)) + "\n")
        pages = pages_of(row)
        if consultation.pages and consultation.pages + pages > volume:
            consultation.volumes.append(0)
            consultation.pages = 0
        consultation.volumes[-1] += 1
        consultation.pages += pages
    return consultations.values()


def _again(consultations: Iterable[_Consultation]) -> Iterator[Row]:
    for consultation in consultations:
        with consultation.rows.open(encoding="ascii") as lines:
            yield from map(json.loads, lines)


def _name(consultation: _Consultation, part: int) -> str:
    """Such as `18-101-consultation-3-part-02-of-12.pdf`: they stand in order wherever they are listed."""
    parts = str(len(consultation.volumes))
    volume = f"-part-{part:0{len(parts)}}-of-{parts}" if len(consultation.volumes) > 1 else ""
    case_number = consultation.case_number.replace("/", "-")
    return f"{case_number}-consultation-{consultation.order[-1]}{volume}{SUFFIX}"
