"""How far the library had come when it was last seen, written beside it.

A library that has come less far is an older copy, or has lost its newest part: somebody put another file in
its place, or took the log away that SQLite keeps beside it. What waits in such a library may have been sent.
"""

from __future__ import annotations

import contextlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from gptimg_desktop.services.durable import write_atomically

if TYPE_CHECKING:
    import sqlite3
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeen:
    """`jobs` and `attempts` count all that there ever were. `is_open`: the library was in use, so that its
    log must still stand beside it."""

    jobs: int = 0
    attempts: int = 0
    is_open: bool = False

    def has_more_than(self, other: LastSeen) -> bool:
        return self.jobs > other.jobs or self.attempts > other.attempts


def counted(connection: sqlite3.Connection, *, is_open: bool) -> LastSeen:
    """How far an open library has come."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'job'").fetchone()
    (attempts,) = connection.execute("SELECT MAX(rowid) FROM attempt").fetchone()  # none is ever removed
    return LastSeen(jobs=0 if row is None else int(row[0]), attempts=int(attempts or 0), is_open=is_open)


def write(path: Path, seen: LastSeen) -> None:
    """Write it down; OSError where that cannot be."""
    write_atomically(path, json.dumps(asdict(seen)).encode())


def read(path: Path) -> LastSeen | None:
    """What was written; None where nothing was, or nothing that makes sense."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        found = LastSeen(**json.loads(path.read_bytes()))
        if type(found.jobs) is int and type(found.attempts) is int and type(found.is_open) is bool:
            return found
    return None
