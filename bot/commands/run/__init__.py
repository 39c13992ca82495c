"""Commands that run the conversation."""
