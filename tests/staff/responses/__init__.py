"""Responses on the desk."""
