"""What random people have around them: consultations, postal places, and a register with every kind of answer."""

from __future__ import annotations

from datetime import UTC, date, datetime

from dialogs import facts

ROUNDS = tuple(
    facts.Consultation(i, f"26/{i}", f"Høring nummer {i} om skolevei", datetime(2026, 12, i, tzinfo=UTC), i != 4)
    for i in range(1, 9)
)
FOUND = facts.Found(
    "974540193", "EKSEMPELVEIEN VEL", "FLI", "Eksempelveien 12", "1385", "ASKER", form_name="Forening/lag/innretning"
)
SUB = facts.Found("974540193", "AVDELINGEN", main_number="310000019", main_name="HELE VELLET", status="bankrupt")
DOUBTFUL = facts.Found("974540193", "UTEN ADRESSE", street="Veien 1", address_is_doubtful=True, language="nn")
HITS = (facts.Hit("974540193", "A", "ASKER", "Forening"), facts.Hit("310000019", "B"))
REGISTER: tuple[facts.Result, ...] = (
    FOUND,
    SUB,
    DOUBTFUL,
    facts.Deleted("974540193", "DET GAMLE VELLET", date(2021, 7, 1), ("DET ELDSTE VELLET",)),
    facts.Removed("974540193"),
    facts.Unknown(),
    facts.NoAnswer(),
    None,
)
SEARCHES: tuple[facts.Result, ...] = (
    facts.Hits(),
    facts.Hits(HITS[:1], total=1),
    facts.Hits(HITS, 0, 3, 14),
    facts.NoAnswer(),
    None,
)
TOWNS = (facts.PostalTown(known=False), facts.PostalTown(known=True), facts.PostalTown(known=True, town="ASKER"))
