"""What every test of the desk may ask for."""

from __future__ import annotations

from tests.staff.desk import running_desk  # noqa: F401 - a fixture that tests take by its name
