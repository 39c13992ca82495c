"""Characters that XML cannot hold, made visible."""

from __future__ import annotations

import re

# What XML 1.0 leaves out: control characters but tab and line ends, halves of pairs, and two that are no characters.
_OUTSIDE_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """`text` with each character that XML cannot hold as its number, such as `[U+001B]`, so that nothing is lost."""
    if text.isprintable():  # most are, and this is quicker
        return text
    return _OUTSIDE_XML.sub(lambda found: f"[U+{ord(found[0]):04X}]", text)
