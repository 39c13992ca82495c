"""How a message is arranged on a page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.channels.web.page import Pages, Paper, split_heading
from bot.web.languages import reader_locale
from bot.web.visit import front_door
from dialogs.messages import AnswerBox, Button, Deadline, Message, Text, verbatim
from dialogs.texts import House
from tests.channels.web.plain_browser import Page

HOUSE = House("Eksempel kommune", "", "https://chat.example.no/personvern", "https://chat.example.no")
PAGES = Pages(HOUSE, lambda session: ())
DOOR = front_door(HOUSE.web_url)
PAPER = Paper(DOOR, "nb", "nonce")
CASE: dict[str, str | Deadline | Text] = {
    "case_number": "18/101",
    "case_title": "En tittel som er så lang at den ikke får plass på en knapp i andre kanaler",
    "closes_at": Deadline(datetime(2026, 12, 31, 23, tzinfo=UTC)),
    "time_left": Text("time-left", {"days": 37}),
}


@pytest.mark.parametrize(("locale", "said"), [("nb", "er oppdiktet"), ("en", "are made up")])
def test_every_page_says_that_the_organisations_are_made_up_and_only_then(locale: str, said: str) -> None:
    message = Message(locale, "notice", lines=(Text("welcome-none-open"),))
    for made_up in (True, False):
        pages = Pages(HOUSE, lambda session: (), made_up=made_up)
        paper = Paper(DOOR, locale, "n")
        drawn = (pages.start(paper), pages.chat(paper, message, None), pages.error(locale, "web-not-found", DOOR))
        assert [said in page for page in (*drawn, pages.privacy(locale))] == [made_up] * 4


def draw(message: Message) -> Page:
    return Page(200, PAGES.chat(PAPER, message, None))


@pytest.mark.parametrize(
    ("text", "heading", "rest"),
    [
        ("Fornavn: Kari\nEtternavn: Nordmann\nStemmer det?", "Stemmer det?", "Fornavn: Kari\nEtternavn: Nordmann"),
        (
            "Du skrev kari@gmial.com. Skal det være kari@gmail.com?\n«Nei» beholder det du skrev.",
            "Skal det være kari@gmail.com?",
            "Du skrev kari@gmial.com.\n«Nei» beholder det du skrev.",
        ),
        (
            "Hva er etternavnet? Hopp over hvis du bare har ett navn.",
            "Hva er etternavnet?",
            "Hopp over hvis du bare har ett navn.",
        ),
        ("Hvem svarer du for?\nVelg én.", "Hvem svarer du for?", "Velg én."),
        (
            "Er det «Hva nå? Ny skole», sak 26/88? Frist: i dag.",
            "Er det «Hva nå? Ny skole», sak 26/88?",
            "Frist: i dag.",
        ),
        ("Se over svaret:", "Se over svaret:", ""),
        ("Utkastet er slettet. Velg noe.", "Utkastet er slettet.", "Velg noe."),
        ("Takk. Kommunen har fått høringssvaret.", "Takk. Kommunen har fått høringssvaret.", ""),
        ("Frist kl. 23.59 torsdag, ikke før.", "Frist kl. 23.59 torsdag, ikke før.", ""),
    ],
)
def test_the_question_is_the_heading_and_its_reasons_stand_below(text: str, heading: str, rest: str) -> None:
    assert split_heading(text) == (heading, rest)


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "nb"),
        ("en-GB,en;q=0.9", "en"),
        ("de, nn;q=0.8, en;q=0.7", "nb"),
        ("en;q=0.2, nb;q=0.9", "nb"),
        ("*", "nb"),
        ("en;q=x", "nb"),
        (";q=1,,;", "nb"),
    ],
)
def test_the_language_is_the_best_liked_one_that_we_speak(header: str, locale: str) -> None:
    assert reader_locale(header, "nb") == locale


@pytest.mark.parametrize(
    ("box", "attributes"),
    [
        (AnswerBox("digits", max_length=60), {"type": "text", "inputmode": "numeric", "maxlength": "60"}),
        (AnswerBox("email", "email"), {"type": "email", "inputmode": "email", "autocomplete": "email"}),
        (AnswerBox("phone", "tel"), {"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
        (AnswerBox("short", "family-name"), {"type": "text", "autocomplete": "family-name"}),
    ],
)
def test_a_field_is_of_the_kind_that_its_answer_needs(box: AnswerBox, attributes: dict[str, str]) -> None:
    page = draw(Message("nb", "question", lines=(verbatim("Hva?"),), box=box))
    assert attributes.items() <= page.box.items()


def test_cases_are_buttons_with_their_whole_title_and_their_deadline() -> None:
    message = Message(
        "nb",
        "question",
        lines=(Text("case-ask"), Text("case-line", {**CASE})),
        buttons=(
            Button("d:case:c1", Text("label-case", {"case_number": "18/101", "case_title": "En tittel…"})),
            Button("d:case:more", Text("label-show-more")),
        ),
        box=AnswerBox(),
    )
    page = draw(message)
    assert f"18/101 {CASE['case_title']}" in page.labels
    assert "Vis flere" in page.labels
    assert page.text.count("Frist: torsdag 31. desember 2026") == 1


def test_a_field_comes_last_where_one_rather_presses_a_button() -> None:
    yes = Button("d:org:yes", Text("label-yes"), primary=True)
    page = draw(Message("nb", "question", lines=(verbatim("Stemmer det?"),), buttons=(yes,), box=AnswerBox("digits")))
    assert page.labels.index("Ja, det stemmer") < page.labels.index("Neste")
    assert "autofocus" not in page.box


def test_a_field_of_the_long_answer_needs_no_buttons_for_pieces() -> None:
    keys = ("label-done", "label-undo", "label-preview", "label-show-more")
    buttons = tuple(Button(f"d:text:{key}", Text(key)) for key in keys)
    page = draw(Message("nb", "question", lines=(verbatim("Skriv."),), buttons=buttons, box=AnswerBox("long")))
    assert page.labels.count("Ferdig") == 1
    assert not {"Angre siste", "Forhåndsvis", "Vis flere"} & set(page.labels)


def test_a_preview_is_not_repeated_beside_the_field_that_holds_it() -> None:
    box = AnswerBox("long", value="Vi er enige.")
    page = draw(Message("nb", "question", lines=(verbatim("Slik er svaret nå:"), verbatim("Vi er enige.")), box=box))
    assert page.html.count("Vi er enige.") == 1


def test_what_was_typed_is_shown_where_the_question_has_no_field_for_it() -> None:
    message = Message("nb", "question", lines=(verbatim("Stemmer det?"),))
    page = Page(200, PAGES.chat(PAPER, message, None, problem=Text("not-saved"), typed="Kari"))
    assert "Dette skrev du. Det er ikke lagret." in page.text
    assert "Kari" in page.text


def test_our_own_addresses_are_links_and_nobody_elses() -> None:
    told = verbatim("Les https://chat.example.no/personvern og https://annet.example/ her.")
    html = draw(Message("nb", told=(told, verbatim("Mer.")), lines=(verbatim("Hva nå?"),))).html
    assert '<a href="https://chat.example.no/personvern">https://chat.example.no/personvern</a>' in html
    assert 'href="https://annet.example/' not in html


def test_every_page_says_who_asks_and_in_which_language() -> None:
    page = draw(Message("en", "question", lines=(verbatim("Who are you responding for?"),)))
    assert (page.language, page.title) == ("en", "Who are you responding for? – Eksempel kommune")


TOLD_OF_A_CASE = ("case-found", "case-closed", "closed-by-staff", "link-closed", "link-beside-draft", "case-line")


@pytest.mark.parametrize("key", TOLD_OF_A_CASE)
@pytest.mark.parametrize("where", ["lines", "told"])
def test_the_title_of_a_case_says_that_it_is_norwegian_on_an_english_page(key: str, where: str) -> None:
    title = "Ny skole & barnehage"
    text = Text(key, {**CASE, "case_title": title})
    asked, told = ((text,), ()) if where == "lines" else ((verbatim("?"),), (text,))
    message = Message("en", "question", lines=asked, told=told)
    drawn = PAGES.chat(PAPER.in_locale("en"), message, None)
    assert '<span lang="nb">Ny skole &amp; barnehage</span>' in drawn
    assert "<title>" in drawn
    assert "span" not in drawn[drawn.index("<title>") : drawn.index("</title>")]
    in_norwegian = PAGES.chat(PAPER, Message("nb", "question", lines=(text,)), None)
    assert '<span lang="nb">' not in in_norwegian


def test_the_start_page_of_a_link_says_so_too() -> None:
    drawn = PAGES.start(PAPER.in_locale("en"), link="1", about=CASE)
    assert f'<span lang="nb">{CASE["case_title"]}</span>' in drawn
