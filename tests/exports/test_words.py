"""What exports are told: their readers' words for columns, values and choices, and what was chosen, for machines."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import storage
from bot.config import load
from bot.exporting import words
from bot.exporting.export import described, in_short
from bot.exporting.words import Words
from dialogs.texts import LOCALES
from storage.database.opening import transaction
from storage.exports import Export
from storage.responses.responses import EXPORT_KEYS
from storage.responses.selection import Selection
from storage.staff import last_exports
from tests.dialogs.test_texts import ENTRIES
from tests.storage.examples import AT, new_database

CONFIG = load({"INNSPILL_MUNICIPALITY": "Eksempel kommune"})
# What each of these keys may hold (design, section 6; `register_language` and `organisation_kind`: README).
VALUES = {
    "status": ("received", "superseded", "withdrawn"),
    "late": (True, False),
    "respondent_type": ("private_person", "registered_organisation", "unregistered_organisation"),
    "register_status": ("active", "bankrupt", "dissolving", "deleted", "not_found", "unverified"),
    "channel": ("telegram", "web", "terminal"),
    "locale": ("nb", "en"),
    "register_language": ("nb", "nn"),
    "organisation_kind": ("public_body", "sole_proprietor"),
}


def export(locale: str = "nb", **choice: object) -> Export:
    return described([], Selection(**choice), locale, CONFIG)  # type: ignore[arg-type]  # the choices are of their types


@pytest.mark.parametrize("locale", LOCALES)
def test_every_column_has_a_name_of_its_own_in_every_language(locale: str) -> None:
    labels = export(locale).labels
    assert set(labels) == {*EXPORT_KEYS, "register_language", "organisation_kind", "role", "replaces", "replaced_by"}
    assert len(set(labels.values())) == len(labels)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_label_that_a_format_asks_for_has_its_words(locale: str) -> None:
    sources = Path(storage.__file__).parent.joinpath("exports").rglob("*.py")
    asked = {key for path in sources for key in re.findall(r'label\("(\w+)"\)', path.read_text(encoding="utf-8"))}
    assert asked
    assert asked == {key for key in asked if Words(locale).get(key)}


def test_what_has_no_words_stands_for_itself() -> None:
    assert export().label("wants_to_speak") == "wants_to_speak"
    assert export().shown("wants_to_speak", "ja") == "ja"
    assert export().shown("status", "lost") == "lost"
    assert export().shown("locale", "se") == "se"


@pytest.mark.parametrize("key", VALUES)
@pytest.mark.parametrize("locale", LOCALES)
def test_every_value_of_an_enumeration_has_its_words(locale: str, key: str) -> None:
    said = [export(locale).shown(key, value) for value in VALUES[key]]
    assert len({*said, *map(str, VALUES[key])}) == 2 * len(said), said


@pytest.mark.parametrize(
    ("key", "value", "nb", "en"),
    [
        (
            "received_at",
            "2026-11-24T23:30:00.123456Z",
            "onsdag 25. november 2026 kl.\u00a000.30",
            "Wednesday 25 November 2026 at 00:30",
        ),
        (
            "closes_at",
            datetime(2026, 12, 31, 23, tzinfo=UTC),
            "torsdag 31. desember 2026 kl.\u00a023.59",
            "Thursday 31 December 2026 at 23:59, Norwegian time",
        ),
        ("phone", "+4722000000", "22\u00a000\u00a000\u00a000", "22\u00a000\u00a000\u00a000"),
        ("phone", "+46846500400", "+46\u00a08\u00a0465\u00a0004\u00a000", "+46\u00a08\u00a0465\u00a0004\u00a000"),
        ("phone", "ikke et nummer", "ikke et nummer", "ikke et nummer"),
        ("organisation_number", "974540193", "974\u00a0540\u00a0193", "974\u00a0540\u00a0193"),
        ("main_organisation_number", "974540193", "974\u00a0540\u00a0193", "974\u00a0540\u00a0193"),
        ("country", "DK", "Danmark", "Denmark"),
        ("country", "Utlandet", "Utlandet", "Utlandet"),
        ("attachments", ["kart.pdf", "brev.pdf"], "kart.pdf, brev.pdf", "kart.pdf, brev.pdf"),
        ("attachments", [], "", ""),
        ("text", "  {$contact} { welcome }\n", "  {$contact} { welcome }\n", "  {$contact} { welcome }\n"),
        ("case_number", "18/101", "18/101", "18/101"),
        ("part", (2, 3), "del 2 av 3", "part 2 of 3"),
        ("form_version", 4, "4", "4"),
        ("last_name", None, "", ""),
    ],
)
def test_a_value_is_shown_as_its_readers_write_it(key: str, value: object, nb: str, en: str) -> None:
    assert export("nb").shown(key, value) == nb
    assert export("en").shown(key, value) == en


def test_the_choice_is_told_in_words_and_for_machines() -> None:
    chosen = export(
        case_number="18/101",
        consultation_id=3,
        respondent_type="private_person",
        channel="web",
        late=False,
        unverified=True,
        received_from=datetime(2026, 10, 31, 23, tzinfo=UTC),
        received_before=datetime(2026, 11, 30, 23, tzinfo=UTC),
        after_id=7,
        words="fortau",
    )
    assert chosen.about == (
        ("Saksnummer", "18/101"),
        ("Høringens nummer", "3"),
        ("Hvem svarer", "Privatperson"),
        ("Kanal", "Nettsiden"),
        ("Etter fristen", "Nei"),
        ("Status i Enhetsregisteret", "Ikke slått opp ennå"),
        ("Mottatt fra og med", "søndag 1. november 2026 kl.\u00a000.00"),
        ("Mottatt før", "tirsdag 1. desember 2026 kl.\u00a000.00"),
        ("Utvalg", "Nye siden forrige eksport"),
        ("Søkeord", "fortau"),
    )
    assert chosen.filter == {
        "case_number": "18/101",
        "consultation_id": 3,
        "respondent_type": "private_person",
        "channel": "web",
        "late": False,
        "unverified": True,
        "received_from": "2026-10-31T23:00:00.000000Z",
        "received_before": "2026-11-30T23:00:00.000000Z",
        "after_id": 7,
        "words": "fortau",
    }


def test_everything_is_a_choice_too() -> None:
    assert export("en").about == (("Selection", "All responses"),)
    assert in_short(Selection()) == {}


def test_the_program_and_the_municipality_are_named() -> None:
    assert re.fullmatch(r"Innspill \d+\.\d+\.\d+", export().program)
    assert export().settings["municipality"] == "Eksempel kommune"


# --- How far the last one went ------------------------------------------------------------------------------


def test_an_older_export_that_is_fetched_later_does_not_set_the_mark_back(tmp_path: Path) -> None:
    with transaction(new_database(tmp_path)) as db:
        for response_id in (7, 5):
            last_exports.note(db, "kari@example.no", "csv", {"late": True}, response_id, AT)
        assert last_exports.after(db, "kari@example.no", "csv", {"late": True, "after_id": 3}) == 7
        assert last_exports.after(db, "ola@example.no", "csv", {"late": True}) == 0
        assert last_exports.after(db, "kari@example.no", "csv", {}) == 0


def test_what_somebody_searched_for_cannot_be_read_from_it(tmp_path: Path) -> None:
    path = new_database(tmp_path)
    with transaction(path) as db:
        last_exports.note(db, "kari@example.no", "csv", {"words": "Nordmann"}, 7, AT)
        assert last_exports.after(db, "kari@example.no", "csv", {"words": "Nordmann"}) == 7
        assert "Nordmann" not in str(db.execute("SELECT * FROM last_exports").fetchall())


# --- Wordings -----------------------------------------------------------------------------------------------


def test_every_wording_of_the_exports_is_used() -> None:
    sources = [
        *Path(storage.__file__).parent.joinpath("exports").rglob("*.py"),
        Path(words.__file__),
    ]
    written = " ".join(path.read_text(encoding="utf-8") for path in sources).replace("_", "-")
    assert not [
        key for key in ENTRIES["nb"] if key.startswith("export-") and key.removeprefix("export-") not in written
    ]
