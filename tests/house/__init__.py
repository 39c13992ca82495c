"""The house's own rules, and its docs."""
