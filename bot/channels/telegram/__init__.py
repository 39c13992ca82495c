"""Telegram: updates in, by asking or by webhook; messages out through its Bot API."""
