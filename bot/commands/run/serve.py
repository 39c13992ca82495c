"""`innspill serve`: everything that runs."""

from __future__ import annotations

import asyncio

import click

from bot import config


@click.command()
@click.option("--demo", is_flag=True, help="Begin with consultations and made-up responses, where there are none.")
def serve(*, demo: bool) -> None:
    """Run the web chat and, with INNSPILL_TELEGRAM_TOKEN, Telegram, until Ctrl-C or SIGTERM."""
    settings = config.load()
    from bot.app import serve as run
    from storage.database.opening import empty_the_log, refuse_what_is_not_ours

    refuse_what_is_not_ours(settings.database)  # before anything is made beside a file that is somebody else's
    asyncio.run(run(settings, demo=demo, say=click.echo))
    empty_the_log(settings.database)
