"""PDF, one response a file: laid out like the form it replaces, whole, for archive, screen readers, the public."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.exports.paper import letters
from storage.exports.paper.document import paper_of_one
from storage.exports.paper.typesetting import Typesetter
from tests.exports.paper_examples import TEXT, described_in, organisation, person, several_files
from tests.exports.paper_readers import (
    assert_for_the_archive,
    assert_without_fault,
    bookmarks,
    catalogue,
    one_pdf,
    opened,
    text_of,
)

SAMI = "Sámi: čČ đĐ ŋŊ šŠ ŧŦ žŽ áÁ ǥǦ ǩ ʒ ǯ, norsk: æøå ÆØÅ"


# --- What it says -------------------------------------------------------------------------------------------


def test_a_response_reads_like_the_form_from_top_to_bottom() -> None:
    lines = text_of(one_pdf()).splitlines()
    assert lines == [
        "Rådmannens forslag til handlingsprogram 2020 – 2023",
        "Høringssvar KM2TX4RA",
        "Kvitteringsnummer KM2TX4RA",
        lines[3],
        lines[4],
        "Innsender",
        "Hvem svarer Organisasjon i Enhetsregisteret",
        "Organisasjonsnummer 974 540 193",
        "Organisasjon Asker næringsråd",
        "Organisasjonsform FLI",
        lines[10],
        "Adresse Drengsrudhagen 6",
        "Postnummer 1385",
        "Poststed Asker",
        "Land Norge",
        "E-post post@example.no",
        "Telefon 22 00 00 00",
        "Kontaktperson",
        "Fornavn Kari",
        "Etternavn Nordmann",
        "Saken gjelder",
        "Høring Rådmannens forslag til handlingsprogram 2020 – 2023",
        "Saksnummer 18/101",
        "Høringssvar",
        "Vi mener at dette må til:",
        "- fortau langs veien",
        "- lys",
        "  - og bom",
        "Hilsen styret",
        "Høringssvar KM2TX4RA Side 1 / 1",
    ]
    assert re.fullmatch(r"Mottatt .*25\. november 2026.* 00[.:]30", lines[3])
    assert lines[4].startswith("Etter fristen ")


def test_what_is_empty_or_as_usual_is_not_told() -> None:
    ((name, content),) = several_files("pdf", person(last_name=None)).items()
    text = text_of(content)
    assert name == "18-101-AB2CD3EF.pdf"
    for absent in ("Etter fristen", "Organisasjon", "Telefon", "Adresse", "Etternavn", "Status", "Vedlegg", "None"):
        assert absent not in text
    assert "Status Trukket" in text_of(one_pdf(status="withdrawn"))


def test_answers_without_a_key_of_their_own_are_told_too() -> None:
    assert "Andre svar\norganisation_mood munter\nHøringssvar\n" in text_of(one_pdf(organisation_mood="munter"))


def test_it_speaks_english_to_those_who_read_english() -> None:
    content = one_pdf(locale="en")
    assert "Contact person\n" in text_of(content)
    assert catalogue(content)["/Lang"] == "en"


@pytest.mark.parametrize(
    "text", [SAMI, "«Sitat» – … € § ½ • → ✓", "#set text(red) *b* _i_ $x$ @a <b> \\u{41} [c] // d"]
)
def test_letters_and_signs_stay_what_they_are_and_nothing_is_markup(text: str) -> None:
    assert f"Høringssvar\n{text}\n" in text_of(one_pdf(text=text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hei 👍!", "Hei [U+1F44D]!"),
        ("\uf0b7 benker\n\uf0a7 trær", "• benker\n• trær"),
        ("漢字", "[U+6F22][U+5B57]"),
        ("😀\u0301 က\u0300 g\u0301", "[U+1F600][U+0301] [U+1000][U+0300] g\u0301"),
        ("a\x07b\x00", "a[U+0007]b[U+0000]"),
        ("a\ud800b", "a[U+D800]b"),
        ("\ue000\ufffe", "[U+E000][U+FFFE]"),
        ("abc\u202edef", "abc[U+202E]def"),
        ("a\tb", "a    b"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
    ],
    ids=ascii,
)
def test_what_no_font_has_is_written_out(text: str, shown: str) -> None:
    assert f"Høringssvar\n{shown}\n" in text_of(one_pdf(text=text))


def test_a_name_with_an_emoji_is_written_out_too() -> None:
    assert "Organisasjon Lag [U+1F600]\n" in text_of(one_pdf(organisation_name="Lag 😀"))


def test_a_long_address_of_the_web_goes_on_in_the_next_line() -> None:
    address = "https://example.no/" + "fortau" * 60
    assert address in text_of(one_pdf(text=f"Se {address} og svar.")).replace("\n", "")
    # What is beyond the edge of the page would be in the text too, so where it stands is looked at.
    starts: list[float] = []
    opened(one_pdf(text=address)).pages[0].extract_text(
        visitor_text=lambda text, cm, tm, font, size: starts.append(tm[4]) if "fortau" in text else None
    )
    assert len(starts) > 5
    assert all(start < 595 - 62 for start in starts)


def test_paragraphs_are_paragraphs_and_their_lines_stay() -> None:
    content = one_pdf(text=TEXT)
    assert kinds(content)[-3:] == ["/H3", "/P", "/P"]
    assert "til:\n- fortau langs veien\n- lys\n  - og bom\nHilsen" in text_of(content)


def kinds(content: bytes) -> list[str]:
    """The parts of the document that a screen reader knows, in reading order."""
    document = catalogue(content)["/StructTreeRoot"]["/K"][0].get_object()
    return [each.get_object()["/S"] for each in document["/K"]]


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(
    st.text(st.one_of(st.characters(), st.sampled_from("aé\u0301\u1df8\u0ebc\u0591\u2919✂👍\u200d\n\t ")), max_size=60)
)
def test_any_text_becomes_a_page(text: str) -> None:
    assert "Høringssvar" in text_of(TYPESETTER.pdf(paper_of_one(described_in("nb"), organisation(text=text))))


TYPESETTER = Typesetter()


def test_marks_that_fail_only_together_stop_nothing() -> None:
    for text in ("\u059f\u2bdd\u0317", "\u0484\u01e7\u05ae\u2a3f\u0317", "\u2930\u0245\u1dec\u040f"):
        assert "U+" in text_of(one_pdf(text=text))


def test_what_is_taken_for_drawable_is_drawn_also_in_bold() -> None:
    plain = "".join(map(chr, range(0x20, 0x2100)))
    plain = "".join(re.findall(f"[{letters.PLAIN}]", plain))
    assert "ŋ" in plain
    assert Typesetter()._sets(letters._SAMPLE, {"parts": f'["{plain.translate({34: None, 92: None})}"]'})


def test_a_page_does_not_depend_on_what_was_set_before() -> None:
    export = described_in("nb")
    fresh = Typesetter().pdf(paper_of_one(export, organisation(text="漢 👍 e\u0301")))
    used = Typesetter()
    used.pdf(paper_of_one(export, person(text="👍\u1df8 漢字 x\u0301 \ue000")))
    assert used.pdf(paper_of_one(export, organisation(text="漢 👍 e\u0301"))) == fresh


# --- For the archive and for screen readers -----------------------------------------------------------------


@pytest.mark.parametrize("name", ["pdf", "pdf-public", "pdf-all"])
def test_it_says_that_it_is_for_the_archive_and_for_screen_readers(name: str) -> None:
    assert_for_the_archive(one_pdf(name))


def test_title_and_bookmarks_are_there() -> None:
    content = one_pdf()
    document = opened(content)
    assert document.metadata is not None
    assert document.metadata.title == "Høringssvar KM2TX4RA"
    assert bookmarks(content) == [
        (0, "Rådmannens forslag til handlingsprogram 2020 – 2023"),
        (1, "Høringssvar KM2TX4RA"),
        *((2, each) for each in ("Innsender", "Kontaktperson", "Saken gjelder", "Høringssvar")),
    ]


def test_its_date_is_that_of_the_response() -> None:
    metadata = opened(one_pdf()).metadata
    assert metadata is not None
    assert (metadata.creation_date_raw, metadata.modification_date_raw) == ("D:20261124233000Z",) * 2


@pytest.mark.qpdf
def test_another_reader_finds_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "one.pdf"
    path.write_bytes(one_pdf(text=SAMI + "👍" * 3000))
    assert_without_fault(path)


# --- For the public -----------------------------------------------------------------------------------------


def test_the_public_reads_who_and_what_but_not_where_to_reach_them() -> None:
    secret = {
        "address": "Blåbærstien 4",
        "postal_code": "1387",
        "postal_town": "HEGGEDAL",
        "country": "SE",
        "email": "kari@example.no",
        "phone": "+4722000000",
        "second_email": "ola@example.no",
    }
    ((_, content),) = several_files("pdf-public", organisation(**secret)).items()
    text = text_of(content)
    for told in ("Asker næringsråd", "974 540 193", "Kari", "Nordmann", "KM2TX4RA", "Hilsen styret"):
        assert told in text
    everything = text + str(opened(content).metadata) + catalogue(content)["/Metadata"].get_data().decode()
    for hidden in (*secret.values(), "22 00 00 00", "Sverige", "Adresse", "E-post", "Telefon", "Post", "Land"):
        assert hidden not in everything
    assert "Blåbærstien 4" in text_of(one_pdf(**secret))


def test_the_name_of_a_file_names_nobody() -> None:
    for name in ("pdf", "pdf-public"):
        assert list(several_files(name, organisation(), person())) == ["18-101-KM2TX4RA.pdf", "18-101-AB2CD3EF.pdf"]
