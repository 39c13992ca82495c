"""`innspill chat`: the conversation in the terminal."""

from __future__ import annotations

import asyncio
import logging
import sys

import click

from bot import config


@click.command()
def chat() -> None:
    """Send in a response from this terminal; also while `innspill serve` runs on the same database."""
    settings = config.load()
    if sys.stderr.isatty():  # the person's screen, on which the conversation stands
        logging.getLogger().addHandler(logging.NullHandler())
    from storage.database.opening import ensure_schema

    ensure_schema(settings.database)
    asyncio.run(_talk(settings))


async def _talk(settings: config.Config) -> None:
    from bot.app import house, running_service
    from bot.channels.terminal.chat import Terminal
    from bot.channels.terminal.input import Keyboard
    from dialogs.messages import Text
    from dialogs.texts import t

    if settings.entity_register == config.STAND_IN:
        click.echo(t(settings.locale, Text("web-made-up"), house(settings)) + "\n")
    async with running_service(settings) as service:
        terminal = Terminal(
            service,
            house(settings),
            user=config.user_name(),
            locale=settings.locale,
            reader=Keyboard(),
            say=click.echo,
            styled=sys.stdout.isatty() and config.wants_colour(),
        )
        await terminal.run()
