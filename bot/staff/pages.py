"""Drawing the desk's pages: what it is set up with, and templates that speak the reader's language."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.config import Config
from bot.exchange.service import Service
from bot.staff.roles import WHO, Role, Who
from bot.web.assets import Assets
from bot.web.languages import reader_locale
from bot.web.proxy import client_address
from dialogs.messages import Day, Deadline, Instant, Text
from dialogs.texts import House, t
from storage.database.opening import open_for_reading
from storage.database.sqlite import Connection

ROOT = "/staff/"

NAVIGATION = (
    ("staff-nav-consultations", ROOT, Role.READER),
    ("staff-nav-responses", f"{ROOT}responses", Role.READER),
    ("staff-nav-downloads", f"{ROOT}downloads", Role.READER),
    ("staff-nav-set-aside", f"{ROOT}set-aside", Role.READER),
    ("staff-nav-history", f"{ROOT}history", Role.ADMIN),
    ("staff-nav-people", f"{ROOT}people", Role.ADMIN),
    ("staff-nav-account", f"{ROOT}account", Role.READER),
)
"""What leads where, in the order of the page, and the role that it takes."""

_HERE = Path(__file__).parent


class Desk:
    """What every page of the desk has at hand: the service, the settings, whose desk it is, and the templates.

    `reading` sees what is committed; use it on the event loop and for what takes no time. `demo_token` lets one person
    in without a password, and is "" once it was used, and where nobody may. `bot_name` asks by which name people find
    our bot; None: there is none.
    """

    def __init__(
        self,
        service: Service,
        config: Config,
        house: House,
        *,
        demo_token: str = "",
        bot_name: Callable[[], Awaitable[str]] | None = None,
    ) -> None:
        self.service = service
        self.config = config
        self.house = house
        self.is_demo = bool(demo_token)
        self.demo_token = demo_token
        self.bot_name = bot_name
        self.assets = Assets(_HERE / "static", f"{ROOT}static/")
        self._reading: Connection | None = None
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            house=house,
            root=ROOT,
            asset=self.assets.addresses,
            Text=Text,
            Instant=Instant,
            Deadline=Deadline,
            Day=Day,
            Role=Role,
        )

    @property
    def reading(self) -> Connection:
        """A connection that only reads."""
        if self._reading is None:
            raise RuntimeError("the desk has not been started")
        return self._reading

    async def open(self, _app: web.Application) -> AsyncIterator[None]:
        """Have the database open while the application runs."""
        with closing(open_for_reading(self.config.database)) as self._reading:
            yield

    def draw(self, template: str, locale: str, **values: object) -> str:
        """The HTML of a template, in a language."""
        say = partial(_say, locale, self.house)
        html: str = self._templates.get_template(template).render(values, locale=locale, t=say)
        return html


DESK: web.AppKey[Desk] = web.AppKey("desk", Desk)
"""Under this key the desk's application has what it is set up with."""

CSRF: web.RequestKey[str] = web.RequestKey("csrf", str)
"""Under this key a request has the token that its reader's next form has to bring."""


def desk(request: web.Request) -> Desk:
    """What the desk is set up with."""
    found: Desk = request.config_dict[DESK]
    return found


def address_of(request: web.Request) -> str:
    """Where the request comes from; a proxy is believed only where the settings name it."""
    return client_address(request, desk(request).config.trusted_proxy)


def locale_of(request: web.Request) -> str:
    """The language of who reads: what they have chosen, what their browser asks for, or the service's own."""
    reader: Who | None = request.get(WHO)
    if reader is not None and reader.locale:
        return reader.locale
    return reader_locale(request.headers.get("Accept-Language", ""), desk(request).config.locale)


def say(request: web.Request, key: str, **args: str | int | Instant | Deadline | Day | Text) -> str:
    """A text of `dialogs/locales` in the language of who reads."""
    return t(locale_of(request), Text(key, args), desk(request).house, "web")


def render(request: web.Request, template: str, /, *, status: int = 200, **values: object) -> web.Response:
    """A page. The template extends `layout.html` and fills its blocks `heading` and `main`.

    It has `values`, and: `t(key, name=value, …)` which says a text, `locale`, `who` (a `Who`, or None), `csrf` for
    `<input type="hidden" name="csrf" value="{{ csrf }}">` in each form that posts, `path` of this page, `navigation`,
    `house`, `root` (`/staff/`), `asset["name.css"]`, and the types `Text`, `Instant`, `Deadline`, `Day` and `Role`.
    """
    return web.Response(text=drawn(request, template, **values), status=status, content_type="text/html")


def drawn(request: web.Request, template: str, /, **values: object) -> str:
    """The HTML of a page; see `render`."""
    reader: Who | None = request.get(WHO)
    links = [(key, href) for key, href, role in NAVIGATION if reader and reader.role >= role]
    return desk(request).draw(
        template,
        locale_of(request),
        who=reader,
        csrf=request.get(CSRF, ""),
        path=request.path,
        navigation=links,
        **values,
    )


async def form(request: web.Request) -> dict[str, str]:
    """The fields of the form that was posted, as texts."""
    fields = await request.post()
    return {name: _text(value) for name, value in fields.items() if isinstance(value, str)}


def see_other(location: str) -> web.Response:
    """Leads to another page, after a form was taken."""
    return web.Response(status=303, headers={"Location": location})


def _say(locale: str, house: House, text: Text | str, /, **args: str | int | Instant | Deadline | Day | Text) -> str:
    return t(locale, Text(text, args) if isinstance(text, str) else text, house, "web")


def _text(value: str) -> str:
    """Browsers send line breaks as CR LF, and no field of ours can hold a NUL."""
    return value.replace("\r\n", "\n").replace("\0", "")
