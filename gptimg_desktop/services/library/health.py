"""Whether a library's file can be trusted, as far as that can be told in a given time.

All of a library of 100 000 jobs takes 0.13 s to look through while the system holds its file in memory, and
0.65 s where it has to come from the disk; one of a few thousand takes next to nothing. So a start gives it a
moment, and each backup is read from end to end, which finds what the moment was too short for.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from gptimg_desktop.core.errors import Problem, ProblemKind, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MOMENT_S: Final = 0.05
"""What a start gives to the look, in time of the processor: enough for all of some thousand jobs."""
_HEADER: Final = b"SQLite format 3\0"
_VERSION_AT: Final = 60
"""Where SQLite keeps `user_version` in a file: four bytes, the highest first."""
_AGAIN_S: Final = 0.005
_LOCKED: Final = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_TABLES: Final = frozenset({"job", "attempt", "image", "task_answer", "draft"})
"""What every library of ours has had from the first version on."""


def is_damage(error: BaseException) -> bool:
    """True where SQLite says that the file itself makes no sense, or where a text in it is none."""
    is_no_text = isinstance(error, sqlite3.OperationalError) and not hasattr(error, "sqlite_errorcode")
    return is_no_text or isinstance(error, UnicodeDecodeError) or _code(error) in _DAMAGED


def is_lock(error: BaseException) -> bool:
    """True where another program holds the file."""
    return _code(error) in _LOCKED


def damage(path: Path, *, within_s: float | None = None, patience_s: float = 5.0) -> str:
    """What is wrong with a library, in words for the log; "" where nothing was found `within_s` seconds.

    StorageError where another program holds the file for longer than `patience_s`, or the system does not
    give it out: neither says anything about the library.
    """
    try:
        return _head(path) or _inside(path, within_s, patience_s)
    except OSError as error:
        raise _unreadable(str(error)) from error


def version_of(path: Path) -> int:
    """The schema's number in a file that was found sound; StorageError where it cannot be read."""
    try:
        with contextlib.closing(reading(path)) as connection:
            return int(connection.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise _unreadable(str(error)) from error


def version_in_head(path: Path) -> int:
    """The schema's number as it stands in the file, which is not even opened as a library for it; 0 where it
    is none."""
    try:
        with path.open("rb") as file:
            head = file.read(_VERSION_AT + 4)
    except OSError:
        return 0
    return int.from_bytes(head[_VERSION_AT:], "big") if head.startswith(_HEADER) else 0


def _head(path: Path) -> str:
    with path.open("rb") as file:
        head = file.read(len(_HEADER))
    if not head:
        return "the file is empty"
    return "" if head == _HEADER else "the file does not begin like a library"


def _inside(path: Path, within_s: float | None, patience_s: float) -> str:
    try:
        with contextlib.closing(reading(path, patience_s=patience_s)) as connection:
            return _strange(connection) or _broken(connection, within_s)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if is_lock(error):
            raise StorageError(Problem.of(ProblemKind.LIBRARY_LOCKED)) from error
        if is_damage(error):
            return str(error)
        raise _unreadable(str(error)) from error


def roll_back(path: Path, *, patience_s: float = 5.0) -> None:
    """Take back a change that was cut off before the library had its log, as by the end of a first start:
    SQLite does so before it reads, but not for a connection that changes nothing. What keeps it from that is
    found by whoever looks next."""
    if not path.with_name(f"{path.name}-journal").exists():
        return
    with contextlib.suppress(sqlite3.DatabaseError):
        connection = sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, timeout=patience_s)
        with contextlib.closing(connection):
            connection.execute("PRAGMA user_version").fetchone()


def reading(path: Path, *, patience_s: float = 5.0) -> sqlite3.Connection:
    """A connection that changes nothing: not even the log beside the file is worked into it at the end."""
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=patience_s
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA trusted_schema = OFF")
    return connection


def _strange(connection: sqlite3.Connection) -> str:
    """A sound database that is none of ours: another program's file, or one that was never finished."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if version == 0 and not tables:
        return ""
    return "" if version > 0 and tables >= _TABLES else "tables are missing"


def _broken(connection: sqlite3.Connection, within_s: float | None) -> str:
    try:
        with contextlib.nullcontext() if within_s is None else _interrupted(connection, within_s):
            (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.OperationalError as error:
        if _code(error) == sqlite3.SQLITE_INTERRUPT:
            return ""
        raise
    return "" if found == "ok" else str(found)


@contextlib.contextmanager
def _interrupted(connection: sqlite3.Connection, within_s: float) -> Iterator[None]:
    """Have SQLite give up once this thread has computed for so long.

    Another thread looks at the clock: SQLite's own way of asking would wait for the interpreter every time,
    which at a start is busy with the window.
    """
    clock, is_over = _clock_of_this_thread(), threading.Event()

    def watch() -> None:
        until = clock() + within_s
        while not is_over.wait(max(until - clock(), _AGAIN_S)):
            if clock() >= until:
                connection.interrupt()  # unheard where SQLite has not begun yet, therefore again

    watcher = threading.Thread(target=watch, name="library-health", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()


def _clock_of_this_thread() -> Callable[[], float]:
    """What this thread has computed, in seconds, for others to read; the time on the wall where the system
    tells nobody else."""
    if sys.platform in {"win32", "darwin"}:
        return time.monotonic
    return partial(time.clock_gettime, time.pthread_getcpuclockid(threading.get_ident()))


def _code(error: BaseException) -> int:
    """SQLite's primary code of an error; -1 for any other."""
    return getattr(error, "sqlite_errorcode", -1) & 0xFF if isinstance(error, sqlite3.Error) else -1


def _unreadable(reason: str) -> StorageError:
    return StorageError(Problem.of(ProblemKind.LIBRARY_UNREADABLE, reason=reason))
