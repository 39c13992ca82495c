"""How a position is put to a person: the question, the review, the receipt, and the questions of interruptions."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import convert
from msgspec.structs import replace

from dialogs.events import Stored
from dialogs.facts import Consultation, Outside, Result, SentResponses
from dialogs.fields.base import Around, Option, Prompt
from dialogs.fields.consultation import described
from dialogs.fields.long_text import joined
from dialogs.form import Form, Section
from dialogs.journey import REVIEW, Path, Place, Session, expected, position, progress, reopened_by, shown
from dialogs.messages import Arg, Ask, Button, Deadline, Document, Effect, Instant, Message, Row, Tell, Text, verbatim
from dialogs.texts import LOCALES, excerpt

NOBODY = "-"
"""Stands in buttons in place of a draft while nothing is begun."""

BACK = Option("back", Text("label-back"))
HELP = Option("help", Text("label-help"))
CANCEL = Option("cancel", Text("label-cancel"))
ALWAYS_OFFERED = (BACK, HELP, CANCEL)
SKIP = Option("skip", Text("label-skip"))
KEEP = Option("keep", Text("label-keep"))
WHOLE = Option("whole", Text("label-show-whole"))
NEW = Option("new", Text("label-new-response"))
MINE = Option("mine", Text("label-mine"))
CONTINUE = Option("continue", Text("label-continue"), primary=True)
START_AGAIN = Option("new", Text("label-start-again"))
DELETE = Option("yes", Text("label-delete-draft"))
KEEP_DRAFT = Option("no", Text("label-keep-draft"), primary=True)

INTERRUPTIONS: dict[str, tuple[Option, ...]] = {
    "draft": (CONTINUE, START_AGAIN),
    "cancel": (DELETE, KEEP_DRAFT),
    "language": tuple(Option(locale, verbatim(name)) for locale, name in LOCALES.items()),
}
RESTING = (NEW, MINE)
# "Ja" to "Vil du fortsette?" is no answer to what stands beneath it.
_ALSO_TYPED = {"draft": (Option("continue", Text("label-yes")),)}
ALWAYS_TYPED = (*RESTING, Option("language", Text("label-language")))
_MINE_LINES = {
    "received": "mine-line",
    "superseded": "mine-line-superseded",
    "withdrawn": "mine-line-withdrawn",
}
_EXCERPT = 600  # characters of the response in the review


def compose(effects: Iterable[Effect], locale: str) -> Message | None:
    """The one message that the effects of one event become; None where nothing is to be said."""
    told: list[Text] = []
    error = False
    message: Message | None = None
    for effect in effects:
        if isinstance(effect, Tell):
            told.append(effect.text)
            error = error or effect.error
        elif isinstance(effect, Ask):
            message = effect.message
    if message is None and not told:
        return None
    message = message or Message(locale)
    return replace(message, told=(*told, *message.told), error=error, edits=message.edits and not told)


def buttons(draft: str, step: str, options: Iterable[Option]) -> tuple[Button, ...]:
    """The options as buttons that say which draft and step they belong to."""
    return tuple(Button(f"{draft or NOBODY}:{step}:{option.id}", option.label, option.primary) for option in options)


def around(place: Place, way: Path, at: datetime) -> Around:
    """What the field of `place` may know."""
    return Around(place.step.text, at, way.values, place.slot.value, place.optional)


def own_options(place: Place, options: Iterable[Option], *, reopened: bool) -> tuple[Option, ...]:
    """A question's options with the way to keep the answer it has, and the way past it where it is optional."""
    inside = place.step.field.is_inside(place.slot.state or {})
    keep = (KEEP,) if reopened and place.slot.settled and place.step.field.can_be_kept and not inside else ()
    skip = (SKIP,) if place.optional and not inside else ()
    return (*options, *keep, *skip)


def question(form: Form, session: Session, way: Path, place: Place, prompt: Prompt) -> Ask:
    """The question of a step as a message."""
    reopened = session.interruption is not None and session.interruption.kind == "change"
    options = own_options(place, prompt.options, reopened=reopened)
    lines, box = prompt.lines, prompt.box
    if KEEP in options:
        lines = (*lines, Text("back-to", {"value": shown(place)}))
        if box is not None and isinstance(place.slot.value, str):
            box = replace(box, value=place.slot.value)
    waiting = isinstance(place.step.field.need(place.slot.state or {}), Outside)
    message = Message(
        session.locale,
        "waiting" if waiting else "question",
        lines=lines,
        example=prompt.example,
        buttons=buttons(session.draft, place.step.id, (*options, *ALWAYS_OFFERED)),
        step=place.step.id,
        progress=None if place.step.field.is_inside(place.slot.state or {}) else progress(form, way, place.step.id),
        box=box,
        edits=prompt.edits,
        draft=session.draft,
    )
    return Ask(message)


def review_options(form: Form, session: Session, way: Path) -> tuple[Option, ...]:
    """The buttons of the review: send (this revision), the text if it is cut, a change button for each section."""
    send = Option(f"send.{session.revision}", Text("label-send"), primary=True)
    whole = (WHOLE,) if _is_cut(way) else ()
    changes = (
        Option(change_option(section), Text(section.change)) for section in form.review if reopened_by(section, way)
    )
    return (send, *whole, *changes)


def change_option(section: Section) -> str:
    """The id of the button that changes a section: by name, for a form may get more of them."""
    return f"s.{section.steps[0]}"


