"""The web chat: pages drawn on the server, which work without scripts."""
