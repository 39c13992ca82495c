"""Stand-ins for what is outside: the network, never our own code."""
