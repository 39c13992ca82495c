"""What the README says exists, and what exists the README says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import config
from bot.channels.telegram import webhook
from bot.channels.web.chat import WebChat
from bot.channels.web.page import Pages
from bot.cli import main
from bot.exchange.metrics import Metrics
from bot.register import stand_in
from dialogs.texts import LOCALES
from storage.database.opening import migrate
from storage.exports import FORMATS
from storage.responses.responses import EXPORT_KEYS
from tests import ROOT
from tests.conversations import chat
from tests.stand_ins.scripted_service import ScriptedService

README = (ROOT / "README.md").read_text(encoding="utf-8")
CODE_SPANS = set(re.findall(r"`([^`\n]+)`", README))


def test_the_readme_has_every_command_and_no_other() -> None:
    named = {span.split()[1] for span in CODE_SPANS if span.startswith("innspill ") and span.split()[1].isalpha()}
    assert named - {"COMMAND"} == set(main.list_commands(None))  # type: ignore[arg-type]  # it needs no context


def test_the_readme_has_every_setting_and_no_other() -> None:
    read = set(re.findall(r'"(INNSPILL_[A-Z_]+)"', Path(config.__file__).read_text(encoding="utf-8")))
    assert {span.partition("=")[0] for span in CODE_SPANS if span.startswith("INNSPILL_")} == read


async def nothing(_update: object) -> None:
    """No update is taken in here."""


def test_the_readme_has_every_route_and_no_other() -> None:
    pages = Pages(chat.HOUSE, lambda _: ())
    web = WebChat(ScriptedService(lambda *_: None), pages, base_url="http://127.0.0.1", locale="nb")
    application = web.application()
    webhook.add_route(application, "made-up_secret", nothing)
    Metrics(Path("innspill.db")).show_on(application, "made-up_metrics_token")
    routes = {resource.canonical for resource in application.router.resources()}
    line = next(line for line in README.splitlines() if line.startswith("HTTP: "))
    assert set(re.findall(r"`(/[^`?]*)`", line)) == routes


def test_the_readme_has_every_metric_and_no_other(tmp_path: Path) -> None:
    migrate(tmp_path / "innspill.db")
    written = Metrics(tmp_path / "innspill.db").written().decode()
    shown = {name for name in re.findall(r"^# TYPE (\S+)", written, re.MULTILINE) if not name.startswith("process_")}
    table = README.partition("### Metrics")[2].partition("`process_")[0]
    assert set(re.findall(r"`(innspill_[a-z_]+)`", table)) == shown


def test_the_readme_has_every_format_and_no_other() -> None:
    table = README.partition("| format |")[2].partition("Those that write")[0]
    named = [re.findall(r"`([a-z-]+)`", line.split("|")[1]) for line in table.splitlines() if line.startswith("| `")]
    assert {name for line in named for name in line} == set(FORMATS)


def test_the_readme_has_the_keys_of_an_export_in_their_order() -> None:
    listed = README.partition("in this order:")[2].partition("then what has no key")[0]
    assert tuple(re.findall(r"`([a-z_]+)`", listed)) == tuple(EXPORT_KEYS)


def test_the_readme_has_the_languages() -> None:
    line = next(line for line in README.splitlines() if "`INNSPILL_LOCALE`" in line)
    assert set(re.findall(r"`([a-z]{2})`", line)) == set(LOCALES)


def test_the_readme_names_numbers_of_the_stand_in() -> None:
    table = README.partition("| number |")[2].partition("For Telegram")[0]
    named = {number.replace(" ", "") for number in re.findall(r"\d{3} \d{3} \d{3}", table)}
    assert named == {value for name, value in vars(stand_in).items() if name.isupper() and type(value) is str}
    words = re.findall(r"`([a-zå]+)`", table.partition("What the register")[0])
    totals = [stand_in.found(word, 5, 0)["page"]["totalElements"] for word in words]
    assert totals == [7, 1, 0]


def test_the_conversation_in_the_readme_is_a_real_one() -> None:
    shown = README.partition("```\n")[2].partition("```")[0]
    told = "\n".join(path.read_text(encoding="utf-8") for path in chat.FOLDER.glob("*.chat")).replace("\u00a0", " ")
    for line in shown.splitlines():
        assert line in ("", "< …") or line in told.splitlines(), line


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_every_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()


def test_every_file_that_the_map_of_the_tests_names_is_there() -> None:
    text = (ROOT / "tests" / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([a-z_/]+\.(?:py|chat))`", text))
    assert named
    assert not [name for name in named if not (ROOT / "tests" / name).exists()]
