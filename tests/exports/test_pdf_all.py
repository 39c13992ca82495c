"""PDF of all responses to a consultation: contents, volumes; bound of pieces it is the same as typeset at once."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

import pikepdf
import pytest
from msgspec.structs import replace

from storage.exports import Row, pdf_all
from storage.exports.output.files import Folder, Zip
from storage.exports.paper.binding import AT_ONCE, _pieces, bind
from storage.exports.paper.document import paper_of_many
from storage.exports.paper.typesetting import Typesetter
from tests.bench.measuring import alone, peak_megabytes
from tests.exports.paper_examples import described_in, organisation, person, several_files, unpacked
from tests.exports.paper_readers import (
    assert_for_the_archive,
    assert_without_fault,
    bookmarks,
    catalogue,
    one_paper,
    one_pdf,
    opened,
    text_of,
)

ALL = (
    organisation(reference="R3", case_number="19/7", consultation_id=2, consultation="Barnehager"),
    organisation(reference="R1", case_number="18/101", consultation_id=3, consultation="Andre runde"),
    person(reference="R2", case_number="18/101", consultation_id=1, consultation="Første runde"),
    organisation(reference="R4", case_number="18/101", consultation_id=1, consultation="Første runde"),
    organisation(reference="R5", case_number="18/20", consultation_id=9, consultation="Skole"),
)


def test_each_consultation_has_a_file_with_its_responses_in_the_order_received() -> None:
    files = several_files("pdf-all", *ALL)
    assert {name: bookmarks(content) for name, content in files.items()} == {
        "18-20-consultation-9.pdf": [(0, "18/20 Skole"), (1, "1. Høringssvar R5")],
        "18-101-consultation-1.pdf": [
            (0, "18/101 Første runde"),
            (1, "1. Høringssvar R2"),
            (1, "2. Høringssvar R4"),
        ],
        "18-101-consultation-3.pdf": [(0, "18/101 Andre runde"), (1, "1. Høringssvar R1")],
        "19-7-consultation-2.pdf": [(0, "19/7 Barnehager"), (1, "1. Høringssvar R3")],
    }
    assert list(files) == ["18-20-consultation-9.pdf", "18-101-consultation-1.pdf", *sorted(files)[1::2]]


def test_the_contents_say_on_which_page_each_response_begins() -> None:
    texts = ("Kort.", "Lang tekst. " * 900, "漢 👍 " * 20, "Kort.")
    rows = [organisation(reference=f"R{number}", text=text) for number, text in enumerate(texts)]
    pages = assert_contents_are_right(one_paper(*rows), ["1. R0", "2. R1", "3. R2", "4. R3"])
    assert pages[0].startswith("Høringssvar 18/101\nInnhold\n")
    assert pages[1].endswith(f"Høringssvar 18/101 Side 2 / {len(pages)}")


def assert_contents_are_right(content: bytes, responses: list[str]) -> list[str]:
    """Returns the texts of the pages."""
    pages = [page.extract_text() for page in opened(content).pages]
    listed = re.findall(r"(\d+\.) Høringssvar (R\d+)[ .\u2060]+(\d+)", pages[0])
    assert [f"{number} {reference}" for number, reference, _ in listed] == responses
    for number, reference, page in listed:
        assert f"{number} Høringssvar {reference}\nKvitteringsnummer {reference}" in pages[int(page) - 1]
    return pages


def test_of_no_response_there_is_no_file() -> None:
    assert several_files("pdf-all") == {}


def test_each_text_is_as_in_a_file_of_its_own_also_where_no_program_would_write_it() -> None:
    for text in ("a\ud800b\x00\x1b", "a\u2028b\x85c\nd", '"\\u0041', "漢 👍"):
        (content,) = several_files("pdf-all", organisation(text=text)).values()
        whole, alone_in_it = text_of(content), text_of(one_pdf(text=text))
        assert (
            whole[whole.index("Kvitteringsnummer") :].splitlines()[:-1]
            == (alone_in_it[alone_in_it.index("Kvitteringsnummer") :].splitlines()[:-1])
        )


# --- In volumes ---------------------------------------------------------------------------------------------


def volumes(rows: Iterable[Row], pages: int) -> dict[str, bytes]:
    """What is written in volumes of so many pages."""
    out = io.BytesIO()
    with Zip(out) as files:
        pdf_all.write(described_in("nb", *rows), files, volume=pages)
    return unpacked(out.getvalue())


@pytest.fixture(scope="module")
def parts() -> dict[str, bytes]:
    """Eight responses to one consultation and, among them, one to another; three in a volume."""
    rows = [person(reference=f"R{number}") for number in range(8)]
    rows.insert(4, person(case_number="19/7", consultation_id=2, reference="R99"))
    return volumes(rows, 3)


def test_many_responses_go_on_in_further_volumes_with_contents_and_page_numbers_of_their_own(
    parts: dict[str, bytes],
) -> None:
    assert list(parts) == [
        *(f"18-101-consultation-1-part-{part}-of-3.pdf" for part in (1, 2, 3)),
        "19-7-consultation-2.pdf",
    ]
    told = (["1. R0", "2. R1", "3. R2"], ["4. R3", "5. R4", "6. R5"], ["7. R6", "8. R7"], ["1. R99"])
    for content, responses in zip(parts.values(), told, strict=True):
        pages = assert_contents_are_right(content, responses)
        assert re.findall(r"Side (\d+)", pages[1]) == ["2"]
        assert [title.replace("Høringssvar ", "") for depth, title in bookmarks(content) if depth] == responses


def test_a_volume_says_which_one_it_is_and_is_whole_in_itself(parts: dict[str, bytes]) -> None:
    said = []
    for content in parts.values():
        assert_for_the_archive(content)
        title, contents = opened(content).pages[0].extract_text().splitlines()[:2]
        assert catalogue(content)["/Metadata"].get_data().decode().count(title) == 1
        said.append((title, contents))
    parts_told = [f", del {part} av 3" for part in (1, 2, 3)]
    assert said == [
        *((f"Høringssvar 18/101{part}", f"Innhold{part}") for part in parts_told),
        ("Høringssvar 19/7", "Innhold"),
    ]


def test_a_long_response_takes_the_room_of_several() -> None:
    long = "Et langt avsnitt. " * 1000
    rows = [person(reference=f"R{number}", text=long if number in (2, 3) else "Kort.") for number in range(6)]
    held = [sum(depth for depth, _ in bookmarks(content)) for content in volumes(rows, 4).values()]
    assert held == [2, 1, 1, 2]


def test_volumes_stand_in_order_wherever_they_are_listed() -> None:
    names = list(volumes([person(reference=f"R{number}") for number in range(11)], 1))
    assert names[0] == "18-101-consultation-1-part-01-of-11.pdf"
    assert names == sorted(names)


def test_whoever_watches_sees_each_response_gathered_and_then_written(tmp_path: Path) -> None:
    seen: list[str] = []

    def watched(rows: Iterable[Row]) -> Iterator[Row]:
        yield from rows
        seen.append(f"{len(list(tmp_path.iterdir()))} written")

    def taken(rows: Iterable[Row]) -> Iterator[Row]:
        for row in watched(rows):
            seen.append(str(row["reference"]))
            yield row

    export = described_in("nb", *ALL).watched_by(taken)
    assert pdf_all.write(export, Folder(tmp_path)) == 5
    assert seen == ["R3", "R1", "R2", "R4", "R5", "0 written", "R5", "R2", "R4", "R1", "R3", "4 written"]


def peak_of(count: int, length: int, pages: int) -> float:
    """The most memory, in MB, that a process needs for so many responses of this length in such volumes."""
    rows = (organisation(reference=f"R{number}", text="Vi vil ha fortau. " * length) for number in range(count))
    pdf_all.write(replace(described_in("nb"), rows=rows), Nowhere(), volume=pages)
    return peak_megabytes()


class Nowhere:
    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        with TemporaryFile() as file:
            yield file


@pytest.mark.slow
@pytest.mark.parametrize(("count", "length"), [(60, 20), (8, 2000)], ids=["short", "long"])
def test_ten_times_as_many_need_no_more_memory_whether_short_or_long(count: int, length: int) -> None:
    one_volume, ten = alone(peak_of, count, length, 60), alone(peak_of, 10 * count, length, 60)
    assert ten / one_volume < 1.3


@pytest.mark.slow
def test_a_full_volume_is_written_with_less_than_250_megabytes() -> None:
    assert alone(peak_of, pdf_all.VOLUME, 20, pdf_all.VOLUME) < 250


def test_a_piece_has_few_pages_or_a_single_response() -> None:
    rows = [person(text="x\n" * 50 * pages) for pages in (10, 9, 5, 100, 24, 0)]
    pieces = _pieces(paper_of_many(described_in("nb"), rows))
    assert [[response["pages"] for response in piece["responses"]] for piece in pieces] == [
        [11, 10],
        [6],
        [101],
        [25],
        [1],
    ]


# --- A thick paper, bound of pieces -------------------------------------------------------------------------


def thick() -> tuple[bytes, bytes]:
    """The same paper bound of pieces, and typeset at once."""
    texts = ("Kort. ", "Lang tekst. " * 900, "漢 👍 " * 20)
    rows = [*(organisation(reference=f"R{number}", text=texts[number % 3]) for number in range(30)), person()]
    paper = paper_of_many(described_in("nb"), rows)
    out = io.BytesIO()
    bind(paper, Typesetter(), out)
    return out.getvalue(), Typesetter().pdf(paper)


def structure(element: Any, pages: dict[Any, int]) -> Any:
    """What a screen reader is told: kinds of parts, on which page, with which pieces of its text."""
    if not isinstance(element, pikepdf.Dictionary):
        return int(element)
    kids: Any = element.get("/K", pikepdf.Array())
    held = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
    page = pages[str(element.Pg.objgen)] if "/Pg" in element else None
    # The dots between a title and its number in the contents are cut into other pieces, and nothing else is.
    is_dotted = element.get("/S") == pikepdf.Name.Link
    return str(element.get("/S")), page, [] if is_dotted else [structure(each, pages) for each in held]


def seen(content: bytes) -> dict[str, Any]:
    """All that has to be the same, however a paper was put together."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = {str(page.objgen): number for number, page in enumerate(pdf.pages)}
        told = pdf.Root.StructTreeRoot
        nums = told.ParentTree.Nums
        parents = {int(nums[at]): nums[at + 1] for at in range(0, len(nums), 2)}
        links = [link for page in pdf.pages for link in page.obj.get("/Annots", [])]
        return {
            "texts": [
                # Neither the number of pages nor the length of a dotted line.
                re.sub(r"[ .\u2060]{2,}", " ", re.sub(r"(Side \d+)( / \d+)?$", r"\1", page.extract_text()))
                for page in opened(content).pages
            ],
            "structure": structure(told.K[0], pages),
            "of each page": [
                [kind for element in parents[int(page.obj.StructParents)] if (kind := str(element.S)) != "/Link"]
                for page in pdf.pages
            ],
            "of each link": [str(parents[int(link.StructParent)].S) for link in links],
            "numbers": (len(parents), int(told.ParentTreeNextKey)),
            "links": [(pages[str(link.Dest[0].objgen)], float(link.Dest[3])) for link in links],
            "bookmarks": bookmarks(content),
            "page count": re.findall(rb"NPages>\d+<", pdf.Root.Metadata.read_bytes()),
        }


