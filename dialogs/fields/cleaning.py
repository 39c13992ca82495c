"""What is taken out of a text before it is read, and the numbers that nobody may send us."""

from __future__ import annotations

import re
import unicodedata

from stdnum.no import fodselsnummer

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_BREAKS = re.compile("\r\n?|\u2028|\u2029|\x85")
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = frozenset("\u200c\u200d")  # names in Persian and in Indian scripts are spelt with them
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# As people write it: in one piece, six and five, or in groups; with up to three marks, spaces or a line break between.
# Not any eleven digits: a table of sums has many of those.
_GAP = r"[\W_]{1,3}"
_ELEVEN = re.compile(
    rf"(?<!\d)(?=((?:\d{{6}}|\d\d{_GAP}\d\d{_GAP}\d\d)[\W_]{{0,3}}(?:\d{{5}}|\d{{3}}{_GAP}\d\d)"
    rf"|\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d\d)(?!\d))"
)


def clean(text: str) -> str:
    """`text` without control characters and broken halves of characters, with `\\n` for every kind of line break."""
    if text.isascii() and text.isprintable():
        return text
    return _SURROGATES.sub("\ufffd", _BREAKS.sub("\n", _CONTROL.sub("", text)))


def one_line(text: str) -> str:
    """`text` as a short answer: clean, composed, on one line, single spaces, nothing invisible in it."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = "".join(c for c in clean(text) if unicodedata.category(c) != "Cf" or c in _JOINERS)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def bare(text: str) -> str:
    """`text` as a label is compared: in small letters, without the marks and emoji that stand around it."""
    words = " ".join(text.split()).casefold()
    if not words.isascii():
        words = unicodedata.normalize("NFC", words)
    first, last = 0, len(words)
    while first < last and not words[first].isalnum():
        first += 1
    while first < last and not words[last - 1].isalnum():
        last -= 1
    return words[first:last]


def repeats_some_of(text: str, *shown: str) -> bool:
    """Whether a text says nothing but words that stand in what is shown: neither a yes, nor something new."""
    words, all_words = (f" {' '.join(bare(each).replace(',', ' ').split())} " for each in (text, " ".join(shown)))
    return bool(words.strip()) and words in all_words


def is_visible(text: str) -> bool:
    """Whether a reader would see anything at all."""
    return any(unicodedata.category(c)[0] not in "CZ" and c not in _BLANK_LETTERS for c in text)


def has_letters(text: str) -> bool:
    """Whether there is a letter of any alphabet in it."""
    return any(c.isalpha() and c not in _BLANK_LETTERS for c in text)


def may_hold_national_id(text: str) -> bool:
    """Whether 11 digits in `text` pass as a fødselsnummer, a D-number or a made-up one of the test registers.

    Digits of any script count, and what nobody sees between them does not part them.
    """
    if not any(map(str.isdigit, text)):
        return False
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if not plain.isascii():
        plain = "".join(c for c in plain if unicodedata.category(c) != "Cf")
    return any(_passes(re.sub(r"\D", "", found[1])) for found in _ELEVEN.finditer(plain))


def _passes(digits: str) -> bool:
    if not digits.isascii():
        return False
    if fodselsnummer.calc_check_digit1(digits) + fodselsnummer.calc_check_digit2(digits) != digits[9:]:
        return False
    day, month = (
        int(digits[:2]) % 40,
        int(digits[2:4]) % 20,
    )  # D-numbers add 40 days, test registers 40, 60 or 80 months
    return 1 <= day <= 31 and 1 <= month <= 12
