"""Drawing pages: a message, and the steps so far, as HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec.json as json
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from msgspec import Struct

from bot.channels.web.form import DONE, SAVE, TRAP, WIPE, WIPED, question_id
from bot.web.assets import Assets
from bot.web.look import OUR_COLOUR, Look
from bot.web.visit import Door, front_door
from dialogs.journey import OutlineStep
from dialogs.messages import AnswerBox, Arg, Button, Message, Text
from dialogs.texts import LOCALES, NORWEGIAN, House, label, t

Outline = Callable[[str], Sequence[OutlineStep]]
"""The list of steps of a stored session (JSON)."""

_HERE = Path(__file__).parent
_FEET = ("label-back", "label-help", "label-cancel")  # drawn apart from a question's own buttons
_FOR_PIECES = ("label-done", "label-undo", "label-preview", "label-show-more", "label-show-previous")
"""What a long answer needs where it comes in pieces. In a field one sees and mends all of it."""

_PAGING = ("label-show-previous", "label-show-more", "label-show-all")

_SHORTEST_HEADING = 12  # characters: "Takk." alone is none

# They stand around the title of a case within a sentence of another language: no text has these code points.
_TITLE_BEGINS, _TITLE_ENDS = "\ufdd0", "\ufdd1"
_SAID_WHOLE = frozenset({"value-case", "label-case"})  # these stand in an element that says its language itself

_INPUTS = {"digits": ("text", "numeric"), "email": ("email", "email"), "phone": ("tel", "tel")}


@dataclass(frozen=True)
class Choice:
    """A button of the question's own, and what stands beside it."""

    button: Button
    label: Text
    note: Text | None = None


@dataclass(frozen=True)
class Screen:
    """A message arranged for the page.

    `heading` is the question without its reasons, which stand in `lines`. `choices` are answers with something beside
    them, and `paging` shows more of them. `chosen`: one rather presses a button than types, so the field comes last.
    `feet` lead away from the question.
    """

    heading: str
    told: tuple[Text, ...]
    lines: tuple[Text | str, ...]
    choices: tuple[Choice, ...]
    paging: tuple[Button, ...]
    buttons: tuple[Button, ...]
    chosen: bool
    feet: tuple[Button, ...]
    whole: bool


class Paper(Struct, frozen=True):
    """What each page is drawn on: the door that it belongs to, the reader's language, and its form's number."""

    door: Door
    locale: str
    nonce: str

    def in_locale(self, locale: str) -> Paper:
        """The same in another language."""
        return Paper(self.door, locale, self.nonce)


