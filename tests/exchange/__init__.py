"""The exchange: delivery, limits, mishaps, what is watched."""
