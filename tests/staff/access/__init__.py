"""Who gets to the desk."""
