"""Messages as plain text, for channels that have no page to draw them on."""

from __future__ import annotations

from dialogs.messages import Button, Message, Text
from dialogs.texts import House, excerpt, t

# Wider buttons are cut by Telegram itself, in the middle of a word.
BUTTON_LENGTH = 60


def button_text(button: Button, locale: str, house: House) -> str:
    """What stands on a button, in at most 60 characters: only titles of cases are long enough to be cut."""
    return excerpt(t(locale, button.label, house), BUTTON_LENGTH)


def as_text(message: Message, house: House, channel: str) -> str:
    """The whole message but its buttons and its document, in the order that `Message` states.

    A blank line parts what was told from the question when it is longer than a line (a welcome), and
    sets the closing paragraphs of a receipt apart. An error leaves out the question: it stands just above.
    """

    def say(text: Text) -> str:
        return t(message.locale, text, house, channel)

    told = "\n".join(map(say, message.told))
    not_taken = message.error and message.kind == "question"
    body = [] if not_taken else [say(line) for line in message.lines]
    if body and message.progress is not None:
        step, steps = message.progress
        body[0] = say(Text("progress", {"n": step, "total": steps})) + " " + body[0]
    body += [f"{say(row.label)}: {say(row.value)}" for row in message.rows]
    end = [*message.after, message.example] if message.example else message.after
    gap = "\n\n" if message.kind == "receipt" else "\n"
    asked = gap.join(filter(None, ["\n".join(body), *map(say, end)]))
    return ("\n\n" if "\n" in told and not not_taken else "\n").join(filter(None, [told, asked]))
