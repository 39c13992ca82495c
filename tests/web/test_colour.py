"""Colours and logos of a municipality: what can be read is taken, what cannot is refused with the way out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import ConfigError, load
from bot.web.colour import READABLE, WHITE, contrast, readable
from bot.web.look import OUR_COLOUR, Look
from tests.staff.desk import StaffDesk, running_desk  # noqa: F401 - a fixture that tests take by its name

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
DARK_PAPER = "#12191e"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("#000000", "#ffffff", 21), ("#777777", "#ffffff", 4.48), ("#0b4f6c", "#ffffff", 8.94), ("#ff0000", "#ff0000", 1)],
)
def test_contrast_is_as_wcag_counts_it(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.01)
    assert contrast(one, other) == contrast(other, one)


@given(colour=colours, paper=st.sampled_from([WHITE, DARK_PAPER]))
def test_any_colour_has_a_shade_that_can_be_read(colour: str, paper: str) -> None:
    towards = "#000000" if paper == WHITE else WHITE
    assert contrast(readable(colour, paper, towards), paper) >= READABLE


def test_a_colour_that_cannot_be_read_is_refused_and_the_nearest_that_can_is_named() -> None:
    with pytest.raises(ConfigError) as refused:
        load({"INNSPILL_COLOUR": "#ff9900"})
    line = str(refused.value)
    assert "2.1:1" in line
    named = re.findall("#[0-9a-f]{6}", line)[-1]
    assert load({"INNSPILL_COLOUR": named}).colour == named


@given(colour=colours)
def test_an_accepted_colour_can_be_read_in_both_schemes(colour: str) -> None:
    chosen = readable(colour, WHITE, "#000000")
    light, dark = Look(chosen).styles.split("@media")
    shades = [dict(re.findall(r"--([a-z-]+):(#[0-9a-f]{6})", part)) for part in (light, dark)]
    for paper, found in zip((WHITE, DARK_PAPER), shades, strict=True):
        assert contrast(found["accent"], paper) >= READABLE
        assert contrast(found["accent"], found["accent-ink"]) >= READABLE
        assert contrast(found["accent-deep"], found["wash"]) >= READABLE


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [("logo.gif", 10, "neither"), ("logo.png", 40_000, "40 kB"), ("absent.svg", None, "no such file")],
)
def test_a_logo_that_cannot_be_shown_is_refused(tmp_path: Path, name: str, size: int | None, said: str) -> None:
    path = tmp_path / name
    if size is not None:
        path.write_bytes(b"x" * size)
    with pytest.raises(ConfigError, match=said):
        load({"INNSPILL_LOGO": str(path)})


async def test_the_chat_and_the_desk_have_the_same_colours_each_in_its_one_style_sheet(desk: StaffDesk) -> None:
    browser = await desk.browser()
    sheets = [(await browser.get(path)).text for path in ("/static/style.css", "/staff/static/staff.css")]
    colours = [re.findall(r"--[a-z-]+: #[0-9a-f]{6};", sheet) for sheet in sheets]
    assert colours[0] == colours[1]
    assert {f"--accent: {OUR_COLOUR};", f"--paper: {DARK_PAPER};"} < set(colours[0])
    assert "@import" not in "".join(sheets)
