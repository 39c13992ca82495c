"""The municipality's own looks: its colour in both colour schemes, and its logo."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web
from msgspec import Struct

from bot.web.assets import digest
from bot.web.colour import BLACK, LOGO_TYPES, WHITE, mixed, readable

OUR_COLOUR = "#0b4f6c"
_DARK_PAPER, _DARK_INK = "#12191e", "#0c1a21"
_SAFE_DRAWING = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an SVG that somebody opens by itself: its own styles and nothing else."""


class Look(Struct, frozen=True):
    """What a municipality sets. `colour` is `#rrggbb` or empty for ours; `logo` a PNG or SVG file."""

    colour: str = ""
    logo: Path | None = None

    @property
    def styles(self) -> str:
        """The style sheet of the colour; empty where it is ours.

        On dark paper it is lightened until text in it can be read there; lines and buttons follow.
        """
        if not self.colour:
            return ""
        dark = readable(self.colour, _DARK_PAPER, WHITE, 7.0)
        return (
            f":root{{--accent:{self.colour};--accent-ink:{WHITE};--accent-deep:{mixed(self.colour, BLACK, 0.25)};"
            f"--wash:{mixed(self.colour, WHITE, 0.9)}}}\n"
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{dark};--accent-ink:{_DARK_INK};"
            f"--accent-deep:{mixed(dark, WHITE, 0.3)};--wash:{mixed(dark, _DARK_PAPER, 0.85)}}}}}\n"
        )

    def assets(self) -> dict[str, str]:
        """Addresses of what there is, by file name; each changes with its content."""
        found = {}
        if self.styles:
            found["colour.css"] = f"/look/colour.css?v={digest(self.styles.encode())}"
        if self.logo is not None:
            found["logo"] = f"/look/logo?v={digest(self.logo.read_bytes())}"
        return found

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """`/look/{name}`: the colour or the logo."""
        forever = {"Cache-Control": "public, max-age=31536000, immutable"}
        match request.match_info["name"]:
            case "colour.css" if self.styles:
                return web.Response(text=self.styles, content_type="text/css", headers=forever)
            case "logo" if self.logo is not None:
                headers = {
                    **forever,
                    "Content-Type": LOGO_TYPES[self.logo.suffix.lower()],
                    "Content-Security-Policy": _SAFE_DRAWING,
                }
                return web.FileResponse(self.logo, headers=headers)
            case _:
                raise web.HTTPNotFound
