"""The channels that golden conversations are played in: a file each, found by its name, with its `STAGE`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from tests.conversations.channel_stage import ChannelStage

STAGES: dict[str, type[ChannelStage]] = {
    module.name: import_module(f"{__name__}.{module.name}").STAGE for module in iter_modules(__path__)
}
