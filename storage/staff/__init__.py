"""Who works at the desk, how they are known again, and what they did."""
