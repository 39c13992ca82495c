"""`innspill doctor`: whether all is well, in plain words."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import click

from bot.channels.telegram.account import TelegramTrouble, ask_telegram
from bot.clock import now
from bot.commands.keeping.register_trouble import why_silent, without_warnings
from bot.config import STAND_IN, Config, ConfigError, load
from bot.jobs.kinds import RECURRING
from bot.register.client import EntityRegister
from storage.consultations import consultations
from storage.conversations import lookups, outbox, set_aside
from storage.database import migrations
from storage.database.errors import Damaged, ResponsesDamaged, StorageError
from storage.database.opening import Lease, is_damage, is_fatal, open_for_reading, transaction
from storage.database.progress import forget
from storage.database.sqlite import Connection, sqlite3
from storage.jobs import jobs
from storage.keeping.soundness import refuse_what_is_damaged
from storage.register import postal_codes, verifications
from storage.staff.audit import BrokenChain

_SET_ASIDE_SHOWN = 5
_ENOUGH_BYTES = 200 * 1024 * 1024
_OVERDUE = timedelta(minutes=5)


class Finding(NamedTuple):
    """`mark` is `ok`, `note` (nothing is broken, but look) or `wrong` (doctor exits 1)."""

    mark: str
    line: str


@click.command()
@click.option(
    "--accept-loss", is_flag=True, help="First let a database be used again that lacks what was kept in it last."
)
@click.pass_context
def doctor(ctx: click.Context, *, accept_loss: bool) -> None:
    """Check the settings, the database, Telegram and the entity register. Exits 1 when something is wrong.

    The write test changes nothing. What is marked `note` is no fault, but worth a look.
    """
    try:
        config = load()
    except ConfigError as error:
        findings = [Finding("wrong", str(error))]
    else:
        if accept_loss:
            with Lease(config.database):
                forget(config.database)
        findings = [*_room(config), *_database(config), *asyncio.run(_outside(config))]
    for finding in findings:
        click.echo(f"{finding.mark:<6} {finding.line}")
    ctx.exit(1 if any(finding.mark == "wrong" for finding in findings) else 0)


def _room(config: Config) -> Iterator[Finding]:
    folder = config.database.resolve().parent
    if not folder.is_dir():
        yield Finding("wrong", f"There is no folder {folder}.")
        return
    free = shutil.disk_usage(folder).free
    yield Finding("ok" if free >= _ENOUGH_BYTES else "wrong", f"{free // 1024**2:,} MB are free beside the database.")


def _database(config: Config) -> Iterator[Finding]:
    try:
        with closing(open_for_reading(config.database)) as db:
            yield Finding("ok", f"{config.database} is open with SQLite {sqlite3.sqlite_version}.")
            yield Finding("ok", f"Its schema is version {len(migrations.applied(db))}, the newest that we know.")
            yield _soundness(config.database, db)
            yield _write_test(config.database)
            yield from _counts(db)
    except StorageError as error:
        yield Finding("wrong", str(error))
    except sqlite3.Error as error:
        if not (is_fatal(error) or is_damage(error)):
            raise
        damaged = str(Damaged(str(config.database)))
        yield Finding("wrong", damaged if is_damage(error) else f"{config.database} cannot be read: {error}.")


def _soundness(database: Path, db: Connection) -> Finding:
    """All of it is read: the pages, the indexes, and each response beside its digest."""
    try:
        refuse_what_is_damaged(db, database)
    except (Damaged, ResponsesDamaged, BrokenChain) as error:
        return Finding("wrong", str(error))
    return Finding("ok", "It is sound.")


def _write_test(database: Path) -> Finding:
    """Writes a number of the header as it is, which goes to the disk like any answer and changes nothing."""
    try:
        with transaction(database) as db:
            version = db.execute("PRAGMA user_version").fetchone()[0]
            db.execute(f"PRAGMA user_version = {version}")
    except StorageError as error:
        return Finding("wrong", f"It cannot be written to. {error}")
    return Finding("ok", "It can be written to.")


def _counts(db: Connection) -> Iterator[Finding]:
    _, open_now = consultations.open_at(db, now(), page=0, size=1)
    yield Finding("ok" if open_now else "note", f"Consultations that are open: {open_now}.")
    if not postal_codes.loaded(db):
        yield Finding("note", "There is no register of postal codes: see `innspill postcodes load --help`.")
    # Only Telegram has a sender; the pages of the other channels are drawn when somebody looks.
    yield _should_be_none("Messages that wait to be sent to Telegram", len(outbox.unsent(db, "telegram")))
    yield _should_be_none("Questions that wait for the entity register", len(lookups.pending(db)))
    yield _should_be_none("Responses that wait to be looked up in the register", verifications.count_waiting(db))
    yield from _jobs(db)
    yield _should_be_none("Responses that the register has otherwise", verifications.count_different(db))
    yield _should_be_none("Events that were set aside because they could not be handled", set_aside.count(db))
    for each in set_aside.recent(db, _SET_ASIDE_SHOWN):
        yield Finding(
            "note", f"Set aside at {each.at:%Y-%m-%d %H:%M} UTC, {each.channel} {each.event_id}: {each.reason}."
        )


def _jobs(db: Connection) -> Iterator[Finding]:
    """What is still to be done, by kind. While `serve` is stopped, nobody does it."""
    waiting = jobs.waiting(db)
    # What comes again and again always waits for its next time.
    once = sum(each.count for each in waiting if each.kind not in RECURRING)
    yield Finding("ok", f"Jobs that are still to be done: {once}.")
    for each in waiting:
        if each.failing:
            yield Finding("note", f"Of the kind {each.kind}, {each.failing} have failed: {each.last_error}.")
        if (late := now() - each.due_at) > _OVERDUE:
            yield Finding(
                "note", f"Of the kind {each.kind}, the oldest is {late // timedelta(minutes=1)} minutes late."
            )


def _should_be_none(what: str, count: int) -> Finding:
    return Finding("note" if count else "ok", f"{what}: {count}.")


async def _outside(config: Config) -> list[Finding]:
    return [await _register(config)] + [finding async for finding in _telegram(config)]


async def _register(config: Config) -> Finding:
    if config.entity_register == STAND_IN:
        return Finding("note", "The entity register is the stand-in, with made-up organisations.")
    async with EntityRegister(config.entity_register, config.contact) as register:
        with without_warnings():
            if await register.answers():
                return Finding("ok", "The entity register answers.")
    why = await why_silent(config.entity_register)
    return Finding("wrong", f"The entity register does not answer: {why}. Responses come in as unverified meanwhile.")


async def _telegram(config: Config) -> AsyncIterator[Finding]:
    if not config.telegram_token:
        yield Finding("ok", "Telegram is off: there is no token.")
        return
    try:
        me = await ask_telegram(config, "getMe")
        yield Finding("ok", f"Telegram knows the token; the bot is @{me.get('username')}.")
        hook = await ask_telegram(config, "getWebhookInfo")
    except TelegramTrouble as trouble:
        yield Finding("wrong", str(trouble))
        return
    url = hook.get("url", "")
    wanted = f"{config.base_url}/telegram/webhook" if config.telegram_webhook_secret else ""
    if url == wanted:
        yield Finding("ok", f"Telegram brings updates to {url}." if url else "Updates are fetched from Telegram.")
    else:
        yield Finding("note", f"Telegram's webhook is {url or 'not set'}, not as in the settings: `serve` mends it.")
    yield _should_be_none("Updates that wait at Telegram", int(hook.get("pending_update_count", 0)))
    if complaint := hook.get("last_error_message"):
        yield Finding("note", f"Telegram's last complaint about the webhook: {complaint}")
