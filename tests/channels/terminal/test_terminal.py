"""The terminal: a person's side of it, on a script and on a real pseudo-terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest

from bot.channels.terminal.chat import Terminal
from bot.channels.terminal.input import Keyboard
from dialogs.events import AnyEvent, Picked, Said, Started
from dialogs.messages import AnswerBox, Button, Document, Message, Text, verbatim
from dialogs.texts import House
from tests import ROOT
from tests.commands.command_line import CommandLine
from tests.running.running_program import INNSPILL
from tests.stand_ins.scripted_service import ScriptedService

HOUSE = House("Eksempel kommune", "post@example.no", "https://chat.example.no/personvern", "https://chat.example.no")
FEET = tuple(Button(f"d:x:{word}", Text(f"label-{word}")) for word in ("back", "help", "cancel"))
CARD = Message(
    "nb",
    "question",
    lines=(verbatim("Stemmer det?"),),
    buttons=(Button("d:org:yes", Text("label-yes"), primary=True), Button("d:org:no", Text("label-no")), *FEET),
    progress=(2, 9),
    draft="d",
)
LONG = Message(
    "nb",
    "question",
    lines=(verbatim("Skriv svaret."),),
    buttons=(Button("d:text:done", Text("label-done")), Button("d:text:undo", Text("label-undo")), *FEET),
    box=AnswerBox("long"),
    draft="d",
)
RESTING = Message("nb", told=(Text("cancelled"),), buttons=(Button(":rest:new", Text("label-new-response")),))


class Typist:
    """Somebody who types these texts, and then presses Ctrl-D or what `ends` says."""

    def __init__(self, *texts: str, ends: type[BaseException] = EOFError) -> None:
        self.texts = list(texts)
        self.ends = ends
        self.whole: list[bool] = []

    def read(self, prompt: str, *, whole_pastes: bool) -> str:
        self.whole.append(whole_pastes)
        if not self.texts:
            raise self.ends
        return self.texts.pop(0)


async def talk(service: ScriptedService, typist: Typist, *, styled: bool = False) -> str:
    """What stands on the screen when the person has left."""
    screen: list[str] = []
    say = screen.append
    await Terminal(service, HOUSE, user="kari", locale="nb", reader=typist, say=say, styled=styled).run()
    return "\n".join(screen)


def always(message: Message) -> ScriptedService:
    return ScriptedService(lambda event, service: message)


async def test_a_question_is_shown_with_progress_and_numbered_choices() -> None:
    screen = await talk(always(CARD), Typist())
    assert "2 av 9. Stemmer det?\n\n 1  Ja, det stemmer\n 2  Nei\n\nTilbake · Hjelp · Avbryt\n" in screen


async def test_the_same_user_is_the_same_conversation_each_time() -> None:
    service = always(CARD)
    await talk(service, Typist())
    await talk(service, Typist())
    assert {(channel, address) for channel, address, _, _ in service.events} == {("terminal", "kari")}
    assert [type(event) for event in service.said] == [Started, Started]


async def test_a_number_presses_its_choice() -> None:
    service = always(CARD)
    await talk(service, Typist("2"))
    assert isinstance(service.said[-1], Picked)
    assert service.said[-1].data == "d:org:no"


@pytest.mark.parametrize("text", ["3", "0", "12", "Ja, det stemmer", "", "1a", "/hjelp"])
async def test_what_is_no_number_of_a_choice_is_said_as_it_is(text: str) -> None:
    service = always(CARD)
    await talk(service, Typist(text))
    assert isinstance(service.said[-1], Said)
    assert service.said[-1].text == text


async def test_in_the_response_a_number_is_what_it_says() -> None:
    service = always(LONG)
    await talk(service, Typist("1"))
    assert isinstance(service.said[-1], Said)
    assert service.said[-1].text == "1"


async def test_a_paste_of_many_lines_is_one_part_of_the_response_and_nowhere_else() -> None:
    typist = Typist("  Vi mener:\n\n- ett\n- to")
    service = always(LONG)
    await talk(service, typist)
    assert isinstance(service.said[-1], Said)
    assert service.said[-1].text == "  Vi mener:\n\n- ett\n- to"
    assert typist.whole == [True, True]
    short = Typist()
    await talk(always(CARD), short)
    assert short.whole == [False]


@pytest.mark.parametrize("text", ["", "   "])
async def test_an_empty_line_finishes_the_response(text: str) -> None:
    service = always(LONG)
    screen = await talk(service, Typist(text))
    assert isinstance(service.said[-1], Picked)
    assert service.said[-1].data == "d:text:done"
    assert "Ferdig · Angre siste\nEn tom linje betyr «Ferdig»." in screen


@pytest.mark.parametrize("ends", [EOFError, KeyboardInterrupt])
async def test_leaving_says_that_the_draft_is_kept_and_how_to_go_on(ends: type[BaseException]) -> None:
    screen = await talk(always(CARD), Typist(ends=ends))
    farewell = " ".join(screen[-120:].split())
    assert farewell.endswith(
        "Utkastet ligger her i 30 dager. Start «innspill chat» på samme måte når du vil fortsette."
    )


async def test_leaving_without_a_draft_promises_none() -> None:
    assert "Utkastet ligger her" not in await talk(always(RESTING), Typist())


async def test_what_could_not_be_saved_is_told_and_the_conversation_goes_on() -> None:
    service = always(CARD)
    typist = Typist("første", "andre")

    def fills_up(event: AnyEvent, service: ScriptedService) -> Message:
        service.full = True
        return CARD

    service.script = fills_up
    screen = await talk(service, typist)
    assert screen.count("Dette ble ikke lagret. Feilen er hos oss.") == 2
    assert typist.texts == []


async def test_a_look_up_is_told_and_waited_for() -> None:
    looking = Message("nb", "waiting", lines=(Text("looking-up", {"org_number": "974 760 673"}),), draft="d")
    service = ScriptedService(lambda event, service: looking if isinstance(event, Said) else LONG)
    service.settles_with = CARD
    typist = Typist("974760673")
    screen = await talk(service, typist)
    assert screen.index("Vi slår opp 974 760 673") < screen.index("Stemmer det?")
    assert service.waited == [5.0]
    assert typist.whole == [True, False]  # the next text answers the card


async def test_ctrl_c_during_a_look_up_leaves_too() -> None:
    service = always(Message("nb", "waiting", lines=(verbatim("Vi slår opp."),), draft="d"))
    screen: list[str] = []
    say = screen.append
    run = Terminal(service, HOUSE, user="kari", locale="nb", reader=Typist(), say=say).run()
    talking = asyncio.get_running_loop().create_task(run)
    await asyncio.sleep(0.05)
    talking.cancel()  # as asyncio does on Ctrl-C
    await talking
    assert screen[-1].startswith("Utkastet ligger her i 30 dager.")


async def test_the_receipt_has_the_whole_text_to_the_letter() -> None:
    text = "Vi mener:\n\n" + "  - et punkt " * 40 + "\n\tslutt"
    document = Document("horingssvar-KT7RB4XM.txt", text, Text("receipt-text"))
    message = Message("nb", "receipt", lines=(Text("receipt"),), document=document)
    screen = await talk(always(message), Typist())
    assert f"Dette er teksten vi fikk:\n\n{text}" in screen


async def test_lines_are_wrapped_between_words_to_the_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    screen = await talk(always(Message("nb", lines=(verbatim("ord " * 40 + "kl. 14.05"),))), Typist())
    assert max(map(len, screen.splitlines())) <= 30
    assert "kl. 14.05" in screen


async def test_what_others_wrote_cannot_steer_the_terminal() -> None:
    message = Message(
        "nb",
        lines=(verbatim("Tittel \x1b[2J\x9b2J\a"),),
        buttons=(Button("d:c:1", Text("label-case", {"case_number": "1/1", "case_title": "\x1b]0;x\a"})),),
        document=Document("x", "tekst \x1b[31m\tmed\r\nlinjer"),
    )
    screen = await talk(always(message), Typist())
    assert {c for c in screen if ord(c) < 32 or 0x7F <= ord(c) < 0xA0} <= {"\n", "\t"}


async def test_nothing_is_told_by_weight_alone() -> None:
    plain = await talk(always(CARD), Typist())
    styled = await talk(always(CARD), Typist(), styled=True)
    assert "\x1b" not in plain
    assert styled.replace("\x1b[1m", "").replace("\x1b[2m", "").replace("\x1b[0m", "") == plain


# --- The keyboard -------------------------------------------------------------------------------------------------


def test_from_a_pipe_each_line_is_a_text() -> None:
    keyboard = Keyboard(StringIO("første\n\nsiste"))
    assert [keyboard.read("> ", whole_pastes=True) for _ in range(3)] == ["første", "", "siste"]
    with pytest.raises(EOFError):
        keyboard.read("> ", whole_pastes=True)


_ECHO = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from bot.channels.terminal.input import Keyboard
keyboard = Keyboard()
try:
    while True:
        text = keyboard.read("> ", whole_pastes=sys.argv[1] == "whole")
        sys.stdout.write(f"\\n[{len(text)} {text.count(chr(10))} {text[:7]!a} {text[-5:]!a}]\\n")
        sys.stdout.flush()
except (EOFError, KeyboardInterrupt) as error:
    sys.stdout.write(f"\\n[{type(error).__name__}]\\n")
"""


