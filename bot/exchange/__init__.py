"""The exchange: one event in, one transaction, one message out; it knows no channel."""
