"""What is kept: SQLite and the exports. Never heard of a channel or of a form."""
