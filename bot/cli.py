"""The command `innspill`: each command is imported when it is run, so that none waits for what it does not use."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

# What `--help` shows; the command is the attribute of the same name in that module of `bot.commands`.
_COMMANDS = {
    "serve": ("run.serve", "Run the web chat and, with a token, Telegram, in one process."),
    "chat": ("run.chat", "The same conversation in this terminal."),
    "consultation": ("consultations.consultation", "Add, list, change, close and reopen consultations; print links."),
    "export": ("consultations.export", "Write the responses as a file, or to standard output."),
    "postcodes": ("consultations.postcodes", "Load the register of postal codes."),
    "staff": ("people.staff", "Invite staff to the desk, list, disable and reset them."),
    "audit": ("people.audit", "Check that the log of who did what is as it was written."),
    "erase": ("keeping.erase", "Erase a response, and say where copies of it are left."),
    "access": ("keeping.access", "Write everything that is kept of a person, for that person."),
    "doctor": ("keeping.doctor", "Check whether all is well; exits 1 when something is not."),
    "backup": ("keeping.backup", "Write a checked copy of the database, also while it is in use."),
    "restore": ("keeping.backup", "Put a backup in the place of the database."),
}


class Refused(click.ClickException):
    """What an operator can mend: one line on standard error, exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """Print the line."""
        click.echo(f"innspill: {self.message}", err=True)


class Commands(click.Group):
    """Imports a command only when it is wanted, and gives a plain line for every error that is no bug."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of `--help`."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of this name, or None."""
        if cmd_name not in _COMMANDS:
            return None
        module, _ = _COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"bot.commands.{module}"), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in _COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **settings: Any) -> Any:
        """Run as a program does, where nothing else is said; see `bot.mouth`."""
        if args is None:
            from bot.mouth import own_the_way_out

            own_the_way_out()
        return super().main(args, *rest, **settings)

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; what was set for nothing is told first."""
        _warn_of_what_is_no_setting()
        try:
            return super().invoke(ctx)
        except Exception as error:
            if line := " ".join(_explained(error).split()):
                _give_up_a_full_output()
                raise Refused(line) from error
            raise


def _warn_of_what_is_no_setting() -> None:
    from bot.config import unknown

    for name, ours in unknown().items():
        click.echo(f"innspill: {name} is no setting and does nothing{f': is it {ours}?' if ours else '.'}", err=True)


def _give_up_a_full_output() -> None:
    """What could not be written would be tried once more when Python ends, with a traceback."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            sys.stdout.close()


def _explained(error: Exception) -> str:
    """What to tell the operator; empty for a bug, and for what click itself shows well."""
    from bot.config import ConfigError
    from bot.exchange.channel import FatalChannelError
    from dialogs.form import FormError
    from storage.database.errors import Damaged, StorageError
    from storage.database.opening import is_damage, is_fatal

    if isinstance(error, click.UsageError) and not isinstance(error, click.exceptions.NoArgsIsHelpError):
        message = error.format_message().rstrip()
        stop = "" if message.endswith(".") else "."
        return f"{message}{stop} See '{error.ctx.command_path if error.ctx else 'innspill'} --help'."
    if is_damage(error):
        return str(Damaged("The database"))
    if isinstance(error, ConfigError | FatalChannelError | FormError | StorageError) or is_fatal(error):
        return str(error)
    if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
        return f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}."
    return ""


@click.group(cls=Commands)
@click.version_option(package_name="innspill", message="%(prog)s %(version)s")
def main() -> None:
    """Innspill takes in consultation responses to Norwegian municipalities through a conversation.

    Its settings come from the environment, in variables that begin with INNSPILL_; the database is INNSPILL_DATABASE,
    or innspill.db in this folder.
    """
