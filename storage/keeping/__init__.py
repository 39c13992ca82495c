"""Whose what is kept is, who erases it, and how long it is kept."""
