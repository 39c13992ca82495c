"""Where the files of an export go, and what their formats cannot hold."""
