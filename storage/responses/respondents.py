"""Whose response it is."""

from __future__ import annotations

from collections.abc import Mapping


def person_of(row: Mapping[str, object]) -> str:
    """The person who wrote it, as far as the name is known."""
    return " ".join(str(row[key]) for key in ("first_name", "last_name") if row[key])


def respondent_of(row: Mapping[str, object]) -> str:
    """The organisation, else the person."""
    return str(row["organisation_name"] or person_of(row))
