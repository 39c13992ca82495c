"""Responses on the desk: lists, one in full, its versions."""
