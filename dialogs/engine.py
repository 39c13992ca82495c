"""Every transition of the product: long because one machine is read in one file.

The rules of the machine:

1. `advance` is pure and total: the same session and event give the same result, and it never raises for a session
   that it returned and any event at all. An event's `at` is its only clock.
2. A person is at the step that an interruption has opened again, else at the first applicable step without a
   finished answer, else at the review. Nothing else is stored about where they are.
3. An interruption never holds the only copy of an answer. An event that its own buttons do not explain drops it and
   goes to the step beneath, so no message is swallowed.
4. A typed label is a press. A press counts only where its draft, its step and its option are offered now; an older
   one is told so, and the current question is asked again.
5. What the engine does not know it asks for with `LookUp`. A result that does not answer the question of the present
   position is dropped.
6. Whatever a person does is answered: every event of theirs gives a `Tell`, an `Ask` or a `LookUp`.
7. A text that was sent before our last words were said (`unheard`) is a repeat where it says what the last one said,
   is taken where it answers the question that its sender had been told, and else is not taken, which they are told.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from msgspec import to_builtins
from msgspec.structs import replace

from dialogs import speech
from dialogs.events import (
    AnyEvent,
    AskedHelp,
    AskedLanguage,
    AskedMine,
    AskedReview,
    Attached,
    Cancelled,
    Edited,
    Expired,
    InGroup,
    Left,
    LookedUp,
    Picked,
    Said,
    Started,
    Stored,
    WentBack,
)
from dialogs.facts import (
    Consultation,
    ConsultationById,
    Opening,
    OpeningFacts,
    Outside,
    OwnResponses,
    Question,
    Result,
    SentDraft,
    SentResponse,
)
from dialogs.fields.base import Accepted, Gathered, Instead, Option, Pending, Reading, Rejected, State
from dialogs.fields.cleaning import bare, clean, may_hold_national_id
from dialogs.fields.consultation import described, linked_id
from dialogs.fields.long_text import LongText
from dialogs.form import Form
from dialogs.journey import (
    REVIEW,
    Interruption,
    Path,
    Place,
    Session,
    Slot,
    expected,
    has_answers,
    path,
    position,
    reopened_by,
    source_of,
)
from dialogs.messages import Arg, Effect, Forget, Instant, LookUp, Submit, Tell, Text
from dialogs.texts import FALLBACK, LOCALES, House, label, t

_COMMAND = re.compile(r"/([^\W\d]\w{0,31})(?:@\w{1,64})?(?:\s+(.*))?", re.DOTALL)
_BUTTON = re.compile(r"([0-9a-z]{1,9}|-):([a-z_]{1,22}):([A-Za-z0-9._-]{1,31})")  # 64 bytes, all in all
_LINK = re.compile(r"c([0-9]{1,15})")
_NO_LINK_OF_OURS = "c0"  # no consultation has this id
# So many messages that said something once more are known by the one that said it first.
_COPIES = 20

_LONGEST_LABEL = 120
_NO_HOUSE = House("", "", "", "")
_PLAIN_COMMANDS: dict[str, type[WentBack | Cancelled | AskedHelp | AskedLanguage | AskedMine]] = {
    "tilbake": WentBack,
    "back": WentBack,
    "avbryt": Cancelled,
    "cancel": Cancelled,
    "hjelp": AskedHelp,
    "help": AskedHelp,
    "sprak": AskedLanguage,
    "language": AskedLanguage,
    "mine": AskedMine,
    "responses": AskedMine,
}


def _typed_as(wording: str) -> tuple[str, str]:
    """What is typed for a label: all of it, or its first words, "Ja" of "Ja, det stemmer"."""
    said = bare(wording)
    return said, said.partition(",")[0]


@lru_cache(maxsize=1024)
def _label(locale: str, key: str) -> tuple[str, str]:
    return _typed_as(label(locale, key))


def is_for_all(kind: str, step: str, option: Option) -> bool:
    """Whether an option is one of `kind`, or one that can be typed whatever is asked."""
    return step in (kind, "rest") or option in speech.ALWAYS_OFFERED


def start(form: Form, locale: str) -> Session:
    """The session of somebody who has not begun anything."""
    return Session(locale if locale in LOCALES else FALLBACK, form.version)


def advance(form: Form, session: Session | None, event: AnyEvent) -> tuple[Session, tuple[Effect, ...]]:
    """What `event` makes of `session`, and what is to be done about it."""
    turn = _Turn(form, session or start(form, event.locale), event)
    turn.take(event)
    return turn.session, tuple(turn.effects)


class _Turn:
    """One event being worked out: the session as it becomes, the effects as they gather."""

    def __init__(self, form: Form, session: Session, event: AnyEvent) -> None:
        self.form = form
        self.session = session
        self.at = event.at
        self.effects: list[Effect] = []
        self.message_id = ""  # the person's message that this turn is about
        self.is_unheard = isinstance(event, Said | Edited) and event.unheard
        self.is_quiet = False  # whether what comes of it is not said now
        self._walked: object = None

    # --- Events ------------------------------------------------------------------------------------------

    def take(self, event: AnyEvent) -> None:
        match event:
            case Said():
                self.said(event)
            case Picked():
                self.picked(event.data)
            case LookedUp():
                self.learned(event)
            case Started():
                self.started(event.link)
            case Edited():
                self.edited(event)
            case Attached():
                self.remark(event.kind if event.kind in ("sticker", "voice", "photo", "location") else "other")
            case Stored():
                self.stored(event)
            case InGroup():
                self.tell("group", {"private_link": event.private_link})
            case Expired():
                self.expired(event)
            case Left():
                self.forget()
                self.tell("wiped")
            case _:
                self.asked(event)

    def expired(self, event: Expired) -> None:
        touched_at = self.session.touched_at
        if event.draft == self.session.draft and (touched_at is None or touched_at < event.untouched_since):
            self.forget()
            self.tell("draft-expired")

    def asked(self, event: WentBack | Cancelled | AskedHelp | AskedLanguage | AskedMine | AskedReview) -> None:
        """What a person asks for with a command or a button of every question."""
        match event:
            case WentBack():
                self.back()
            case Cancelled():
                self.cancel()
            case AskedHelp():
                self.help()
            case AskedLanguage():
                self.interrupt("language")
            case AskedMine():
                self.effects.append(LookUp(OwnResponses()))
            case AskedReview():
                self.present() if self.session.draft else self.started("")

    def said(self, event: Said) -> None:
        event = replace(event, text=clean(event.text))
        digest = hashlib.blake2b(event.text.encode(), digest_size=6).hexdigest()
        if (event.after_repeat or event.unheard) and self.repeats(event, digest):
            return
        before = self.session
        private = may_hold_national_id(event.text)
        if private or not (command := _COMMAND.fullmatch(event.text.strip())) or not self.command(command):
            self.take_text(event)
        after = self.session
        if after.answers is not before.answers or after.interruption is not before.interruption:
            self.change(last_text=digest)

    def take_text(self, event: Said) -> None:
        """A text that is neither a command nor a repeat."""
        self.message_id = event.message_id
        asked = self.asking()
        heard = self.session.heard if event.unheard else asked
        self.change(last_message=event.message_id, touched_at=self.at, heard=heard)
        typed = self.typed_label(event.text)
        if event.unheard and heard and not self.answers_what_was_heard(asked, typed):
            self.not_heard(event, is_label=typed is not None)
        elif asked == "draft" and self.is_short_beneath() and not (typed and is_for_all(asked, *typed)):
            self.change(interruption=None)
            self.remark("said-before-asked")
        elif typed is not None:
            self.press(*typed)
        elif not self.session.draft:
            self.started("")
        else:
            self.answer(event)

    def is_short_beneath(self) -> bool:
        """Whether what is asked beneath "continue?" has one short answer: it stands nowhere near, so no text is one.

        A part of a long text is taken, and it is said that it was.
        """
        way = self.way()
        at = position(way, None)
        return at != REVIEW and not way.places[at].step.field.is_long

    def repeats(self, event: Said, digest: str) -> bool:
        """Whether the text says once more what was taken; then it is not taken again, and it is said what stands."""
        place = self.place()
        so_far = place.slot.value or [] if place is not None and isinstance(place.step.field, LongText) else []
        if so_far and so_far[-1]["continues"]:
            return False  # the rest of a text that the channel has cut
        same = [part for part in so_far if part["text"] == (clean(event.linked) or event.text)]
        is_part = bool(same)
        if not (event.unheard and is_part) and digest != self.session.last_text:
            return False
        self.change(touched_at=self.at)
        self.is_copy_of(event, same[0]["message_id"] if same else self.last_answer())
        if is_part:
            self.tell_all(LongText.so_far(so_far))
        if self.session.draft or self.session.interruption is not None:
            self.present()
        elif self.session.heard == REVIEW:
            self.effects.append(LookUp(SentDraft(self.session.last_draft)))
        else:
            self.remark("cancel-nothing")
        return True

    def is_copy_of(self, event: Said, first: str) -> None:
        """Who edits the one means the other, for what both say stands there once."""
        if event.message_id and first and event.message_id != first:
            copies = {**self.session.copies, event.message_id: first}
            self.change(copies=dict([*copies.items()][-_COPIES:]))

    def last_answer(self) -> str:
        """The newest message of the person's, if it is where an answer of theirs stands."""
        last = self.session.last_message
        slots = (slot for by_source in self.session.answers.values() for slot in by_source.values())
        return last if any(slot.message_id == last for slot in slots) else ""

    def asking(self) -> str:
        """What is asked now, in a word; a doubt within a step has a `?` after it."""
        standing = self.session.interruption
        if standing is not None and standing.kind in speech.INTERRUPTIONS:
            return standing.kind
        if not self.session.draft:
            return speech.NOBODY
        place = self.place()
        if place is None:
            return REVIEW
        return f"{place.step.id}?" if place.step.field.is_inside(place.slot.state or {}) else place.step.id

    def answers_what_was_heard(self, asked: str, typed: tuple[str, Option] | None) -> bool:
        """Whether a text can be meant for what is asked: its sender was told it, or did not need to be."""
        heard = self.session.heard
        if asked == heard or (typed and is_for_all("rest", *typed)):
            return True
        place = self.place()
        if place is None or asked.rstrip("?") != heard.rstrip("?") or typed is None:
            return place is not None and asked.rstrip("?") == heard.rstrip("?")
        around = speech.around(place, self.way(), self.at)
        known = (*place.step.field.options({}, around), *place.step.field.also_typed({}, around))
        return typed[1].id in {option.id for option in (*known, speech.SKIP, speech.KEEP)}

    def not_heard(self, event: Said, *, is_label: bool) -> None:
        """What came before its question was said is no answer to it.

        After "Ferdig" it is asked whether it belongs to the response; else nothing of it is kept.
        """
        heard = self.form.by_id.get(self.session.heard)
        if not is_label and heard is not None and heard.field.is_long and self.adds_to_the_response(event):
            return
        if self.session.draft:
            self.remark("said-before-asked")
        elif self.session.heard == REVIEW:
            self.remark("said-after-sending")
        else:
            self.started("")

    def place(self) -> Place | None:
        """Where the person is; None at the review, and while nothing is begun."""
        if not self.session.draft:
            return None
        way = self.way()
        return way.places.get(position(way, self.session.interruption))

    def command(self, found: re.Match[str]) -> bool:
        """Whether it is a command; then it is done. Only /start takes a word with it, the rest is a text."""
        name, argument = found[1].lower(), found[2]
        if name == "start":
            self.started((argument or "").strip())
        elif argument is not None:
            return False
        elif name in _PLAIN_COMMANDS:
            self.asked(_PLAIN_COMMANDS[name](at=self.at))
        else:
            self.remark("unknown-command", {"command": f"/{found[1]}"})
        return True

    def typed_label(self, text: str) -> tuple[str, Option] | None:
        """The offered option whose label was typed, with its step; "Ja" stands for "Ja, det stemmer"."""
        return self.labelled(text, self.offered())

    def labelled(self, text: str, offered: Iterable[tuple[str, Option]]) -> tuple[str, Option] | None:
        typed = bare(text) if len(text) <= _LONGEST_LABEL else ""
        for step, option in offered if typed else ():
            wording = option.label
            known = _typed_as(self.wording(option)) if wording.args else _label(self.session.locale, wording.key)
            if typed in known:
                return step, option
        return None

    def wording(self, option: Option) -> str:
        locale, text = self.session.locale, option.label
        return t(locale, text, _NO_HOUSE) if text.args else label(locale, text.key)

    def offered(self) -> list[tuple[str, Option]]:
        """What can be typed as a label here: the interruption's options before those of the step beneath."""
        standing = self.session.interruption
        options = [(standing.kind, o) for o in speech.answers_to(standing.kind)] if standing else []
        always = [("rest", option) for option in speech.ALWAYS_TYPED]
        if not self.session.draft:
            return [*options, *always]
        way = self.way()
        at = position(way, standing)
        later: tuple[Option, ...] = ()
        if at == REVIEW:
            own = speech.review_options(self.form, self.session, way)
        else:
            place = way.places[at]
            state, around = place.slot.state or {}, speech.around(place, way, self.at)
            listed = place.step.field.options(state, around)
            own = speech.own_options(place, listed, reopened=standing is not None)
            own += place.step.field.also_typed(state, around)
            if place.step.field.is_long and place.slot.settled:  # what the review offered is still no text
                later = speech.review_options(self.form, self.session, way)
        listed_here = [(at, option) for option in (*own, *speech.ALWAYS_OFFERED)]
        return [*options, *listed_here, *((REVIEW, option) for option in later), *always]

    def picked(self, data: str) -> None:
        before = self.session
        self.follow_button(data)
        after = self.session
        if before.last_text and (
            after.answers is not before.answers or after.interruption is not before.interruption
        ):  # who pressed what is offered now has seen it: the same text after it is no repeat of the one before
            self.change(last_text="")

    def follow_button(self, data: str) -> None:
        found = _BUTTON.fullmatch(data)
        if not found:
            self.remark("stale-button")
            return
        draft, step, option = found.groups()
        mine = self.session.draft or speech.NOBODY
        if step == "rest" and draft == speech.NOBODY:
            self.press(step, Option(option, Text("")))
        elif draft == mine:
            self.change(touched_at=self.at)
            self.press(step, Option(option, Text("")))
        elif draft == speech.NOBODY:
            self.remark("stale-button")
        else:
            self.effects.append(LookUp(SentDraft(draft)))

    def press(self, step: str, option: Option) -> None:
        """A button of the present draft, or a label of one."""
        standing = self.session.interruption
        if step in speech.INTERRUPTIONS or step == "rest":
            self.press_interruption(step, option.id)
        elif option.id in ("help", "cancel"):
            self.help() if option.id == "help" else self.cancel()
        elif not self.session.draft:
            self.remark("stale-button")
        elif option.id == "change":
            self.reopen_or_stale(step)
        else:
            if standing is not None and standing.kind != "change":
                self.change(interruption=standing.beneath)
            if step != position(self.way(), self.session.interruption) and step == self.way().first_open:
                self.change(interruption=None)
            self.press_step(step, option.id)

    def press_interruption(self, kind: str, option: str) -> None:
        standing = self.session.interruption
        match kind, option:
            case "rest", "new":
                self.started("")
            case "rest", "mine":
                self.effects.append(LookUp(OwnResponses()))
            case "rest", "language":
                self.interrupt("language")
            case "language", _ if option in LOCALES:
                beneath = standing.beneath if standing and standing.kind == "language" else standing
                self.change(locale=option, interruption=beneath)
                self.remark("language-changed")
            case _ if standing is None or standing.kind != kind:
                self.remark("stale-button")
            case "draft", "new":
                self.forget()
                self.effects.append(LookUp(Opening(standing.link)))
            case "draft", "continue":
                self.change(interruption=None)
                self.follow(standing.link)
                self.present()
            case "cancel", "yes":
                self.forget()
                self.remark("cancelled")
            case "cancel", "no":
                self.change(interruption=standing.beneath)
                self.present()
            case _:
                self.remark("stale-button")

    def press_step(self, step: str, option: str) -> None:
        way = self.way()
        at = position(way, self.session.interruption)
        if step != at:
            self.remark("stale-button")
        elif option == "back":
            self.back()
        elif at == REVIEW:
            self.press_review(way, option)
        else:
            place = way.places[at]
            inside = place.step.field.is_inside(place.slot.state or {})
            if option == "keep" and place.slot.settled and not inside:
                self.keep(place)
            elif option == "skip" and place.optional and not inside:
                self.apply(place, Accepted(None))
            else:
                around = speech.around(place, way, self.at)
                reading = place.step.field.pick(option, place.slot.state or {}, around)
                if reading is None:
                    self.remark("stale-button")
                    return
                if place.slot.state is not None:
                    self.message_id = place.slot.message_id  # what was doubted came in that message
                self.apply(place, reading)

    def press_review(self, way: Path, option: str) -> None:
        if option == "whole":
            place = way.places["text"]
            self.apply(place, Pending({"page": 0}))
        elif option.startswith("send."):
            if option != f"send.{self.session.revision}":
                self.remark("review-stale")
                return
            self.change(interruption=Interruption("sending"))
            self.effects.append(LookUp(ConsultationById(way.values["consultation"]["id"])))
        else:
            chosen = (section for section in self.form.review if speech.change_option(section) == option)
            reopened = [step for section in chosen for step in reopened_by(section, way)]
            if reopened:
                self.reopen(*reopened)
            else:
                self.remark("stale-button")

    def edited(self, event: Edited) -> None:
        """The changed message is checked as new; if it is rejected the old answer stays."""
        if event.message_id and event.message_id in self.session.sent_messages:
            self.remark("edited-after-sending")
            return
        event = replace(event, message_id=self.session.copies.get(event.message_id, event.message_id))
        way = self.way()
        self.message_id = event.message_id
        text, unheard = clean(event.text), event.unheard
        said = Said(
            at=self.at,
            text=text,
            message_id=event.message_id,
            continues=event.continues,
            linked=event.linked,
            unheard=unheard,
        )
        for place in way.questions if self.session.draft and event.message_id else ():
            if isinstance(place.step.field, LongText):
                around = speech.around(place, way, self.at)
                whole = clean(event.linked) or text
                reading = place.step.field.amend(event.message_id, whole, continues=event.continues, around=around)
                if reading is not None:
                    self.apply_edit(place, reading)
                    return
            elif place.slot.message_id == event.message_id:
                reading = self.read_short(place, said, way, {})
                self.apply_edit(place, reading)
                return
        if self.session.draft and event.message_id and event.message_id == self.session.last_message:
            self.said(said)
        else:
            self.remark("edit-nothing")

    def apply_edit(self, place: Place, reading: Reading) -> None:
        name = Text(place.step.name)
        if isinstance(reading, Rejected):
            self.tell(reading.code, {"kind": self.kind(), **reading.params})  # no error in what is asked now
            self.remark("edit-rejected", {"answer_label": name})
            return
        if isinstance(reading, Accepted):
            value = place.step.field.shown(reading.value)
            self.tell("answer-edited", {"answer_label": name, "value": value})
        standing = self.session.interruption
        self.apply(place, reading, quietly=True)
        if standing is not None and self.session.interruption is None and standing.step != place.step.id:
            self.change(interruption=standing)

    # --- Answers -----------------------------------------------------------------------------------------

    def answer(self, said: Said) -> None:
        standing = self.session.interruption
        while standing is not None and standing.kind != "change":
            standing = standing.beneath
        self.change(interruption=standing)
        way = self.way()
        at = position(way, standing)
        if at == REVIEW:
            if not self.adds_to_the_response(said):
                self.tell("choose-again", error=True)
                self.tell("choose-example", {"first_choice": Text("label-send")})
                self.present()
            return
        place = way.places[at]
        self.apply(place, self.read_short(place, said, way, place.slot.state or {}))

    def adds_to_the_response(self, said: Said) -> bool:
        """Ask about a text that came after "Ferdig": whether it belongs to the response."""
        if said.whole or self.session.interruption is not None:
            return False
        way = self.way()
        for place in reversed(list(way.questions)):
            if isinstance(place.step.field, LongText) and place.finished:
                around = speech.around(place, way, self.at)
                if self.labelled(said.text, [("", option) for option in place.step.field.options({}, around)]):
                    return False  # "Ferdig" once more
                self.apply(place, place.step.field.read_after_done(said, around))
                return True
        return False

    def read_short(self, place: Place, said: Said, way: Path, state: State) -> Reading:
        """What the field makes of the text, unless it is one that no field may see."""
        field = place.step.field
        if not field.is_long:
            if field.is_private_number(said.text):
                return Rejected("national-id")
            if field.box is not None and len(said.text) > field.box.max_length:
                return Rejected("too-long", {"max_chars": field.box.max_length})
        return field.read(said, state, speech.around(place, way, self.at))

    def apply(self, place: Place, reading: Reading, *, quietly: bool = False) -> None:
        """Make of the session what a field has read, and go on."""
        slot = place.slot
        match reading:
            case Rejected(code, params, state, told):
                if state is not None:
                    self.put(place.step.id, place.source, replace(slot, state=state or None))
                self.tell(code, {"kind": self.kind(), **params}, error=code != "national-id")
                self.tell_all(told)
            case Pending(state, told):
                held = replace(slot, state=state or None, message_id=self.message_id or slot.message_id)
                self.put(place.step.id, place.source, held)
                self.tell_all(told)
            case Gathered(value, told):
                self.put(place.step.id, place.source, Slot(value, slot.settled and bool(value)))
                self.change(revision=self.session.revision + 1)
                self.tell_all(told)
            case Accepted():
                self.accept(place, reading, quietly=quietly)
            case Instead(answers, step, state, told):
                self.instead(place, answers, step, state)
                self.tell_all(told)
        self.present()

    def accept(self, place: Place, reading: Accepted, *, quietly: bool) -> None:
        was_changed = place.slot.settled and place.slot.value != reading.value
        self.put(place.step.id, place.source, Slot(reading.value, True, None, self.message_id))
        self.tell_all(reading.told)
        filled_by = "" if reading.own else place.step.id
        for step, value in reading.fills.items():
            self.settle(step, Slot(value, True, filled_by=filled_by))
        for step, state in reading.pends.items():
            self.settle(step, Slot(state=state))
        self.change(revision=self.session.revision + 1)
        self.advance_change(place.step.id, (*reading.fills, *reading.pends))
        if reading.then:
            self.change(interruption=Interruption("change", reading.then[0], reading.then[1:]))
        complete = self.session.interruption is None and self.way().first_open == REVIEW
        if was_changed and complete and not quietly:
            self.tell("changed", {"answer_label": Text(place.step.name)})

    def instead(self, place: Place, answers: dict[str, object], step: str, state: State) -> None:
        """The reply belongs elsewhere: those steps get it, and this one loses what was half asked."""
        if place.slot.state is not None:
            self.put(place.step.id, place.source, replace(place.slot, state=None))
        for other, value in answers.items():
            self.settle(other, Slot(value, True))
        if step in self.way().places:
            target = self.way().places[step]
            self.put(step, target.source, replace(target.slot, state=state or None))
        self.change(interruption=None, revision=self.session.revision + 1)

    def settle(self, step: str, slot: Slot) -> None:
        """An answer of another step, under the source that it has now."""
        self.put(step, source_of(self.form.by_id[step], self.way().values), slot)

    def keep(self, place: Place) -> None:
        if place.slot.state is not None:
            self.put(place.step.id, place.source, replace(place.slot, state=None))
        self.advance_change(place.step.id, ())
        self.present()

    def advance_change(self, step: str, answered: tuple[str, ...]) -> None:
        """Go on with the steps that were opened again together, once `step` is answered."""
        standing = self.session.interruption
        if standing is None or standing.kind != "change" or standing.step != step:
            return
        places = self.way().places
        then = tuple(other for other in standing.then if other not in answered and other in places)
        self.change(interruption=Interruption("change", then[0], then[1:]) if then else None)

    # --- Ways about the form -----------------------------------------------------------------------------

    def started(self, link: str) -> None:
        link = link[:1] + linked_id(link[1:])
        if link and not _LINK.fullmatch(link):
            link = _NO_LINK_OF_OURS  # nothing else that came in its place is kept
        if self.session.draft and has_answers(self.session):
            self.change(interruption=Interruption("draft", link=link))
            self.present()
        else:
            self.effects.append(LookUp(Opening(link)))

    def opened(self, link: str, facts: OpeningFacts) -> None:
        """Begin a draft, or say that there is nothing to answer, before anybody types anything."""
        self.forget()
        linked = facts.linked
        if linked is not None and not linked.accepts:
            self.tell_of_closed(linked)
        if not facts.open_count and (linked is None or not linked.accepts):
            self.remark("welcome-none-open")
            return
        stamp = max(int(self.at.timestamp() * 1000), int(self.session.last_draft or "0", 36) + 1)
        draft = _base36(stamp)
        self.change(draft=draft, last_draft=draft, touched_at=self.at, revision=0, last_text="", copies={})
        if linked is not None and linked.accepts:
            self.welcome_to(linked)
        else:
            if link and linked is None:
                self.tell("link-unknown")
            self.tell("welcome", {"step_count": self.step_count()})
        self.present()

    def tell_of_closed(self, linked: Consultation) -> None:
        """Why a link leads to a consultation that takes no responses now."""
        if linked.opens_at is None:
            self.tell("link-closed", {"case_title": linked.title})
        else:
            self.tell("link-not-open", {"case_title": linked.title, "opens_at": Instant(linked.opens_at)})

    def welcome_to(self, linked: Consultation) -> None:
        """Begin with the consultation that a link names; past its deadline it is asked about when its turn comes."""
        place = self.way().places["consultation"]
        around = speech.around(place, self.way(), self.at)
        self.tell("welcome-case", {**described(linked, self.at), "step_count": self.step_count()})
        candidate = place.step.field.learn(linked, {"picked": linked.id}, around)
        if isinstance(candidate, Accepted):
            self.put("consultation", "", Slot(candidate.value, True, filled_by="link"))
        elif isinstance(candidate, Pending):
            self.put("consultation", "", Slot(state=candidate.state, filled_by="link"))

    def step_count(self) -> int:
        """About how many questions there are: as many as a private person gets."""
        return len(expected(self.form, self.way()))

    def follow(self, link: str) -> None:
        """A link opened beside a draft picks its consultation, unless the draft has another one: then that is said."""
        found = _LINK.fullmatch(link)
        slot = self.session.answers.get("consultation", {}).get("", Slot())
        if not found or link == _NO_LINK_OF_OURS:
            return
        if not slot.settled:
            self.put("consultation", "", replace(slot, state={"picked": int(found[1])}))
        elif slot.value["id"] != int(found[1]):
            self.tell("link-beside-draft", {"case_title": slot.value["title"]})

    def back(self) -> None:
        standing = self.session.interruption
        if not self.session.draft:
            self.started("")
            return
        if standing is not None and standing.kind != "change":
            self.change(interruption=standing.beneath)
            self.present()
            return
        way = self.way()
        at = position(way, standing)
        if at != REVIEW:
            place = way.places[at]
            if place.step.field.is_inside(place.slot.state or {}):
                self.put(at, place.source, replace(place.slot, state=None))
                self.present()
                return
        if standing is not None and not standing.by_back and way.first_open == REVIEW:
            self.change(interruption=None)  # a change button opened the step: back is where the button was
            self.present()
            return
        questions = [place.step.id for place in way.questions if not place.slot.filled_by or place.step.id == at]
        before = questions if at == REVIEW else questions[: questions.index(at)]
        if before:
            self.reopen(before[-1], by_back=True)
        else:
            self.remark("back-first")

    def reopen(self, step: str, *then: str, by_back: bool = False) -> None:
        """Open an answered step again, and then others."""
        place = self.way().places[step]
        if place.slot.state is not None:
            self.put(step, place.source, replace(place.slot, state=None))
        self.change(interruption=Interruption("change", step, then, by_back=by_back))
        self.present()

    def reopen_or_stale(self, step: str) -> None:
        place = self.way().places.get(step)
        if place is None or not place.step.asked or not place.slot.settled:
            self.remark("stale-button")
        else:
            self.reopen(step)

    def cancel(self) -> None:
        if self.session.draft:
            self.interrupt("cancel")
        else:
            self.remark("cancel-nothing")

    def interrupt(self, kind: str) -> None:
        """Put a question of its own over the present one, once."""
        standing = self.session.interruption
        while standing is not None and standing.kind in ("cancel", "language", "sending"):
            standing = standing.beneath
        self.change(interruption=Interruption(kind, beneath=standing))
        self.present()

    def help(self) -> None:
        if not self.session.draft:
            self.remark("help-general")
            return
        way = self.way()
        at = position(way, self.session.interruption)
        if at == REVIEW:
            self.remark("help-review")
            return
        place = way.places[at]
        text = place.step.field.help(place.slot.state or {}, speech.around(place, way, self.at))
        self.tell(text.key, text.args)
        if place.step.contact or place.step.id in ("first_name", "last_name"):
            self.tell("help-privacy")
        self.present()

    def forget(self) -> None:
        """Nothing is begun any more; the language and what was sent stay known."""
        old = self.session
        if old.draft:
            self.effects.append(Forget(old.draft))
        self.session = Session(
            old.locale,
            self.form.version,
            last_draft=old.last_draft,
            last_text=old.last_text,
            heard=old.heard,
            sent_messages=old.sent_messages,
        )

    # --- What was looked up, and what was stored ---------------------------------------------------------

    def learned(self, event: LookedUp) -> None:
        match event.question:
            case Opening(link):
                self.opened(link, event.result if isinstance(event.result, OpeningFacts) else OpeningFacts(0))
            case OwnResponses():
                self.effects.extend(speech.mine(self.session, self.way(), event.result))
                self.present()
            case SentDraft():
                if isinstance(event.result, SentResponse):
                    self.tell("already-sent", {"reference": event.result.reference})
                else:
                    self.tell("stale-button")
                self.present()
            case _ if event.question == self.need():
                self.learned_here(event.result)

    def beneath(self) -> Interruption | None:
        """The interruption that opens a step, if there is one, beneath those that ask something of their own."""
        standing = self.session.interruption
        while standing is not None and standing.kind in speech.INTERRUPTIONS:
            standing = standing.beneath
        return standing

    def need(self) -> Question | None:
        """The question whose answer the present position waits for, also while something else is asked over it."""
        if not self.session.draft:
            return None
        way = self.way()
        at = position(way, self.beneath())
        if at == REVIEW:
            return ConsultationById(way.values["consultation"]["id"])
        place = way.places[at]
        return place.step.field.need(place.slot.state or {})

    def learned_here(self, result: Result) -> None:
        way = self.way()
        at = position(way, self.beneath())
        self.is_quiet = self.session.interruption is not self.beneath()
        if at == REVIEW:
            self.learned_at_review(way, result)
            return
        place = way.places[at]
        reading = place.step.field.learn(result, place.slot.state or {}, speech.around(place, way, self.at))
        if reading is None:
            self.ask(way, place, result)
        else:
            self.message_id = place.slot.message_id
            self.apply(place, reading)

    def learned_at_review(self, way: Path, result: Result) -> None:
        sending = self.session.interruption is not None and self.session.interruption.kind == "sending"
        if self.is_quiet:
            return
        self.change(interruption=None)
        if not isinstance(result, Consultation) or not result.accepts:
            title = way.values["consultation"]["title"]
            self.put("consultation", "", Slot())
            self.tell("closed-by-staff", {"case_title": title})
            self.present()
            return
        # What staff have changed of it since it was picked is what counts, and what is shown.
        slot = self.session.answers["consultation"][""]
        self.put("consultation", "", replace(slot, value=to_builtins(result)))
        if self.way().first_open != REVIEW:
            self.present()  # an earlier response is there again that this one may replace
        elif sending:
            self.submit(self.way(), result)
        else:
            self.effects.append(speech.review(self.form, self.session, self.way(), result, self.at))

    def submit(self, way: Path, consultation: Consultation) -> None:
        columns: dict[str, str] = {}
        for place in way.places.values():
            if place.slot.value is not None:
                columns.update(place.step.field.columns(place.slot.value))
        self.effects.append(Submit(self.session.draft, consultation.id, columns, self.form.version))

    def stored(self, event: Stored) -> None:
        if event.draft != self.session.draft:
            return
        way = self.way()
        self.effects.append(speech.receipt(self.session, way, event))
        parts = way.values["text"]
        sent = [place.slot.message_id for place in way.questions] + [part["message_id"] for part in parts]
        self.forget()
        self.change(sent_messages=tuple(message for message in sent if message))

    # --- Words -------------------------------------------------------------------------------------------

    def tell(self, key: str, params: Mapping[str, Arg] = {}, *, error: bool = False) -> None:
        # Who has not been told the question yet is told it with the error.
        self.effects.append(Tell(Text(key, params), error and not self.is_unheard))

    def tell_all(self, texts: tuple[Text, ...]) -> None:
        self.effects.extend(Tell(text) for text in texts)

    def remark(self, key: str, params: Mapping[str, Arg] = {}) -> None:
        """A side remark, and where the person is."""
        self.tell(key, params)
        self.present()

    def present(self) -> None:
        """Say where the person is: look up what has to be known for it, or ask."""
        if self.is_quiet:
            return
        session = self.session
        way = self.way()
        standing = session.interruption
        if standing is not None and standing.kind in speech.INTERRUPTIONS:
            self.effects.append(speech.interruption(self.form, session, way))
        elif not session.draft:
            self.effects.append(speech.resting(session))
        elif position(way, standing) == REVIEW:
            self.effects.append(LookUp(ConsultationById(way.values["consultation"]["id"])))
        else:
            place = way.places[position(way, standing)]
            need = place.step.field.need(place.slot.state or {})
            if need is not None:
                self.effects.append(LookUp(need))
            if need is None or need_is_outside(need):
                self.ask(way, place, None)

    def ask(self, way: Path, place: Place, known: Result) -> None:
        around = speech.around(place, way, self.at)
        prompt = place.step.field.prompt(place.slot.state or {}, around, known)
        self.effects.append(speech.question(self.form, self.session, way, place, prompt))

    # --- The session -------------------------------------------------------------------------------------

    def way(self) -> Path:
        """The path of the session as it is now; it is asked for often, and changes with the answers only."""
        if self._walked is not self.session.answers:
            self._walked = self.session.answers
            self._way = path(self.form, self.session)
        return self._way

    def kind(self) -> str:
        person = self.way().values.get("respondent_type", "private_person") == "private_person"
        return "person" if person else "organisation"

    def change(self, **changes: object) -> None:
        self.session = replace(self.session, **changes)

    def put(self, step: str, source: str, slot: Slot) -> None:
        answers = self.session.answers
        self.change(answers={**answers, step: {**answers.get(step, {}), source: slot}})


def need_is_outside(need: Question) -> bool:
    """Whether the answer takes its time, so that the wait is a position of its own."""
    return isinstance(need, Outside)


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, last = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[last] + digits
    return digits
