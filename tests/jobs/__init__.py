"""What is done later: at least once, twice only at a crash, and nobody waits for it."""
