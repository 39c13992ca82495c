"""The QR code of a link, for posters and letters: as a drawing that prints at any size, or as an image."""

from __future__ import annotations

import io

import segno

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
"""The media type of each kind of file."""


def qr_code(link: str, kind: str) -> bytes:
    """The code as an SVG or PNG file (a kind of KINDS), black on white with the quiet edge that readers need.

    A quarter of it may be dirty or torn. The same link gives the same bytes.
    """
    out = io.BytesIO()
    segno.make(link, error="q", micro=False).save(out, kind=kind, scale=10, border=4, light="#fff")
    return out.getvalue()
