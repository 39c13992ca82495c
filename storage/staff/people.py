"""Who works at the desk: their role, their invitation, and by what they are known again.

A person has been invited, has enrolled (with a password and an authenticator app), or has been disabled. Passwords come
here hashed with argon2; links and recovery codes, which nobody can guess, hashed with SHA-256. The secret of the app is
kept as it is: codes are reckoned from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from storage.database.errors import StorageError
from storage.database.sqlite import Connection
from storage.database.times import moment, stamp
from storage.staff import browsers, login_delays, sessions

LINK_HOLDS = timedelta(hours=24)


class NoSuchStaff(StorageError):
    """Nobody has been invited with this e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} has not been invited.")


class StaffDisabled(StorageError):
    """Somebody who has been disabled has to be invited again first."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} is disabled: invite them again.")


class StaffExists(StorageError):
    """Somebody has been invited already."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email} has been invited already: `innspill staff reset` makes a new link.")


class Member(Struct, frozen=True, kw_only=True):
    """Somebody who has been invited. `state`: `invited`, `expired` (the link), `enrolled`, `disabled`, or `demo`.

    The last is of who was let in by `admit`, without a link.
    """

    id: int
    email: str
    role: str
    created_at: datetime
    state: str


class Credentials(Struct, frozen=True, kw_only=True):
    """By what somebody who may log in is known: the codes of the app up to `code_step` have been used."""

    staff_id: int
    email: str
    password_hash: str
    code_secret: str
    code_step: int


class Link(Struct, frozen=True, kw_only=True):
    """A link that holds, and how far its reader has come.

    The last three are None until a password was chosen, in the browser that knows the secret behind `browser_hash`.
    """

    staff_id: int
    email: str
    role: str
    browser_hash: str | None
    password_hash: str | None
    code_secret: str | None


# --- Inviting and sending away ------------------------------------------------------------------------------


def invite(db: Connection, email: str, role: str, link_hash: str, at: datetime) -> int:
    """Invite somebody new, or somebody who was disabled, with a link; returns their number. Raises StaffExists."""
    row = db.execute("SELECT id, disabled_at FROM staff WHERE email = ?", (email,)).fetchone()
    if row is None:
        inserted = db.execute(
            "INSERT INTO staff (email, role, created_at) VALUES (?, ?, ?) RETURNING id", (email, role, stamp(at))
        )
        staff_id = int(inserted.fetchone()[0])
    elif row[1] is None:
        raise StaffExists(email)
    else:
        staff_id = int(row[0])
        db.execute("UPDATE staff SET role = ?, disabled_at = NULL WHERE id = ?", (role, staff_id))
    _put_link(db, staff_id, link_hash, at)
    return staff_id


def reset(db: Connection, email: str, link_hash: str, at: datetime) -> None:
    """Forget password, app, recovery codes, sessions and delays, and invite anew. Raises NoSuchStaff, StaffDisabled."""
    staff_id, disabled = _wanted(db, email)
    if disabled:
        raise StaffDisabled(email)
    _forget_credentials(db, staff_id)
    _put_link(db, staff_id, link_hash, at)
    login_delays.forgive(db, login_delays.account(email))


def disable(db: Connection, email: str, at: datetime) -> None:
    """Let somebody in no more: their sessions end at once. Twice keeps the first time. Raises NoSuchStaff."""
    staff_id, _ = _wanted(db, email)
    _forget_credentials(db, staff_id)
    db.execute("UPDATE staff SET disabled_at = coalesce(disabled_at, ?) WHERE id = ?", (stamp(at), staff_id))


def change_role(db: Connection, email: str, role: str) -> str:
    """Give somebody another role, from their next page on; returns the one they had. Raises NoSuchStaff."""
    staff_id, _ = _wanted(db, email)
    old = db.execute("SELECT role FROM staff WHERE id = ?", (staff_id,)).fetchone()[0]
    db.execute("UPDATE staff SET role = ? WHERE id = ?", (role, staff_id))
    return str(old)


def change_locale(db: Connection, staff_id: int, locale: str) -> None:
    """The language in which somebody reads the desk."""
    db.execute("UPDATE staff SET locale = ? WHERE id = ?", (locale, staff_id))


def admit(db: Connection, name: str, role: str, at: datetime) -> int:
    """Somebody who needs no link and has no password, under a name that is no e-mail address; returns their number."""
    row = db.execute(
        "INSERT INTO staff (email, role, created_at) VALUES (?, ?, ?)"
        " ON CONFLICT (email) DO UPDATE SET role = excluded.role, disabled_at = NULL RETURNING id",
        (name, role, stamp(at)),
    ).fetchone()
    return int(row[0])


def all(db: Connection, at: datetime) -> list[Member]:
    """Everybody who has been invited, by e-mail address, as they stand at `at`."""
    rows = db.execute(
        "SELECT id, email, role, created_at, CASE WHEN disabled_at IS NOT NULL THEN 'disabled'"
        " WHEN instr(email, '@') = 0 THEN 'demo' WHEN staff.password_hash IS NOT NULL THEN 'enrolled'"
        " WHEN expires_at > ? THEN 'invited' ELSE 'expired' END"
        " FROM staff LEFT JOIN staff_links ON staff_id = id ORDER BY email",
        (stamp(at),),
    )
    return [
        Member(id=staff_id, email=email, role=role, created_at=moment(created_at), state=state)
        for staff_id, email, role, created_at, state in rows
    ]


