"""Counts what a run asks of the disk: commits of SQLite, and syncs of files and folders."""

from __future__ import annotations

import functools
import os
import sqlite3
from typing import Any


class Tally:
    """The counts since `start`, which begins to count for the rest of the process.

    A commit that writes nothing counts as well; there are next to none.
    """

    def __init__(self) -> None:
        self.commits = 0
        self.syncs = 0

    def start(self) -> None:
        """Call it before the library is opened."""
        sync = os.fsync
        tally = self

        def counted_sync(descriptor: int) -> None:
            tally.syncs += 1
            sync(descriptor)

        class Counted(sqlite3.Connection):
            """A connection that tells of its commits."""

            def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
                tally.commits += statement == "COMMIT"
                return super().execute(statement, *values)

        vars(os)["fsync"] = counted_sync
        vars(sqlite3)["connect"] = functools.partial(sqlite3.connect, factory=Counted)

    def reset(self) -> None:
        self.commits = self.syncs = 0
