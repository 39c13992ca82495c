"""Consultations on the desk."""