def _is_cut(way: Path) -> bool:
    text = joined(way.values["text"])
    return excerpt(text, _EXCERPT) != text


def review(form: Form, session: Session, way: Path, consultation: Consultation, at: datetime) -> Ask:
    """Every answer with its own change button. `consultation` is as the store has it now."""
    options = review_options(form, session, way)
    every = dict(zip((option.id for option in options), buttons(session.draft, REVIEW, options), strict=True))
    rows = []
    for section in form.review:
        on_path = [way.places[step] for step in section.steps if step in way.places]
        if on_path:
            label = Text(section.label, {**_kind(way), "char_count": len(joined(way.values["text"]))})
            rows.append(Row(label, _section_value(on_path, section.separator), every.get(change_option(section))))
    notes = []
    if at >= consultation.closes_at:
        notes.append(Text("review-late", {"closes_at": Deadline(consultation.closes_at)}))
    if way.values.get("register_status") == "unverified":
        notes.append(Text("review-unverified"))
    message = Message(
        session.locale,
        "review",
        lines=(Text("review"),),
        rows=tuple(rows),
        after=(*notes, Text("review-public", _kind(way))),
        buttons=(*every.values(), *buttons(session.draft, REVIEW, ALWAYS_OFFERED)),
        step=REVIEW,
        draft=session.draft,
    )
    return Ask(message)


def _kind(way: Path) -> dict[str, Arg]:
    person = way.values.get("respondent_type") == "private_person"
    return {"kind": "person" if person else "organisation"}


def _section_value(places: list[Place], separator: str) -> Text:
    """The answers of one section on one line; the response itself as far as the review has room."""
    if places[0].step.field.box is not None and places[0].step.field.box.kind == "long":
        text = joined(places[0].slot.value)
        return verbatim(excerpt(text, _EXCERPT))
    given = [shown(place) for place in places if place.slot.value is not None]
    if not given:
        return Text("value-skipped")
    value = given[0]
    for other in given[1:]:
        value = Text("value-pair", {"first": value, "separator": separator, "second": other})
    return value


def receipt(session: Session, way: Path, stored: Stored) -> Ask:
    """The receipt, with the text as it was received."""
    values = way.values
    consultation = convert(values["consultation"], Consultation)
    late = stored.received_at >= consultation.closes_at
    facts = described(consultation, stored.received_at)
    person = " ".join(values[step] for step in ("first_name", "last_name") if values.get(step))
    rows = (
        Row(Text("row-reference"), verbatim(stored.reference)),
        Row(Text("row-case"), Text("value-case", {key: facts[key] for key in ("case_number", "case_title")})),
        Row(Text("row-received"), Text("value-instant", {"at": Instant(stored.received_at)})),
        Row(Text("row-from"), verbatim(values.get("organisation_name") or person)),
        *((Row(Text("row-replaces"), verbatim(values["replaces"])),) if values.get("replaces") else ()),
    )
    message = Message(
        session.locale,
        "receipt",
        lines=(Text("receipt"),),
        rows=rows,
        after=(Text("receipt-next-late" if late else "receipt-next", {"closes_at": facts["closes_at"]}),),
        buttons=buttons("", "rest", RESTING),
        document=Document(f"horingssvar-{stored.reference}.txt", joined(values["text"]), Text("receipt-text")),
    )
    return Ask(message)


def interruption(form: Form, session: Session, way: Path) -> Ask:
    """The question of an interruption that has one of its own."""
    standing = session.interruption
    kind = standing.kind if standing else ""
    text = _draft_found(form, session, way) if kind == "draft" else Text(f"{kind}-ask")
    options = INTERRUPTIONS[kind]
    return Ask(
        Message(
            session.locale,
            "question",
            lines=(text,),
            buttons=buttons(session.draft, kind, options),
            step=kind,
            draft=session.draft,
        )
    )


def answers_to(kind: str) -> tuple[Option, ...]:
    """What can be typed as an answer to an interruption's question; nothing where it asks none of its own."""
    return INTERRUPTIONS.get(kind, ()) + _ALSO_TYPED.get(kind, ())


def _draft_found(form: Form, session: Session, way: Path) -> Text:
    total = len(expected(form, way))
    at = position(way, None)
    n, total = progress(form, way, at) or ((total, total) if at == REVIEW else (1, total))
    saved_at = Instant(session.touched_at) if session.touched_at else ""
    return Text("draft-found", {"saved_at": saved_at, "n": n, "total": total})


def resting(session: Session) -> Ask:
    """Nothing is open: what one can do."""
    return Ask(Message(session.locale, "notice", buttons=buttons("", "rest", RESTING)))


def mine(session: Session, way: Path, sent: Result) -> tuple[Tell, ...]:
    """What this conversation has sent in, and what is begun."""
    items = sent.items if isinstance(sent, SentResponses) else ()
    lines = [
        Text(
            _MINE_LINES[item.status],
            {
                "case_number": item.case_number,
                "case_title": item.title,
                "received_at": Instant(item.received_at),
                "reference": item.reference,
            },
        )
        for item in items
    ]
    if session.draft and session.touched_at and way.values:
        picked = way.values.get("consultation")
        begun = {"case_title": picked["title"] if picked else "", "saved_at": Instant(session.touched_at)}
        lines.append(Text("mine-draft" if picked else "mine-draft-no-case", begun))
    texts = (Text("mine"), *lines) if lines else (Text("mine-empty"),)
    return tuple(Tell(text) for text in texts)
