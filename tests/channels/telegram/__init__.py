"""Telegram, with the real library against a stand-in server."""