# --- Enrolling ----------------------------------------------------------------------------------------------


def find_link(db: Connection, link_hash: str, at: datetime) -> Link | None:
    """The link with this hash, if it holds at `at`: it has not been used, and no other one was made since."""
    row = db.execute(
        "SELECT staff_id, email, role, browser_hash, staff_links.password_hash, staff_links.code_secret"
        " FROM staff_links JOIN staff ON id = staff_id WHERE hash = ? AND expires_at > ? AND disabled_at IS NULL",
        (link_hash, stamp(at)),
    ).fetchone()
    if row is None:
        return None
    staff_id, email, role, browser_hash, password_hash, code_secret = row
    return Link(
        staff_id=staff_id,
        email=email,
        role=role,
        browser_hash=browser_hash,
        password_hash=password_hash,
        code_secret=code_secret,
    )


def choose_password(db: Connection, link_hash: str, password_hash: str, code_secret: str, browser_hash: str) -> None:
    """Keep beside the link what was chosen: it counts once the app has given its first code."""
    db.execute(
        "UPDATE staff_links SET password_hash = ?, code_secret = ?, browser_hash = ? WHERE hash = ?",
        (password_hash, code_secret, browser_hash, link_hash),
    )


def enrol(db: Connection, link: Link, code_step: int, recovery_hashes: Iterable[str]) -> None:
    """What was chosen counts from now on, and the link is used. `code_step` is that of the first code."""
    _forget_credentials(db, link.staff_id)
    db.execute(
        "UPDATE staff SET password_hash = ?, code_secret = ?, code_step = ? WHERE id = ?",
        (link.password_hash, link.code_secret, code_step, link.staff_id),
    )
    db.executemany(
        "INSERT INTO recovery_codes (staff_id, hash) VALUES (?, ?)", [(link.staff_id, each) for each in recovery_hashes]
    )


def forget_links(db: Connection, at: datetime) -> int:
    """Delete the links that do not hold any more at `at`; returns how many there were."""
    return db.execute("DELETE FROM staff_links WHERE expires_at <= ?", (stamp(at),)).rowcount


# --- Logging in ---------------------------------------------------------------------------------------------


def credentials(db: Connection, email: str) -> Credentials | None:
    """By what somebody is known; None for who may not log in, or not yet."""
    row = db.execute(
        "SELECT id, email, password_hash, code_secret, code_step FROM staff"
        " WHERE email = ? AND disabled_at IS NULL AND password_hash IS NOT NULL AND code_secret IS NOT NULL",
        (email,),
    ).fetchone()
    return None if row is None else _credentials(row)


def use_code(db: Connection, staff_id: int, step: int) -> bool:
    """Use the code of the app for a step of its time; False where that code, or a later one, has been used before."""
    changed = db.execute("UPDATE staff SET code_step = ? WHERE id = ? AND code_step < ?", (step, staff_id, step))
    return changed.rowcount == 1


def use_recovery_code(db: Connection, staff_id: int, code_hash: str) -> bool:
    """Use up a recovery code; False where there is none like it any more."""
    deleted = db.execute("DELETE FROM recovery_codes WHERE staff_id = ? AND hash = ?", (staff_id, code_hash))
    return deleted.rowcount == 1


def recovery_codes_left(db: Connection, staff_id: int) -> int:
    """How many recovery codes somebody has not used."""
    return int(db.execute("SELECT count(*) FROM recovery_codes WHERE staff_id = ?", (staff_id,)).fetchone()[0])


def change_password(db: Connection, staff_id: int, old_hash: str | None, new_hash: str) -> bool:
    """Another password for somebody; False where they do not have the old one any more."""
    changed = db.execute(
        "UPDATE staff SET password_hash = ? WHERE id = ? AND password_hash = ?", (new_hash, staff_id, old_hash)
    )
    return changed.rowcount == 1


def _put_link(db: Connection, staff_id: int, link_hash: str, at: datetime) -> None:
    db.execute(
        "INSERT OR REPLACE INTO staff_links (staff_id, hash, expires_at) VALUES (?, ?, ?)",
        (staff_id, link_hash, stamp(at + LINK_HOLDS)),
    )


def _forget_credentials(db: Connection, staff_id: int) -> None:
    """Nothing by which somebody was known counts any more: password, app, recovery codes, link, sessions, browsers."""
    db.execute("UPDATE staff SET password_hash = NULL, code_secret = NULL, code_step = 0 WHERE id = ?", (staff_id,))
    db.execute("DELETE FROM recovery_codes WHERE staff_id = ?", (staff_id,))
    db.execute("DELETE FROM staff_links WHERE staff_id = ?", (staff_id,))
    sessions.end_all(db, staff_id)
    browsers.forget_all(db, staff_id)


def _wanted(db: Connection, email: str) -> tuple[int, bool]:
    """The number of somebody, and whether they are disabled."""
    row = db.execute("SELECT id, disabled_at FROM staff WHERE email = ?", (email,)).fetchone()
    if row is None:
        raise NoSuchStaff(email)
    return int(row[0]), row[1] is not None


def _credentials(row: tuple[Any, ...]) -> Credentials:
    staff_id, email, password_hash, code_secret, code_step = row
    return Credentials(
        staff_id=staff_id, email=email, password_hash=password_hash, code_secret=code_secret, code_step=code_step
    )
