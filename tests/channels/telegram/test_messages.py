"""What we say fits Telegram: pieces within its limit, and buttons laid out for a phone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.api import Api
from bot.channels.telegram.messages import LONGEST_TEXT, TelegramSender, cut, utf16_length
from dialogs.messages import Button, Message, Text
from dialogs.texts import House
from tests.stand_ins.bot_api import TOKEN

HOUSE = House("Asker kommune", "", "https://example.no/personvern", "https://example.no")
LONG_TEXTS = st.lists(st.tuples(st.sampled_from("aæ😀 \n"), st.integers(1, 3000)), max_size=12).map(
    lambda runs: "".join(letter * count for letter, count in runs)
)


@pytest.fixture(scope="module")
def sender() -> TelegramSender:
    return TelegramSender(Api(TOKEN, "http://127.0.0.1:9"), HOUSE)


@given(LONG_TEXTS)
def test_pieces_fit_and_together_hold_every_letter_in_order(text: str) -> None:
    pieces = list(cut(text))
    assert all(utf16_length(piece) <= LONGEST_TEXT for piece in pieces)
    assert all(piece.strip() for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_a_short_text_is_left_as_it_is() -> None:
    assert list(cut("  • fortau\n\n• gang- og sykkelvei ")) == ["  • fortau\n\n• gang- og sykkelvei "]


def test_a_cut_falls_between_lines_before_words_before_letters() -> None:
    lines = "a" * 3000 + "\n  " + "b b" * 600
    assert list(cut(lines)) == ["a" * 3000, "  " + "b b" * 600]
    words = "a" * 3000 + " " + "b" * 3000
    assert list(cut(words)) == ["a" * 3000, "b" * 3000]
    assert list(cut("a" * 5000)) == ["a" * 4096, "a" * 904]


def test_no_character_is_cut_in_two() -> None:
    assert list(cut("a" + "😀" * 3000)) == ["a" + "😀" * 2047, "😀" * 953]


def buttons(*keys: str, primary: str = "") -> tuple[Button, ...]:
    return tuple(Button(f"d:s:{key}", Text(f"label-{key}"), primary=key == primary) for key in keys)


def layout(sender: TelegramSender, *keys: str, primary: str = "") -> list[list[str]]:
    (piece,) = sender.pieces(Message("nb", told=(Text("undo-none"),), buttons=buttons(*keys, primary=primary)))
    return [[label for label, _ in row] for row in piece.keyboard]


def test_short_pairs_stand_side_by_side_and_back_help_cancel_in_a_last_row(sender: TelegramSender) -> None:
    assert layout(sender, "back", "yes", "no", "help", "change-address", "cancel") == [
        ["Ja, det stemmer", "Nei"],
        ["Endre adresse"],
        ["Tilbake", "Hjelp", "Avbryt"],
    ]


def test_long_labels_and_the_main_button_have_a_row_of_their_own(sender: TelegramSender) -> None:
    keys = ("private-person", "registered-organisation", "yes", "send", "no")
    assert layout(sender, *keys, primary="send") == [
        ["Privatperson"],
        ["Organisasjon i Enhetsregisteret"],
        ["Ja, det stemmer"],
        ["Send inn"],
        ["Nei"],
    ]


def test_a_message_without_buttons_has_none(sender: TelegramSender) -> None:
    assert layout(sender) == []
