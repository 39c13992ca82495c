"""What is taken out of a text before it is read, and the numbers that nobody may send us."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b\x1f\x7f]+")
# Word's soft line break is a vertical tab; the separators of files, groups and records part what they stand between.
_BREAKS = re.compile("\r\n?|[\u2028\u2029\x85\x0b\x0c\x1c-\x1e]")
_ENDS = frozenset(".,;:!?)»")  # what stands right behind a word
_SURROGATES = re.compile("[\ud800-\udfff]")
_JOINERS = frozenset("\u200c\u200d")  # names in Persian and in Indian scripts are spelt with them
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# As people write it: in one piece, six and five, in groups, with the year in full, each digit by itself, or like an
# account number; with up to three marks, spaces or a line break between. Not any eleven digits: a table of sums has
# many of those.
_GAP = r"[\W_]{1,3}"
_YEAR = r"(?:18|19|20)\d\d"
_DATE = rf"(?:\d{{6}}|\d{{4}}{_YEAR}|\d\d{_GAP}\d\d{_GAP}(?:{_YEAR}|\d\d)|\d{{4}}{_GAP}(?:{_YEAR}|\d\d))"
_NUMBER = re.compile(
    rf"(?<!\d)(?=({_DATE}[\W_]{{0,3}}(?:\d{{5}}|\d{{3}}{_GAP}\d\d)"
    rf"|\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}}{_GAP}\d\d|(?:\d{_GAP}){{10}}\d)(?!\d))"
)

# Each fødselsnummer would be good as an account number. What tells one is how it is written, or the word before it.
_ACCOUNT = re.compile(r"\d{4}\.\d\d\.\d{5}")
_SAYS_ACCOUNT = re.compile(r"(?:konto|account|iban)[^\d\n]{0,25}$", re.IGNORECASE)
_BEFORE = 40  # characters

_WEIGHTS_1 = (3, 7, 6, 1, 8, 9, 4, 5, 2, 1)
_WEIGHTS_2 = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1)
# Test registers add so much to the month.
_MONTHS = frozenset(month + added for added in (0, 20, 40, 60, 65, 80) for month in range(1, 13))


class _Plain(dict[int, str | None]):
    """What becomes of a character: a digit of any script is a digit, and what nobody sees goes."""

    def __missing__(self, code: int) -> str | None:
        character = chr(code)
        plain = str(unicodedata.decimal(character)) if character.isdecimal() else character
        self[code] = None if unicodedata.category(character) == "Cf" else plain
        return self[code]


_PLAIN = _Plain()


def clean(text: str) -> str:
    """`text` without control characters and broken halves of characters, with `\\n` for every kind of line break.

    A control character between two words leaves a space: nothing that may have parted them goes without one.
    """
    if text.isascii() and text.isprintable():
        return text
    text = _BREAKS.sub("\n", text)
    return _SURROGATES.sub("\ufffd", _CONTROL.sub(_space_between_words, text))


def _space_between_words(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return " " if before.strip() and after.strip() and after not in _ENDS else ""


def one_line(text: str) -> str:
    """`text` as a short answer: clean, composed, on one line, single spaces, nothing invisible in it, digits as 0–9."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    visible = "".join(c for c in clean(text) if unicodedata.category(c) != "Cf" or c in _JOINERS)
    return " ".join(unicodedata.normalize("NFC", with_plain_digits(visible)).split())


def with_plain_digits(text: str) -> str:
    """`text` with 0–9 for the digits of every script."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)


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
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_PLAIN)
    return next(_private_numbers(plain), None) is not None


def without_national_ids(text: str) -> str:
    """`text` with `#` for each digit of what may be a fødselsnummer."""
    plain, places = [], []
    for place, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).translate(_PLAIN):
            plain.append(part)
            places.append(place)
    hidden = {
        places[index]
        for start, end in _private_numbers("".join(plain))
        for index in range(start, end)
        if plain[index].isdigit()
    }
    return "".join("#" if place in hidden else character for place, character in enumerate(text)) if hidden else text


def _private_numbers(plain: str) -> Iterator[tuple[int, int]]:
    """Where in a text with digits from 0 to 9 only a number begins and ends that may be one."""
    for found in _NUMBER.finditer(plain):
        written = found[1]
        if not _passes(re.sub(r"\D", "", written)) or _ACCOUNT.fullmatch(written):
            continue
        if _SAYS_ACCOUNT.search(plain, max(0, found.start() - _BEFORE), found.start()) is None:
            yield found.start(), found.start() + len(written)


def _passes(digits: str) -> bool:
    """By the check digits of today, or by those of numbers that are given from 2032 on, which leave four a choice.

    Source: Skatteetaten, "Nytt fødselsnummer fra 2032".
    """
    if len(digits) == 13:  # with the year in full
        digits = digits[:4] + digits[6:]
    numbers = [int(digit) for digit in digits]
    first, second = (
        sum(weight * number for weight, number in zip(weights, numbers, strict=False)) % 11
        for weights in (_WEIGHTS_1, _WEIGHTS_2)
    )
    day, month = numbers[0] % 4 * 10 + numbers[1], numbers[2] * 10 + numbers[3]  # D-numbers add 40 days
    return first in range(4) and second == 0 and numbers[0] < 8 and 1 <= day <= 31 and month in _MONTHS
