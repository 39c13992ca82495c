"""The files that pages link to, each read once, at an address that changes with what is in it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from aiohttp import web

_COLOURS = Path(__file__).parent / "colours.css"
_WHERE_THEY_GO = b'@import "colours.css";\n'
"""A style sheet that begins with this line has the colours in its place, so that no reader waits for a second file."""


_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Assets:
    """The style sheets, scripts and drawings in `folder`, served at `root`, which ends with a slash."""

    def __init__(self, folder: Path, root: str) -> None:
        colours = _COLOURS.read_bytes()
        files = (path for path in folder.iterdir() if path.suffix in _TYPES)
        self._files = {path.name: path.read_bytes().replace(_WHERE_THEY_GO, colours) for path in files}
        self.addresses = {name: f"{root}{name}?v={digest(content)}" for name, content in self._files.items()}

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """The file `{name}`, which never changes under its address. Raises HTTPNotFound."""
        name = request.match_info["name"]
        if name not in self._files:
            raise web.HTTPNotFound
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return web.Response(body=self._files[name], content_type=_TYPES[Path(name).suffix], headers=headers)


def digest(content: bytes) -> str:
    """What tells one content from another in an address."""
    return hashlib.sha256(content).hexdigest()[:16]
