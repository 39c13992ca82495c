"""How Innspill speaks: every wording, in every language, and the order in which a message is read."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import unicodedata
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import pytest
from fluent.syntax import ast, parse
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

import dialogs
from dialogs.messages import Button, Deadline, Instant, Message, Row, Text, verbatim
from dialogs.rendering import as_text, button_text
from dialogs.texts import LOCALES, House, excerpt, is_offered, label, match_locale, t

FOLDER = Path(dialogs.__file__).parent / "locales"
HOUSE = House("Asker kommune", "post@example.no", "https://example.no/personvern", "https://example.no")
COMMON = {"municipality", "contact", "privacy_url", "web_url", "channel"}
CLOSES = Deadline(datetime(2026, 12, 31, 23, tzinfo=UTC))
SAVED = Instant(datetime(2026, 11, 24, 13, 5, tzinfo=UTC))

# Labels that people and scripts know us by (design, section 6).
FIXED = {
    "label-private-person": "Privatperson",
    "label-registered-organisation": "Organisasjon i Enhetsregisteret",
    "label-unregistered-organisation": "Organisasjon uten org.nr.",
    "label-yes": "Ja, det stemmer",
    "label-no": "Nei",
    "label-skip": "Hopp over",
    "label-back": "Tilbake",
    "label-done": "Ferdig",
    "label-send": "Send inn",
    "label-cancel": "Avbryt",
    "label-help": "Hjelp",
}

# Arguments that a text counts with; every other argument is a text.
NUMBERS = {"n", "total", "count", "days", "part_count", "char_count", "step_count", "max_chars", "over_count"}
NUMBERS |= {"seconds", "page", "page_count"}

# Texts of more than 4 lines: a welcome with a case, and a list (voice, section 1).
LONG_TEXTS = {"welcome-case", "command-list"}


def entries(locale: str) -> dict[str, ast.Message]:
    """The texts of a language by key, as they are written."""
    body = parse((FOLDER / f"{locale}.ftl").read_text(encoding="utf-8")).body
    junk = [entry.content for entry in body if isinstance(entry, ast.Junk)]
    assert not junk
    found = [entry for entry in body if isinstance(entry, ast.Message)]
    assert len({entry.id.name for entry in found}) == len(found), "a key is there twice"
    return {entry.id.name: entry for entry in found}


ENTRIES = {locale: entries(locale) for locale in LOCALES}
KEYS = sorted(ENTRIES["nb"])
TRANSLATIONS = [locale for locale in LOCALES if locale != "nb"]


def wordings(locale: str, pattern: ast.Pattern | None) -> list[str]:
    """Everything that a text can become, with "{name}" for what is put in."""
    assert pattern is not None
    return ["".join(parts) for parts in product(*(_element(locale, element) for element in pattern.elements))]


def _element(locale: str, element: ast.TextElement | ast.Placeable) -> list[str]:
    if isinstance(element, ast.TextElement):
        return [element.value]
    match element.expression:
        case ast.VariableReference() | ast.FunctionReference() as inserted:
            return ["{" + name + "}" for name in placeholders(locale, inserted)]
        case ast.MessageReference(id=ast.Identifier(name=name)):
            return wordings(locale, ENTRIES[locale][name].value)
        case ast.SelectExpression(variants=variants):
            return [wording for variant in variants for wording in wordings(locale, variant.value)]
    raise AssertionError(f"no rule for {element.expression}")


def everything(locale: str) -> list[tuple[str, str]]:
    return [(key, text) for key, entry in ENTRIES[locale].items() for text in wordings(locale, entry.value)]


def placeholders(locale: str, node: ast.BaseNode) -> set[str]:
    """What a text takes, selectors and the texts that it is made of included."""
    match node:
        case ast.VariableReference(id=ast.Identifier(name=name)):
            return {str(name)}
        case ast.MessageReference(id=ast.Identifier(name=name)):
            return placeholders(locale, ENTRIES[locale][name])
    children = [child for value in vars(node).values() for child in (value if isinstance(value, list) else [value])]
    return {name for child in children if isinstance(child, ast.BaseNode) for name in placeholders(locale, child)}


def sample(name: str) -> str | int | Deadline | Instant | Text:
    if name in NUMBERS:
        return 2
    if name == "closes_at":
        return CLOSES
    return SAVED if name in {"saved_at", "received_at"} else f"<{name}>"


def nb(key: str, channel: str = "", **args: str | int | Instant | Deadline | Text) -> str:
    return t("nb", Text(key, args), HOUSE, channel)


def en(key: str, channel: str = "", **args: str | int | Instant | Deadline | Text) -> str:
    return t("en", Text(key, args), HOUSE, channel)


# --- Every text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("locale", TRANSLATIONS)
def test_a_language_says_everything_that_bokmal_says_and_nothing_else(locale: str) -> None:
    assert sorted(ENTRIES[locale]) == KEYS


@pytest.mark.parametrize("locale", TRANSLATIONS)
@pytest.mark.parametrize("key", KEYS)
def test_a_text_has_the_same_placeholders_in_both_languages(key: str, locale: str) -> None:
    ours, theirs = ENTRIES["nb"][key], ENTRIES[locale][key]
    assert placeholders(locale, theirs) == placeholders("nb", ours)
    shown_by_ours, shown_by_theirs = (
        {frozenset(re.findall(r"{(\w+)}", wording)) for wording in wordings(language, entry.value)}
        for language, entry in (("nb", ours), (locale, theirs))
    )
    assert shown_by_theirs == shown_by_ours


@pytest.mark.parametrize("channel", ["telegram", "web", "terminal", ""])
@pytest.mark.parametrize("locale", LOCALES)
def test_every_text_can_be_said_in_every_channel(locale: str, channel: str) -> None:
    for key in KEYS:
        args = {name: sample(name) for name in placeholders(locale, ENTRIES[locale][key]) - COMMON}
        text = t(locale, Text(key, args), HOUSE, channel)
        assert text.strip() == text != "", key
        assert "{" not in text, key


@pytest.mark.parametrize(
    ("locale", "unsaid"),
    [
        ("nb", r"[!\"“”]|\b(ugyldig|dessverre|og/eller|må|jeg|boten|systemet|brukeren|man)\b"),
        ("en", r"[!\"«»]|\b(invalid|unfortunately|sorry|and/or|hearing|submission|must|user)\b"),
    ],
)
def test_no_text_shouts_blames_or_shows_pictures(locale: str, unsaid: str) -> None:
    for key, text in everything(locale):
        ours = re.sub("(Eksempel|Example): .*", "", text)  # an example is what somebody else might say
        assert not re.search(unsaid, ours, re.IGNORECASE), key
        assert not {unicodedata.category(character) for character in text} & {"So", "Sk", "Cs", "Co", "Cn"}, key
        assert "  " not in text, key


@pytest.mark.parametrize("locale", LOCALES)
def test_a_sentence_has_at_most_15_words_and_a_text_4_lines(locale: str) -> None:
    long = set()
    for key, text in everything(locale):
        long |= {s for s in re.split(r"(?<=[.?:])\s|\n", text) if len(s.split()) > 15}
        assert text.count("\n") < 4 or key in LONG_TEXTS, key
    assert not long


@pytest.mark.parametrize(("locale", "quoted"), [("nb", "«([^»{]+)»"), ("en", "“([^”{]+)”")])
def test_an_action_is_named_by_its_label_to_the_letter(locale: str, quoted: str) -> None:
    bare = [key for key in KEYS if key.startswith("label-") and not placeholders(locale, ENTRIES[locale][key])]
    labels = {label(locale, key) for key in bare}
    marks = {"nb": {"etter fristen", "erstattet", "Endre …"}, "en": {"after the deadline", "replaced", "Change …"}}
    named = {name for _, text in everything(locale) for name in re.findall(quoted, text)}
    assert named - labels == {"NO", "innspill chat"} | marks[locale]


def test_numbers_are_held_together_by_no_break_spaces() -> None:
    for key, text in (found for locale in LOCALES for found in everything(locale)):
        assert not re.search(r"\d \d|kl\. ", text), key


@pytest.mark.parametrize(("key", "text"), FIXED.items())
def test_people_and_scripts_know_a_label_by_its_letters(key: str, text: str) -> None:
    assert label("nb", key) == text


def test_what_opens_an_answer_again_is_called_endre_and_the_thing() -> None:
    changes = [label("nb", key) for key in KEYS if key.startswith("label-change-")]
    assert [change.split()[0] for change in changes] == ["Endre"] * 10


def test_a_choice_is_shown_later_in_the_words_of_its_button() -> None:
    for locale in LOCALES:
        for kind in ("private-person", "registered-organisation", "unregistered-organisation"):
            assert label(locale, f"value-{kind}") == label(locale, f"label-{kind}")


# --- Dates and numbers -----------------------------------------------------------------------------------


def test_a_moment_has_its_weekday_and_norwegian_time() -> None:
    assert "tirsdag 24. november 2026 kl.\u00a014.05" in nb("mine-draft-no-case", saved_at=SAVED)
    assert en("mine-draft-no-case", saved_at=SAVED).endswith("Tuesday 24 November 2026 at 14:05")


@pytest.mark.parametrize(
    ("closes_at", "last_minute"),
    [
        (datetime(2026, 12, 31, 23, tzinfo=UTC), "torsdag 31. desember 2026"),
        (datetime(2026, 6, 30, 22, tzinfo=UTC), "tirsdag 30. juni 2026"),
        (datetime(2026, 3, 29, 22, tzinfo=UTC), "søndag 29. mars 2026"),  # the day that summer time begins
        (datetime(2026, 10, 25, 23, tzinfo=UTC), "søndag 25. oktober 2026"),  # the day that it ends
    ],
)
def test_a_deadline_is_the_last_minute_of_its_last_day(closes_at: datetime, last_minute: str) -> None:
    assert nb("review-late", closes_at=Deadline(closes_at)).startswith(f"Fristen gikk ut {last_minute} kl.\u00a023.59.")


def test_an_english_deadline_says_whose_time_it_is() -> None:
    assert "Thursday 31 December 2026 at 23:59, Norwegian time." in en("review-late", closes_at=CLOSES)


def test_large_numbers_are_grouped_as_the_language_writes_them() -> None:
    assert nb("response-whole-saved", char_count=12400) == "Lagret: 12\u00a0400 tegn."
    assert en("response-whole-saved", char_count=12400) == "Saved: 12,400 characters."


def test_a_country_is_named_in_the_language_of_the_reader() -> None:
    assert nb("value-place", place="8700 Horsens", country="DK") == "8700 Horsens, Danmark"
    assert en("value-place", place="8700 Horsens", country="Danmark") == "8700 Horsens, Danmark"


def test_one_is_said_in_the_singular() -> None:
    assert nb("value-text", part_count=1, char_count=1) == "1 del, 1 tegn"
    assert nb("value-text", part_count=2, char_count=0) == "2 deler, 0 tegn"
    assert en("value-text", part_count=1, char_count=1) == "1 part, 1 character"
    assert nb("org-number-short", count=1).startswith("Nummeret har 1 siffer,")
    assert "Vent 1 sekund," in nb("rate-limited", seconds=1)


@pytest.mark.parametrize(
    ("days", "left"),
    [(37, "37 dager igjen"), (1, "1 dag igjen"), (0, "siste dag"), (-1, "fristen er ute"), (-9, "fristen er ute")],
)
def test_the_time_left_is_counted_in_days(days: int, left: str) -> None:
    assert nb("time-left", days=days) == left


# --- Whom and where --------------------------------------------------------------------------------------


def test_an_organisation_is_asked_in_its_own_words() -> None:
    assert nb("address-ask", kind="organisation", org_name="X") == "Hva er postadressen til X?"
    assert nb("address-ask", kind="person", org_name="").startswith("Hva er adressen din?")
    assert nb("first-name-ask", kind="organisation").startswith("Hva er fornavnet til kontaktpersonen?")


def test_a_command_is_named_in_telegram_and_a_button_in_the_web_chat() -> None:
    assert "Skriv /start" in nb("cancelled", "telegram")
    assert "Velg «Nytt høringssvar»" in nb("cancelled", "web")
    assert "Slett gjerne meldingen" in nb("national-id", "telegram")
    assert "Slett gjerne meldingen" not in nb("national-id", "terminal")


def test_the_welcome_says_what_becomes_public_and_where_to_read_about_privacy() -> None:
    shown = nb("welcome", step_count=8)
    assert "høringer fra Asker kommune" in shown
    assert "Svaret blir offentlig, med navnet ditt." in shown
    assert HOUSE.privacy_url in shown


def test_what_somebody_wrote_is_shown_to_the_letter() -> None:
    written = " {$name}\n- <b>\u00a0«x»! \n" + "a" * 100_000
    assert t("nb", verbatim(written), HOUSE) == written


@given(st.text(), st.text(max_size=10).map(lambda text: text * 1000))
def test_whatever_is_put_into_a_text_it_can_be_said(query: str, value: str) -> None:
    assert nb("search-none", query=query).startswith("Vi fant ingen organisasjon med «" + query[:900])
    assert nb("address-ask", kind="organisation", org_name=value).startswith("Hva er postadressen til ")


@pytest.mark.parametrize("key", ["looking-up", "no-such-text"])
def test_a_forgotten_argument_or_text_is_found_and_never_shown_as_a_placeholder(key: str) -> None:
    with pytest.raises(KeyError):
        nb(key)


# --- Languages -------------------------------------------------------------------------------------------


def test_bokmal_is_offered_first_and_each_language_has_its_own_name() -> None:
    assert list(LOCALES.items())[:2] == [("nb", "Bokmål"), ("en", "English")]
    assert is_offered("en")
    assert not is_offered("xx")


@pytest.mark.parametrize(
    ("tag", "locale"),
    [("nb-NO", "nb"), ("NB", "nb"), ("no", "nb"), ("en-GB", "en"), ("en_US", "en"), ("pl", None), ("", None)],
)
def test_a_device_is_answered_in_its_language(tag: str, locale: str | None) -> None:
    assert match_locale(tag) == locale


def test_an_unknown_language_is_answered_in_bokmal() -> None:
    assert t("xx", Text("label-yes"), HOUSE) == label("xx", "label-yes") == "Ja, det stemmer"


def test_a_new_language_is_one_file_and_what_it_lacks_is_said_in_bokmal(tmp_path: Path) -> None:
    shutil.copytree(FOLDER.parent, tmp_path / "dialogs")
    (tmp_path / "dialogs/locales/nn.ftl").write_text("language-name = Nynorsk\nlabel-keep = Behald\n", encoding="utf-8")
    program = (
        "from dialogs.texts import LOCALES, label, match_locale\n"
        "print(ascii([*LOCALES, match_locale('nn-NO'), label('nn', 'label-keep'), label('nn', 'label-yes')]))"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ascii(["nb", "en", "nn", "nn", "Behald", "Ja, det stemmer"])


# --- A whole message -------------------------------------------------------------------------------------


def shown(message: Message) -> str:
    return as_text(message, HOUSE, "telegram")


def test_a_question_says_where_one_is_and_ends_with_its_example() -> None:
    lines, example = (Text("town-ask", {"postal_code": "1385"}),), Text("town-example")
    question = Message("nb", "question", lines=lines, example=example, progress=(5, 12))
    assert shown(question) == "5 av 12. Hvilket poststed hører til postnummer 1385?\nEksempel: Asker"


def test_what_became_of_the_last_answer_comes_before_the_question() -> None:
    message = Message("nb", "question", told=(Text("answer-kept"),), lines=(Text("org-name-ask"),), progress=(3, 9))
    assert shown(message) == "Svaret er som før.\n3 av 9. Hva heter organisasjonen? Skriv hele navnet."


def test_a_welcome_is_set_apart_from_its_question() -> None:
    message = Message("nb", told=(Text("welcome", {"step_count": 8}),), lines=(Text("type-ask"),))
    assert "/personvern\n\nHvem svarer du for?\nVelg «Organisasjon i Enhetsregisteret»" in shown(message)


def test_an_error_is_said_without_the_question_that_stands_just_above() -> None:
    told = (Text("postal-mismatch", {"postal_code": "1385", "register_town": "Asker"}),)
    message = Message("nb", "question", told=told, error=True, lines=(Text("postal-ask"),), progress=(5, 8))
    assert shown(structs.replace(message, example=Text("postal-example"))) == (
        "1385 hører til Asker. Skal det være 1385 Asker?\n«Nei» beholder det du skrev.\nEksempel: 1385 Asker"
    )


def test_the_review_keeps_its_answers_also_when_it_tells_of_an_error() -> None:
    message = Message(
        "nb",
        "review",
        told=(Text("not-sent"),),
        error=True,
        lines=(Text("review"),),
        rows=(Row(Text("name-name"), verbatim("Kari Nordmann")), Row(Text("row-email"), Text("value-skipped"))),
        after=(Text("review-public", {"kind": "person"}),),
    )
    assert shown(message).endswith(
        "på nytt.\n\nSe over svaret:\nNavn: Kari Nordmann\nE-post (viser vi ikke offentlig): hoppet over\n"
        "Når du sender inn, blir svaret offentlig, med navnet ditt."
    )


def test_the_closing_paragraphs_of_a_receipt_stand_apart() -> None:
    message = Message(
        "nb",
        "receipt",
        lines=(Text("receipt"),),
        rows=(Row(Text("row-reference"), verbatim("KT7RB4XM")),),
        after=(Text("receipt-next"), Text("receipt-text")),
    )
    paragraphs = shown(message).split("\n\n")
    assert paragraphs[0] == "Takk. Asker kommune har fått høringssvaret.\nKvitteringsnummer: KT7RB4XM"
    assert paragraphs[1].startswith("Hva skjer nå? Svaret blir en del av saken")
    assert paragraphs[2:] == ["Dette er teksten vi fikk:"]


def test_a_title_too_long_for_a_button_is_cut_between_words() -> None:
    title = "Rådmannens forslag til handlingsprogram og økonomiplan for fire år"
    button = Button("a:b:c", Text("label-case", {"case_number": "18/101", "case_title": title}))
    assert button_text(button, "nb", HOUSE) == "18/101 Rådmannens forslag til handlingsprogram og…"


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_an_excerpt_keeps_to_its_limit_and_to_the_beginning(text: str, limit: int) -> None:
    cut = excerpt(text, limit)
    assert len(cut) <= limit
    assert cut == text or text.startswith(cut.removesuffix("…"))
