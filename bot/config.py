"""The one owner of the environment: the variables in, one frozen `Config` out, or one clear line of what is wrong."""

from __future__ import annotations

import os
import pwd
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from shlex import quote
from shutil import which
from urllib.parse import urlsplit

import dialogs
from bot.web.colour import BLACK, LOGO_TYPES, READABLE, WHITE, contrast, readable

ENTITY_REGISTER = "https://data.brreg.no/enhetsregisteret/api"
TELEGRAM_API = "https://api.telegram.org"
STAND_IN = "stand-in"
_PREFIX = "INNSPILL_"
_CODE = r"[A-Za-z0-9_.-]{1,40}"
_LARGEST_LOGO = 30_000  # bytes
_HOST = "127.0.0.1"
_PORT = 8080


class ConfigError(Exception):
    """A variable of the environment that cannot be used; its text is one line for the operator and holds no secret."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every setting, checked. Secrets are kept out of its `repr`.

    URLs have no slash at the end; `base_url` is where people reach the web chat. `privacy_url` and `accessibility_url`
    are empty where our own pages serve. `colour` is `#rrggbb` or empty. `telegram_token` is empty where Telegram is
    off, the webhook secret where it is polled, the metrics token where there are no metrics. `telegram_rate` is in
    messages a second, over all. `entity_register` is a URL or `stand-in`. `journal_status` and `document_type` are
    codes of KS Fiks Arkiv, empty for those of the format.
    """

    database: Path
    host: str
    port: int
    base_url: str
    municipality: str
    contact: str
    privacy_url: str
    accessibility_url: str
    logo: Path | None
    colour: str
    locale: str
    telegram_token: str = field(repr=False)
    telegram_api: str
    telegram_webhook_secret: str = field(repr=False)
    telegram_rate: float
    entity_register: str
    trusted_proxy: IPv4Network | IPv6Network | None
    embed_origins: tuple[str, ...]
    metrics_token: str = field(repr=False)
    journal_status: str
    document_type: str


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The settings that `environ` gives (without one: the process's own). An empty variable is one that is not set.

    Raises `ConfigError`, naming the variable, at the first value that cannot be used.
    """
    given = _Given(os.environ if environ is None else environ)
    host = given.text("INNSPILL_HOST", _HOST)
    port = given.port("INNSPILL_PORT", _PORT)
    base_url = given.root("INNSPILL_BASE_URL", _base_url(host, port))
    return Config(
        database=Path(given.text("INNSPILL_DATABASE", "innspill.db")),
        host=host,
        port=port,
        base_url=base_url,
        municipality=given.text("INNSPILL_MUNICIPALITY", "Asker kommune"),
        contact=given.text("INNSPILL_CONTACT"),
        privacy_url=given.url("INNSPILL_PRIVACY_URL"),
        accessibility_url=given.url("INNSPILL_ACCESSIBILITY_URL"),
        logo=given.logo("INNSPILL_LOGO"),
        colour=given.colour("INNSPILL_COLOUR"),
        locale=given.locale("INNSPILL_LOCALE", "nb"),
        telegram_token=given.matching(
            "INNSPILL_TELEGRAM_TOKEN", r"[0-9]+:[A-Za-z0-9_-]+", "a bot's token as BotFather writes it", secret=True
        ),
        telegram_api=given.url("INNSPILL_TELEGRAM_API", TELEGRAM_API),
        telegram_webhook_secret=given.webhook_secret("INNSPILL_TELEGRAM_WEBHOOK_SECRET", base_url),
        telegram_rate=given.rate("INNSPILL_TELEGRAM_RATE", "30"),
        entity_register=given.register("INNSPILL_ENTITY_REGISTER"),
        trusted_proxy=given.network("INNSPILL_TRUSTED_PROXY"),
        embed_origins=given.origins("INNSPILL_EMBED_ORIGINS", base_url),
        metrics_token=given.matching(
            "INNSPILL_METRICS_TOKEN",
            r"[A-Za-z0-9._~+/=-]{16,256}",
            "a token of 16-256 of A-Z a-z 0-9 . _ ~ + / = -",
            secret=True,
        ),
        journal_status=given.matching("INNSPILL_JOURNAL_STATUS", _CODE, "a code of the archive's list, such as M"),
        document_type=given.matching("INNSPILL_DOCUMENT_TYPE", _CODE, "a code of the archive's list, such as BREV"),
    )


def unknown(environ: Mapping[str, str] | None = None) -> dict[str, str]:
    """The variables that begin like ours and set nothing, each with the name of ours that is most like it, or ""."""
    ours = {setting.name.upper() for setting in fields(Config)}
    given = os.environ if environ is None else environ
    others = sorted(name.removeprefix(_PREFIX) for name in given if name.startswith(_PREFIX) and given[name])
    likest = {name: get_close_matches(name, ours, n=1) for name in others if name not in ours}
    return {_PREFIX + name: _PREFIX + found[0] if found else "" for name, found in likest.items()}


def user_name() -> str:
    """The operating system's name of who runs this process, or the user's number where it has none."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


_FOR_CHILDREN = (
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "TZ",
    "TMPDIR",
    "TMP",
    "TEMP",
    "PYTHONPATH",
    "PYTHONHOME",
    "LD_LIBRARY_PATH",
)


def environment_of_children() -> dict[str, str]:
    """What a process of ours needs of the environment to run at all: no setting of ours, and no secret of anybody's."""
    return {name: os.environ[name] for name in _FOR_CHILDREN if name in os.environ}


def wants_colour() -> bool:
    """Whether the person allows colours and weights in a terminal (https://no-color.org)."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def command(config: Config) -> str:
    """How to call `innspill` for the same service from the folder where this process is, ready to be pasted.

    Settings that decide where a command finds the service and what it says of it are in it, unless they are as they
    would be without it. Secrets are not.
    """
    settings = {"INNSPILL_DATABASE": str(config.database)}
    if config.host != _HOST:
        settings["INNSPILL_HOST"] = config.host
    if config.port != _PORT:
        settings["INNSPILL_PORT"] = str(config.port)
    if config.base_url != _base_url(config.host, config.port):
        settings["INNSPILL_BASE_URL"] = config.base_url
    if config.entity_register != ENTITY_REGISTER:
        settings["INNSPILL_ENTITY_REGISTER"] = config.entity_register
    return " ".join([*(f"{name}={quote(value)}" for name, value in settings.items()), quote(_program())])


def _program() -> str:
    """`innspill` as one can type it here: by its name where the shell finds it, and else by its path."""
    script = Path(sys.executable).with_name("innspill")
    if script.is_relative_to(Path.cwd() / ".venv"):
        return str(script.relative_to(Path.cwd()))
    found = which("innspill")
    return "innspill" if not script.exists() or (found and script.samefile(found)) else str(script)


def known_locales() -> tuple[str, ...]:
    """The languages that have their wording: one file each in `dialogs/locales/`."""
    return tuple(sorted(path.stem for path in (Path(dialogs.__file__).parent / "locales").glob("*.ftl")))


def _base_url(host: str, port: int) -> str:
    """Where a browser on this machine finds what listens on `host`: "every address" is none that one can open."""
    with suppress(ValueError):
        if (address := ip_address(host)).is_unspecified:
            host = "127.0.0.1" if address.version == 4 else "::1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Given:
    """Reads variables by kind; each method raises `ConfigError` for a value that is not of its kind."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str = "") -> str:
        value = self._environ.get(name, "").strip() or default
        if not value.isprintable():
            raise ConfigError(f"{name} holds a line break or another control character.")
        return value

    def matching(self, name: str, pattern: str, wanted: str, *, secret: bool = False) -> str:
        value = self.text(name)
        if value and not re.fullmatch(pattern, value):
            raise ConfigError(f"{name} is not {wanted}." if secret else f"{name} is {value!r}, which is not {wanted}.")
        return value

    def port(self, name: str, default: int) -> int:
        value = self.text(name, str(default))
        if not re.fullmatch(r"[0-9]{1,5}", value) or not 1 <= int(value) <= 65535:
            raise ConfigError(f"{name} is {value!r}, which is not a port from 1 to 65535.")
        return int(value)

    def rate(self, name: str, default: str) -> float:
        value = self.text(name, default)
        if not re.fullmatch(r"[0-9]{1,5}(\.[0-9]{1,3})?", value) or float(value) == 0:
            raise ConfigError(f"{name} is {value!r}, which is not a number of messages a second, such as 30 or 0.5.")
        return float(value)

    def webhook_secret(self, name: str, base_url: str) -> str:
        secret = self.matching(name, r"[A-Za-z0-9_-]{1,256}", "1-256 of A-Z a-z 0-9 _ -", secret=True)
        if secret and not base_url.startswith("https:") and not _is_loopback(base_url):
            raise ConfigError(f"{name} is set, and INNSPILL_BASE_URL is {base_url!r}: Telegram needs https there.")
        return secret

    def url(self, name: str, default: str = "") -> str:
        value = self.text(name, default)
        if value and not _is_web_address(value):
            raise ConfigError(f"{name} is {value!r}, which is not a URL such as https://example.no.")
        return value.rstrip("/")

    def root(self, name: str, default: str) -> str:
        url = self.url(name, default)
        if urlsplit(url).path:
            raise ConfigError(f"{name} is {url!r}: the pages stand at the root of their host, so leave the path out.")
        return url

    def register(self, name: str) -> str:
        return STAND_IN if self.text(name) == STAND_IN else self.url(name, ENTITY_REGISTER)

    def origins(self, name: str, base_url: str) -> tuple[str, ...]:
        origins = tuple(self.text(name).replace(",", " ").split())
        if origins and not base_url.startswith("https:") and not _is_loopback(base_url):
            raise ConfigError(
                f"{name} is set, and INNSPILL_BASE_URL is {base_url!r}: frames get cookies with https only."
            )
        for origin in origins:
            if not _is_web_address(origin) or not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", origin):
                raise ConfigError(f"{name} holds {origin!r}, which is not an origin such as https://www.example.no.")
        return origins

    def logo(self, name: str) -> Path | None:
        value = self.text(name)
        if not value:
            return None
        logo = Path(value)
        if not logo.is_file():
            raise ConfigError(f"{name} is {value!r}, and there is no such file.")
        if logo.suffix.lower() not in LOGO_TYPES:
            raise ConfigError(f"{name} is {value!r}, which is neither an .svg nor a .png file.")
        if (size := logo.stat().st_size) > _LARGEST_LOGO:
            raise ConfigError(f"{name} is {value!r}, which has {size // 1000} kB: 30 kB is the most, for slow lines.")
        return logo

    def colour(self, name: str) -> str:
        colour = self.matching(name, r"#[0-9A-Fa-f]{6}", "a colour such as #00508c")
        if colour and (found := contrast(colour, WHITE)) < READABLE:
            raise ConfigError(
                f"{name} is {colour!r}, on which white text has a contrast of {found:.1f}:1: {READABLE}:1 is needed "
                f"(WCAG 2.2). The nearest darker shade that has it is {readable(colour, WHITE, BLACK)}."
            )
        return colour

    def locale(self, name: str, default: str) -> str:
        value = self.text(name, default)
        if value not in known_locales():
            raise ConfigError(f"{name} is {value!r}; there are texts in {', '.join(known_locales())}.")
        return value

    def network(self, name: str) -> IPv4Network | IPv6Network | None:
        value = self.text(name)
        try:
            return ip_network(value) if value else None
        except ValueError:
            raise ConfigError(f"{name} is {value!r}, which is not a network such as 10.0.0.0/8.") from None


def _is_loopback(url: str) -> bool:
    """Whether only this machine can be meant: a Bot API server of one's own may stand on it."""
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _is_web_address(value: str) -> bool:
    """Whether it is scheme, host, and at most a port and a path: what a path can be added to."""
    try:
        parts = urlsplit(value)
        _ = parts.port, (parts.hostname or "").encode("idna")  # an empty or too long part of a name leads nowhere
    except ValueError:
        return False
    plain = not (parts.query or parts.fragment or parts.username or parts.password or re.search(r"[\s?#]", value))
    return parts.scheme in ("http", "https") and bool(parts.hostname) and plain