class Desk:
    """A real terminal with a program in it."""

    def __init__(self, *command: str, **variables: str) -> None:
        self.screen, its_side = pty.openpty()
        environment = {"PYTHONPATH": str(ROOT), "TERM": "xterm", **variables}
        self.program = subprocess.Popen(
            command, stdin=its_side, stdout=its_side, stderr=its_side, start_new_session=True, env=environment
        )
        os.close(its_side)
        self.shown = ""
        self.sees("> ")

    def types(self, text: str) -> None:
        data = text.encode()
        while data:
            data = data[os.write(self.screen, data[:1024]) :]
            self._look(0)

    def sees(self, text: str) -> None:
        deadline = time.monotonic() + 20
        while text not in self.shown and time.monotonic() < deadline:
            self._look(0.1)
        assert text in self.shown

    def _look(self, seconds: float) -> None:
        while select.select([self.screen], [], [], seconds)[0]:
            try:
                self.shown += os.read(self.screen, 65536).decode(errors="replace")
            except OSError:  # the program has ended
                return

    def leave(self) -> None:
        os.close(self.screen)
        self.program.kill()
        self.program.wait()


@pytest.fixture
def at_a_desk() -> Iterator[list[Desk]]:
    desks: list[Desk] = []
    yield desks
    for desk in desks:
        desk.leave()


