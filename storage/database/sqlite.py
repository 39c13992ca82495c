"""The one copy of SQLite in this program: the one that sqlite-utils picks (pysqlite3's, where that is installed).

Two copies in one process would release each other's file locks, so nothing here imports the standard library's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3  # both have the same interface, and only this one has types
else:
    from sqlite_utils.utils import sqlite3

Connection = sqlite3.Connection

__all__ = ["Connection", "sqlite3"]
