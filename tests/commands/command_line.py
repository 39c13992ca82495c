"""The command `innspill` as an operator has it: with a database of its own, in this process."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main
from storage.conversations import conversations
from storage.database.opening import transaction
from storage.responses import responses
from storage.responses.responses import NewResponse

RECEIVED_AT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


class CommandLine:
    """Runs `innspill` on the database in `folder`; `settings` are further variables of the environment."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.database = folder / "innspill.db"
        self._environment = {"INNSPILL_DATABASE": str(self.database), **settings}

    def __call__(self, *arguments: str | Path) -> Result:
        """Whatever it ends with: `exit_code`, `stdout`, `stderr`."""
        return CliRunner().invoke(main, [str(each) for each in arguments], env=self._environment)

    def says(self, *arguments: str | Path) -> str:
        """What it prints when all goes well."""
        result = self(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def is_refused(self, *arguments: str | Path) -> str:
        """The one line on standard error with which it declines."""
        result = self(*arguments)
        assert (result.exit_code, result.stdout) == (2, ""), result.output
        assert result.stderr.startswith("innspill: ")
        assert result.stderr.count("\n") == 1
        return result.stderr

    def add_consultation(self, case: str = "18/101", closes: str = "2026-12-31") -> int:
        """Add one and return its id."""
        title = "Rådmannens forslag til handlingsprogram 2020 – 2023"
        return int(self.says("consultation", "add", "--case", case, "--title", title, "--closes", closes))

    def store_response(self, consultation_id: int, reference: str, text: str = "Jeg er for forslaget.") -> None:
        """Store a response as if a person had sent it in."""
        with transaction(self.database) as db:
            person = conversations.find_or_open(db, "terminal", reference, RECEIVED_AT)
            new = NewResponse(
                conversation_id=person.id,
                draft="d1",
                consultation_id=consultation_id,
                received_at=RECEIVED_AT,
                channel="terminal",
                locale="nb",
                form_version=1,
                respondent_type="private_person",
                first_name="Kari",
                last_name="Nordmann",
                email="kari.nordmann@example.no",
                text=text,
            )
            responses.insert(db, new, lambda: reference)
