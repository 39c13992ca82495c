"""The terminal: a person types, lines are printed."""