class Pages:
    """Draws every page of the chat for one municipality. `made_up`: each says that the organisations are.

    `accessibility_url` is the municipality's own statement; without one ours serves.
    """

    def __init__(
        self,
        house: House,
        outline: Outline,
        *,
        look: Look | None = None,
        accessibility_url: str = "",
        made_up: bool = False,
    ) -> None:
        self.look = look or Look()
        self.assets = Assets(_HERE / "static", "/static/")
        self._house = house
        self._outline = outline
        addresses = sorted(filter(None, (house.privacy_url, house.web_url)), key=len, reverse=True)
        self._addresses = re.compile("|".join(re.escape(escape(address)) for address in addresses) or "(?!)")
        self._environment = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_with_languages,
        )
        self._environment.globals.update(
            house=house,
            accessibility_url=accessibility_url or f"{house.web_url}/tilgjengelighet",
            made_up=made_up,
            asset=self.assets.addresses | self.look.assets(),
            done=DONE,
            save=SAVE,
            wipe=WIPE,
            wiped=WIPED,
            trap=TRAP,
            locales=LOCALES,
        )

    def start(
        self,
        paper: Paper,
        *,
        link: str = "",
        about: Mapping[str, Arg] | None = None,
        returning: bool = False,
        problem: Text | None = None,
    ) -> str:
        """What one sees before anything is begun, or (`returning`) before a link opens another case.

        `about`: the consultation that the link names, as `dialogs.fields.consultation.described` gives it.
        """
        key = "web-start-case" if about else "web-start-link" if returning else "web-start"
        return self._draw(
            "start.html",
            paper,
            heading=self._say(paper.locale, Text(key, dict(about or {}))),
            link=link,
            about=about,
            returning=returning,
            problem=problem,
        )

    def chat(
        self,
        paper: Paper,
        message: Message,
        session: str | None,
        *,
        problem: Text | None = None,
        typed: str | None = None,
        unsaved: str | None = None,
    ) -> str:
        """The page of a conversation.

        `problem` is ours, and told in place of what the message tells. `typed` stands in the field again; `unsaved`
        belongs to another question, and is shown to be copied.
        """
        if typed and message.box is None:
            typed, unsaved = None, typed
        rejected = message.told if message.error and problem is None else ()
        screen = self._arrange(message, told=() if rejected or problem else message.told)
        return self._draw(
            "chat.html",
            paper.in_locale(message.locale),
            message=message,
            **vars(screen),
            presses="answer" if screen.whole else "press",
            problem=problem,
            rejected=rejected,
            value=typed if typed is not None else message.box.value if message.box else "",
            unsaved=unsaved,
            attributes=_attributes(message.box),
            outline=self._outline(session) if session and message.kind in ("question", "waiting") else (),
            shown=question_id(message),
        )

    def overview(self, paper: Paper, session: str) -> str:
        """All answers so far, the long one in full."""
        heading = self._say(paper.locale, Text("web-overview-title"))
        return self._draw("overview.html", paper, heading=heading, outline=self._outline(session))

    def wipe(self, paper: Paper) -> str:
        """Asks whether this computer shall forget."""
        heading, rest = split_heading(self._say(paper.locale, Text("wipe-ask")))
        return self._draw("wipe.html", paper, heading=heading, rest=rest)

    def wiped(self, paper: Paper) -> str:
        """Says that this computer has forgotten."""
        return self._draw("wiped.html", paper, heading=self._say(paper.locale, Text("wiped")))

    def privacy(self, locale: str) -> str:
        """Our own page about privacy."""
        return self._draw("privacy.html", self._plain(locale), heading=self._say(locale, Text("web-privacy")))

    def accessibility(self, locale: str) -> str:
        """Our own statement about accessibility."""
        heading = self._say(locale, Text("web-accessibility"))
        return self._draw("accessibility.html", self._plain(locale), heading=heading)

    def error(self, locale: str, key: str, door: Door, *, seconds: int = 0, unsaved: str = "") -> str:
        """A page that tells one text and leads back; `unsaved` is shown to be copied."""
        told = Text(key, {"seconds": seconds} if seconds else {})
        heading = self._say(locale, Text("web-error"))
        return self._draw("error.html", Paper(door, locale, ""), heading=heading, told=told, unsaved=unsaved)

    def embedding(self) -> str:
        """The script that puts a button, and behind it the chat, on a page of somebody else's."""
        words = {
            locale: {key: label(locale, f"web-embed-{key}") for key in ("open", "close", "frame")} for locale in LOCALES
        }
        script = (_HERE / "static" / "embed.js").read_text(encoding="utf-8")
        constants = {"innspillWords": words, "innspillColour": self.look.colour or OUR_COLOUR}
        declared = "".join(f"var {name} = {json.encode(value).decode()};\n" for name, value in constants.items())
        return declared + script

    def _plain(self, locale: str) -> Paper:
        return Paper(front_door(self._house.web_url), locale, "")

    def _arrange(self, message: Message, told: tuple[Text, ...]) -> Screen:
        lines = message.lines
        if not lines and told:
            lines, told = told, ()
        first = self._say(message.locale, lines[0]) if lines else self._say(message.locale, Text("web-start"))
        heading, rest = split_heading(first)
        choices, cases = _choices(message)
        whole = message.box is not None and message.box.kind == "long"
        # The field holds all of the long answer: a preview beside it would only repeat it.
        more = (line for line in lines[1:] if line not in cases and not (whole and line.key == "verbatim"))
        elsewhere = {choice.button.data for choice in choices} | {row.change.data for row in message.rows if row.change}
        apart = (*_FEET, *(_FOR_PIECES if whole else _PAGING if choices else ()))
        buttons = tuple(b for b in message.buttons if b.data not in elsewhere and b.label.key not in apart)
        return Screen(
            heading=heading,
            told=told,
            lines=(*((rest,) if rest else ()), *more),
            choices=choices,
            paging=_with_labels(message, _PAGING) if choices else (),
            buttons=buttons,
            chosen=bool(choices) or message.kind == "waiting" or any(map(_is_an_answer, buttons)),
            feet=_with_labels(message, _FEET),
            whole=whole,
        )

    def _say(self, locale: str, text: Text | str) -> str:
        if isinstance(text, str):
            return text
        if locale not in NORWEGIAN and "case_title" in text.args and text.key not in _SAID_WHOLE:
            title = f"{_TITLE_BEGINS}{text.args['case_title']}{_TITLE_ENDS}"
            text = Text(text.key, {**text.args, "case_title": title})
        return t(locale, text, self._house, "web")

    def _prose(self, locale: str, text: Text | str) -> Markup:
        """A text with our own addresses as links. Nobody else's become links: anybody may write one."""
        return Markup(self._addresses.sub(r'<a href="\g<0>">\g<0></a>', str(escape(self._say(locale, text)))))  # noqa: S704 - escaped on this line

    def _draw(self, template: str, paper: Paper, **context: object) -> str:
        context = {"shown": "", "presses": "press", "outline": ()} | context
        context.update(
            title=_without_languages(str(context["heading"])),
            locale=paper.locale,
            nonce=paper.nonce,
            home=paper.door.home,
            framed=bool(paper.door.frames),
            say=partial(self._say, paper.locale),
            prose=partial(self._prose, paper.locale),
            Text=Text,
        )
        return self._environment.get_template(template).render(context)


