"""`innspill backup` and `innspill restore`: a checked copy of the database, and the way back."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from bot.clock import now
from bot.commands.keeping.erased_before import Known
from bot.commands.operator import record
from bot.commands.own_files import refuse_own_files
from bot.commands.parameters import file_name
from bot.commands.whole_file import whole_file
from bot.config import load
from storage.database import migrations
from storage.database.errors import Damaged, NotADatabase, NotSaved, ResponsesDamaged, SchemaTooOld
from storage.database.opening import Lease, create_private, is_damage, migrate, open_for_reading, transaction
from storage.database.progress import forget
from storage.database.read_only import address
from storage.database.sqlite import Connection, sqlite3
from storage.database.word_index import be_readable_by_all
from storage.keeping import copies
from storage.keeping.soundness import refuse_what_is_damaged
from storage.staff.audit import BrokenChain


@click.command()
@click.argument("name", metavar="PATH", type=file_name)
def backup(name: str) -> None:
    """Write a copy of the database to PATH, also while it is in use.

    It is of one moment, holds nothing that was deleted, and has been checked before it appears at PATH, in the place of
    what was there. It can be read and searched by any program for SQLite from 3.37 on,
    and by nobody but you.
    """
    path, database = Path(name), load().database
    refuse_own_files(path, database)
    _refuse_what_is_not_ours(database)
    with whole_file(path) as temporary:
        _copy(database, temporary)
        _note(database, path)
    click.echo(f"{path}: {path.stat().st_size} bytes, checked")


def _note(database: Path, path: Path) -> None:
    """Write the copy down before it appears. Where that cannot be, a backup is worth more than its entry."""
    try:
        with transaction(database) as db:
            record(db, "database.copied", path.name)
            copies.note(db, path, now())
    except NotSaved as error:
        click.echo(f"The audit log has no entry of this backup. {error}", err=True)


@click.command()
@click.argument("name", metavar="PATH", type=file_name)
@click.option("--tombstones", metavar="FILE", type=file_name, help="What was erased, where no database can say it.")
@click.option("--no-tombstones", "nothing_erased", is_flag=True, help="Nothing was erased since, or nobody knows what.")
def restore(name: str, tombstones: str | None, *, nothing_erased: bool) -> None:
    """Put the backup in PATH in the place of the database, while `serve` is stopped.

    The database that was there is kept beside it. A backup of an older Innspill is brought up to date on the way, and
    what was erased after it was made is erased in it, before anybody can see it.
    """
    path, database = Path(name), load().database
    refuse_own_files(path, database)
    _refuse_what_is_not_ours(path)
    if tombstones is not None and nothing_erased:
        raise click.UsageError("Give either --tombstones or --no-tombstones.")
    with Lease(database), TemporaryDirectory(dir=database.parent, prefix=".restore-") as folder:
        known = Known.of(database, None if tombstones is None else Path(tombstones), nothing_erased=nothing_erased)
        copy = Path(folder) / "innspill.db"
        _copy(path, copy)
        migrate(copy)
        kept = _keep(database) if database.exists() else None
        with transaction(copy) as db:
            record(db, "database.restored", path.name)
            again = known.carry_over(db, kept)
        forget(database)
        _put_in_place(copy, database)
    click.echo(f"{database} is now what {path} holds" + (f"; what it was is in {kept}" if kept else ""))
    for reference in again:
        click.echo(f"{reference} was in it, and is erased again")


def _refuse_what_is_not_ours(path: Path) -> None:
    """Raises NotADatabase, Damaged or SchemaTooNew; one that waits for a migration is ours."""
    try:
        open_for_reading(path).close()
    except SchemaTooOld:
        with closing(_open(path)) as db:
            if not migrations.applied(db):
                raise NotADatabase(str(path), "it is empty") from None


def _copy(source: Path, target: Path) -> None:
    """A copy of one moment, without what was deleted, checked, and for its owner alone.

    The source is checked too, for a copy is well-formed whatever it was made of. Raises Damaged, ResponsesDamaged,
    BrokenChain, or what SQLite raises, and leaves no copy then.
    """
    create_private(target)
    try:
        with closing(_open(source)) as db:
            refuse_what_is_damaged(db, source)
            db.execute("VACUUM INTO ?", (str(target),))
        with closing(_open(target, "rw")) as db:
            be_readable_by_all(db)
            # SQLite checks no constraints where it cannot write.
            refuse_what_is_damaged(db, source)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if is_damage(error) or isinstance(error, Damaged):
            raise Damaged(str(source)) from error
        raise


def _keep(database: Path) -> Path:
    """Keep what `database` holds beside it; one that is too broken to be copied is moved, with its journal."""
    kept = database.with_name(f"{database.name}.before-restore-{now():%Y%m%dT%H%M%S%fZ}")
    try:
        _copy(database, kept)
    except (Damaged, ResponsesDamaged, BrokenChain):
        pass
    else:
        return kept
    for ending in ("-wal", "-shm", ""):
        if (part := Path(f"{database}{ending}")).exists():
            part.replace(f"{kept}{ending}")
    return kept


def _put_in_place(copy: Path, database: Path) -> None:
    """Through SQLite where there is a database: a new file under an open `innspill chat` would get the old journal."""
    if not database.exists():
        with whole_file(database) as temporary:
            shutil.copyfile(copy, temporary)
        return
    with closing(_open(copy)) as source, closing(_open(database, "rw")) as target:
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target)
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _open(path: Path, mode: str = "ro") -> Connection:
    """As it lies there: whatever its schema, and without leaving anything beside it."""
    return sqlite3.connect(address(path, mode), uri=True, isolation_level=None)