@pytest.mark.slow
def test_a_paper_bound_of_pieces_is_the_same_as_one_typeset_at_once() -> None:
    bound, at_once = map(seen, thick())
    assert len(bound["texts"]) > 50
    for what, expected in at_once.items():
        assert bound[what] == expected, what


@pytest.mark.slow
@pytest.mark.qpdf
def test_another_reader_finds_no_fault_in_a_bound_paper(tmp_path: Path) -> None:
    path = tmp_path / "bound.pdf"
    path.write_bytes(thick()[0])
    assert_without_fault(path)


@pytest.mark.slow
def test_a_bound_paper_is_as_sound_and_the_same_each_time() -> None:
    bound, _ = thick()
    assert thick()[0] == bound
    links: Any = opened(bound).pages[0]["/Annots"]
    assert [link.get_object()["/Contents"] for link in links[1:3]] == [
        "1. Høringssvar R0, Side 2",
        "2. Høringssvar R1, Side 3",
    ]
    assert "<pdfuaid:part>1<" in catalogue(bound)["/Metadata"].get_data().decode()


@pytest.mark.slow
def test_many_responses_are_bound_and_none_is_lost() -> None:
    rows = [person(reference=f"R{number}") for number in range(AT_ONCE + 1)]
    listed = [title for depth, title in bookmarks(one_paper(*rows)) if depth == 1]
    assert listed == [f"{number}. Høringssvar {row['reference']}" for number, row in enumerate(rows, start=1)]
