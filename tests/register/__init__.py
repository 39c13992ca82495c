"""Enhetsregisteret: its client, its answers, what is verified later."""
