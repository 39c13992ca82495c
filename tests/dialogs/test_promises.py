"""What the engine promises, against random people: some of them willing, some of them forging buttons.

Each event goes to the engine with every session through JSON; the store and the register are random actors too.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from dialogs import engine, events, facts, journey, messages, speech
from dialogs.consultation_response import FORM
from dialogs.events import AnyEvent
from dialogs.fields.earlier import sender
from dialogs.fields.long_text import MAX_CHARACTERS
from dialogs.messages import Effect, Message
from dialogs.rendering import as_text, button_text
from dialogs.texts import LOCALES
from tests.conversations.chat import HOUSE
from tests.dialogs.world import FOUND, REGISTER, ROUNDS, SEARCHES, TOWNS

WILLING = {
    "organisation_number": "974 540 193",
    "organisation_name": "Eksempelveien vel",
    "address": "Eksempelveien 12",
    "postal": "1385 Asker",
    "email": "kari.nordmann@example.no",
    "phone": "22 00 00 00",
    "first_name": "Kari",
    "last_name": "Nordmann",
    "text": "Jeg vil ha fortau langs skoleveien.",
    "foreign-example": "8700 Horsens, Danmark",
    "town-example": "Asker",
}
FORWARD = (
    "yes",
    "none",
    "private_person",
    "member",
    "continue",
    "done",
    "c2",
    "anyway",
    "nb",
    "no",
    "manual",
    "without",
    "main",
    "sub",
)
REQUIRED = ("respondent_type", "first_name", "text")
SOME_TEXTS = st.one_of(
    st.sampled_from([*WILLING.values(), "ja", "nei", "Tilbake", "Ferdig", "Send inn", "/start", "/start c2", "/mine"]),
    st.sampled_from(["/hjelp", "/sprak", "/avbryt", "/tilbake", "/finnes_ikke", "18/101", "26/2", "skolevei", "gmial"]),
    st.sampled_from(["kari@gmial.com", "1385", "0000", "Kari Anne Nordmann", "Eksempelveien 12, 1385 Asker", ""]),
    st.sampled_from(["\x00", "\ud800", "\u200b\u200d", "\u202eabc", "x" * 4096, "y" * MAX_CHARACTERS, "01810010068"]),
    st.text(max_size=60),
)


class RandomPeople(RuleBasedStateMachine):
    """One conversation, and everything that can happen to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)
        self.session: journey.Session | None = None
        self.last: Message | None = None
        self.buttons = ["x", "0:respondent_type:private_person"]
        self.said = 0
        self.out: list[facts.Outside] = []
        self.submitted: list[messages.Submit] = []
        self.sent_drafts: set[str] = set()
        self.towns = TOWNS[0]
        self.earlier: dict[str, tuple[int, str]] = {}  # by its reference: to which consultation, and from whom
        self.withdrawn: set[str] = set()

    # --- What happens ------------------------------------------------------------------------------------

    @initialize(locale=st.sampled_from(["nb", "en", "", "xx"]), towns=st.sampled_from(TOWNS))
    def begin(self, locale: str, towns: facts.PostalTown) -> None:
        self.towns = towns
        self.happens(events.Started(at=self.now, locale=locale))

    @rule()
    def answers_plausibly(self) -> None:
        self.willing_step()

    @rule(text=SOME_TEXTS, whole=st.booleans(), repeat=st.booleans(), cut=st.booleans(), unheard=st.booleans())
    def says(self, text: str, whole: bool, repeat: bool, cut: bool, unheard: bool = False) -> None:
        self.said += 1
        self.happens(
            events.Said(
                at=self.now,
                text=text,
                message_id=str(self.said),
                whole=whole,
                after_repeat=repeat,
                continues=cut,
                unheard=unheard,
            )
        )

    @rule(data=st.data())
    def presses_any_button_ever_seen(self, data: st.DataObject) -> None:
        self.happens(events.Picked(at=self.now, data=data.draw(st.sampled_from(self.buttons))))

    @rule(data=st.data())
    def presses_a_button_of_the_last_message(self, data: st.DataObject) -> None:
        if self.last is not None and self.last.buttons:
            self.happens(events.Picked(at=self.now, data=data.draw(st.sampled_from(self.last.buttons)).data))
            assert "stale-button" not in [text.key for text in self.last.told], "an offered button was called old"

    @rule(data=st.data(), step=st.sampled_from([*FORM.by_id, "review", "draft", "cancel", "language", "rest"]))
    def forges_a_button(self, data: st.DataObject, step: str) -> None:
        draft = data.draw(st.sampled_from([self.session.draft if self.session else "", "-", "0", "zz"]))
        option = data.draw(
            st.one_of(
                st.sampled_from(
                    [
                        *FORWARD,
                        "skip",
                        "keep",
                        "back",
                        "help",
                        "cancel",
                        "send.0",
                        "s0",
                        "s.text",
                        "s.replaces",
                        "change",
                    ]
                ),
                st.sampled_from(["more", "previous", "undo", "preview", "c999", "other", "again", "foreign", "whole"]),
                st.text("abcdefgh0123456789._-", min_size=1, max_size=24),
            )
        )
        self.happens(events.Picked(at=self.now, data=f"{draft}:{step}:{option}"))

    @rule(kind=st.sampled_from(["sticker", "voice", "photo", "location", "other", "unheard of"]))
    def sends_something_else(self, kind: str) -> None:
        self.happens(events.Attached(at=self.now, kind=kind))

    @rule(text=SOME_TEXTS, data=st.data())
    def edits_a_message(self, text: str, data: st.DataObject) -> None:
        number = data.draw(st.integers(0, self.said))
        self.happens(events.Edited(at=self.now, message_id=str(number), text=text))

    @rule(
        event=st.sampled_from(
            [
                events.WentBack,
                events.Cancelled,
                events.AskedHelp,
                events.AskedLanguage,
                events.AskedMine,
                events.AskedReview,
                events.InGroup,
            ]
        )
    )
    def does_something(self, event: type[events.WentBack]) -> None:
        self.happens(event(at=self.now))

    @rule(link=st.sampled_from(["", "c1", "c3", "c4", "c999", "d1", "c", "c99999999999999999999"]))
    def comes_by_a_link(self, link: str) -> None:
        self.happens(events.Started(at=self.now, link=link))

    @rule(days=st.sampled_from([0, 1, 9, 40]))
    def time_goes_by(self, days: int) -> None:
        self.now += timedelta(days=days)

    @precondition(lambda self: self.out)
    @rule(data=st.data())
    def the_register_answers(self, data: st.DataObject) -> None:
        question = data.draw(st.sampled_from(self.out))  # late, twice, or about a number that nobody waits for
        result = data.draw(st.sampled_from(REGISTER if isinstance(question, facts.Entity) else SEARCHES))
        self.happens(events.LookedUp(at=self.now, question=question, result=result), silent=True)

    @precondition(lambda self: self.session is not None and self.session.draft)
    @rule(result=st.sampled_from(REGISTER), then=st.sampled_from(["yes", "no", "main", "address", "without"]))
    def an_organisation_gets_to_the_end_of_its_card(self, result: facts.Result, then: str) -> None:
        """Random people seldom come so far: each answer of the register, and each way on from it."""
        draft = self.session.draft if self.session else ""
        for press in ("respondent_type:change", "respondent_type:registered_organisation"):
            self.happens(events.Picked(at=self.now, data=f"{draft}:{press}"))
        self.says("974540193", whole=False, repeat=False, cut=False)
        question = facts.Entity("974540193")
        self.happens(events.LookedUp(at=self.now, question=question, result=result), silent=True)
        for option in ("sub", then):
            self.happens(events.Picked(at=self.now, data=f"{draft}:organisation_number:{option}"))

    @rule(result=st.sampled_from([None, ROUNDS[0], FOUND, facts.Consultations(ROUNDS[:2], total=2)]))
    def a_result_comes_that_nobody_asked_for(self, result: facts.Result) -> None:
        question = facts.ConsultationById(77)
        before = self.session
        self.happens(events.LookedUp(at=self.now, question=question, result=result), silent=True)
        assert self.session == before

    @rule(
        number=st.integers(1, 3),
        kind=st.sampled_from(["private_person", "registered_organisation"]),
        first_name=st.sampled_from(["Kari", "kari", "Ola"]),
    )
    def a_response_was_sent_in_before(self, number: int, kind: str, first_name: str) -> None:
        named = {"respondent_type": kind, "first_name": first_name, "last_name": "Nordmann"}
        if kind == "registered_organisation":
            named |= {"organisation_number": "974540193", "organisation_name": FOUND.name}
        self.earlier[f"KT{len(self.earlier):06}"] = (number, sender(named))

    @precondition(lambda self: self.earlier)
    @rule(data=st.data())
    def staff_withdraw_one_or_take_it_back(self, data: st.DataObject) -> None:
        self.withdrawn ^= {data.draw(st.sampled_from(sorted(self.earlier)))}

    @rule()
    def the_draft_expires(self) -> None:
        draft = self.session.draft if self.session else ""
        self.happens(events.Expired(at=self.now, draft=draft, untouched_since=self.now), silent=True)

    # --- The world around the engine ---------------------------------------------------------------------

    def happens(self, event: AnyEvent, *, silent: bool = False) -> None:
        before = None if self.session is None else self.session.draft
        self.session, effects = engine.advance(FORM, self.session, event)
        to_do, said, asked = list(effects), list[Effect](), False
        while to_do:
            effect = to_do.pop(0)
            follow_up: AnyEvent | None = None
            match effect:
                case messages.LookUp(facts.Entity() | facts.EntitySearch() as question):
                    self.out.append(question)
                    asked = True
                case messages.LookUp(question):
                    follow_up = events.LookedUp(at=self.now, question=question, result=self.known(question))
                case messages.Submit():
                    assert effect.draft == before
                    follow_up = self.store(effect)
                case messages.Tell() | messages.Ask():
                    said.append(effect)
                case messages.Forget():
                    pass
            if follow_up is not None:
                self.session, more = engine.advance(FORM, self.session, follow_up)
                to_do = [*more, *to_do]
        message = speech.compose(said, self.session.locale)
        assert silent or asked or message is not None, f"nothing was said to {event}"
        if message is not None:
            self.last = message
            self.buttons += [button.data for button in message.buttons]

    def own(self, found: facts.Consultation | None) -> facts.Consultation | None:
        """The consultation with what was sent in to it from here and stands, as the store would tell it."""
        if found is None:
            return None
        standing = tuple(
            facts.EarlierResponse(reference, self.now, whose)
            for reference, (number, whose) in reversed(self.earlier.items())
            if number == found.id and reference not in self.withdrawn
        )
        return replace(found, earlier=standing)

    def known(self, question: facts.Question) -> facts.Result:
        current = [r for r in ROUNDS if r.accepts and self.now < r.closes_at]
        match question:
            case facts.Opening(link):
                linked = next((r for r in ROUNDS if link == f"c{r.id}"), None)
                return facts.OpeningFacts(len(current), self.own(linked))
            case facts.OpenConsultations(page):
                items = tuple(current[page * 3 : page * 3 + 3])
                return facts.Consultations(items, page, max(1, -(-len(current) // 3)), len(current))
            case facts.FindConsultations(query):
                hits = tuple(r for r in ROUNDS if r.accepts and (query in r.title or query == r.case_number))
                only = self.own(hits[0]) if len(hits) == 1 else None
                return facts.Consultations((only,) if only else hits, total=len(hits))
            case facts.ConsultationById(number):
                return self.own(next((r for r in ROUNDS if r.id == number), None))
            case facts.PostalCode():
                return self.towns
            case facts.OwnResponses():
                sent = facts.SentResponse("KT7RB4XM", "26/2", "x", self.now)
                return facts.SentResponses(tuple(sent for _ in self.submitted))
            case facts.SentDraft(draft):
                known = facts.SentResponse("KT7RB4XM", "26/2", "x", self.now)
                return known if draft in self.sent_drafts else None
            case _:
                raise AssertionError(question)

    def store(self, submit: messages.Submit) -> events.Stored:
        assert submit.draft not in self.sent_drafts, "one draft was sent in twice"
        self.check_complete(submit)
        self.check_replaced(submit)
        self.sent_drafts.add(submit.draft)
        self.submitted.append(submit)
        return events.Stored(at=self.now, draft=submit.draft, reference="KT7RB4XM", received_at=self.now)

    def check_complete(self, submit: messages.Submit) -> None:
        columns = submit.columns
        assert all(columns.get(key) for key in REQUIRED)
        assert columns.get("email") or columns.get("phone")
        assert next(r for r in ROUNDS if r.id == submit.consultation_id).accepts
        assert len(columns["text"]) <= MAX_CHARACTERS
        registered = columns["respondent_type"] == "registered_organisation"
        assert registered == ("organisation_number" in columns) == ("register_status" in columns)
        if columns["respondent_type"] != "private_person":
            assert columns["organisation_name"]
        assert "01810010068" not in str(columns)

    def check_replaced(self, submit: messages.Submit) -> None:
        """Only what the same respondent sent in to the same consultation, and nobody goes past the question."""
        standing = [
            reference
            for reference, (number, whose) in self.earlier.items()
            if (number, whose) == (submit.consultation_id, sender(submit.columns)) and reference not in self.withdrawn
        ]
        assert submit.columns.get("replaces") in (None, *standing)
        assert self.session is not None
        assert ("replaces" in journey.path(FORM, self.session).values) == bool(standing)

    def willing_step(self) -> None:
        """Do what a person would who wants to get done."""
        assert self.last is not None
        own = {button.data.split(":")[2]: button.data for button in self.last.buttons}
        send = next((data for option, data in own.items() if option.startswith("send.")), None)
        picked = [data for option, data in own.items() if option.startswith("c") and option[1:].isdigit()]
        forward = [own[option] for option in FORWARD if option in own]
        text = WILLING.get(self.last.example.key if self.last.example else "") or WILLING.get(self.last.step)
        if send:
            self.happens(events.Picked(at=self.now, data=send))
        elif "new" in own and not forward:
            self.happens(events.Picked(at=self.now, data=own["new"]))
        elif text and not forward and self.last.kind == "question":
            self.says(text, whole=False, repeat=False, cut=False)
        elif picked or forward:
            self.happens(events.Picked(at=self.now, data=(picked or forward)[0]))
        else:
            self.says("26/8", whole=False, repeat=False, cut=False)

    # --- What always holds -------------------------------------------------------------------------------

    @invariant()
    def a_session_survives_json(self) -> None:
        if self.session is not None:
            kept = journey.to_json(self.session)
            again = journey.from_json(FORM, kept, "nb")
            assert journey.to_json(again) == kept
            self.session = again

    @invariant()
    def what_is_said_can_be_said(self) -> None:
        if self.last is not None:
            for locale in LOCALES:
                assert as_text(self.last, HOUSE, "telegram").strip()
                assert all(button_text(button, locale, HOUSE) for button in self.last.buttons)
            assert all(len(button.data.encode()) <= 64 for button in self.last.buttons)
            assert "01810010068" not in as_text(self.last, HOUSE, "telegram")

    def teardown(self) -> None:
        """A willing person always reaches the end, from wherever the others have left them."""
        self.now = min(self.now, datetime(2026, 12, 1, tzinfo=UTC))
        sent = len(self.submitted)
        if self.session is not None:
            self.happens(events.AskedReview(at=self.now))
            for _ in range(40):
                self.willing_step()
                if len(self.submitted) > sent:
                    return
            raise AssertionError(f"a willing person is stuck at {self.last}")


RandomPeople.TestCase.settings = settings(max_examples=150, stateful_step_count=30, deadline=None)
TestRandomPeople = RandomPeople.TestCase
