"""The library's SQLite file: one thread writes, another reads, and nobody else waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import make_private
from gptimg_desktop.services.library.schema import migrate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")


class Database:
    """One SQLite file. A write returns once it is durable (WAL without FULL loses commits in a power cut)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="library-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="library-reader")
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open or create the file and bring its schema up to date; StorageError says why it cannot be."""
        await self._run(self._writer, self._open)

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in one transaction; committed to the disk on return, undone on any exception."""
        return await self._run(self._writer, lambda: self._transaction(work))

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on what is committed."""
        return await self._run(self._reader, lambda: self._look(work))

    def close(self) -> None:
        """Close after the writes that were asked for; safe to call twice."""
        self._reader.shutdown()
        self._writer.shutdown()
        for connection in (self._reading, self._writing):
            if connection is not None:
                connection.close()
        self._reading = self._writing = None

    def _open(self) -> None:
        make_private(self._path)  # SQLite gives its files beside it the same rights
        connection = self._connect()
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA fullfsync = ON")
            connection.execute("PRAGMA checkpoint_fullfsync = ON")
            migrate(connection, backup_folder=self._path.parent / "backups")
        except BaseException:
            connection.close()
            raise
        self._writing = connection
        self._reading = self._connect()
        self._reading.execute("PRAGMA query_only = ON")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    def _transaction(self, work: Callable[[sqlite3.Connection], T]) -> T:
        connection = self._writing
        if connection is None:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="closed"))
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        return result

    def _look(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._reading is None:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason="closed"))
        return work(self._reading)

    async def _run(self, executor: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(executor, work)
        except (sqlite3.DatabaseError, OSError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason=str(error))) from error
