"""The command `innspill`, as an operator types it."""