def _with_languages(value: object) -> object:
    """A text for the page: the title of a case is never translated, so where it stands its language is said."""
    if isinstance(value, str) and _TITLE_BEGINS in value:
        marked = str(escape(value)).replace(_TITLE_BEGINS, '<span lang="nb">').replace(_TITLE_ENDS, "</span>")
        return Markup(marked)  # noqa: S704 - escaped on the line before
    return value


def _without_languages(text: str) -> str:
    """The same for a place where no elements can stand."""
    return text.replace(_TITLE_BEGINS, "").replace(_TITLE_ENDS, "")


def split_heading(text: str) -> tuple[str, str]:
    """A question and its reasons, or what it asks about: not a letter of the text is left out.

    The question is the last line where only that asks something ("Stemmer det?"); in a line that ends with one, its
    last sentence; else the first sentence. A sentence that is only a greeting takes the next one along, and a mark
    inside « » or “ ” belongs to a title.
    """
    line, _, rest = text.partition("\n")
    before, _, last = rest.rpartition("\n")
    if "?" not in line and last.endswith("?"):
        return last, _lines(line, before)
    *told, question = re.split(r"(?<=\.)\s+(?=[A-ZÆØÅ])", line)
    if told and question.endswith("?") and not _quotes(question):
        return question, _lines(" ".join(told), rest)
    ends = [mark.end() for mark in re.finditer(r"\?(?=\s)", line)] or [
        m.end() for m in re.finditer(r"\.(?=\s+[A-ZÆØÅ])", line)
    ]
    for end in ends:
        first = line[:end]
        if not _quotes(first) and len(first) >= _SHORTEST_HEADING:
            return first, _lines(line[end:].strip(), rest)
    return line, rest


def _quotes(text: str) -> bool:
    """Whether a quotation begins or ends outside of it."""
    return any(text.count(opening) != text.count(closing) for opening, closing in ("«»", "“”"))


def _lines(*lines: str) -> str:
    return "\n".join(filter(None, lines))


def button_named(message: Message | None, key: str) -> Button | None:
    """The button of `message` whose label has this key."""
    return next((button for button in message.buttons if button.label.key == key), None) if message else None


def _is_an_answer(button: Button) -> bool:
    """Whether one rather presses it than types: what is proposed, and the names that the register has found."""
    return button.primary or button.label.key == "verbatim"


def _with_labels(message: Message, keys: tuple[str, ...]) -> tuple[Button, ...]:
    return tuple(button for button in message.buttons if button.label.key in keys)


def _choices(message: Message) -> tuple[tuple[Choice, ...], tuple[Text, ...]]:
    """The buttons that are answers, and the lines that describe them: each case stands with its deadline."""
    buttons = [button for button in message.buttons if button.label.key == "label-case"]
    cases = tuple(line for line in message.lines if line.key == "case-line")
    if cases and len(buttons) == len(cases):
        pairs = zip(buttons, cases, strict=True)
        told = (Choice(b, Text("label-case", case.args), Text("web-deadline", case.args)) for b, case in pairs)
        return tuple(told), cases
    return tuple(Choice(button, button.label) for button in buttons), ()


def _attributes(box: AnswerBox | None) -> dict[str, str]:
    """The field's attributes beyond its name and value.

    The long answer has no `maxlength`: a browser cuts what is pasted without a word, and we say how much is too much.
    """
    if box is None:
        return {}
    helpful = {"autocomplete": box.autocomplete, "data-most": str(box.max_length)}
    if box.kind == "long":
        return helpful
    kind, mode = _INPUTS.get(box.kind, ("text", "text"))
    return {"type": kind, "inputmode": mode, "maxlength": str(box.max_length)} | helpful
