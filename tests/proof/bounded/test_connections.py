"""A bounded part of the proof of slow connections; `make proof` runs all of it."""

from __future__ import annotations

import pytest

from tests.proof import connections

pytestmark = pytest.mark.slow


async def test_beside_any_number_of_slow_connections_everybody_sends_in() -> None:
    figures = {figure.what: figure.number for figure in await connections.run(scale=0.1)}
    assert figures["confirmed in all"] >= 90
