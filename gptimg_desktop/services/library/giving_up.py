"""Long questions to the library that can be given up while they run."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from gptimg_desktop.services.library.database import Database

T = TypeVar("T")

_STEPS: Final = 20_000
"""Steps of SQLite's machine between two looks; a millisecond or less."""


async def read_while_wanted(database: Database, work: Callable[[sqlite3.Connection], T]) -> T:
    """`Database.read` of something that nobody waits for once this is cancelled: it ends at once then, and
    the next question does not stand in line behind it.

    Nothing else is ended by it: it is this question that looks whether it is still wanted.
    """
    given_up = threading.Event()

    def attended(connection: sqlite3.Connection) -> T:
        connection.set_progress_handler(given_up.is_set, _STEPS)
        try:
            return work(connection)
        finally:
            connection.set_progress_handler(None, 0)

    try:
        return await database.read(attended)
    except asyncio.CancelledError:
        given_up.set()
        raise
