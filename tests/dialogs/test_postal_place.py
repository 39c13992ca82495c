"""Postal code and town: what is a name of a place, and what has slipped into the field."""

from __future__ import annotations

import pytest

from dialogs.events import Said
from dialogs.fields.address import PostalPlace
from dialogs.fields.base import Accepted, Around, Pending, Rejected
from tests.storage.examples import AT

FIELD, AROUND = PostalPlace(), Around("postal", AT, {})


@pytest.mark.parametrize("town", ["Asker", "Mo i Rana", "St. Hanshaugen", "Å", "Kárášjohka/Karasjok", "Nes (Ådal)"])
def test_a_town_is_taken_as_it_is_written(town: str) -> None:
    said = FIELD.read(Said(at=AT, text=town), {"code": "1385", "ask": True}, AROUND)
    assert isinstance(said, Accepted)
    assert said.value["postal_town"] == town
    assert isinstance(FIELD.read(Said(at=AT, text=f"1385 {town}"), {}, AROUND), Pending)


@pytest.mark.parametrize("slip", ["kari.nordmann@example.no", "1385", "+47 22 00 00 00", "-"])
def test_what_is_no_town_is_asked_for_again(slip: str) -> None:
    assert not isinstance(FIELD.read(Said(at=AT, text=slip), {"code": "1385", "ask": True}, AROUND), Accepted)
    assert isinstance(FIELD.read(Said(at=AT, text=f"1385 {slip}"), {}, AROUND), Rejected)
