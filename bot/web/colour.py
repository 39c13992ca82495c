"""What a municipality may set of its look: colours as WCAG 2.2 measures them, and the kinds of a logo."""

from __future__ import annotations

BLACK, WHITE = "#000000", "#ffffff"

LOGO_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}
"""The endings of a logo's file, and what a browser calls its kind."""

READABLE = 4.5
"""The contrast that text needs (1.4.3, level AA)."""


def contrast(one: str, other: str) -> float:
    """How far apart two colours (`#rrggbb`) are, from 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """`colour` with a share (0 to 1) of `other` in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(own + (its - own) * share):02x}" for own, its in pairs)


def readable(colour: str, paper: str, towards: str, wanted: float = READABLE) -> str:
    """`colour`, moved towards another as little as it takes to be read on `paper`."""
    for hundredth in range(101):
        shade = mixed(colour, towards, hundredth / 100)
        if contrast(shade, paper) >= wanted:
            return shade
    return towards


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
