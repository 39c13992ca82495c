"""The settings: what the environment may say, what it gives when it says nothing, and one clear line otherwise."""

from __future__ import annotations

import os
import pwd
import re
import shlex
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bot import config
from bot.config import Config, ConfigError, command, known_locales, load, unknown, user_name, wants_colour

TOKEN = "123456:made-up_token"
SECRETS = {
    "INNSPILL_TELEGRAM_TOKEN": TOKEN,
    "INNSPILL_TELEGRAM_WEBHOOK_SECRET": "made-up_webhook_secret",
    "INNSPILL_METRICS_TOKEN": "made-up_metrics_token",
}


def test_an_empty_environment_gives_the_documented_defaults() -> None:
    assert load({}) == Config(
        database=Path("innspill.db"),
        host="127.0.0.1",
        port=8080,
        base_url="http://127.0.0.1:8080",
        municipality="Asker kommune",
        contact="",
        privacy_url="",
        accessibility_url="",
        logo=None,
        colour="",
        locale="nb",
        telegram_token="",
        telegram_api="https://api.telegram.org",
        telegram_webhook_secret="",
        telegram_rate=30.0,
        entity_register="https://data.brreg.no/enhetsregisteret/api",
        trusted_proxy=None,
        embed_origins=(),
        metrics_token="",
        journal_status="",
        document_type="",
    )


def test_without_an_environment_given_the_process_s_own_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INNSPILL_MUNICIPALITY", "Eksempel kommune")

    assert load().municipality == "Eksempel kommune"


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert load({"INNSPILL_PORT": "", "INNSPILL_LOCALE": " ", "INNSPILL_TELEGRAM_TOKEN": ""}) == load({})


@pytest.mark.parametrize(
    ("host", "base_url"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000"),
        ("localhost", "http://localhost:9000"),
        ("::1", "http://[::1]:9000"),
        ("0.0.0.0", "http://127.0.0.1:9000"),
        ("::", "http://[::1]:9000"),
    ],
)
def test_the_base_url_follows_host_and_port_and_can_always_be_opened(host: str, base_url: str) -> None:
    assert load({"INNSPILL_HOST": host, "INNSPILL_PORT": "9000"}).base_url == base_url


def test_a_given_base_url_wins_and_loses_its_last_slash() -> None:
    assert load({"INNSPILL_BASE_URL": "https://example.no/"}).base_url == "https://example.no"


