"""Consultations on the desk: one with its figures, and the forms that add, change, close and reopen."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from datetime import date, datetime
from typing import TypeVar

from aiohttp import web
from msgspec import Struct

from bot import clock
from bot.consultations import typed
from bot.consultations.days import closing_instant, days_left, first_instant, last_day
from bot.consultations.qr_code import KINDS, qr_code
from bot.exchange.channel import ChannelError
from bot.staff.consultations.chart import chart
from bot.staff.pages import DESK, ROOT, desk, form, see_other
from bot.staff.reading import read
from bot.staff.record import ends, note, record
from bot.staff.roles import Role, needs
from bot.staff.words import draw
from bot.tasks import Tasks
from dialogs.texts import OSLO
from storage.consultations import consultations
from storage.consultations.consultations import Consultation
from storage.database.sqlite import Connection
from storage.exports import FORMATS
from storage.responses import counts as consultation_counts
from storage.responses import lists
from storage.responses.counts import Counts
from storage.responses.lists import Listed
from storage.responses.selection import Selection

_LATEST = 10
_BOT: web.AppKey[list[str]] = web.AppKey("bot", list)


class Line(Struct, frozen=True):
    """A consultation with its figures. `days` until its last one: 0 on that day, negative after it."""

    consultation: Consultation
    counts: Counts
    state: str
    days: int
    last_day: date

    @classmethod
    def of(cls, consultation: Consultation, counts: Counts | None, at: datetime) -> Line:
        """How it stands at `at`."""
        closes_at = consultation.closes_at
        return cls(
            consultation, counts or Counts(), state(consultation, at), days_left(closes_at, at), last_day(closes_at)
        )


def state(consultation: Consultation, at: datetime) -> str:
    """`open`, `late` (past its deadline, and still taking responses in), `planned` or `closed`."""
    if consultation.closed_at is not None:
        return "closed"
    if not consultation.accepts(at):
        return "planned"
    return "open" if consultation.is_open(at) else "late"


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.cleanup_ctx.append(_know_the_bot)
    app.router.add_get("/consultations/new", form_to_add)
    app.router.add_post("/consultations/new", add)
    app.router.add_get(r"/consultations/{id:[0-9]{1,18}}", show)
    app.router.add_get(r"/consultations/{id:[0-9]{1,18}}/qr.{kind:svg|png}", poster)
    app.router.add_get(r"/consultations/{id:[0-9]{1,18}}/change", form_to_change)
    app.router.add_post(r"/consultations/{id:[0-9]{1,18}}/change", change)
    app.router.add_get(r"/consultations/{id:[0-9]{1,18}}/{act:close|reopen}", form_to_close)
    app.router.add_post(r"/consultations/{id:[0-9]{1,18}}/{act:close|reopen}", close)


async def _know_the_bot(app: web.Application) -> AsyncIterator[None]:
    """Asks once, in the background, by which name people find the bot."""
    app[_BOT] = []
    tasks = Tasks()

    async def ask(bot_name: Callable[[], Awaitable[str]]) -> None:
        with suppress(ChannelError):  # then its link is not shown
            app[_BOT].append(await bot_name())

    if (bot_name := app[DESK].bot_name) is not None:
        tasks.start(ask(bot_name), "the bot's name")
    yield
    await tasks.stop()


# --- One consultation ---------------------------------------------------------------------------------------


class _Figures(Struct, frozen=True):
    """What is read for the page of one consultation. `others`: further rounds of its case."""

    counts: Counts | None
    hours: dict[datetime, int]
    latest: tuple[Listed, ...]
    others: list[Consultation]


@needs(Role.READER)
async def show(request: web.Request) -> web.StreamResponse:
    """One consultation: what people are told of it, how many responded when, and the latest responses.

    That these were shown is written down, as for any list of responses.
    """
    consultation = await _wanted(request)
    at = clock.now()
    chosen = Selection(consultation_id=consultation.id)

    def figures(db: Connection) -> _Figures:
        return _Figures(
            consultation_counts.by_consultation(db, at).get(consultation.id),
            consultation_counts.by_hour(db, consultation.id),
            lists.page(db, chosen, size=_LATEST).rows,
            [each for each in consultations.all(db) if _is_another_round(each, consultation)],
        )

    found = await read(request, figures)
    if found.latest:
        await record(request, "responses.listed", consultation_id=consultation.id, **ends(found.latest))
    names = request.config_dict[_BOT]
    return draw(
        request,
        "consultations/one.html",
        line=Line.of(consultation, found.counts, at),
        chart=chart(found.hours),
        latest=found.latest,
        others=found.others,
        formats=FORMATS,
        link=_link(request, consultation),
        telegram=f"https://t.me/{names[0]}?start=c{consultation.id}" if names else "",
    )


@needs(Role.READER)
async def poster(request: web.Request) -> web.StreamResponse:
    """The QR code of the link for residents, as a file."""
    consultation, kind = await _wanted(request), request.match_info["kind"]
    name = f"{consultation.case_number.replace('/', '-')}-{consultation.id}.{kind}"
    response = web.Response(body=qr_code(_link(request, consultation), kind), content_type=KINDS[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _link(request: web.Request, consultation: Consultation) -> str:
    return f"{desk(request).config.base_url}/?c={consultation.id}"


def _is_another_round(each: Consultation, of: Consultation) -> bool:
    return (each.case_year, each.case_sequence) == (of.case_year, of.case_sequence) and each.id != of.id


async def _wanted(request: web.Request) -> Consultation:
    number = int(request.match_info["id"])
    consultation = await read(request, lambda db: consultations.get(db, number))
    if consultation is None:
        raise web.HTTPNotFound
    return consultation


# --- The form -----------------------------------------------------------------------------------------------

_FIELDS = ("case_number", "title", "opens", "closes", "url")
_MAY_BE_EMPTY = ("opens", "url")
T = TypeVar("T")


class _Filled(Struct, frozen=True):
    """A form as it was posted: what was typed, what it means, and which fields are wrong, by what is wrong.

    What is wrong means nothing: "", None, or the last day that there is.
    """

    typed: dict[str, str]
    wrong: dict[str, str]
    case_number: str
    title: str
    opens: date | None
    closes: date
    url: str


async def _filled(request: web.Request) -> _Filled:
    posted = await form(request)
    fields = {name: posted.get(name, "").strip() for name in _FIELDS}
    wrong: dict[str, str] = {}

    def meant(name: str, read_field: Callable[[str], T]) -> T | None:
        if not fields[name] and name in _MAY_BE_EMPTY:
            return None
        try:
            return read_field(fields[name])
        except ValueError:
            wrong[name] = f"desk-wrong-{name.replace('_', '-')}"
            return None

    case_number, title, url = meant("case_number", typed.case), meant("title", typed.title), meant("url", typed.url)
    opens, closes = meant("opens", typed.day), meant("closes", typed.day)
    if opens and closes and opens > closes:
        wrong["closes"] = "desk-wrong-order"
    return _Filled(fields, wrong, case_number or "", title or "", opens, closes or date.max, url or "")


def _form(
    request: web.Request, fields: dict[str, str], wrong: dict[str, str] | None = None, old: Consultation | None = None
) -> web.Response:
    status = 422 if wrong else 200
    return draw(request, "consultations/form.html", status=status, typed=fields, wrong=wrong or {}, old=old)


@needs(Role.EDITOR)
async def form_to_add(request: web.Request) -> web.StreamResponse:
    """An empty form."""
    return _form(request, dict.fromkeys(_FIELDS, ""))


@needs(Role.EDITOR)
async def add(request: web.Request) -> web.StreamResponse:
    """Begins a consultation; 422 and the form again where something is wrong."""
    filled = await _filled(request)
    if filled.wrong:
        return _form(request, filled.typed, filled.wrong)
    at = clock.now()

    def work(db: Connection) -> int:
        new_id = consultations.add(
            db,
            case_number=filled.case_number,
            title=filled.title,
            closes_at=closing_instant(filled.closes),
            opens_at=first_instant(filled.opens) if filled.opens else None,
            url=filled.url or None,
            at=at,
        )
        note(db, request, "consultation.added", str(new_id), **_told(filled))
        return new_id

    new_id = await desk(request).service.writer.run(work)
    return see_other(f"{ROOT}consultations/{new_id}")


@needs(Role.EDITOR)
async def form_to_change(request: web.Request) -> web.StreamResponse:
    """The form with what is so now."""
    old = await _wanted(request)
    opens = old.opens_at.astimezone(OSLO).date().isoformat() if old.opens_at else ""
    fields = {
        "case_number": old.case_number,
        "title": old.title,
        "opens": opens,
        "closes": last_day(old.closes_at).isoformat(),
        "url": old.url or "",
    }
    return _form(request, fields, old=old)


@needs(Role.EDITOR)
async def change(request: web.Request) -> web.StreamResponse:
    """Changes all of it; where no first day stands any more, it opens today at the latest."""
    old = await _wanted(request)
    filled = await _filled(request)
    if filled.wrong:
        return _form(request, filled.typed, filled.wrong, old)
    at = clock.now()
    opens_at = first_instant(filled.opens) if filled.opens else old.opens_at and min(old.opens_at, at)
    closes_at = closing_instant(filled.closes)
    if opens_at and opens_at >= closes_at:
        return _form(request, filled.typed, {"closes": "desk-wrong-order"}, old)

    def work(db: Connection) -> None:
        consultations.change(
            db,
            old.id,
            case_number=filled.case_number,
            title=filled.title,
            closes_at=closes_at,
            opens_at=opens_at,
            url=filled.url,
        )
        note(db, request, "consultation.changed", str(old.id), **_told(filled))

    await desk(request).service.writer.run(work)
    return see_other(f"{ROOT}consultations/{old.id}")


def _told(filled: _Filled) -> dict[str, object]:
    """For the audit log: what stands in the form, which is public."""
    return {name: value for name, value in filled.typed.items() if value}


@needs(Role.EDITOR)
async def form_to_close(request: web.Request) -> web.StreamResponse:
    """Asks once more, and says what comes of it."""
    return draw(
        request,
        "consultations/close.html",
        consultation=await _wanted(request),
        act=request.match_info["act"],
    )


@needs(Role.EDITOR)
async def close(request: web.Request) -> web.StreamResponse:
    """Takes no more responses in, or takes them in again."""
    consultation, act, at = await _wanted(request), request.match_info["act"], clock.now()

    def work(db: Connection) -> None:
        if act == "close":
            consultations.close(db, consultation.id, at)
        else:
            consultations.reopen(db, consultation.id)
        note(db, request, f"consultation.{'closed' if act == 'close' else 'reopened'}", str(consultation.id))

    await desk(request).service.writer.run(work)
    return see_other(f"{ROOT}consultations/{consultation.id}")
