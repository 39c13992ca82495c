"""Downloads on the desk."""
