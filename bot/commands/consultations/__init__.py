"""Commands about what people respond to, and what came of it."""
