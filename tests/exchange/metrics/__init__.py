"""What an operator sees at `/metrics`."""
