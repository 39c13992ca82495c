"""Responses on the desk: found by words and filters, in pages, and one in full."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct, field

from bot.staff.pages import ROOT, desk, form, see_other
from bot.staff.reading import read
from bot.staff.record import ends, record
from bot.staff.responses.choices import CHANNELS, TYPES, Choice, chosen, known
from bot.staff.responses.excerpts import Piece, excerpt, marked
from bot.staff.responses.story import happenings, standing
from bot.staff.roles import Role, needs, who
from bot.staff.words import Words, draw
from storage.database.opening import snapshot
from storage.database.sqlite import Connection
from storage.database.times import moment
from storage.exports import FORMATS
from storage.responses import lists, versions
from storage.responses.lists import ORDERS, Listed, Page, Position
from storage.responses.responses import Rows
from storage.responses.versions import Change, Version
from storage.staff import searches

LIST = f"{ROOT}responses"
ONE = "/responses/{reference:[A-Za-z0-9]{1,20}}"
_LARGEST_NUMBER = 2**63 - 1
_IN_ITS_OWN_PLACE = {"text", "reference", "status", "attachments", "replaced_by"}

_SECTIONS = (
    (
        "desk-section-respondent",
        (
            "respondent_type",
            "organisation_name",
            "organisation_number",
            "main_organisation_number",
            "organisation_form",
            "register_status",
            "address",
            "postal_code",
            "postal_town",
            "country",
            "email",
            "phone",
        ),
    ),
    ("desk-section-contact", ("first_name", "last_name")),
    ("desk-section-case", ("case_number", "consultation")),
    ("desk-section-received", ("received_at", "late", "status", "replaces", "channel", "locale", "form_version")),
)

_OF_THE_RESPONDENT = {"desk-section-respondent", "desk-section-contact"}


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/responses", show_list)
    app.router.add_post("/responses", search)
    app.router.add_get(ONE, show)


@needs(Role.READER)
async def search(request: web.Request) -> web.StreamResponse:
    """Takes the words and the filters, and leads to the address that has them; see `bot.staff.responses.choices`."""
    posted = await form(request)
    query = known(posted)
    words, person = posted.get("words", "").strip(), who(request).email
    query.pop("search", None)
    if words:
        number = await desk(request).service.writer.run(lambda db: searches.keep(db, person, words))
        query["search"] = str(number)
    return see_other(f"{LIST}?{urlencode(query)}" if query else LIST)


@needs(Role.READER)
async def show_list(request: web.Request) -> web.StreamResponse:
    """A page of the chosen responses. Each page is written down: how many were found, and which ones it shows."""
    choice, at = await chosen(request), _position(request)
    words = choice.selection.words

    def work(db: Connection) -> tuple[Page, list[tuple[Listed, tuple[Piece, ...]]]]:
        page = lists.page(db, choice.selection, order=choice.order, at=at)
        return page, [(row, excerpt(row.text, words)) for row in page.rows]

    page, rows = await read(request, work)
    done = "responses.searched" if choice.noted else "responses.listed"
    await record(request, done, **choice.noted, count=page.count, **ends(page.rows))
    return draw(
        request,
        "responses/list.html",
        choice=choice,
        page=page,
        rows=rows,
        marked=lambda text: marked(text, words),
        list=LIST,
        orders=ORDERS,
        types=TYPES,
        channels=CHANNELS,
    )


@needs(Role.READER)
async def show(request: web.Request) -> web.StreamResponse:
    """One response in full, with its versions and its neighbours in the list that the address names."""
    return await page_of(request)


DECIDED = ("status", "by", "note", "seen")
LONGEST_NOTE = 500
"""The fields of the form that decides on a response, and how many characters a note may have.

`seen` is what the page told of the status when it was opened; see `state_of`.
"""
NOTE_ALONE = "note"
"""What stands in the field `status` where only a note is to be kept."""
DONE = ("status", "note")
"""What the form has done, in the address that it leads to: changed the status, or kept a note alone."""


class Decision(Struct, frozen=True):
    """What was typed into the form that decides on a response, and what is wrong with it, by field."""

    typed: dict[str, str] = field(default_factory=lambda: dict.fromkeys(DECIDED, ""))
    wrong: dict[str, str] = field(default_factory=dict)


def state_of(status: object, replaced_by: object) -> str:
    """The status of a response and what replaced it, by which the form that decides on it knows what was seen."""
    return f"{status} {replaced_by or ''}".strip()


class _Found(Struct, frozen=True):
    """What is read for the page of one response."""

    row: dict[str, object]
    differences: dict[str, str]
    before: str | None
    after: str | None
    chain: list[Version]
    changes: list[Change]


async def page_of(request: web.Request, decision: Decision | None = None) -> web.Response:
    """The page of the response that the address names; 422 where a form that was sent to it is wrong.

    The view is written down.
    """
    choice, reference, decision = await chosen(request), request.match_info["reference"], decision or Decision()
    found = await read(request, lambda db: _found(db, choice, reference))
    if found is None:
        raise web.HTTPNotFound
    await record(request, "response.viewed", reference)
    return draw(
        request,
        "responses/one.html",
        status=422 if decision.wrong else 200,
        choice=choice,
        row=found.row,
        sections=_sections(found.row),
        differences=found.differences,
        before=found.before,
        after=found.after,
        chain=found.chain,
        happenings=happenings(found.changes, Words(request)),
        standing=standing(found.chain, reference),
        received_at=moment(str(found.row["received_at"])),
        decision=decision,
        seen=decision.typed["seen"] or state_of(found.row["status"], found.row.get("replaced_by")),
        longest_note=LONGEST_NOTE,
        decided=request.query.get("decided"),
        note_alone=NOTE_ALONE,
        list=LIST,
        formats=FORMATS,
        marked=lambda text: marked(text, choice.selection.words),
    )


def _found(db: Connection, choice: Choice, reference: str) -> _Found | None:
    only = lists.alone(db, reference)
    with snapshot(db):
        row = None if only is None else next(iter(Rows(db, only)), None)
        if row is None:
            return None
        number = lists.number(db, reference)
        return _Found(
            row,
            lists.differences(db, reference),
            *lists.neighbours(db, choice.selection, choice.order, number),
            versions.chain(db, reference),
            versions.changes(db, reference),
        )


def answers_of(row: dict[str, object]) -> dict[str, object]:
    """What the respondent said of themselves, and answers that were added to the form later, by export key."""
    return dict(pair for title, pairs in _sections(row) if title in _OF_THE_RESPONDENT for pair in pairs)


def _sections(row: dict[str, object]) -> list[tuple[str, list[tuple[str, object]]]]:
    """What was answered, in the sections of the form that people knew; extra answers are the respondent's."""
    placed = {key for _, keys in _SECTIONS for key in keys} | _IN_ITS_OWN_PLACE | {"consultation_id"}
    extra = tuple(key for key in row if key not in placed)
    sections = []
    for number, (title, keys) in enumerate(_SECTIONS):
        wanted = (*keys, *(extra if number == 0 else ()))
        filled = [(key, row[key]) for key in wanted if row.get(key) not in (None, [])]
        if filled:
            sections.append((title, filled))
    return sections


def _position(request: web.Request) -> Position:
    """Where the page begins; nonsense is the beginning."""
    for name in ("before", "after"):
        number = request.query.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 19 and int(number) <= _LARGEST_NUMBER:
            return Position(int(number), before=name == "before")
    return Position()
