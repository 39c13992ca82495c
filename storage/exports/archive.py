"""A ZIP of every other format, with `manifest.json`: what was chosen, how much it is, a checksum of each file.

`datapackage.json` says of each column of the CSV what it is, so that no program has to guess.
"""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from hashlib import sha256
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from msgspec import json

from storage import exports
from storage.exports import Export, Files, Kind
from storage.exports.output.datapackage import described
from storage.exports.output.files import Zip
from storage.responses.responses import EXPORT_KEYS

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

SUFFIX = ".zip"
SEVERAL = False
KIND: Kind = "paper"


def write(export: Export, files: Files, /) -> int:
    """See `storage.exports.Format`. The manifest is the last file."""
    with files.new(f"responses{SUFFIX}") as out, Zip(out) as archive, TemporaryFile() as listed:
        members = _Members(archive, listed)
        manifest = _manifest(export)
        manifest["formats"] = {
            name: each.write(export, members.under(f"{name}/" if each.SEVERAL else ""))
            for name, each in sorted(exports.FORMATS.items())
            if each.SUFFIX != SUFFIX
        }
        keys = next((tuple(row) for row in export.rows), EXPORT_KEYS)
        with members.under("").new("datapackage.json") as member:
            columns = described(f"responses{exports.FORMATS['csv'].SUFFIX}", keys, [export.label(key) for key in keys])
            member.write(json.format(json.encode(columns), indent=2))
        with archive.new("manifest.json") as member:
            member.write(json.format(json.encode(manifest), indent=2).removesuffix(b"\n}"))
            member.write(b',\n  "files": [\n')
            listed.seek(0)
            shutil.copyfileobj(listed, member)
            member.write(b"\n  ]\n}")
    return int(manifest["responses"])


def _manifest(export: Export) -> dict[str, Any]:
    """What was chosen and what came of it, before the files."""
    form_versions: Counter[str] = Counter()
    consultations: Counter[tuple[Any, Any, Any]] = Counter()
    latest = None
    for row in export.rows:
        form_versions[str(row["form_version"])] += 1
        consultations[row["consultation_id"], row["case_number"], row["consultation"]] += 1
        latest = row["received_at"]
    return {
        "program": export.program,
        "filter": export.filter,
        "responses": form_versions.total(),
        "latest_received_at": latest,
        "form_versions": dict(sorted(form_versions.items())),
        "consultations": [
            {"consultation_id": number, "case_number": case_number, "consultation": title, "responses": count}
            for (number, case_number, title), count in sorted(consultations.items())
        ],
    }


class _Members:
    """Where the formats write their files: into the ZIP, each listed with its size and checksum.

    The list goes to `listed`, as what stands in an array of JSON: there are several files for each response.
    """

    def __init__(self, archive: Files, listed: BinaryIO) -> None:
        self._archive = archive
        self._listed = listed

    def under(self, folder: str) -> Files:
        """The place of one format's files."""
        return _Folder(self, folder)

    @contextmanager
    def new(self, name: str, /) -> Iterator[BinaryIO]:
        """See `storage.exports.Files`."""
        with self._archive.new(name) as out:
            hashing = _Hashing(out)
            yield cast("BinaryIO", hashing)
        member = {"name": name, "size": hashing.size, "sha256": hashing.checksum.hexdigest()}
        self._listed.write((b",\n    " if self._listed.tell() else b"    ") + json.encode(member))


class _Folder:
    """A folder of the archive; without a name, its top."""

    def __init__(self, members: _Members, name: str) -> None:
        self._members, self._name = members, name

    def new(self, name: str, /) -> AbstractContextManager[BinaryIO]:
        """See `storage.exports.Files`."""
        return self._members.new(self._name + name)


class _Hashing(io.BufferedIOBase):
    """Passes on what is written, and knows its size and checksum."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self.size = 0
        self.checksum = sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        self.checksum.update(data)
        written = self._out.write(data)
        self.size += written
        return written
