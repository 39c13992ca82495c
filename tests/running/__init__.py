"""The installed program, as an operator runs it."""
