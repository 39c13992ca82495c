"""Versions of a response on the desk: what is different in the one that replaced it, and deciding which one stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from aiohttp import web
from msgspec import Struct

from bot import clock
from bot.staff.pages import desk, form, say, see_other
from bot.staff.reading import read
from bot.staff.record import note
from bot.staff.responses.choices import STATUSES, chosen
from bot.staff.responses.comparison import Comparison, compare
from bot.staff.responses.pages import (
    DECIDED,
    DONE,
    LIST,
    LONGEST_NOTE,
    NOTE_ALONE,
    ONE,
    Decision,
    answers_of,
    page_of,
    state_of,
)
from bot.staff.roles import Role, needs, who
from bot.staff.words import draw
from dialogs.fields.cleaning import clean, one_line
from storage.database.opening import snapshot
from storage.database.sqlite import Connection
from storage.responses import lists, versions
from storage.responses.lists import FALLEN
from storage.responses.responses import Rows
from storage.responses.versions import CannotReplace, ChangesNothing

_SUPERSEDED = FALLEN[0]


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.router.add_get(f"{ONE}/compare", show_comparison)
    app.router.add_post(f"{ONE}/status", decide)


class _Pair(Struct, frozen=True):
    """A response and the one that replaced it: their texts in one, and which other answers differ, by export key."""

    old: dict[str, object]
    new: dict[str, object]
    comparison: Comparison
    answers: list[tuple[str, object, object]]


@needs(Role.READER)
async def show_comparison(request: web.Request) -> web.StreamResponse:
    """What is different in the response that replaced this one; 404 where none did. A view of both is written down."""
    choice, reference = await chosen(request), request.match_info["reference"]

    def work(db: Connection) -> _Pair | None:
        with snapshot(db):
            old = _row(db, reference)
            new = _row(db, str(old.get("replaced_by"))) if old else None
        if old is None or new is None:
            return None
        before, after = answers_of(old), answers_of(new)
        keys = [key for key in {**before, **after} if before.get(key) != after.get(key)]
        comparison = compare(str(old["text"] or ""), str(new["text"] or ""))
        return _Pair(old, new, comparison, [(key, before.get(key), after.get(key)) for key in keys])

    pair = await read(request, work)
    if pair is None:
        raise web.HTTPNotFound

    def write_down(db: Connection) -> None:
        for row in (pair.old, pair.new):
            note(db, request, "response.viewed", str(row["reference"]))

    await desk(request).service.writer.run(write_down)
    return draw(request, "responses/compare.html", choice=choice, pair=pair, list=LIST)


def _row(db: Connection, reference: str) -> dict[str, object] | None:
    only = lists.alone(db, reference)
    return None if only is None else next(iter(Rows(db, only)), None)


@needs(Role.EDITOR)
async def decide(request: web.Request) -> web.StreamResponse:
    """Withdraws a response, has another one stand in its place, has it stand again, or keeps a note alone.

    What is wrong with the form is told on the page of the response, with what was typed; so is what somebody else
    decided after the page was opened, and then nothing is done. The note stays with the response, and never gets into
    the audit log, which nobody can erase.
    """
    posted, reference = await form(request), request.match_info["reference"]
    typed = {name: clean(posted.get(name, "")).strip() for name in DECIDED}
    typed["by"] = one_line(typed["by"]).upper()
    if wrong := _wrong(request, typed):
        return await page_of(request, Decision(typed, wrong))
    work = _annotate if typed["status"] == NOTE_ALONE else _decide
    try:
        done = await desk(request).service.writer.run(partial(work, request, reference, typed))
    except CannotReplace:
        wrong = {"by": say(request, "desk-wrong-by", reference=typed["by"])}
    except ChangesNothing:
        wrong = {"status": say(request, "desk-wrong-same")}
    except _DecidedMeanwhile:
        wrong = {"status": say(request, "desk-wrong-meanwhile")}
        typed["seen"] = ""  # the page that tells it shows what holds now
    if wrong:
        return await page_of(request, Decision(typed, wrong))
    choice = await chosen(request)
    return see_other(choice.address(f"{LIST}/{reference}", decided=done))


def _decide(request: web.Request, reference: str, typed: Mapping[str, str], db: Connection) -> str:
    """Decides as the form says. Returns which of `DONE` it was, for a decision that holds already is a note alone."""
    status, at, by = typed["status"], clock.now(), typed["by"] if typed["status"] == _SUPERSEDED else ""
    if (found := versions.state(db, reference)) is None:
        raise web.HTTPNotFound
    if state_of(*found) != typed["seen"]:
        raise _DecidedMeanwhile
    versions.decide(db, reference, status, by=by, who=who(request).email, at=at, note=typed["note"])
    if versions.state(db, reference) == found:
        return _written_down(db, request, reference)
    told = {"before": found[0], "after": status} | ({"by": by} if by else {})
    note(db, request, "response.status", reference, **told)
    return DONE[0]


def _annotate(request: web.Request, reference: str, typed: Mapping[str, str], db: Connection) -> str:
    """Keeps the note, whatever was decided meanwhile: it changes nothing of that."""
    if not versions.annotate(db, reference, typed["note"], who=who(request).email, at=clock.now()):
        raise web.HTTPNotFound
    return _written_down(db, request, reference)


def _written_down(db: Connection, request: web.Request, reference: str) -> str:
    note(db, request, "response.noted", reference)
    return DONE[1]


class _DecidedMeanwhile(Exception):
    """The status is not what the page showed from which the form was sent."""


def _wrong(request: web.Request, typed: dict[str, str]) -> dict[str, str]:
    """What is wrong with the form, by field."""
    wrong = {}
    if typed["status"] not in (*STATUSES, NOTE_ALONE):
        wrong["status"] = say(request, "desk-wrong-decision")
    if typed["status"] == _SUPERSEDED and not typed["by"]:
        wrong["by"] = say(request, "desk-wrong-no-by")
    if typed["status"] == NOTE_ALONE and not typed["note"]:
        wrong["note"] = say(request, "desk-wrong-no-note")
    if (length := len(typed["note"])) > LONGEST_NOTE:
        wrong["note"] = say(request, "desk-wrong-note", count=length, max_chars=LONGEST_NOTE)
    return wrong
