"""Conversations: where each stands, what is to be said, what it waits for, what could not be read."""