def sit_down(desks: list[Desk], *arguments: str) -> Desk:
    desks.append(Desk(sys.executable, "-c", _ECHO, *arguments))
    return desks[-1]


def test_a_long_paste_in_a_terminal_arrives_whole(at_a_desk: list[Desk]) -> None:
    """Longer than the kernel's line, with letters of two bytes, blank lines and a tab."""
    desk = sit_down(at_a_desk, "whole")
    text = "\tFørst\n\n" + "\n".join(f"- punkt {n}: æøå og noen flere ord" for n in range(300)) + "\nslutt"
    desk.types(f"\x1b[200~{text}\x1b[201~\r")
    desk.sees(f"[{len(text)} {text.count(chr(10))} {text[:7]!a} 'slutt']")


def test_a_paste_from_a_terminal_that_does_not_mark_pastes_arrives_whole(at_a_desk: list[Desk]) -> None:
    desk = sit_down(at_a_desk, "whole")
    desk.types("Vi mener:\r\r-\tett\r- to\r")
    desk.sees("[21 3 'Vi mene' '\\n- to'")


def test_an_empty_line_in_a_paste_that_comes_in_bursts_belongs_to_it(at_a_desk: list[Desk]) -> None:
    desk = sit_down(at_a_desk, "whole")
    desk.types("Vi mener:\r")
    desk.sees("[9 0 ")
    desk.types("\r")
    time.sleep(0.2)
    desk.types("Del to\r")
    desk.sees("[7 1 '\\nDel to' 'el to']")
    desk.types("\r")
    desk.sees("[0 0 '' '']")


def test_typed_lines_are_texts_of_their_own(at_a_desk: list[Desk]) -> None:
    desk = sit_down(at_a_desk, "lines")
    desk.types("Kari\r")
    desk.sees("[4 0 'Kari' 'Kari']")
    desk.types("Nordmann\r")
    desk.sees("[8 0 'Nordman' 'dmann']")


@pytest.mark.parametrize(("key", "error"), [("\x04", "EOFError"), ("\x03", "KeyboardInterrupt")])
def test_ctrl_d_and_ctrl_c_leave(at_a_desk: list[Desk], key: str, error: str) -> None:
    desk = sit_down(at_a_desk, "lines")
    desk.types(key)
    desk.sees(f"[{error}]")


@pytest.mark.slow
def test_what_the_program_logs_does_not_stand_between_the_questions(at_a_desk: list[Desk], tmp_path: Path) -> None:
    innspill = CommandLine(tmp_path)
    innspill.add_consultation(closes="2099-12-31")
    settings = {"INNSPILL_DATABASE": str(innspill.database), "INNSPILL_ENTITY_REGISTER": "http://127.0.0.1:9"}
    desk = Desk(str(INNSPILL), "chat", **settings)
    at_a_desk.append(desk)
    for question, reply in (("Hvem svarer du for?", "Organisasjon i Enhetsregisteret"), ("9 sifre", "974540193")):
        desk.sees(question)
        desk.types(f"{reply}\r")
    desk.sees("svarer ikke")
    assert "entity register" not in desk.shown
