"""The response itself: as many messages as it takes, kept to the letter, finished by "Ferdig"."""

from __future__ import annotations

import math
from typing import Any

from dialogs.events import Said
from dialogs.facts import Result
from dialogs.fields.base import Accepted, Around, Field, Gathered, Option, Pending, Prompt, Reading, Rejected, State
from dialogs.fields.cleaning import clean, is_visible, may_hold_national_id
from dialogs.messages import AnswerBox, Text, verbatim
from dialogs.texts import excerpt

MAX_CHARACTERS = 100_000
_LONGEST_NUMBER = 41  # characters that a fødselsnummer may take, when it is cut between two pieces
_EXCERPT = 600  # characters of what came after "Ferdig", where it is asked about
_PAGE = 3_000  # characters of a page of the preview, so that it fits one message of every channel

_DONE = Option("done", Text("label-done"), primary=True)
_UNDO = Option("undo", Text("label-undo"))
_PREVIEW = Option("preview", Text("label-preview"))
_MORE = Option("more", Text("label-show-more"))
_PREVIOUS = Option("previous", Text("label-show-previous"))
_SEND = Option("done", Text("label-send"))  # typed too early: first they look it over
_ADD = Option("add", Text("label-add-text"), primary=True)
_LEAVE_OUT = Option("leave", Text("label-leave-out"))

Part = dict[str, Any]
"""`text`, the person's `message_id`, and `continues` where the channel cut the text right after it."""


def joined(parts: list[Part]) -> str:
    """The whole text: messages stand apart by an empty line, pieces that the channel cut by nothing."""
    pieces = []
    for part in parts:
        pieces += [part["text"], "" if part["continues"] else "\n\n"]
    return "".join(pieces[:-1])


class LongText(Field):
    """A text in parts. The value is the list of parts.

    States: `page` shows the preview; `more` are parts that came after "Ferdig", which are asked about.
    """

    can_be_kept = False
    is_long = True
    box = AnswerBox("long", max_length=MAX_CHARACTERS)
    says = ("ask", "example", "more", "preview")

    def __init__(self, key: str = "text") -> None:
        self.keys = (key,)

    def read(self, said: Said, state: State, around: Around) -> Reading:
        text = clean(said.linked or said.text)
        part: Part = {"text": text, "message_id": said.message_id, "continues": said.continues}
        if "more" in state:
            return self._read_more(part, state["more"], around)
        parts: list[Part] = [] if said.whole else list(around.value or [])
        if said.whole and not is_visible(part["text"]):
            return Rejected("response-empty")
        if error := _mistake(part, parts):
            return error
        parts = [*parts, part]
        return Gathered(parts, (_count("response-whole-saved" if said.whole else "response-part", parts),))

    def read_after_done(self, said: Said, around: Around) -> Reading:
        """What a text becomes that came when the answer was finished: it is asked whether it belongs to it."""
        return self.read(said, {"more": []}, around)

    def _read_more(self, part: Part, more: list[Part], around: Around) -> Reading:
        """One more of them; the same message again is a changed one."""
        parts = [other for other in more if not part["message_id"] or other["message_id"] != part["message_id"]]
        if error := _mistake(part, [*around.value, *parts]):
            return error
        return Pending({"more": [*parts, part]})

    @staticmethod
    def so_far(parts: list[Part]) -> tuple[Text, ...]:
        """What stands, for who has sent a part of it twice."""
        return (_count("response-part", parts),)

    def amend(self, message_id: str, text: str, *, continues: bool, around: Around) -> Reading | None:
        """The part that came in `message_id`, changed; None where there is none."""
        parts: list[Part] = list(around.value or [])
        at = next((i for i, part in enumerate(parts) if part["message_id"] == message_id), None)
        if at is None:
            return None
        part: Part = {"text": clean(text), "message_id": message_id, "continues": continues}
        if error := _mistake(part, parts[:at] + parts[at + 1 :]):
            return error
        parts[at] = part
        return Gathered(parts, (_count("response-edited", parts),))

    def options(self, state: State, around: Around) -> tuple[Option, ...]:
        if not around.value:
            return ()
        if "more" in state:
            return (_ADD, _LEAVE_OUT)
        if "page" not in state:
            return (_DONE, _UNDO, _PREVIEW)
        page, pages = self._paging(state, around)
        paging = (_MORE,) if page < pages - 1 else ()
        return (_DONE, _UNDO, *((_PREVIOUS,) if page > 0 else ()), *paging)

    def also_typed(self, state: State, around: Around) -> tuple[Option, ...]:
        if "more" in state:
            return (_DONE,)
        return (_SEND,) if around.value else (_DONE, _UNDO, _SEND)

    def pick(self, option: str, state: State, around: Around) -> Reading | None:
        parts: list[Part] = list(around.value or [])
        if "more" in state and option in ("add", "leave", "done"):
            if option == "done":
                return Pending(state)
            return Accepted([*parts, *state["more"]] if option == "add" else parts)
        if option == "done":
            return Accepted(parts) if parts else Rejected("response-empty")
        if option == "undo":
            if not parts:
                return Rejected("undo-none")
            return Gathered(parts[:-1], (_count("undone", parts[:-1]),))
        if option in ("preview", "more", "previous") and parts:
            page, pages = self._paging(state, around)
            step = {"preview": -page, "more": 1, "previous": -1}[option]
            return Pending({"page": min(max(0, page + step), pages - 1)})
        return None

    def _paging(self, state: State, around: Around) -> tuple[int, int]:
        pages = max(1, math.ceil(len(joined(around.value or [])) / _PAGE))
        return min(state.get("page", 0), pages - 1), pages

    def prompt(self, state: State, around: Around, known: Result = None) -> Prompt:
        parts = around.value or []
        text = joined(parts)
        box = AnswerBox("long", value=text, max_length=MAX_CHARACTERS)
        options = self.options(state, around)
        if "more" in state and parts:
            came = verbatim(excerpt(joined(state["more"]), _EXCERPT))
            return Prompt((Text("after-done"), came, Text("after-done-ask")), None, options, None)
        if "page" in state and parts:
            page, pages = self._paging(state, around)
            shown = text[page * _PAGE : (page + 1) * _PAGE]
            counts = {"char_count": len(text), "page": page + 1, "page_count": pages}
            lines = (around.key("preview", **counts), verbatim(shown))
            return Prompt(lines, None, options, box, edits=True)
        if parts:
            return Prompt((around.key("more"),), None, options, box)
        return Prompt((around.key("ask"),), around.key("example"), options, box)

    def shown(self, value: Any) -> Text:
        return _count("value-text", value)

    def columns(self, value: Any) -> dict[str, str]:
        (key,) = self.keys
        return {key: joined(value)}

    def understands(self, value: Any) -> bool:
        keys = ("text", "message_id", "continues")
        return isinstance(value, list) and all(isinstance(p, dict) and all(k in p for k in keys) for p in value)


def _mistake(part: Part, others: list[Part]) -> Rejected | None:
    if not is_visible(part["text"]):
        return Rejected("response-invisible")
    before = others[-1] if others and others[-1]["continues"] else None
    if may_hold_national_id((before["text"][-_LONGEST_NUMBER:] if before else "") + part["text"]):
        return Rejected("response-national-id")
    over = len(joined([*others, part])) - MAX_CHARACTERS
    return Rejected("response-long", {"max_chars": MAX_CHARACTERS, "over_count": over}) if over > 0 else None


def _count(key: str, parts: list[Part]) -> Text:
    return Text(key, {"part_count": len(parts), "char_count": len(joined(parts))})
