"""What is different between two texts, paragraph by paragraph and word by word, and how long it takes to find out."""

from __future__ import annotations

import time
from zlib import crc32

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.staff.responses.comparison import compare


def pieces(before: str, after: str) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (block.change, [(text.strip(), change) for text, change in block.pieces])
        for block in compare(before, after).blocks
    ]


def test_a_paragraph_that_was_moved_behind_a_new_one_is_still_told_word_by_word() -> None:
    assert pieces("Vi vil ha en benk her.\nSlutt", "Noe helt annet først.\nVi vil ha to benker her.\nSlutt") == [
        ("added", [("Noe helt annet først.", "added")]),
        (
            "changed",
            [("Vi vil ha", "kept"), ("en benk", "removed"), ("to benker", "added"), ("her.", "kept")],
        ),
        ("kept", [("Slutt", "kept")]),
    ]


def test_paragraphs_beside_one_another_are_told_together_with_the_space_between_them() -> None:
    found = compare("a\n\nb\nc", "x\n\ny\n\n\nc")
    assert [(block.change, block.pieces[0][0]) for block in found.blocks] == [
        ("removed", "a\n\nb"),
        ("added", "x\n\ny"),
        ("kept", "c"),
    ]


WORDS = st.lists(st.sampled_from(["skole", "vei.", "og", "lys!", "\n", "\n\n", "  ", "æ", "-"]), max_size=40)


@given(before=WORDS, after=WORDS)
def test_nothing_is_lost_or_made_up_in_a_comparison(before: list[str], after: list[str]) -> None:
    old, new = " ".join(before), " ".join(after)
    found = [piece for block in compare(old, new).blocks for piece in block.pieces]
    for text, left_out in ((old, "added"), (new, "removed")):
        shown = "".join(piece for piece, change in found if change != left_out)
        assert "".join(shown.split()) == "".join(text.split())


LONG = 100_000


def _many(seed: int, values: list[str], glue: str) -> str:
    """The same for the same seed, without a pattern in it."""
    return glue.join(values[crc32(f"{seed} {number}".encode()) % len(values)] for number in range(LONG))[:LONG]


_WORDS = [f"ord{number}" for number in range(3000)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_many(1, ["a", "b"], "\n"), _many(2, ["a", "b"], "\n")),
        (_many(1, ["a", "b"], " "), _many(2, ["a", "b"], " ")),
        (_many(1, _WORDS, " "), _many(2, _WORDS, " ")),
        (_many(1, [*_WORDS, "\n"], " "), _many(1, [*_WORDS, "\n"], " ").replace("ord7", "x")),
        ("\n".join(f"a{number} b c d e" for number in range(9000)), "\n".join(f"a{n} b c x e" for n in range(9000))),
        ("a." * (LONG // 2), "a. " * (LONG // 3)),
        ("x" + " " * LONG + "y", "x" + "\n" * LONG + "z"),
        ("\n".join("x" * 1200), "\n".join("x" if number % 2 else f"y{number}" for number in range(1200))),
        (" ".join("x" * 40_000), " ".join("x" if number % 2 else f"y{number}" for number in range(15_000))),
    ],
)
def test_the_longest_texts_take_about_a_second_however_different_they_are(before: str, after: str) -> None:
    begun = time.process_time()
    found = compare(before, after)
    assert time.process_time() - begun < 3  # on a machine that is busy
    assert sum(len(block.pieces) for block in found.blocks) < 10_000
    assert not found.is_equal


def test_one_word_in_the_longest_text_is_found_in_it() -> None:
    text = _many(1, _WORDS, " ")
    found = compare(text, text[: LONG // 2] + " nytt " + text[LONG // 2 :])
    assert not found.is_coarse
    told = [text for block in found.blocks for text, change in block.pieces if change == "added"]
    assert len(told) == 1
    assert " nytt " in told[0]
    assert len(told[0]) < 20
