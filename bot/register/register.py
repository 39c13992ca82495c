"""What the rest of the house asks of whoever knows organisations."""

from __future__ import annotations

from typing import Protocol

from dialogs.facts import Result


class Register(Protocol):
    """Whoever knows organisations by their number."""

    async def entity(self, number: str) -> Result:
        """What is known of an organisation; never raises for an outcome that is to be expected."""
        ...

    async def search(self, query: str, page: int) -> Result:
        """`Hits` by name, or `NoAnswer`; `page` counts from 0."""
        ...
