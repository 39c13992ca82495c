"""Commands about who works at the desk, and what they did."""
