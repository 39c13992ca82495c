"""Enhetsregisteret: its client, what its answers mean, what is verified later, and a stand-in."""
