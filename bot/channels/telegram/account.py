"""What Telegram says of our bot, for who asks once and does not want to load a whole Telegram library."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.config import Config
from bot.exchange.channel import ChannelError

_SECONDS = 3


class TelegramTrouble(ChannelError):
    """Telegram did not give the answer; the text is a plain sentence without the token."""


async def ask_telegram(config: Config, method: str) -> dict[str, Any]:
    """The result of a method of the Bot API that takes no parameters, within three seconds. Raises TelegramTrouble."""
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS)) as http,
            http.get(f"{config.telegram_api}/bot{config.telegram_token}/{method}", allow_redirects=False) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, OSError, ValueError):  # whose texts hold the address, and the token in it
        raise TelegramTrouble("Telegram does not answer.") from None
    match answer:
        case {"ok": True, "result": dict(result)}:
            return result
        case {"error_code": 401 | 404}:
            raise TelegramTrouble("Telegram does not know the token.")
        case _:
            raise TelegramTrouble("Telegram refuses to answer.")


async def bot_name(config: Config) -> str:
    """The name by which people find the bot, without an @. Raises TelegramTrouble."""
    return str((await ask_telegram(config, "getMe")).get("username", ""))
