"""The product, as sentences that can fail."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parent.parent
"""The repository."""

REFERENCE_DATA = ROOT.parent / "shared" / "data"
"""Real answers of the register and the schemas of the archive, beside the repository: the mark `shared`."""
