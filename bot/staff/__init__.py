"""The staff desk: an application of its own under `/staff/`, where nothing is read without a session."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.config import Config
from bot.exchange.service import Service
from bot.staff import desk
from bot.staff.access import account, enrolment, login
from bot.staff.access.passwords import PASSWORDS, Passwords
from bot.staff.access.security import dress, guard
from bot.staff.errors import plain_pages
from bot.staff.pages import DESK, ROOT, Desk, see_other
from bot.staff.roles import Role, needs, open_to_all, refuse_unmarked
from dialogs.texts import House


def application(
    service: Service,
    config: Config,
    house: House,
    *,
    demo_token: str = "",
    bot_name: Callable[[], Awaitable[str]] | None = None,
) -> web.Application:
    """The desk over a service that has been started, to be mounted at `/staff/`; `bot_name` as `Desk` has it.

    With a `demo_token`, `/staff/demo/TOKEN` lets the first one who comes in as an admin, without a password.
    """
    app = web.Application(middlewares=[plain_pages, guard])
    app[PASSWORDS] = Passwords()
    app[DESK] = Desk(service, config, house, demo_token=demo_token, bot_name=bot_name)
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
