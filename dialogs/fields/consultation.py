"""Which consultation is answered: picked from the open ones, found by case number or words, or named by a link."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from msgspec import ValidationError, convert, to_builtins

from dialogs.events import Said
from dialogs.facts import (
    Consultation,
    ConsultationById,
    Consultations,
    FindConsultations,
    OpenConsultations,
    Question,
    Result,
)
from dialogs.fields.base import NO, YES, Accepted, Around, Field, Option, Pending, Prompt, Reading, Rejected, State
from dialogs.fields.cleaning import has_letters, one_line, with_plain_digits
from dialogs.messages import AnswerBox, Arg, Deadline, Text
from dialogs.texts import OSLO

_CASE_NUMBER = re.compile(r"(?<!\d)(\d{4}|\d{2})\s*/\s*(\d{1,7})(?:-\d+)?(?!\d)")
_WITH_A_DASH = re.compile(r"\s*(\d{4}|\d{2})\s*-\s*(\d{1,7})\s*")
_LINKED = re.compile(r"\W*(\d{1,15})(?!\w)")
_MORE = Option("more", Text("label-show-more"))
_PREVIOUS = Option("previous", Text("label-show-previous"))
_ALL = Option("all", Text("label-show-all"))
_ANYWAY = Option("anyway", Text("label-respond-anyway"), primary=True)
_ANOTHER = Option("another", Text("label-choose-another"))


def read_case_number(text: str) -> tuple[int, int] | None:
    """Year and sequence of `18/101`, `2018/101` or `Saksnr. 18/00101-4` (the document number is left out)."""
    found = _CASE_NUMBER.search(text) or _WITH_A_DASH.fullmatch(text)
    if not found:
        return None
    year = int(found[1])
    return (year if year >= 100 else 2000 + year), int(found[2])


def linked_id(text: str) -> str:
    """The consultation's id in what a link brought, whatever was written or added right behind it; else `text`.

    A full stop that ended a sentence, a bracket, another program's `?utm_source=…`, a space.
    """
    found = _LINKED.match(with_plain_digits(text))
    return found[1] if found else text


def described(consultation: Consultation, at: datetime) -> dict[str, Arg]:
    """What the texts say of a consultation at `at`: number, title, deadline and what is left of it in Oslo's days."""
    last_day = (consultation.closes_at - timedelta(minutes=1)).astimezone(OSLO).date()
    days = (last_day - at.astimezone(OSLO).date()).days if at < consultation.closes_at else -1
    return {
        "case_number": consultation.case_number,
        "case_title": consultation.title,
        "closes_at": Deadline(consultation.closes_at),
        "time_left": Text("time-left", {"days": days}),
    }


class ConsultationChoice(Field):
    """One consultation. The value is what was picked, as it was shown.

    States: none (the first page of the open ones), `page`; `query` with `year` and `sequence` (a search);
    `picked` (looked up by its id); `candidate` (shown to be confirmed).
    """

    box = AnswerBox("short", "off", max_length=200)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = one_line(said.text)
        if case := read_case_number(text):
            return Pending({"query": text, "year": case[0], "sequence": case[1]})
        if not has_letters(text) and not any(c.isdigit() for c in text):
            return Rejected("case-no-hits", {"query": text}, state={})
        return Pending({"query": text, "year": 0, "sequence": 0})

    def need(self, state: State) -> Question | None:
        if "candidate" in state:
            return None
        if "picked" in state:
            return ConsultationById(state["picked"])
        if "query" in state:
            return FindConsultations(state["query"], state["year"], state["sequence"])
        return OpenConsultations(state.get("page", 0))

    def learn(self, result: Result, state: State, around: Around) -> Reading | None:
        if "picked" in state:
            if not isinstance(result, Consultation):
                return Rejected("case-gone", state={})
            if not result.accepts:
                return Rejected("closed-by-staff", {"case_title": result.title}, state={})
            return self.offer(result, around) if around.at >= result.closes_at else Accepted(to_builtins(result))
        if "query" in state and isinstance(result, Consultations) and len(result.items) == 1:
            return self.offer(result.items[0], around)
        return None

    def offer(self, consultation: Consultation, around: Around) -> Pending:
        """Show this one to be confirmed."""
        return Pending({"candidate": to_builtins(consultation)})

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        if "candidate" in state:
            late = around.at >= convert(state["candidate"], Consultation).closes_at
            return (_ANYWAY, _ANOTHER) if late else (YES, NO)
        return (_ALL,) if "query" in state else ()

    def also_typed(self, state: State, around: Around) -> tuple[Option, ...]:
        return () if state.keys() & {"candidate", "query"} else (_MORE, _PREVIOUS, _ALL)

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        if "candidate" in state and option in ("yes", "anyway", "no", "another"):
            return Accepted(state["candidate"]) if option in ("yes", "anyway") else Pending({})
        if re.fullmatch(r"c\d{1,15}", option):
            return Pending({"picked": int(option[1:])})
        match option:
            case "all":
                return Pending({})
            case "more" | "previous":
                return Pending({"page": max(0, state.get("page", 0) + (1 if option == "more" else -1))})
        return None

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        if "candidate" in state:
            candidate = convert(state["candidate"], Consultation)
            late = around.at >= candidate.closes_at
            text = Text("case-closed" if late else "case-found", described(candidate, around.at))
            return Prompt((text,), None, self.options(state, around))
        listed = known if isinstance(known, Consultations) else Consultations()
        if "query" in state:
            return self._hits(listed, state, around)
        return self._page(listed, around, edits="page" in state)

    def _hits(self, listed: Consultations, state: State, around: Around) -> Prompt:
        if not listed.items:
            return Prompt((Text("case-no-hits", {"query": state["query"]}),), None, (_ALL,), self.box)
        several = Text("case-several", {"count": len(listed.items)})
        return Prompt((several, *self._lines(listed, around)), None, (*self._buttons(listed), _ALL), self.box)

    def _page(self, listed: Consultations, around: Around, *, edits: bool) -> Prompt:
        if not listed.total:
            return Prompt((Text("case-none-open"),), None, (), self.box)
        before = (_PREVIOUS,) if listed.page > 0 else ()
        after = (_MORE,) if listed.page < listed.pages - 1 else ()
        example = around.key("example", first_case_number=listed.items[0].case_number) if listed.items else None
        lines = (around.key("ask"), *self._lines(listed, around))
        return Prompt(lines, example, (*self._buttons(listed), *before, *after), self.box, edits)

    def _lines(self, listed: Consultations, around: Around) -> tuple[Text, ...]:
        return tuple(Text("case-line", described(item, around.at)) for item in listed.items)

    def _buttons(self, listed: Consultations) -> tuple[Option, ...]:
        def label(item: Consultation) -> Text:
            return Text("label-case", {"case_number": item.case_number, "case_title": item.title})

        return tuple(Option(f"c{item.id}", label(item)) for item in listed.items)

    def shown(self, value: Any) -> Text:
        return Text("value-case", {"case_number": value["case_number"], "case_title": value["title"]})

    def columns(self, value: Any) -> dict[str, str]:
        """None: the store knows the consultation by its id."""
        return {}

    def understands(self, value: Any) -> bool:
        try:
            convert(value, Consultation)
        except ValidationError:
            return False
        return True
