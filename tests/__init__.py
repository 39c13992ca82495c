"""The product, as sentences that can fail."""
