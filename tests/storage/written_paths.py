"""`python -m tests.storage.written_paths LOG COMMAND …`: `innspill COMMAND …`, noting each path that it opens to write.

It is the installed program as it stands. SQLite's own files are not seen here: they are in the folders afterwards.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def note(log: Path) -> None:
    """From now on, write down the paths, one a line."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def heard(event: str, values: tuple[Any, ...]) -> None:
        path = values[0] if values else None
        writes = event == "os.mkdir" or (event == "open" and isinstance(values[2], int) and values[2] & _WRITES)
        if writes and isinstance(path, str | bytes | os.PathLike):
            os.write(out, f"{os.path.abspath(os.fsdecode(path))}\n".encode())

    sys.addaudithook(heard)


if __name__ == "__main__":
    note(Path(sys.argv[1]))
    sys.argv = ["innspill", *sys.argv[2:]]
    from bot.cli import main

    main()
