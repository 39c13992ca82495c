"""Responses on the desk: found by words and filters, in pages, and one in full."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from bot.staff.access import Role, needs, who
from bot.staff.choices import CHANNELS, TYPES, chosen, known
from bot.staff.excerpts import Piece, excerpt, marked
from bot.staff.pages import ROOT, desk, form, see_other
from bot.staff.reading import read
from bot.staff.record import ends, record
from bot.staff.words import draw
from storage import response_lists, searches
from storage.exports import FORMATS
from storage.response_lists import ORDERS, Listed, Page, Position
from storage.responses import Rows
from storage.sqlite import Connection

LIST = f"{ROOT}responses"
_REFERENCE = "{reference:[A-Za-z0-9]{1,20}}"
_LARGEST_NUMBER = 2**63 - 1
_IN_ITS_OWN_PLACE = {"text", "reference", "status", "attachments"}

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
    ("desk-section-received", ("received_at", "late", "status", "channel", "locale", "form_version")),
)


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get("/responses", show_list)
    app.router.add_post("/responses", search)
    app.router.add_get(f"/responses/{_REFERENCE}", show)


@needs(Role.READER)
async def search(request: web.Request) -> web.StreamResponse:
    """Takes the words and the filters, and leads to the address that has them; see `bot.staff.choices`."""
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
        page = response_lists.page(db, choice.selection, order=choice.order, at=at)
        return page, [(row, excerpt(row.text, words)) for row in page.rows]

    page, rows = await read(request, work)
    done = "responses.searched" if choice.noted else "responses.listed"
    await record(request, done, **choice.noted, count=page.count, **ends(page.rows))
    return draw(
        request,
        "responses.html",
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
    """One response in full, and its neighbours in the list that the address names. The view is written down."""
    choice, reference = await chosen(request), request.match_info["reference"]

    def work(db: Connection) -> tuple[dict[str, object], dict[str, str], tuple[str | None, str | None]] | None:
        only = response_lists.alone(db, reference)
        row = None if only is None else next(iter(Rows(db, only)), None)
        if row is None:
            return None
        number = response_lists.number(db, reference)
        beside = response_lists.neighbours(db, choice.selection, choice.order, number)
        return row, response_lists.differences(db, reference), beside

    found = await read(request, work)
    if found is None:
        raise web.HTTPNotFound
    row, differences, (before, after) = found
    await record(request, "response.viewed", reference)
    return draw(
        request,
        "response.html",
        choice=choice,
        row=row,
        sections=_sections(row),
        differences=differences,
        before=before,
        after=after,
        list=LIST,
        formats=FORMATS,
        marked=lambda text: marked(text, choice.selection.words),
    )


def _sections(row: dict[str, object]) -> list[tuple[str, list[tuple[str, object]]]]:
    """What was answered, in the sections of the form that people knew; extra answers are the respondent's."""
    placed = {key for _, keys in _SECTIONS for key in keys} | _IN_ITS_OWN_PLACE | {"consultation_id"}
    extra = tuple(key for key in row if key not in placed)
    sections = []
    for number, (title, keys) in enumerate(_SECTIONS):
        filled = [(key, row[key]) for key in (*keys, *(extra if number == 0 else ())) if row[key] not in (None, [])]
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
