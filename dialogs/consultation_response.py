"""The form of a consultation response: reading it from top to bottom is reading the conversation.

A new question is one line here and its texts in `locales/`.
"""

from __future__ import annotations

from dialogs.fields import (
    Choice,
    ConsultationChoice,
    Email,
    Fact,
    FirstName,
    LastName,
    LongText,
    OrganisationName,
    OrganisationNumber,
    Phone,
    PostalPlace,
    Replaces,
    Street,
)
from dialogs.fields.earlier import SENDER
from dialogs.form import ALWAYS, Form, Given, Is, Not, Section, SentBefore, Step

REGISTERED = Is("respondent_type", "registered_organisation")
PRIVATE = Is("respondent_type", "private_person")
ROLES = ("chair", "board_member", "manager", "employee", "member", "another_role")
WHO = ("respondent_type",)
WHICH = ("respondent_type", "organisation_number")


def _read_with_the_number(step: str, fact: Fact) -> Step:
    """What the register says of a number, and nobody is asked about."""
    return Step(step, fact, "", "", when=REGISTERED, read_from=WHICH, asked=False)


FORM = Form(
    version=3,
    steps=(
        Step(
            "respondent_type",
            Choice("respondent_type", "private_person", "registered_organisation", "unregistered_organisation"),
            "type",
            "name-respondent-type",
        ),
        Step("organisation_number", OrganisationNumber(), "org-number", "name-organisation-number", when=REGISTERED),
        _read_with_the_number("register_status", Fact("register_status", is_chosen=True)),
        _read_with_the_number("organisation_form", Fact("organisation_form")),
        _read_with_the_number("main_number", Fact("main_organisation_number")),
        _read_with_the_number("register_language", Fact("register_language", is_chosen=True)),
        _read_with_the_number("organisation_kind", Fact("organisation_kind", is_chosen=True)),
        Step(
            "organisation_name",
            OrganisationName(),
            "org-name",
            "name-organisation-name",
            when=Not(PRIVATE),
            read_from=WHICH,
        ),
        Step("address", Street(), "address", "name-address", optional=Not(REGISTERED), read_from=WHICH, contact=True),
        Step("postal", PostalPlace(), "postal", "name-postal", when=Given("address"), read_from=WHICH, contact=True),
        Step("email", Email(), "email", "name-email", optional=ALWAYS, contact=True),
        Step("phone", Phone(), "phone", "name-phone", optional=Given("email"), contact=True),
        Step("first_name", FirstName(), "first-name", "name-first-name"),
        Step("last_name", LastName(), "last-name", "name-last-name", optional=ALWAYS),
        Step("role", Choice("role", *ROLES), "role", "name-role", when=Not(PRIVATE), optional=ALWAYS, since=3),
        Step("consultation", ConsultationChoice(), "case", "name-consultation"),
        Step(
            "replaces",
            Replaces(),
            "replaces",
            "name-replaces",
            when=SentBefore(),
            read_from=(*SENDER, "consultation"),
        ),
        Step("text", LongText(), "response", "name-text"),
    ),
    review=(
        Section("row-respondent-type", ("respondent_type",), "label-change-respondent-type"),
        Section("name-organisation-name", ("organisation_name", "organisation_number"), "label-change-organisation"),
        Section("row-name", ("first_name", "last_name"), "label-change-name", separator=" "),
        Section("row-address", ("address", "postal"), "label-change-address"),
        Section("row-email", ("email",), "label-change-email"),
        Section("row-phone", ("phone",), "label-change-phone"),
        Section("name-consultation", ("consultation",), "label-change-consultation"),
        Section("row-replaces", ("replaces",), "label-change-replaces"),
        Section("row-text", ("text",), "label-change-text"),
    ),
)
