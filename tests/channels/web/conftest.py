"""What every test of the web chat may ask for."""

from __future__ import annotations

from tests.channels.web.examples import browsers  # noqa: F401 - a fixture that tests take by its name
