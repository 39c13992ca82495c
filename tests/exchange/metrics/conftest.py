"""What the tests of what is watched may ask for."""

from __future__ import annotations

from tests.exchange.metrics.desk import operator_with_token  # noqa: F401 - a fixture that tests take by its name
