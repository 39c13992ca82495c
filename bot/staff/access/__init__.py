"""Who gets to the desk, by what, and what each may do there."""
