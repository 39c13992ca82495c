"""Kinds of answer: how a reply becomes a value or a mistake with a code, how it is shown, which columns it fills."""

from __future__ import annotations

from dialogs.fields.address import PostalPlace, Street
from dialogs.fields.base import Field
from dialogs.fields.choice import Choice
from dialogs.fields.consultation import ConsultationChoice
from dialogs.fields.contact import Email, Phone
from dialogs.fields.earlier import Replaces
from dialogs.fields.long_text import LongText
from dialogs.fields.name import FirstName, LastName
from dialogs.fields.organisation import Fact, OrganisationName
from dialogs.fields.organisation_number import OrganisationNumber
from dialogs.fields.short_text import ShortText

__all__ = [
    "Choice",
    "ConsultationChoice",
    "Email",
    "Fact",
    "Field",
    "FirstName",
    "LastName",
    "LongText",
    "OrganisationName",
    "OrganisationNumber",
    "Phone",
    "PostalPlace",
    "Replaces",
    "ShortText",
    "Street",
]
