"""The export formats: each is a module here, found by its name, and gets everything that it writes as arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from importlib import import_module
from pkgutil import iter_modules
from typing import BinaryIO, Literal, Protocol, cast

from msgspec import Struct, field
from msgspec.structs import replace

Row = Mapping[str, object]

Kind = Literal["data", "table", "paper"]
"""`data` is for programs: it has the keys and no words. `table` is for readers. `paper` is typeset for them, and takes
a hundred times as long."""


def _as_it_is(_key: str, value: object) -> str:
    return "" if value is None else str(value)


class Export(Struct, frozen=True, kw_only=True):
    """What is to be written, and the words for it.

    `rows`: as `storage.responses.responses.Rows` gives them; read anew each time that one goes through them, and all of
    one moment. `labels` names keys, headings and the like for readers: a key without one stands for itself, and formats
    of data keep the keys. `shown` gives the value of a key in the reader's words; `locale` is their language.
    `about` says in words what was chosen, `filter` the same for machines. `program` is name and version.
    `settings` are the installation's own for the archive, by name. Whoever goes through `rows` is watched, to tell how
    far it has come; a format that gathers them, and takes its time afterwards, goes through its own with `watched`.
    """

    rows: Iterable[Row]
    labels: Mapping[str, str] = field(default_factory=dict)
    shown: Callable[[str, object], str] = _as_it_is
    locale: str = "nb"
    about: tuple[tuple[str, str], ...] = ()
    filter: Mapping[str, object] = field(default_factory=dict)
    program: str = "Innspill"
    settings: Mapping[str, str] = field(default_factory=dict)
    watched: Callable[[Iterable[Row]], Iterable[Row]] = iter

    def watched_by(self, watched: Callable[[Iterable[Row]], Iterable[Row]]) -> Export:
        """The same, watched: what is given back passes the rows on, as often as one goes through them."""
        return replace(self, rows=watched(self.rows), watched=watched)

    def label(self, key: str) -> str:
        """What readers call this key."""
        return self.labels.get(key, key)


class Files(Protocol):
    """Where the files of an export go: a folder, a ZIP or a single stream (`storage.exports.output.files`)."""

    def new(self, name: str, /) -> AbstractContextManager[BinaryIO]:
        """A file to write; `name` may have folders in it, with `/` between. One at a time is open."""
        ...


class Format(Protocol):
    """What a module of this package offers: `SUFFIX` ends the names of its files; `SEVERAL`: it may write several.

    One for the public also has `PUBLIC = True`: see `is_public`.
    """

    SUFFIX: str
    SEVERAL: bool
    KIND: Kind

    def write(self, export: Export, files: Files, /) -> int:
        """Write it all and return how many responses there were. The same rows give the same bytes.

        Takes any number, and the memory that it needs has a bound. Raises what `files` raise.
        """


# A folder is no format: it holds what several of them share.
FORMATS: dict[str, Format] = {
    module.name.replace("_", "-"): cast("Format", import_module(f"{__name__}.{module.name}"))
    for module in iter_modules(__path__)
    if not module.ispkg
}


def is_public(format_name: str) -> bool:
    """Whether what it writes is meant for everybody: then it holds what stands, and nothing that was withdrawn."""
    return bool(getattr(FORMATS[format_name], "PUBLIC", False))