def test_everything_that_can_be_set_is_taken_over(tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text("<svg/>")
    config = load(
        {
            "INNSPILL_DATABASE": "/srv/example.db",
            "INNSPILL_CONTACT": "postmottak@example.no",
            "INNSPILL_PRIVACY_URL": "https://example.no/personvern",
            "INNSPILL_LOGO": str(logo),
            "INNSPILL_COLOUR": "#00508C",
            "INNSPILL_TELEGRAM_API": "http://127.0.0.1:8081/",
            "INNSPILL_ENTITY_REGISTER": "stand-in",
            "INNSPILL_TELEGRAM_RATE": "12.5",
            "INNSPILL_TRUSTED_PROXY": "10.0.0.0/8",
            "INNSPILL_EMBED_ORIGINS": "https://www.example.no, https://example.no:8443",
            **SECRETS,
        }
    )

    assert config.database == Path("/srv/example.db")
    assert config.contact == "postmottak@example.no"
    assert config.privacy_url == "https://example.no/personvern"
    assert config.logo == logo
    assert config.colour == "#00508C"
    assert config.telegram_api == "http://127.0.0.1:8081"
    assert config.entity_register == "stand-in"
    assert str(config.trusted_proxy) == "10.0.0.0/8"
    assert config.embed_origins == ("https://www.example.no", "https://example.no:8443")
    assert config.telegram_token == TOKEN
    assert config.telegram_rate == 12.5


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INNSPILL_PORT", "0"),
        ("INNSPILL_PORT", "65536"),
        ("INNSPILL_PORT", "http"),
        ("INNSPILL_PORT", "８０"),
        ("INNSPILL_BASE_URL", "example.no"),
        ("INNSPILL_BASE_URL", "ftp://example.no"),
        ("INNSPILL_BASE_URL", "https://example.no/?c=1"),
        ("INNSPILL_BASE_URL", "https://example.no:port"),
        ("INNSPILL_BASE_URL", "https://kari@example.no"),
        ("INNSPILL_BASE_URL", "https://[::1"),
        ("INNSPILL_ENTITY_REGISTER", "https://example..no"),
        ("INNSPILL_ENTITY_REGISTER", f"https://{'x' * 64}.no"),
        ("INNSPILL_PRIVACY_URL", "javascript:alert(1)"),
        ("INNSPILL_TELEGRAM_API", "https://"),
        ("INNSPILL_ENTITY_REGISTER", "standin"),
        ("INNSPILL_TELEGRAM_RATE", "0"),
        ("INNSPILL_TELEGRAM_RATE", "-1"),
        ("INNSPILL_TELEGRAM_RATE", "inf"),
        ("INNSPILL_TELEGRAM_RATE", "1e3"),
        ("INNSPILL_COLOUR", "blue"),
        ("INNSPILL_COLOUR", "#12345"),
        ("INNSPILL_LOCALE", "tlh"),
        ("INNSPILL_LOCALE", "../nb"),
        ("INNSPILL_LOGO", "there-is-no-such-file.svg"),
        ("INNSPILL_TRUSTED_PROXY", "proxy"),
        ("INNSPILL_EMBED_ORIGINS", "https://www.example.no/page"),
        ("INNSPILL_EMBED_ORIGINS", "*"),
        ("INNSPILL_MUNICIPALITY", "Asker\nkommune"),
        ("INNSPILL_CONTACT", "postmottak@example.no\r\nX-Header: 1"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_in_one_line_that_names_it(name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        load({name: value})

    assert str(refusal.value).startswith(name)
    assert "\n" not in str(refusal.value)


SECRET = {"INNSPILL_TELEGRAM_WEBHOOK_SECRET": "made-up_webhook_secret"}


@pytest.mark.parametrize(
    "url", ["https://example.no", "http://127.0.0.1:8080", "http://localhost", "http://[::1]:8080", "http://127.8.0.1"]
)
def test_a_webhook_is_for_https_or_for_this_machine_alone(url: str) -> None:
    assert load({**SECRET, "INNSPILL_BASE_URL": url}).telegram_webhook_secret == "made-up_webhook_secret"


@pytest.mark.parametrize("url", ["http://example.no", "http://10.0.0.1", "http://localhost.example.no"])
def test_a_webhook_without_https_is_refused_in_one_line(url: str) -> None:
    with pytest.raises(ConfigError, match=r"^INNSPILL_TELEGRAM_WEBHOOK_SECRET .* needs https there\.$") as refusal:
        load({**SECRET, "INNSPILL_BASE_URL": url})

    assert "made-up" not in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INNSPILL_TELEGRAM_TOKEN", "made up/secret"),
        ("INNSPILL_TELEGRAM_WEBHOOK_SECRET", "made up/secret"),
        ("INNSPILL_TELEGRAM_WEBHOOK_SECRET", "s" * 257),
        ("INNSPILL_METRICS_TOKEN", "only15character"),
        ("INNSPILL_METRICS_TOKEN", "sixteen of them, with spaces"),
    ],
)
def test_a_secret_that_cannot_be_used_is_refused_without_showing_it(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name) as refusal:
        load({name: value})

    assert value not in str(refusal.value)


def test_no_secret_is_in_what_a_config_looks_like_when_it_is_logged() -> None:
    shown = repr(load(SECRETS))

    assert not [secret for secret in SECRETS.values() if secret in shown]


def test_each_file_of_wording_is_a_language_that_can_be_chosen() -> None:
    assert {"nb", "en"} <= set(known_locales())
    assert [load({"INNSPILL_LOCALE": locale}).locale for locale in known_locales()] == list(known_locales())


@pytest.mark.parametrize(
    ("environ", "carried"),
    [
        ({}, "INNSPILL_DATABASE=innspill.db"),
        ({"INNSPILL_PORT": "9000"}, "INNSPILL_DATABASE=innspill.db INNSPILL_PORT=9000"),
        (
            {"INNSPILL_DATABASE": "my responses.db", "INNSPILL_HOST": "0.0.0.0"},
            "INNSPILL_DATABASE='my responses.db' INNSPILL_HOST=0.0.0.0",
        ),
        (
            {"INNSPILL_BASE_URL": "https://example.no", "INNSPILL_ENTITY_REGISTER": "stand-in", **SECRETS},
            "INNSPILL_DATABASE=innspill.db INNSPILL_BASE_URL=https://example.no INNSPILL_ENTITY_REGISTER=stand-in",
        ),
    ],
)
def test_a_command_to_paste_carries_the_settings_that_are_not_as_they_would_be(
    environ: dict[str, str], carried: str
) -> None:
    settings, _, program = command(load(environ)).rpartition(" ")

    assert settings == carried
    assert program.endswith("innspill")
    pasted = dict(part.split("=", 1) for part in shlex.split(settings))
    ours, theirs = load(environ), load(pasted)
    for name in ("database", "host", "port", "base_url", "entity_register"):
        assert getattr(theirs, name) == getattr(ours, name)


def test_a_command_to_paste_is_short_beside_its_venv_and_found_from_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / ".venv" / "bin" / "innspill"
    program.parent.mkdir(parents=True)
    program.touch(mode=0o755)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.chdir(tmp_path)
    assert command(load({})).split()[-1] == ".venv/bin/innspill"

    monkeypatch.chdir(tmp_path / ".venv")
    assert command(load({})).split()[-1] == str(program)
    monkeypatch.setenv("PATH", str(program.parent))
    assert command(load({})).split()[-1] == "innspill"


def test_the_person_at_the_terminal_is_the_one_whom_the_system_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody-else")
    monkeypatch.setenv("LOGNAME", "somebody-else")

    assert user_name() == pwd.getpwuid(os.getuid()).pw_name


@pytest.mark.parametrize(
    ("variables", "wanted"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_colours_are_left_out_for_those_who_say_so(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], wanted: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert wants_colour() is wanted


def test_a_base_url_with_a_path_is_refused_for_the_pages_stand_at_the_root() -> None:
    with pytest.raises(ConfigError, match="leave the path out"):
        load({"INNSPILL_BASE_URL": "https://example.no/horing"})


def test_an_origin_says_nothing_to_the_policy_of_the_pages() -> None:
    with pytest.raises(ConfigError, match="not an origin"):
        load({"INNSPILL_BASE_URL": "https://example.no", "INNSPILL_EMBED_ORIGINS": "https://a.example.no;script-src"})


def test_every_setting_has_a_variable_of_its_name() -> None:
    read = re.findall(r'given\.\w+\(\s*"(\w+)"', Path(config.__file__).read_text(encoding="utf-8"))

    assert sorted(read) == sorted(f"INNSPILL_{field.name.upper()}" for field in fields(Config))


@pytest.mark.parametrize(
    ("name", "likest"),
    [
        ("INNSPILL_TELEGRAM_TOKE", "INNSPILL_TELEGRAM_TOKEN"),
        ("INNSPILL_COLOR", "INNSPILL_COLOUR"),
        ("INNSPILL_PRIVACY", "INNSPILL_PRIVACY_URL"),
        ("INNSPILL_XYZZY", ""),
        ("INNSPILL_", ""),
    ],
)
def test_what_is_like_a_setting_and_is_none_is_found(name: str, likest: str) -> None:
    assert unknown({name: "secret", "INNSPILL_PORT": "1", "PATH": "", "INNSPILL_LEFT_EMPTY": ""}) == {name: likest}
