"""The commands of `innspill`, a file per group."""
