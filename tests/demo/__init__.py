"""The demo: what an empty database gets, and whether it is what people could have sent in."""
