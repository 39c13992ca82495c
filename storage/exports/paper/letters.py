"""Which characters the fonts can draw on paper; the others are written as `[U+1F600]`, so that none is lost."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable

# Latin in all its Norwegian, Sámi and European letters, and what is used between words: drawn without asking.
PLAIN = r" -~\u00a0-\u024f\u0292\u02b9-\u02bc\u2010-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20ac"
_PLAIN_TEXT = re.compile(f"[{PLAIN}\n]*")
_NOT_PLAIN = re.compile(f"[^{PLAIN}\n]")

# Han, Hangul and all that lies beyond emoji have thousands of characters and none in our fonts: not tried one by one.
_NEVER = re.compile("[\u3400-\ua4cf\uac00-\ud7ff\U00020000-\U0010ffff]")

# Control characters, lone surrogates, characters for private use and those that do not exist; and what would show a
# text in another order than the one in which it was written.
_NOT_TEXT = ("Cc", "Cs", "Co", "Cn")
_REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")

_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_TAB = " " * 4

# What Word writes for its bullets and dashes in the fonts Symbol and Wingdings, at whose places for private use
# stands what everybody sees as these.
_OF_WORD = str.maketrans(
    dict.fromkeys("\uf0b7\uf0a7\uf0a8\uf076\uf0d8\uf0e0\uf0fc\uf06f\uf071", "•") | {"\uf02d": "–", "\uf0be": "–"}
)

_SAMPLE = b"""
#set document(title: "sample", date: datetime(year: 1980, month: 1, day: 1))
#set text(font: "Libertinus Serif")
#for part in json(bytes(sys.inputs.parts)) [#part #parbreak() *#part* #parbreak()]
"""


class Letters:
    """Texts as the fonts can show them. What becomes of a text depends on nothing but that text.

    `sets(source, inputs)`: whether this can be typeset under the rules of the archive.
    """

    def __init__(self, sets: Callable[[bytes, dict[str, str]], bool]) -> None:
        self._sets = sets
        self._drawn: dict[str, bool] = {}

    def shown(self, text: str) -> str:
        """The text, with `[U+…]` for what cannot be drawn, four spaces for a tab, and `\\n` for each line break.

        Word's bullets are bullets.
        """
        text = _LINE_BREAKS.sub("\n", text).replace("\t", _TAB).translate(_OF_WORD)
        if _PLAIN_TEXT.fullmatch(text):
            return text
        clusters = _clusters(text)
        odd = {cluster for cluster in clusters if _NOT_PLAIN.search(cluster)}
        # With a mark on it, a character that no font has would be missing without a word.
        self._try((odd | {cluster[0] for cluster in odd if _NOT_PLAIN.match(cluster)}) - self._drawn.keys())
        shown = "".join(each if self._is_drawn(each) else _written_out(each) for each in clusters)
        if _PLAIN_TEXT.fullmatch(shown) or self._all_drawn([shown]):
            return shown
        # Rare marks on each other, which only fail together.
        return _NOT_PLAIN.sub(lambda match: _written_out(match[0]), text)

    def _is_drawn(self, cluster: str) -> bool:
        return self._drawn.get(cluster, True) and self._drawn.get(cluster[0], True)

    def _try(self, clusters: set[str]) -> None:
        impossible = {each for each in clusters if any(map(_is_never_drawn, each))}
        self._drawn.update(dict.fromkeys(impossible, False))
        waiting = [sorted(clusters - impossible)]
        while waiting:
            some = waiting.pop()
            if self._all_drawn(some):
                self._drawn.update(dict.fromkeys(some, True))
            elif len(some) == 1:
                self._drawn[some[0]] = False
            else:
                waiting += [some[: len(some) // 2], some[len(some) // 2 :]]

    def _all_drawn(self, parts: list[str]) -> bool:
        return self._sets(_SAMPLE, {"parts": json.dumps(parts)})


def _clusters(text: str) -> list[str]:
    """The characters, each with the marks that stand on it."""
    clusters: list[str] = []
    for character in text:
        if clusters and clusters[-1] != "\n" and unicodedata.category(character).startswith("M"):
            clusters[-1] += character
        else:
            clusters.append(character)
    return clusters


def _is_never_drawn(character: str) -> bool:
    return bool(unicodedata.category(character) in _NOT_TEXT or _NEVER.match(character) or _REORDERS.match(character))


def _written_out(characters: str) -> str:
    return "".join(f"[U+{ord(character):04X}]" for character in characters)
