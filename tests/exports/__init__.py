"""The export formats, each read with other people's readers."""
