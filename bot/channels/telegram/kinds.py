"""What a message in Telegram is, by the name of its content: one row for each kind that the Bot API knows (10.0)."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TEXT = "text"

NOBODY = ""
"""Telegram writes these into a chat by itself: nobody said anything, and nobody waits for a reply."""

# The first row that a message has is what it is: a venue also has a location, an animation also a document. The words
# are those of `dialogs.events.Attached`.
KINDS: dict[str, str] = {
    "text": TEXT,
    "sticker": "sticker",
    "voice": "voice",
    "video_note": "voice",
    "live_photo": "photo",
    "photo": "photo",
    "video": "photo",
    "animation": "photo",
    "document": "photo",
    "audio": "photo",
    "paid_media": "photo",
    "location": "location",
    "venue": "other",
    "contact": "other",
    "poll": "other",
    "dice": "other",
    "game": "other",
    "story": "other",
    "checklist": "other",
    "invoice": "other",
    "giveaway": "other",
    "giveaway_winners": "other",
    "passport_data": "other",
    "users_shared": "other",
    "chat_shared": "other",
    "web_app_data": "other",
    "boost_added": NOBODY,
    "channel_chat_created": NOBODY,
    "chat_background_set": NOBODY,
    "chat_owner_changed": NOBODY,
    "chat_owner_left": NOBODY,
    "checklist_tasks_added": NOBODY,
    "checklist_tasks_done": NOBODY,
    "community_chat_added": NOBODY,
    "community_chat_joined": NOBODY,
    "community_chat_removed": NOBODY,
    "connected_website": NOBODY,
    "delete_chat_photo": NOBODY,
    "direct_message_price_changed": NOBODY,
    "forum_topic_closed": NOBODY,
    "forum_topic_created": NOBODY,
    "forum_topic_edited": NOBODY,
    "forum_topic_reopened": NOBODY,
    "general_forum_topic_hidden": NOBODY,
    "general_forum_topic_unhidden": NOBODY,
    "gift": NOBODY,
    "gift_upgrade_sent": NOBODY,
    "giveaway_completed": NOBODY,
    "giveaway_created": NOBODY,
    "group_chat_created": NOBODY,
    "left_chat_member": NOBODY,
    "managed_bot_created": NOBODY,
    "message_auto_delete_timer_changed": NOBODY,
    "migrate_from_chat_id": NOBODY,
    "migrate_to_chat_id": NOBODY,
    "new_chat_members": NOBODY,
    "new_chat_photo": NOBODY,
    "new_chat_title": NOBODY,
    "paid_message_price_changed": NOBODY,
    "pinned_message": NOBODY,
    "poll_option_added": NOBODY,
    "poll_option_deleted": NOBODY,
    "proximity_alert_triggered": NOBODY,
    "refunded_payment": NOBODY,
    "successful_payment": NOBODY,
    "suggested_post_approval_failed": NOBODY,
    "suggested_post_approved": NOBODY,
    "suggested_post_declined": NOBODY,
    "suggested_post_paid": NOBODY,
    "suggested_post_refunded": NOBODY,
    "supergroup_chat_created": NOBODY,
    "unique_gift": NOBODY,
    "video_chat_ended": NOBODY,
    "video_chat_participants_invited": NOBODY,
    "video_chat_scheduled": NOBODY,
    "video_chat_started": NOBODY,
    "write_access_allowed": NOBODY,
}

# Only what a person sends has one of these.
_BY_A_PERSON = frozenset(
    {
        *("caption", "caption_entities", "effect_id", "entities", "external_reply", "forward_origin"),
        *("has_media_spoiler", "media_group_id", "quote", "show_caption_above_media", "via_bot"),
    }
)

# How, where and by whom it was sent.
ENVELOPE = _BY_A_PERSON | {
    *("author_signature", "business_connection_id", "chat", "date", "direct_messages_topic", "edit_date", "from"),
    *("guest_bot_caller_chat", "guest_bot_caller_user", "guest_query_id", "has_protected_content"),
    *("is_automatic_forward", "is_from_offline", "is_paid_post", "is_topic_message", "link_preview_options"),
    *("message_id", "message_thread_id", "paid_star_count", "reply_markup", "reply_to_checklist_task_id"),
    *("reply_to_message", "reply_to_poll_option_id", "reply_to_story", "sender_boost_count", "sender_business_bot"),
    *("sender_chat", "sender_tag", "suggested_post_info"),
}


def kind_of(message: Json) -> str:
    """A word of `KINDS`. What is newer than this table is "other" where a person has sent it, and else `NOBODY`.

    A message that has nothing in it is somebody's whose content we are not shown.
    """
    if TEXT in message:
        return TEXT
    for name, kind in KINDS.items():
        if name in message:
            return kind
    new = [content for name, content in message.items() if name not in ENVELOPE]
    return "other" if not new or _BY_A_PERSON & message.keys() or any(map(_holds_a_file, new)) else NOBODY


def _holds_a_file(content: object) -> bool:
    """Whether something is sent along with it: Telegram itself attaches nothing."""
    match content:
        case {"file_id": _}:
            return True
        case [*parts]:
            return any(map(_holds_a_file, parts))
        case dict():
            return any(isinstance(part, dict) and "file_id" in part for part in content.values())
        case _:
            return False


def is_of_a_bot(message: Json) -> bool:
    """Whether another bot has sent it, for whom no reply of ours is meant. Who speaks for a chat is a person."""
    sender = message.get("from")
    return isinstance(sender, dict) and sender.get("is_bot") is True and "sender_chat" not in message


def topic_of(message: Json) -> str:
    """The topic of its chat that it stands in; "" where it stands in none."""
    number = message.get("message_thread_id") if message.get("is_topic_message") is True else None
    return str(number) if isinstance(number, int) else ""
