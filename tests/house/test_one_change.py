"""One change, one place: made as a contributor would make it, on a copy of the house, and used to the export."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from inspect import signature
from pathlib import Path
from zipfile import ZipFile

import pytest

from dialogs import fields
from dialogs.fields import Fact, Field
from tests import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CONTRIBUTIONS = Path(__file__).parent / "contributions"
FORM = "dialogs/consultation_response.py"
BEFORE = '        Step("text", LongText(), "response", "name-text"),\n'

# A line for each kind of answer that can stand alone; what somebody answers to it, and what is exported of that.
LINES = {
    "wish": ('Choice("wish", "plain_yes", "plain_no")', "[Klart nei]", "plain_no"),
    "nickname": ('ShortText("nickname")', "  Den lille  kommunen ", "Den lille kommunen"),
    "background": ('LongText("background")', "Vi har bodd her lenge.", "Vi har bodd her lenge."),
    "second_email": ('Email("second_email")', "ola@example.no", "ola@example.no"),
    "second_phone": ('Phone("second_phone")', "22 00 00 01", "+4722000001"),
}
KINDS = {"Choice", "ShortText", "LongText", "Email", "Phone"}

WORDS = """
{text}-ask = Spørsmål om {key}?
{text}-example = Eksempel: {key}
{text}-typo = Skal det være {{ $suggestion }}?
{text}-more = Mer om {key}?
{text}-preview = Slik er det, {{ $char_count }} tegn, side {{ $page }} av {{ $page_count }}.
help-{text} = Hjelp til {key}.
name-{text} = Navn på {key}
column-{text} = Kolonne for {key}
label-change-{text} = Endre {key}
"""
CHOICES = """
label-plain-yes = Klart ja
label-plain-no = Klart nei
value-plain-yes = Klart ja
value-plain-no = Klart nei
"""
CHAT = """# Somebody answers what was added

> /start c1

> [Privatperson]

> [Hopp over]

> kari.nordmann@example.no

> [Hopp over]

> Kari

> Nordmann

{answers}

> Vi er enige.

> [Ferdig]

> [Send inn]
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The house as a contributor has it: nothing of the original is used by what runs in it."""
    for name in ("bot", "dialogs", "storage", "tests"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", "screenshots"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "innspill_of_the_copy.py").write_text("from bot.cli import main; main()", encoding="utf-8")
    return tmp_path


def innspill(copy: Path, *command: str, database: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command `innspill` of the copy."""
    return run(copy, "innspill_of_the_copy", *command, database=database)


def run(copy: Path, *command: str, database: Path | None = None) -> subprocess.CompletedProcess[str]:
    """A module of the copy, as a program."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PYTHONPATH": str(copy), "CI": "true", "HOME": str(copy)}
    if database is not None:
        environment["INNSPILL_DATABASE"] = str(database)
    program = [sys.executable, "-m", *command]
    return subprocess.run(program, cwd=copy, env=environment, capture_output=True, text=True, check=False)


def played(copy: Path, *chosen: str, rewrite: bool = False) -> str:
    """What pytest says of the conversations that were chosen; all of them have to hold."""
    where = ["tests/conversations/test_conversations.py", "tests/conversations/test_terminal_conversations.py"]
    command = ["pytest", "-q", "-p", "no:cacheprovider", *where[: 1 if rewrite else 2], *chosen]
    done = run(copy, *command, *(["--rewrite-chats"] if rewrite else []))
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return done.stdout


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def add_words(copy: Path, locale: str, words: str) -> None:
    with (copy / "dialogs" / "locales" / f"{locale}.ftl").open("a", encoding="utf-8") as file:
        file.write(words)


def add_lines(copy: Path) -> None:
    """Each line of `LINES`, and its words in every language."""
    lines = ""
    for key, (made, _, _) in LINES.items():
        text = key.replace("_", "-")
        lines += f'        Step("{key}", {made}, "{text}", "name-{text}", optional=ALWAYS, since=4),\n'
        for file in (copy / "dialogs" / "locales").glob("*.ftl"):
            add_words(copy, file.stem, WORDS.format(text=text, key=key))
    for file in (copy / "dialogs" / "locales").glob("*.ftl"):
        add_words(copy, file.stem, CHOICES)
    change(copy / FORM, BEFORE, lines + BEFORE)
    change(copy / FORM, "    version=3,\n", "    version=4,\n")
    imported = (copy / FORM).read_text(encoding="utf-8")
    if "    ShortText,\n" not in imported:
        change(copy / FORM, "    Replaces,\n    Street,\n", "    Replaces,\n    ShortText,\n    Street,\n")


def test_each_kind_of_answer_that_can_stand_alone_is_tried() -> None:
    alone = {
        name
        for name in fields.__all__
        if (kind := getattr(fields, name)) not in (Field, Fact) and "key" in signature(kind.__init__).parameters
    }
    assert alone == KINDS
    assert {made.partition("(")[0] for made, _, _ in LINES.values()} == KINDS


def test_a_line_adds_a_question_in_every_channel_up_to_every_export(copy: Path, tmp_path: Path) -> None:
    add_lines(copy)
    finish = {"background": "\n\n> [Ferdig]"}
    answers = "\n\n".join(f"> {said}{finish.get(key, '')}" for key, (_, said, _) in LINES.items())
    chat = copy / "tests" / "conversations" / "one_change.chat"
    chat.write_text(CHAT.format(answers=answers), encoding="utf-8")
    played(copy, "-k", "engine and one_change", rewrite=True)
    told = chat.read_text(encoding="utf-8")
    for key, (_, _, exported) in LINES.items():
        assert f"Spørsmål om {key}?" in told
        assert f"[Endre {key}]" in told
        assert f"Navn på {key}: " in told
        assert f"* {key}: {exported}\n" in told
    assert re.search(r"(\d+) passed", played(copy, "-k", "one_change"))[1] == "6"  # type: ignore[index]  # it passed
    exports(copy, tmp_path / "innspill.db")


KEEP = """
import asyncio, sys
from pathlib import Path
from bot.register.stand_in import RegisterStandIn
from tests.conversations import chat
from tests.conversations.stages import MadeUpTime, ServiceStage
async def main(folder):
    async with RegisterStandIn() as register:
        with MadeUpTime() as time:
            played = chat.read(chat.FOLDER / "one_change.chat")
            async with ServiceStage(played, time, folder, register) as stage:
                await chat.play(played, stage)
