"""The channels: their events in, our messages out."""
