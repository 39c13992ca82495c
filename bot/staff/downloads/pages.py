"""Downloads: what is chosen, in any format, written in the background and fetched when it is ready."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator

from aiohttp import web
from msgspec.structs import replace

from bot import clock
from bot.exporting.export import NotForThePublic, described, in_short, narrowed
from bot.exporting.process import Order
from bot.staff.downloads.running import ExportJobs, Job, TooMany
from bot.staff.pages import ROOT, desk, form, locale_of, say, see_other
from bot.staff.reading import read
from bot.staff.record import note, record
from bot.staff.responses.choices import CHANNELS, TYPES, Choice, chosen, known, without_words
from bot.staff.responses.choices import choose as choose_from
from bot.staff.roles import Role, needs, who
from bot.staff.words import Words, draw
from bot.web.errors import PageError
from dialogs.texts import OSLO
from storage.database.sqlite import Connection
from storage.exports import FORMATS, is_public
from storage.exports.output.files import remove_abandoned
from storage.responses import lists, versions
from storage.responses.selection import Selection
from storage.staff import last_exports

PAGE = f"{ROOT}downloads"
_JOB = "/downloads/{job:[A-Za-z0-9_-]{43}}"
_CHUNK = 256 * 1024
_JOBS: web.AppKey[ExportJobs] = web.AppKey("exports", ExportJobs)


def routes(app: web.Application) -> None:
    """The pages of this module."""
    app.cleanup_ctx.append(_keep_jobs)
    app.router.add_get("/downloads", show_form)
    app.router.add_post("/downloads", start)
    app.router.add_get(_JOB, show)
    app.router.add_get(f"{_JOB}/state", tell)
    app.router.add_get(f"{_JOB}/file", fetch, allow_head=False)  # who only asks has not got it
    app.router.add_post(f"{_JOB}/drop", drop)


async def _keep_jobs(app: web.Application) -> AsyncIterator[None]:
    app[_JOBS] = ExportJobs()
    await asyncio.to_thread(remove_abandoned)  # of a service that was killed
    yield
    await app[_JOBS].stop()


@needs(Role.READER)
async def show_form(request: web.Request) -> web.StreamResponse:
    """What can be chosen, begun with what the address says; and the reader's own downloads of the last hour."""
    return await _form(request, await chosen(request))


async def _form(request: web.Request, choice: Choice, problem: str = "", status: int = 200) -> web.Response:
    counts = await read(request, lambda db: lists.count_by_status(db, choice.selection))
    count = sum(counts.values())
    if choice.noted:  # how many there are is an answer to a search, too
        await record(request, "responses.searched", **choice.noted, count=count)
    return draw(
        request,
        "downloads/downloads.html",
        status=status,
        choice=choice,
        count=count,
        counts=counts,
        problem=problem,
        formats=FORMATS,
        types=TYPES,
        channels=CHANNELS,
        jobs=request.config_dict[_JOBS].of(who(request).email),
    )


@needs(Role.READER)
async def start(request: web.Request) -> web.StreamResponse:
    """Begins an export and leads to its page. A form with `reference` means that response alone."""
    posted = await form(request)
    format_name, reference = posted.get("format", ""), posted.get("reference", "")
    person, query = who(request).email, known(posted)
    choice = await read(request, lambda db: choose_from(db, query, person))
    if format_name not in FORMATS:
        return await _form(request, choice, say(request, "desk-wrong-format"), 422)

    def selection(db: Connection) -> tuple[Selection, Selection]:
        whole = _alone(db, reference, format_name) if reference else choice.selection
        since_last = "since_last" in posted
        after_id = last_exports.after(db, person, format_name, in_short(whole)) if since_last else 0
        return whole, narrowed(format_name, replace(whole, after_id=after_id))

    try:
        whole, wanted = await read(request, selection)
    except NotForThePublic:
        return await _form(request, choice, say(request, "desk-wrong-not-public"), 422)
    order = Order(desk(request).config, format_name, wanted, locale_of(request))
    name = _name(choice, reference, format_name)
    try:
        job = request.config_dict[_JOBS].start(person, order, name, whole)
    except TooMany:
        raise PageError(429, "desk-too-many-downloads", seconds=60) from None
    return see_other(f"{PAGE}/{job.id}")


