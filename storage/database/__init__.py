"""The database itself: opening, the one writer, the schema's history, the sweep, errors and promises."""
