"""Responses: stored, chosen, listed, and what became of them."""
