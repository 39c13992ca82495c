"""The kinds of jobs: each is a module here, found by its name, and offers what `bot.jobs.kind.Kind` says."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import cast

from bot.jobs.kind import Kind

KINDS: dict[str, Kind] = {
    module.name: cast("Kind", import_module(f"{__name__}.{module.name}")) for module in iter_modules(__path__)
}

RECURRING = frozenset(name for name, kind in KINDS.items() if kind.EVERY is not None)
"""Those that put themselves down again when they are done."""