def _alone(db: Connection, reference: str, format_name: str) -> Selection:
    """The choice of this response; a format for the public also has to know its status."""
    only, state = lists.alone(db, reference), versions.state(db, reference)
    if only is None or state is None:
        raise web.HTTPNotFound
    return replace(only, status=state[0]) if is_public(format_name) else only


def _name(choice: Choice, reference: str, format_name: str) -> str:
    """What the file is called, but for its ending: no word of it comes from a respondent."""
    consultation = choice.consultation
    what = reference or (f"{consultation.case_year}-{consultation.case_sequence}" if consultation else "")
    day = clock.now().astimezone(OSLO).date().isoformat()
    return "-".join(filter(None, ("innspill", what, format_name, day)))


def _wanted(request: web.Request) -> Job:
    job = request.config_dict[_JOBS].find(who(request).email, request.match_info["job"])
    if job is None:
        raise PageError(404, "desk-download-gone")
    return job


@needs(Role.READER)
async def show(request: web.Request) -> web.StreamResponse:
    """How far it has come. A thin script keeps the figures up to date; without it one asks again."""
    job = _wanted(request)
    return draw(request, "downloads/download.html", job=job, told=_told(request, job), filters=_filters(request, job))


def _filters(request: web.Request, job: Job) -> list[tuple[str, str]]:
    export = described((), job.order.selection, locale_of(request), desk(request).config)
    return list(export.about)


def _told(request: web.Request, job: Job) -> str:
    words = Words(request)
    report = job.report
    if job.state == "running" and not report.total:
        return say(request, "desk-download-begun")
    if job.state == "running":
        key = "desk-download-running" if report.reading == 1 else "desk-download-running-again"
        part, whole = words.number(report.done), words.number(report.total)
        return say(request, key, part=part, whole=whole, reading=str(report.reading))
    return say(request, f"desk-download-{job.state}", whole=words.number(report.done), size=_size(words, job.size))


def _size(words: Words, size: int) -> str:
    return f"{words.number(max(1, round(size / 1000)))} kB"


@needs(Role.READER)
async def tell(request: web.Request) -> web.StreamResponse:
    """The same for the script, as JSON."""
    job = _wanted(request)
    return web.json_response(
        {"state": job.state, "told": _told(request, job), "done": job.report.done, "total": job.report.total}
    )


@needs(Role.READER)
async def fetch(request: web.Request) -> web.StreamResponse:
    """The file. That it leaves the house is written down before the first byte does.

    When all of it has gone out, the next export "since my last one" goes on from it. The file stays until its hour is
    over, for a download may break off where we do not see it.
    """
    job = _wanted(request)
    if job.file is None or job.state != "ready":
        return see_other(f"{PAGE}/{job.id}")
    person, order, report = job.who, job.order, job.report
    filters = without_words(order.selection) | ({"search": True} if order.selection.words else {})
    detail = {"format": order.format_name, "filter": filters, "count": report.done}
    file = os.dup(job.file.fileno())
    try:
        await desk(request).service.writer.run(lambda db: note(db, request, "responses.exported", **detail))
        response = web.StreamResponse(headers={"Content-Disposition": f'attachment; filename="{job.name}"'})
        response.content_type = "application/octet-stream"
        response.content_length = os.fstat(file).st_size
        await response.prepare(request)
        offset = 0
        while chunk := await asyncio.to_thread(os.pread, file, _CHUNK, offset):
            await response.write(chunk)
            offset += len(chunk)
        await response.write_eof()
    finally:
        os.close(file)
    chosen, at = in_short(job.selection), job.asked_at
    await desk(request).service.writer.run(
        lambda db: last_exports.note(db, person, order.format_name, chosen, report.latest_id, at)
    )
    return response


@needs(Role.READER)
async def drop(request: web.Request) -> web.StreamResponse:
    """Cancels it, or throws the file away."""
    request.config_dict[_JOBS].drop(_wanted(request))
    return see_other(PAGE)
