"""What registers have said: of organisations, and of postal codes."""