asyncio.run(main(Path(sys.argv[1])))
"""


def exports(copy: Path, database: Path) -> None:
    """Every format writes what was answered; data under its key, tables under its words."""
    (copy / "keep.py").write_text(KEEP, encoding="utf-8")
    done = run(copy, "keep", str(database.parent))
    assert done.returncode == 0, done.stderr
    names = innspill(copy, "export", "--help").stdout
    formats = re.findall(r"[a-z-]+", re.search(r"--format\s+\[([a-z|\s-]+)\]", names)[1])  # type: ignore[index]  # it has formats
    assert {"csv", "json", "pdf-all", "fiks-arkiv", "archive"} <= set(formats)
    for name in formats:
        done = innspill(copy, "export", "--format", name, "--output", str(copy / f"out-{name}"), database=database)
        assert done.returncode == 0, f"{name}: {done.stderr}"
    (row,) = json.loads((copy / "out-json").read_text(encoding="utf-8"))
    assert {key: row[key] for key in LINES} == {key: exported for key, (_, _, exported) in LINES.items()}
    assert ";wish" in (copy / "out-csv").read_text(encoding="utf-8-sig").splitlines()[0]
    with ZipFile(copy / "out-xlsx") as workbook:
        table = " ".join(workbook.read(name).decode() for name in workbook.namelist() if name.endswith(".xml"))
    assert "Kolonne for wish" in table
    assert "Klart nei" in table


def test_a_line_that_cannot_work_stops_the_program_when_it_starts(copy: Path) -> None:
    change(copy / FORM, BEFORE, '        Step("wish", Choice("wish", "a"), "wish", "name-wish"),\n' + BEFORE)
    done = innspill(copy, "serve")
    assert done.returncode != 0
    assert "step 'wish': write its text" in done.stderr
    assert "in dialogs/locales/, in nb.ftl, en.ftl" in done.stderr


def test_a_file_adds_a_language(copy: Path) -> None:
    words = (copy / "dialogs" / "locales" / "nb.ftl").read_text(encoding="utf-8")
    words = re.sub(r"^language-name = .*$", "language-name = Dansk", words, flags=re.MULTILINE)
    words = words.replace("Hvem svarer du for?", "Hvem svarer du for, min ven?")
    (copy / "dialogs" / "locales" / "da.ftl").write_text(words, encoding="utf-8")
    chat = copy / "tests" / "conversations" / "one_change.chat"
    with_head = CHAT.replace("\n\n> /start", "\nlocale: da\n\n> /start")
    chat.write_text(with_head.format(answers="> Ja, dem begge."), encoding="utf-8")
    played(copy, "-k", "engine and one_change", rewrite=True)
    assert "min ven?" in chat.read_text(encoding="utf-8")
    played(copy, "-k", "one_change")


def test_a_file_adds_a_format(copy: Path, tmp_path: Path) -> None:
    shutil.copy(CONTRIBUTIONS / "tally.py", copy / "storage" / "exports")
    (copy / "tests" / "conversations" / "one_change.chat").write_text(CHAT.format(answers=""), encoding="utf-8")
    (copy / "keep.py").write_text(KEEP, encoding="utf-8")
    assert run(copy, "keep", str(tmp_path)).returncode == 0
    done = innspill(copy, "export", "--format", "tally", database=tmp_path / "innspill.db")
    assert done.stdout == "18/101: 1\n", done.stderr


THE_CHANNELS = """
from bot import config
from bot.exporting.words import Reader
from bot.staff.responses.choices import CHANNELS
print(CHANNELS, Reader("nb", config.load({})).shown("channel", "letters"))
"""


def test_a_folder_and_a_line_add_a_channel_that_has_every_conversation(copy: Path) -> None:
    (copy / "the_channels.py").write_text(THE_CHANNELS, encoding="utf-8")
    folder = copy / "bot" / "channels" / "letters"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Letters."""\n', encoding="utf-8")
    shutil.copy(CONTRIBUTIONS / "letters_serving.py", folder / "serving.py")
    shutil.copy(CONTRIBUTIONS / "letters_stage.py", copy / "tests" / "conversations" / "channels" / "letters.py")
    change(copy / "bot" / "app.py", 'CHANNELS = ("telegram",)\n', 'CHANNELS = ("telegram", "letters")\n')
    for file in (copy / "dialogs" / "locales").glob("*.ftl"):
        add_words(copy, file.stem, "\nvalue-channel-letters = Brev\n")
    assert run(copy, "the_channels").stdout == "('telegram', 'web', 'terminal', 'letters') Brev\n"
    told = played(copy, "-k", "letters")
    files = [path.read_text(encoding="utf-8") for path in (copy / "tests" / "conversations").glob("*.chat")]
    count = sum("\nchannels: " not in text or "\nchannels: telegram" in text for text in files)
    assert re.search(r"(\d+) passed", told)[1] == str(count)  # type: ignore[index]  # it passed
