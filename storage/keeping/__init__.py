"""How long what is kept is kept."""
