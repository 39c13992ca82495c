"""Whether a person can have seen what we said last when they sent something: an answer is to a question that was said.

It is told by what is certain: whether we have tried to say it, then by the channel's message ids (no clock stands in
between), and by the clocks only where the ids do not say otherwise.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from dialogs.events import AnyEvent, Edited, Said
from storage.conversations.conversations import LastMessage

# Channels tell in whole seconds when something was sent: it was before that second's end.
_SECOND = timedelta(seconds=1)

# What has been on its way for longer has hardly arrived.
_ON_ITS_WAY = timedelta(seconds=5)


def marked(event: AnyEvent, last: LastMessage | None, sent_at: datetime | None) -> AnyEvent:
    """The event, marked where it was sent before `last` was said. `sent_at`: see `bot.exchange.channel.Exchange`.

    A channel that does not know when something was sent has nothing that waits: what it shows has been seen.
    """
    if sent_at is None or last is None or not isinstance(event, Said | Edited):
        return event
    if last.sent_at is None:
        if last.tried_at is None or not last.tried_at - _SECOND < sent_at < last.tried_at + _ON_ITS_WAY:
            return replace(event, unheard=True)
        # It is on its way, and may just have been seen. Who says the same as before has not seen it.
        return replace(event, after_repeat=True) if isinstance(event, Said) else event
    if isinstance(event, Said) and _is_later(event.message_id, last.sent_id):
        return event
    said_at = last.sent_at if last.sent_id is not None else last.tried_at
    if said_at is None or sent_at > said_at:
        return event
    if sent_at + _SECOND <= said_at:
        return replace(event, unheard=True)
    return replace(event, after_repeat=True) if isinstance(event, Said) else event


def _is_later(message_id: str, than: str | None) -> bool:
    """Whether the ids say so: where they are numbers, those of one conversation grow, whoever speaks."""
    return than is not None and message_id.isdecimal() and than.isdecimal() and int(message_id) > int(than)
