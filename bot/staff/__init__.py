"""The staff desk: an application of its own under `/staff/`, where nothing is read without a session."""

from __future__ import annotations

from aiohttp import web

from bot.config import Config
from bot.service import Service
from bot.staff import account, desk, enrolment, login
from bot.staff.access import Role, needs, open_to_all, refuse_unmarked
from bot.staff.errors import plain_pages
from bot.staff.pages import DESK, ROOT, Desk, see_other
from bot.staff.security import dress, guard
from dialogs.texts import House


def application(service: Service, config: Config, house: House, *, demo_token: str = "") -> web.Application:
    """The desk over a service that has been started, to be mounted at `/staff/`.

    With a `demo_token`, `/staff/demo/TOKEN` lets the first one who comes in as an admin, without a password.
    """
    app = web.Application(middlewares=[plain_pages, guard])
    app[DESK] = Desk(service, config, house, demo_token=demo_token)
    app.cleanup_ctx.append(app[DESK].open)
    app.on_response_prepare.append(dress)
    app.router.add_get("", _to_the_front)
    app.router.add_get("/static/{name}", _static)
    for pages in (login, enrolment, account, desk):
        pages.routes(app)
    refuse_unmarked(app.router.routes())
    return app


@needs(Role.READER)
async def _to_the_front(_request: web.Request) -> web.StreamResponse:
    return see_other(ROOT)


@open_to_all
async def _static(request: web.Request) -> web.StreamResponse:
    return await request.app[DESK].assets.serve(request)
