"""Consultations: what people can respond to, and how many have."""
