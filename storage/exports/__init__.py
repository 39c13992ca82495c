"""The export formats: each is a module here, found by its name, and gets everything that it writes as arguments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, Protocol, cast


class Format(Protocol):
    """What a module of this package offers."""

    def write(self, rows: Iterator[Mapping[str, object]], out: BinaryIO, labels: Mapping[str, str], /) -> int:
        """Write rows, as `storage.responses.export_rows` gives them, to `out`, and return how many there were.

        One row at a time is in memory, and the same rows give the same bytes. `labels` names keys for readers: a key
        without one stands for itself, and formats for machines keep the keys. `out` is left open. Raises what `out`
        raises.
        """


FORMATS: dict[str, Format] = {
    module.name: cast("Format", import_module(f"{__name__}.{module.name}")) for module in iter_modules(__path__)
}
