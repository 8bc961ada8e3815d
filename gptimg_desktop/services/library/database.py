"""The library's SQLite file: one thread writes, another reads, and nobody else waits for the disk."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError
from gptimg_desktop.services.durable import make_private
from gptimg_desktop.services.library.health import is_damage, is_lock
from gptimg_desktop.services.library.schema import MIGRATIONS, migrate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

T = TypeVar("T")


@dataclass(slots=True, eq=False)
class _Write:
    """A write that somebody waits for, and what came of it."""

    work: Callable[[sqlite3.Connection], Any]
    heard: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Database:
    """One SQLite file. A write returns once it is durable (WAL without FULL loses commits in a power cut).

    Writes that wait while the disk is busy share the next commit, in the order in which they were asked for.
    Each is whole or undone by itself: one that fails takes nothing from the others, and nobody hears of his
    write before the commit that holds it is on the disk.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._refusal: Problem | None = None
        self._damaged: Callable[[str], None] = _nobody_hears
        self._waiting: deque[_Write] = deque()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="library-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="library-reader")
        self._writing: sqlite3.Connection | None = None
        self._reading: sqlite3.Connection | None = None

    def look_only(self, path: Path, problem: Problem) -> None:
        """Show what stands in a copy at `path` and refuse every write for this reason; before it is opened.

        A copy that a newer program made is shown as far as it can be read.
        """
        self._path, self._refusal = path, problem

    def on_damage(self, hears: Callable[[str], None]) -> None:
        """Call `hears`, each time that the file turns out to make no sense, with what is wrong."""
        self._damaged = hears

    async def open(self) -> None:
        """Open or create the file and bring its schema up to date; StorageError says why it cannot be, and
        LIBRARY_LOCKED that another program holds it."""
        await asyncio.get_running_loop().run_in_executor(self._writer, self.open_here)

    def open_here(self) -> None:
        """The same, for who is in a thread already: it blocks."""
        try:
            with self._storage_errors():
                self._open()
        except StorageError as error:
            if error.__cause__ is not None and is_lock(error.__cause__):
                raise StorageError(Problem.of(ProblemKind.LIBRARY_LOCKED)) from error
            raise

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` as one whole; committed to the disk on return, undone on any exception.

        It may be run again where a neighbour broke the transaction that they shared, so it must change
        nothing but the library. Who stops waiting before the work began takes it back.
        """
        if self._refusal is not None:
            raise StorageError(self._refusal)
        loop = asyncio.get_running_loop()
        write = _Write(work, loop.create_future())
        self._waiting.append(write)
        try:
            self._writer.submit(self._write_waiting, loop)
        except RuntimeError:  # closed
            self._waiting.remove(write)
            raise
        with self._storage_errors():
            return await write.heard  # type: ignore[no-any-return]  # what `work` returned

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on what is committed."""
        with self._storage_errors():
            return await asyncio.get_running_loop().run_in_executor(self._reader, self._look, work)

    def read_here(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """The same, for who is in a thread already: it blocks until the readers before it are done."""
        with self._storage_errors():
            return self._reader.submit(self._look, work).result()

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
            self._migrate(connection)
        except BaseException:
            connection.close()
            raise
        self._writing = connection
        if self._refusal is not None:
            connection.execute("PRAGMA query_only = ON")
        self._reading = self._connect()
        self._reading.execute("PRAGMA query_only = ON")

    def _migrate(self, connection: sqlite3.Connection) -> None:
        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if self._refusal is None or found <= len(MIGRATIONS):
            migrate(connection, backup_folder=self._path.parent / "backups")

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=5)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
        return connection

    # In the writing thread

    def _write_waiting(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do all that waits by now; a call that finds nothing came after one that did its share."""
        writes: list[_Write] = []
        with contextlib.suppress(IndexError):
            while True:
                writes.append(self._waiting.popleft())
        wanted = [write for write in writes if not write.heard.cancelled()]
        if wanted:
            try:
                self._commit(wanted)
            except BaseException as error:  # noqa: BLE001 - told to everybody who waits
                for write in wanted:
                    write.error = error
            with contextlib.suppress(RuntimeError):  # the loop has ended, and nobody waits any more
                loop.call_soon_threadsafe(_tell, wanted)

    def _commit(self, writes: Sequence[_Write]) -> None:
        """Give each write its result or its error; what is raised is the fate of all of them."""
        connection = self._writing
        if connection is None:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNWRITABLE, reason="closed"))
        left = list(writes)
        while left:
            connection.execute("BEGIN IMMEDIATE")
            try:
                breaker = _run_each(connection, left)
                if breaker is None:
                    connection.execute("COMMIT")
                    return
                left.remove(breaker)  # the others were undone with it, and have done nothing wrong
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def _look(self, work: Callable[[sqlite3.Connection], T]) -> T:
        if self._reading is None:
            raise StorageError(Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason="closed"))
        return work(self._reading)

    @contextlib.contextmanager
    def _storage_errors(self) -> Iterator[None]:
        """What the disk or the file refuses comes out as StorageError; mistakes of ours stay as they are."""
        try:
            yield
        except StorageError as error:
            if error.problem.kind is ProblemKind.LIBRARY_UNREADABLE:
                self._damaged(str(error.problem.facts.get("reason", "")))
            raise
        except (sqlite3.DatabaseError, UnicodeDecodeError, OSError) as error:
            if isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                raise
            kind = ProblemKind.LIBRARY_UNWRITABLE
            if is_damage(error):
                kind = ProblemKind.LIBRARY_DAMAGED
                self._damaged(str(error))
            raise StorageError(Problem.of(kind, reason=str(error))) from error


def _nobody_hears(_: str) -> None:
    """Before anybody listens."""


def _run_each(connection: sqlite3.Connection, writes: Iterable[_Write]) -> _Write | None:
    """Run writes in the open transaction, each undone by itself where it fails.

    Returns the one after whose failure there was no transaction any more, which ends the round.
    """
    for write in writes:
        write.result = write.error = None
        connection.execute("SAVEPOINT one")
        try:
            write.result = write.work(connection)
        except BaseException as error:  # noqa: BLE001 - told to whom it belongs
            write.error = error
            if not connection.in_transaction:
                return write
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
    return None


def _tell(writes: Iterable[_Write]) -> None:
    """In the event loop: what came of the writes."""
    for write in writes:
        if write.heard.done():  # nobody waits for it any more
            continue
        if write.error is None:
            write.heard.set_result(write.result)
        else:
            write.heard.set_exception(write.error)
